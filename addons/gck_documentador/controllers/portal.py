from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .zip import make_zip_response

# In the browser's session: which links it has given the password of.
OPENED = "gck_documento_enlaces"
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
}


class DocumentosPortal(CustomerPortal):
    """What is shared with customers and vendors, by a link or in their portal."""

    # ------------------------------------------------------------
    # Portal
    # ------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "gck_documento_count" in counters:
            values["gck_documento_count"] = len(self._get_portal_links())
        return values

    def _get_portal_links(self):
        """Return the links shared with the user's partner that can be opened."""
        Enlace = request.env["gck.documento.enlace"]
        # sudo: found by the user's own partner; what each shows is checked by itself.
        links = Enlace.sudo().search(
            Enlace._get_portal_domain(request.env.user.partner_id)
        )
        return links.filtered(lambda link: link._is_open())

    @http.route("/my/documents", type="http", auth="user", website=True)
    def my_documents(self, **kwargs):
        """List what is shared with the user's partner."""
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "page_name": "gck_documentos",
                "links": self._get_portal_links(),
                "default_url": "/my/documents",
            }
        )
        return request.render("gck_documentador.portal_my_documents", values)

    # ------------------------------------------------------------
    # Links
    # ------------------------------------------------------------

    @http.route(
        [
            "/documentos/<string:token>",
            "/documentos/<string:token>/carpeta/<int:folder_id>",
        ],
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
    )
    def shared(self, token, folder_id=None, password=None, **kwargs):
        """Show the folder or the document of a link."""
        link = request.env["gck.documento.enlace"]._find(token)
        if not link or not link._is_open():
            return self._render("gck_documentador.shared_gone", {"link": link}, 404)
        if not self._is_unlocked(link, password):
            wrong = password is not None
            return self._render(
                "gck_documentador.shared_password",
                {"link": link, "wrong": wrong},
                403 if wrong else 200,
            )
        if link.documento_id:
            documentos = link._get_documento(link.documento_id.id)
            values = {"folder": None, "folders": [], "trail": []}
        else:
            folder = link._get_folder(folder_id or link.carpeta_id.id)
            if not folder:
                return self._render("gck_documentador.shared_gone", {"link": link}, 404)
            documentos = folder.env["gck.documento"].search(
                [("carpeta_id", "=", folder.id), ("version_id", "!=", False)]
            )
            values = {
                "folder": folder,
                "folders": folder.search([("parent_id", "=", folder.id)]),
                "trail": self._get_trail(link, folder),
            }
        return self._render(
            "gck_documentador.shared_page",
            {
                **values,
                "link": link,
                "documentos": documentos,
                "base": f"/documentos/{token}",
            },
        )

    @http.route(
        "/documentos/<string:token>/fichero/<int:documento_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def shared_file(self, token, documento_id, **kwargs):
        """Download a file of a link."""
        link = self._get_unlocked(token)
        documento = link and link._get_documento(documento_id)
        if not documento:
            return self._render("gck_documentador.shared_gone", {"link": link}, 404)
        link._count_download()
        version = documento.version_id.with_context(gck_read_how="share")
        return version._get_file_response()

    @http.route(
        "/documentos/<string:token>/zip",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def shared_zip(self, token, **kwargs):
        """Download all that a link shares."""
        link = self._get_unlocked(token)
        if not link or not link.carpeta_id:
            return self._render("gck_documentador.shared_gone", {"link": link}, 404)
        folder = link._get_shared()
        documentos = folder._get_tree_documentos()
        link._count_download()
        documentos._log_reads("share")
        return make_zip_response(documentos, folder.name, folder)

    def _get_unlocked(self, token):
        """Return the link of a token if it may be read now, None otherwise."""
        link = request.env["gck.documento.enlace"]._find(token)
        if link and link._is_open() and self._is_unlocked(link):
            return link
        return None

    def _is_unlocked(self, link, password=None):
        """Tell whether a link needs no password, or this browser gave it."""
        if not link.password_hash:
            return True
        # With a new password the old one no longer opens it.
        key = f"{link.id}:{link.password_hash[-12:]}"
        opened = request.session.get(OPENED) or []
        if key in opened:
            return True
        if password and link._check_password(password):
            request.session[OPENED] = [*opened, key]
            return True
        return False

    def _get_trail(self, link, folder):
        """Return the folders from what is shared to one within it."""
        trail = folder
        while trail[0] != link.carpeta_id and trail[0].parent_id:
            trail = trail[0].parent_id + trail
        return trail

    def _render(self, template, values, status=200):
        response = request.render(template, values)
        response.status_code = status
        response.headers.update(HEADERS)
        return response
