from markupsafe import Markup

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import html_escape

from odoo.addons.gck_avisos.models.gck_accion_mixin import SUBJECT_MAX_LENGTH
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

URL = "/my/reclamaciones"
# What one form may bring: enough for photographs, not for a backup.
MAX_FILES = 10
MAX_BYTES = 25 * 1024 * 1024
MAX_TEXT = 20000
# Which states the filters of the list show.
FILTER_STATES = {
    "received": ["draft"],
    "progress": ["open", "evaluated"],
    "done": ["done"],
    "rejected": ["rejected"],
}


class ReclamacionPortal(CustomerPortal):
    """A customer or vendor sees its own claims, answers them and raises new ones."""

    def _prepare_portal_layout_values(self):
        """Offer claims at home also to who has none yet, and may raise one."""
        values = super()._prepare_portal_layout_values()
        user = request.env.user
        values["reclamacion_may_create"] = user.share and self._reclamacion_may_create()
        return values

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "reclamacion_count" in counters:
            Reclamacion = request.env["gck.reclamacion"]
            values["reclamacion_count"] = (
                Reclamacion.search_count(self._reclamacion_domain())
                if Reclamacion.has_access("read")
                else 0
            )
        return values

    def _reclamacion_domain(self):
        """Return the domain of what «my claims» are: the rules say it outside."""
        user = request.env.user
        if user.share:
            return Domain.TRUE
        partner = user.partner_id
        return Domain("direction", "!=", "internal") & Domain(
            "commercial_partner_id", "=", partner.commercial_partner_id.id
        )

    def _reclamacion_sortings(self):
        env = request.env
        return {
            "date": {"label": env._("Newest"), "order": "date desc, id desc"},
            "name": {"label": env._("Number"), "order": "name desc"},
            "subject": {"label": env._("Subject"), "order": "subject, id desc"},
            "state": {"label": env._("Status"), "order": "state, date desc"},
        }

    def _reclamacion_filters(self):
        env = request.env
        labels = {
            "all": env._("All"),
            "received": env._("Received"),
            "progress": env._("In progress"),
            "done": env._("Closed"),
            "rejected": env._("Rejected"),
        }
        return {
            key: {
                "label": label,
                "domain": Domain("state", "in", FILTER_STATES[key])
                if key in FILTER_STATES
                else Domain.TRUE,
            }
            for key, label in labels.items()
        }

    def _reclamacion_inputs(self):
        env = request.env
        return {
            "all": {"input": "all", "label": env._("Search in all")},
            "name": {"input": "name", "label": env._("Search in number")},
            "subject": {"input": "subject", "label": env._("Search in subject")},
        }

    def _reclamacion_search_domain(self, search_in, search):
        if search_in in ("name", "subject"):
            return Domain(search_in, "ilike", search)
        fields = ("name", "subject", "partner_ref", "description")
        return Domain.OR(Domain(name, "ilike", search) for name in fields)

    def _reclamacion_may_create(self):
        """Tell whether the user may raise claims here: no mere vendor, if at all."""
        # sudo: only what the company lets its customers do is read.
        allowed = request.env.company.sudo().gck_reclamacion_portal_create
        return allowed and not request.env.user.partner_id._gck_is_only_vendor()

    # ------------------------------------------------------------
    # List
    # ------------------------------------------------------------

    @http.route(
        [URL, f"{URL}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_my_reclamaciones(
        self, page=1, sortby=None, filterby=None, search=None, search_in="all", **kw
    ):
        """Show the claims of the user's company, a page of them at a time."""
        # Filters are for who knows that there is something to see.
        Reclamacion = request.env["gck.reclamacion"]
        sortings = self._reclamacion_sortings()
        filters = self._reclamacion_filters()
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        domain = self._reclamacion_domain() & filters[filterby]["domain"]
        if search:
            domain &= self._reclamacion_search_domain(search_in, search)
        readable = Reclamacion.has_access("read")
        total = Reclamacion.search_count(domain) if readable else 0
        pager = portal_pager(
            url=URL,
            url_args={
                "sortby": sortby,
                "filterby": filterby,
                "search": search,
                "search_in": search_in,
            },
            total=total,
            page=page,
            step=self._items_per_page,
        )
        claims = Reclamacion
        if readable:
            claims = Reclamacion.search(
                domain,
                order=sortings[sortby]["order"],
                limit=self._items_per_page,
                offset=pager["offset"],
            )
        request.session["my_reclamaciones_history"] = claims.ids[:100]
        return request.render(
            "gck_reclamaciones.portal_my_reclamaciones",
            {
                **self._prepare_portal_layout_values(),
                "reclamaciones": claims,
                "page_name": "reclamaciones",
                "default_url": URL,
                "pager": pager,
                "searchbar_sortings": sortings,
                "sortby": sortby,
                "searchbar_filters": filters,
                "filterby": filterby,
                "searchbar_inputs": self._reclamacion_inputs(),
                "search_in": search_in,
                "search": search,
                "narrowed": bool(search) or filterby != "all",
            },
        )

    # ------------------------------------------------------------
    # One claim
    # ------------------------------------------------------------

    @http.route(
        f"{URL}/<int:reclamacion_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_my_reclamacion(self, reclamacion_id, access_token=None, **kw):
        """Show one claim to who may read it, or has its link."""
        try:
            claim = self._document_check_access(
                "gck.reclamacion", reclamacion_id, access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        if not claim._filter_shown_outside():
            # A link that was sent before it became internal opens nothing any more.
            return request.redirect("/my")
        values = self._get_page_view_values(
            claim,
            access_token,
            {
                "page_name": "reclamacion",
                "reclamacion": claim,
                "files": claim._get_portal_attachments(),
            },
            "my_reclamaciones_history",
            False,
            **kw,
        )
        return request.render("gck_reclamaciones.portal_my_reclamacion", values)

    # ------------------------------------------------------------
    # A new one
    # ------------------------------------------------------------

    @http.route(f"{URL}/nueva", type="http", auth="user", website=True, methods=["GET"])
    def portal_new_reclamacion(self, **kw):
        """Show the form that raises a claim."""
        if not self._reclamacion_may_create():
            return request.redirect(URL)
        return self._render_reclamacion_form({})

    @http.route(
        f"{URL}/crear", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_create_reclamacion(self, **post):
        """Raise a claim of the user's company, as a draft that we look at."""
        if not self._reclamacion_may_create():
            return request.redirect(URL)
        files = [
            file for file in request.httprequest.files.getlist("files") if file.filename
        ]
        errors = self._check_reclamacion_form(post, files)
        contents = []
        if not errors:
            contents = [(file.filename, file.read(MAX_BYTES + 1)) for file in files]
            if sum(len(content) for _name, content in contents) > MAX_BYTES:
                errors["files"] = request.env._(
                    "The files are too large: %s MB at most, all of them together.",
                    MAX_BYTES // 1024 // 1024,
                )
        if errors:
            return self._render_reclamacion_form(post, errors)
        try:
            claim = self._create_reclamacion(post, contents)
        except UserError as error:
            return self._render_reclamacion_form(post, {"form": str(error)})
        return request.redirect(f"{URL}/{claim.id}?received=1")

    def _render_reclamacion_form(self, post, errors=None):
        return request.render(
            "gck_reclamaciones.portal_new_reclamacion",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "reclamacion_nueva",
                "tipos": self._get_reclamacion_tipos(),
                "post": post,
                "errors": errors or {},
                "max_files": MAX_FILES,
                "max_megabytes": MAX_BYTES // 1024 // 1024,
                "subject_length": SUBJECT_MAX_LENGTH,
                "text_length": MAX_TEXT,
            },
        )

    def _get_reclamacion_tipos(self):
        """Return the types that customers may choose from: as superuser."""
        # sudo: their names are shown, which the company offers in the portal.
        return (
            request.env["gck.reclamacion.tipo"]
            .sudo()
            .search(
                [
                    ("in_portal", "=", True),
                    ("direction", "in", ("customer", False)),
                    ("company_id", "in", (request.env.company.id, False)),
                ]
            )
        )

    def _check_reclamacion_form(self, post, files):
        """Return what is wrong with the form: ``{field: message}``."""
        env = request.env
        errors = {}
        subject = (post.get("subject") or "").strip()
        text = (post.get("description") or "").strip()
        if not subject:
            errors["subject"] = env._("Write in one line what is wrong.")
        elif len(subject) > SUBJECT_MAX_LENGTH:
            errors["subject"] = env._("This is too long for one line.")
        if not text:
            errors["description"] = env._("Tell us what happened.")
        elif len(text) > MAX_TEXT:
            errors["description"] = env._("This is too long. Attach it as a file.")
        if len(files) > MAX_FILES:
            errors["files"] = env._("At most %s files can be attached.", MAX_FILES)
        if post.get("tipo_id") and not self._get_reclamacion_tipo(post):
            errors["tipo_id"] = env._("Choose one of the list.")
        return errors

    def _get_reclamacion_tipo(self, post):
        chosen = str(post.get("tipo_id") or "")
        return self._get_reclamacion_tipos().filtered(lambda t: str(t.id) == chosen)

    def _create_reclamacion(self, post, contents):
        """Create the claim; a form that is sent twice makes one."""
        user = request.env.user
        company = user.partner_id.commercial_partner_id
        # sudo: a portal user writes nothing itself; what it may say is named here.
        Reclamacion = (
            request.env["gck.reclamacion"].sudo().with_company(request.env.company)
        )
        # Of two sent at once, the second waits here and then sees the first.
        company.sudo().lock_for_update()
        subject = post["subject"].strip()
        text = Markup("<p>%s</p>") % Markup("<br/>").join(
            html_escape(line) for line in post["description"].strip().splitlines()
        )
        same = Reclamacion.search(
            [
                ("commercial_partner_id", "=", company.id),
                ("subject", "=", subject),
                ("arrival", "=", "portal"),
                ("create_uid", "=", user.id),
                ("create_date", ">=", "now -2M"),
            ],
            limit=1,
        )
        if same:
            return same
        tipo = self._get_reclamacion_tipo(post)
        claim = Reclamacion.create(
            {
                "direction": "customer",
                "clase": tipo.clase or "claim",
                "arrival": "portal",
                "requester_id": False,
                "partner_id": company.id,
                "contact_id": user.partner_id.id
                if user.partner_id != company
                else False,
                "company_id": request.env.company.id,
                "tipo_id": tipo.id,
                "subject": subject,
                "description": text,
                "partner_ref": (post.get("partner_ref") or "").strip()[:100],
            }
        )
        if contents:
            # What comes from outside never becomes a page of this server.
            claim.with_context(attachments_mime_plainxml=True).message_post(
                author_id=user.partner_id.id,
                body=request.env._("Files of the claim"),
                attachments=contents,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        return claim
