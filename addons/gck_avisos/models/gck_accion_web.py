from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

# How many actions the button of a chatter shows.
SUMMARY_ROWS = 12


class GckAccionWebMixin(models.AbstractModel):
    """What the web client asks of actions: rows, creation, chatter button."""

    _name = "gck.accion.web.mixin"
    _description = "Actions in the web client"

    # ------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------

    def _to_rows(self):
        """Return these actions as the web client shows them.

        :return: a list of dicts, in the order of the records
        """
        states = dict(self._fields["accion_state"]._description_selection(self.env))
        kinds = self.env["gck.accion.clase"]._get_kinds()
        to_text = fields.Datetime.to_string
        rows = []
        for accion in self:
            # sudo: names of partner and people are part of the action.
            trusted = accion.sudo()
            rows.append(
                {
                    "id": accion.id,
                    "kind": accion.kind,
                    "kind_name": kinds[accion.kind]["name"],
                    "icon": kinds[accion.kind]["icon"],
                    "res_model": accion.res_model,
                    "res_id": accion.res_id,
                    "name": accion.name,
                    "subject": accion.subject,
                    "partner": bool(accion.tercero)
                    and {"id": accion.partner_id.id, "name": accion.tercero},
                    "user": bool(trusted.user_id)
                    and {"id": accion.user_id.id, "name": trusted.user_id.name},
                    "date": to_text(accion.date),
                    "date_deadline": to_text(accion.date_deadline),
                    "date_done": to_text(accion.date_done),
                    "accion_state": accion.accion_state,
                    "state_label": states.get(accion.accion_state),
                    "is_late": accion.is_late,
                    "late_days": accion.late_days,
                    "priority": accion.priority or "0",
                }
            )
        return rows

    # ------------------------------------------------------------
    # Creating
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_kinds(self):
        """Return the kinds of action that the user can see, those in use.

        :return: a list of dicts ``code``, ``name``, ``icon`` and ``create``
        """
        model_by_kind = self._get_kind_models()
        creatable = self._get_creatable_kinds()
        return [
            {
                "code": code,
                "name": kind["name"],
                "icon": kind["icon"],
                "create": code in creatable
                and self.env[model_by_kind[code]].has_access("create"),
            }
            for code, kind in self.env["gck.accion.clase"]._get_kinds().items()
            if kind["active"]
            and code in model_by_kind
            and self.env[model_by_kind[code]].has_access("read")
        ]

    @api.model
    def _get_creatable_kinds(self):
        """Return the codes of the kinds that can be generated from another (M-38)."""
        return {
            *self._get_mixin_kinds(),
            *self._get_document_kinds(),
            "intervencion",
        }

    @api.model
    def get_create_action(self, kind, res_model=False, res_id=False, partner_id=False):
        """Return the action that opens a new action of a kind, filled (M-37, M-38).

        :param str kind: code of the kind
        :param str res_model: model of the action or document that it comes from
        :param int res_id: its id; the new action is linked to it once saved
        :param int partner_id: the partner it is about, when there is no origin
        :return: a window action
        :raises UserError: when the kind is not installed or not to be created
        """
        if kind not in self._get_creatable_kinds():
            raise UserError(self.env._("Actions of this kind cannot be created here."))
        model = self.env[self._get_kind_models()[kind]]
        values, context = {}, {}
        if res_model and res_id:
            origin = self._get_origin(res_model, res_id)
            values = self._get_origin_values(origin)
            context["gck_origin"] = [model._name, origin._name, origin.id]
        elif partner_id:
            values = self._get_partner_values(
                self.env["res.partner"].browse(partner_id)
            )
        defaults = model._gck_prepare_spawned_vals(values)
        if kind_field := getattr(model, "_accion_kind_field", None):
            defaults[kind_field] = kind
        name = self.env["gck.accion.clase"]._get_kinds()[kind]["name"]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New: %s", name),
            "res_model": model._name,
            "view_mode": "form",
            **self._get_create_window(model),
            "context": {**self.env["gck.aviso"]._as_defaults(defaults), **context},
        }

    @api.model
    def _get_create_window(self, model):
        """Return how a new action opens: the ``target`` and ``views`` of its window."""
        form = getattr(model, "_spawn_form", None)
        return {
            "target": getattr(model, "_spawn_target", "current"),
            "views": [(form and self.env.ref(form).id or False, "form")],
        }

    @api.model
    def _get_origin(self, res_model, res_id):
        """Return the record that something is generated from.

        :raises UserError: when it was deleted
        :raises AccessError: when the user may not read it
        """
        model = self.env.get(res_model)
        origin = model is not None and not model._abstract and model.browse(res_id)
        if not origin or not origin.exists():
            raise UserError(
                self.env._("The record was deleted meanwhile. Refresh the page.")
            )
        origin.check_access("read")
        is_event = origin._name == "calendar.event"
        if is_event and origin._check_private_event_conditions():
            raise AccessError(
                self.env._("This appointment is private. Ask its holder to do it.")
            )
        return origin

    @api.model
    def _get_origin_values(self, origin):
        """Return what a new action takes from the record that it comes from (M-38).

        :param origin: one action or document
        :return: dict of ``partner_id``, ``contact_id``, ``subject``, ``company_id``
            and ``origin``, those that are known
        """
        if hasattr(origin, "_gck_get_spawn_values"):
            return {"origin": origin, **origin._gck_get_spawn_values()}
        values = {"origin": origin, "subject": origin.display_name}
        if "company_id" in origin._fields and origin.company_id:
            values["company_id"] = origin.company_id.id
        return {**values, **self._get_partner_values(self._get_partner(origin))}

    @api.model
    def _get_partner(self, document):
        """Return the partner of a document, none when it has none.

        The table of linkable documents says which field holds it (K-15); of several
        people, the first from outside.
        """
        if document._name == "res.partner":
            return document
        name = self.env["gck.vinculo.modelo"]._get_models().get(document._name)
        if name:
            partners = document[name]
            return (partners.filtered("partner_share") or partners)[:1]
        if "partner_id" in document._fields:
            field = document._fields["partner_id"]
            if field.comodel_name == "res.partner":
                return document.partner_id[:1]
        if isinstance(document, self.env.registry["mail.thread"]):
            return document._mail_get_partners()[document.id][:1]
        return self.env["res.partner"]

    @api.model
    def _get_partner_values(self, partner):
        """Return the company as partner and the person, if it is one, as contact."""
        company = partner.commercial_partner_id
        values = {}
        if company:
            values["partner_id"] = company.id
        if partner != company:
            values["contact_id"] = partner.id
        return values

    # ------------------------------------------------------------
    # Chatter button
    # ------------------------------------------------------------

    @api.model
    def _get_document_domain(self, record):
        """Return the domain of the actions that hang from a record.

        :param record: one document, partner or action
        """
        ids = set()
        if record._name in self._get_kind_numbers():
            edges = self._get_edges({(record._name, record.id)})
            ids = {self._get_accion_id(*node) for edge in edges for node in edge}
            ids.discard(self._get_accion_id(record._name, record.id))
        links = (
            self.env["gck.vinculo"]
            # sudo: only which actions; those out of reach drop out of the union.
            .sudo()
            .search([("res_model", "=", record._name), ("res_id", "=", record.id)])
        )
        ids |= set(links._get_accion_ids())
        domain = Domain("id", "in", sorted(filter(None, ids)))
        if record._name == "res.partner":
            domain |= Domain(
                "commercial_partner_id", "=", record.commercial_partner_id.id
            )
        if record._name == "crm.lead":
            domain |= Domain("id", "in", self._get_of_lead(record).ids)
        return domain

    @api.model
    def _get_of_lead(self, lead):
        """Return the actions with a prospect at the other end, of any kind."""
        names = self.env.registry.descendants(["gck.interlocutor.mixin"], "_inherit")
        return self._browse_records(
            *(
                self.env[name].search([("lead_id", "=", lead.id)])
                for name in sorted(names)
                if not self.env[name]._abstract and self.env[name].has_access("read")
            )
        )

    @api.model
    def _count_of_record(self, record):
        """Return how many actions hang from a record: ``(all, pending)``."""
        return self._count_in(self._get_document_domain(record))

    @api.model
    def _count_in(self, domain):
        """Return how many actions a domain has: ``(all, pending)``."""
        counts = dict(self._read_group(domain, ["accion_state"], ["__count"]))
        return sum(counts.values()), counts.get("pending", 0)

    @api.model
    @api.readonly
    def get_document_summary(self, res_model, res_id):
        """Return the actions of a record as its chatter's button lists them.

        :return: dict with ``count``, ``pending``, ``rows``, ``kinds`` and ``cycle``,
            whether the record is an action, which has one
        """
        record = self._get_origin(res_model, res_id)
        domain = self._get_document_domain(record)
        count, pending = self._count_in(domain)
        is_open = Domain("accion_state", "=", "pending")
        shown = self.search(domain & is_open, limit=SUMMARY_ROWS)
        if len(shown) < SUMMARY_ROWS:
            shown += self.search(
                domain & ~is_open, limit=SUMMARY_ROWS - len(shown), order="date desc"
            )
        return {
            "count": count,
            "pending": pending,
            "rows": shown._to_rows(),
            "kinds": [kind for kind in self.get_kinds() if kind["create"]],
            "cycle": record._name in self._get_kind_numbers(),
        }

    @api.model
    def get_document_action(self, res_model, res_id):
        """Return the window action that lists all actions of a record."""
        record = self._get_origin(res_model, res_id)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "gck_avisos.action_gck_accion"
            ),
            "name": self.env._("Actions of %s", record.display_name),
            "domain": list(self._get_document_domain(record)),
            "context": {
                "gck_origin_of_new": [record._name, record.id],
                "gck_date_field": "date",
            },
        }

    @api.model
    def get_link_action(self, res_model, res_id):
        """Return the dialog that links a document to an action that exists."""
        record = self._get_origin(res_model, res_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Link to an action"),
            "res_model": "gck.vinculo.accion",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_res_model": record._name, "default_res_id": record.id},
        }
