from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import groupby

# How many documents are offered: of each kind among all kinds, and of the one chosen.
EACH_LIMIT = 5
KIND_LIMIT = 40
# Besides its name, what a document is known by, in the models that have it.
REFERENCE_FIELDS = (
    "ref",
    "reference",
    "origin",
    "client_order_ref",
    "partner_ref",
    "default_code",
)
# The date that says when a document was made, in the models that have it.
DATE_FIELDS = (
    "date_order",
    "invoice_date",
    "scheduled_date",
    "date_start",
    "start",
    "create_date",
)
# Whom an action is about is on it already: proposed only when asked for.
OWN_DATA = "res.partner"


class GckVinculoCrear(models.TransientModel):
    """Chooses ERP documents to link to an action (K-15, K-41).

    The latest documents of the action's partner are proposed; others are found by
    kind, and by part of their number, of a reference or of their partner's name.
    """

    _name = "gck.vinculo.crear"
    _description = "Link a document"

    origin_model = fields.Char(required=True)
    origin_id = fields.Many2oneReference(model_field="origin_model", required=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer or vendor", compute="_compute_partner_id"
    )
    res_model = fields.Selection(
        selection="_selection_res_model", string="Kind of document"
    )
    search_text = fields.Char(
        string="Search", help="Part of the number, of a reference or of the partner."
    )
    line_ids = fields.One2many(
        "gck.vinculo.crear.linea", "wizard_id", string="Documents"
    )

    @api.model
    def _selection_res_model(self):
        return [*self.env["gck.vinculo.modelo"]._get_labels().items()]

    @api.model
    def default_get(self, fields_list):
        """Propose the latest documents of the partner."""
        values = super().default_get(fields_list)
        if "line_ids" in fields_list and values.get("origin_model"):
            wizard = self.new({name: values.get(name) for name in self._fields})
            values["line_ids"] = wizard._get_line_commands()
        return values

    @api.depends("origin_model", "origin_id")
    def _compute_partner_id(self):
        for wizard in self:
            origin = wizard._get_origin()
            values = self.env["gck.accion"]._get_origin_values(origin) if origin else {}
            partner = self.env["res.partner"].browse(values.get("partner_id"))
            wizard.partner_id = partner.commercial_partner_id

    @api.onchange("res_model", "search_text")
    def _onchange_search(self):
        """Find other documents; those already ticked stay."""
        self.line_ids = [Command.clear(), *self._get_line_commands()]

    def action_confirm(self):
        """Link the documents that are ticked.

        :raises UserError: when none is, or all of them are linked already
        """
        self.ensure_one()
        origin = self._get_origin()
        if not origin:
            raise UserError(self.env._("Choose some actions first."))
        ticked = self.line_ids.filtered("selected")
        if not ticked:
            raise UserError(self.env._("Tick the documents to link."))
        links = self.env["gck.vinculo"]
        for model_name, lines in groupby(ticked, lambda line: line.res_model):
            documents = self._get_model(model_name).browse(
                line.res_id for line in lines
            )
            links |= links._link(origin, documents)
        if not links:
            raise UserError(
                self.env._(
                    "%s is already linked.", ", ".join(ticked.mapped("document_name"))
                )
            )
        return {"type": "ir.actions.act_window_close"}

    # ------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------

    def _get_origin(self):
        """Return the action that documents are linked to, none if it has no links."""
        self.ensure_one()
        if self.origin_model not in self.env["gck.vinculo"]._get_origin_models():
            return None
        return self.env[self.origin_model].browse(self.origin_id)

    @api.model
    def _get_model(self, model_name):
        """:raises UserError: when documents of this model cannot be linked"""
        if model_name not in self.env["gck.vinculo.modelo"]._get_models():
            raise UserError(self.env._("Choose a document to link."))
        return self.env[model_name]

    def _get_line_commands(self):
        """Return the commands that make the lines: what is ticked, then what is found.

        :return: a list of ``Command``
        """
        origin = self._get_origin()
        if not origin:
            return []
        linked = {
            (link.res_model, link.res_id)
            for link in self.env["gck.vinculo"]._get_of_origins(origin)
        }
        ticked = {
            (line.res_model, line.res_id): None
            for line in self.line_ids
            if line.selected
        }
        found = dict.fromkeys(
            (documents._name, record_id)
            for documents in self._find_documents()
            for record_id in documents.ids
        )
        return [
            Command.create(
                {
                    "res_model": res_model,
                    "res_id": res_id,
                    "selected": (res_model, res_id) in ticked,
                    "linked": (res_model, res_id) in linked,
                }
            )
            for res_model, res_id in {**ticked, **found}
        ]

    def _find_documents(self):
        """Return the documents to offer, one recordset for each model."""
        partner_fields = self.env["gck.vinculo.modelo"]._get_models()
        if self.res_model:
            partner_fields = {self.res_model: partner_fields.get(self.res_model)}
        limit = KIND_LIMIT if self.res_model else EACH_LIMIT
        return [
            self._find_of_model(self._get_model(name), partner_field, limit)
            for name, partner_field in partner_fields.items()
        ]

    def _find_of_model(self, model, partner_field, limit):
        """Return the latest documents of a model that fit, the partner's first.

        :param model: an empty recordset
        :param partner_field: the name of the field with its partner, if any
        :param int limit: how many at most
        """
        text = (self.search_text or "").strip()
        domain = Domain.TRUE
        if text:
            domain = Domain("display_name", "ilike", text)
            domain |= Domain.OR(
                Domain(name, "ilike", text)
                for name in REFERENCE_FIELDS
                if name in model._fields and model._fields[name].type == "char"
            )
            if partner_field:
                domain |= Domain(partner_field, "ilike", text)
        asked = bool(text or self.res_model)
        documents = model
        if self.partner_id and partner_field and (asked or model._name != OWN_DATA):
            own = Domain(partner_field, "child_of", self.partner_id.ids)
            documents = model.search(domain & own, order="id desc", limit=limit)
        if asked and len(documents) < limit:
            others = domain & Domain("id", "not in", documents.ids)
            documents += model.search(
                others, order="id desc", limit=limit - len(documents)
            )
        return documents


class GckVinculoCrearLinea(models.TransientModel):
    """A document offered in the dialog that links documents."""

    _name = "gck.vinculo.crear.linea"
    _description = "Document to link"

    wizard_id = fields.Many2one("gck.vinculo.crear", required=True, ondelete="cascade")
    selected = fields.Boolean(string="Link")
    linked = fields.Boolean(string="Already linked")
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    document_type = fields.Char(string="Kind", compute="_compute_document")
    document_name = fields.Char(string="Document", compute="_compute_document")
    document_partner = fields.Char(
        string="Customer or vendor", compute="_compute_document"
    )
    document_date = fields.Date(string="Date", compute="_compute_document")
    document_state = fields.Char(string="Status", compute="_compute_document")

    @api.depends("res_model", "res_id", "linked")
    @api.depends_context("uid", "lang")
    def _compute_document(self):
        """Describe each document; what the user may not read stays without a name."""
        Modelo = self.env["gck.vinculo.modelo"]
        partner_fields, labels = Modelo._get_models(), Modelo._get_labels()
        self.update(
            dict.fromkeys(
                [
                    "document_type",
                    "document_name",
                    "document_partner",
                    "document_date",
                    "document_state",
                ],
                False,
            )
        )
        for model_name, lines in groupby(self, lambda line: line.res_model):
            if model_name not in partner_fields:
                continue
            model = self.env[model_name]
            readable = {
                document.id: document
                for document in model.browse({line.res_id for line in lines})
                .exists()
                ._filtered_access("read")
            }
            partner_field = partner_fields[model_name]
            for line in lines:
                line.document_type = labels[model_name]
                document = readable.get(line.res_id)
                if not document:
                    continue
                line.document_name = document.display_name
                line.document_date = self._get_document_date(document)
                line.document_state = (
                    self.env._("Already linked")
                    if line.linked
                    else self.env["gck.vinculo"]._get_document_state(document)
                )
                if partner_field:
                    # sudo: whose document it is shows on the document itself.
                    partners = document.sudo()[partner_field]
                    line.document_partner = ", ".join(
                        partners[:2].mapped("display_name")
                    )

    @api.model
    def _get_document_date(self, document):
        """Return the day of a document, in the time zone of the reader."""
        for name in DATE_FIELDS:
            field = document._fields.get(name)
            value = field and field.type in ("date", "datetime") and document[name]
            if value:
                if field.type == "datetime":
                    value = fields.Datetime.context_timestamp(document, value).date()
                return value
        return False
