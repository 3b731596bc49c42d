from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import sql

# The documents of Odoo's apps that can be linked to an action from the start, in the
# order in which they are offered, with the field that names their partner; those of
# apps that are not installed drop out.
DOCUMENT_MODELS = {
    "sale.order": "partner_id",
    "account.move": "partner_id",
    "stock.picking": "partner_id",
    "purchase.order": "partner_id",
    "mrp.production": False,
    "repair.order": "partner_id",
    "project.project": "partner_id",
    "project.task": "partner_id",
    "crm.lead": "partner_id",
    "calendar.event": "gck_partner_id",
    "product.template": False,
    "res.partner": "commercial_partner_id",
}


class GckVinculoModelo(models.Model):
    """A kind of document that can be linked to actions (K-15).

    The usual ones of Odoo's apps come by themselves when their app is installed. A
    manager adds any other model, with or without a chatter, and archives what the
    company does not link.
    """

    _name = "gck.vinculo.modelo"
    _inherit = ["gck.cacheada.mixin"]
    _description = "Linkable document"
    _order = "sequence, id"
    _rec_names_search = ["custom_name", "model_id"]

    model_id = fields.Many2one(
        "ir.model",
        string="Document",
        required=True,
        ondelete="cascade",
        domain=[("transient", "=", False), ("abstract", "=", False)],
        help="Any model of the installed apps, with or without a chatter.",
    )
    model = fields.Char(
        related="model_id.model", string="Technical name", store=True, precompute=True
    )
    name = fields.Char(
        compute="_compute_name",
        inverse="_inverse_name",
        help="How the document is called where it is offered.",
    )
    custom_name = fields.Char(string="Name given", translate=True)
    sequence = fields.Integer(default=200)
    active = fields.Boolean(default=True)
    partner_field_id = fields.Many2one(
        "ir.model.fields",
        string="Partner field",
        ondelete="set null",
        domain="[('model_id', '=', model_id), ('relation', '=', 'res.partner'), "
        "('ttype', 'in', ('many2one', 'many2many')), ('store', '=', True)]",
        help="The field of the document that says whom it is about. Documents of the "
        "partner of an action are offered first, and an action created from the "
        "document takes its partner.",
    )

    _model_uniq = models.UniqueIndex(
        "(model_id)", "This document is in the table already. It may be archived."
    )

    # ------------------------------------------------------------
    # Constraints and computes
    # ------------------------------------------------------------

    @api.depends("custom_name", "model_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for row in self:
            row.name = row.custom_name or row._get_default_name()

    def _inverse_name(self):
        """Keep only a name that says more than the usual one."""
        for row in self:
            name = (row.name or "").strip()
            row.custom_name = name if name != row._get_default_name() else False

    def _get_default_name(self):
        """Return how people call the document, which is not always as Odoo does."""
        self.ensure_one()
        # sudo: how a kind of document is called is no secret.
        model = self.sudo().model_id
        return self._get_usual_names().get(model.model) or model.name

    @api.model
    def _get_usual_names(self):
        return {
            "sale.order": self.env._("Quotation or order"),
            "account.move": self.env._("Invoice or entry"),
            "stock.picking": self.env._("Delivery or receipt"),
            "purchase.order": self.env._("Purchase order"),
            "mrp.production": self.env._("Manufacturing order"),
            "repair.order": self.env._("Repair order"),
            "project.project": self.env._("Project"),
            "project.task": self.env._("Project task"),
            "crm.lead": self.env._("Lead or opportunity"),
            "calendar.event": self.env._("Appointment"),
            "product.template": self.env._("Product"),
            "res.partner": self.env._("Company or contact"),
        }

    @api.constrains("model_id", "partner_field_id")
    def _check_model_id(self):
        for row in self:
            model = row.model_id
            if model.transient or model.abstract or not self._has_table(model.model):
                raise ValidationError(
                    self.env._(
                        "%s holds no documents: choose a model whose records are kept.",
                        model.name,
                    )
                )
            field = row.partner_field_id
            if field and (field.model_id != model or field.relation != "res.partner"):
                raise ValidationError(
                    self.env._(
                        "%(field)s is not a field of %(document)s that names "
                        "a partner.",
                        field=field.field_description,
                        document=model.name,
                    )
                )

    @api.onchange("model_id")
    def _onchange_model_id(self):
        """Propose the field that usually names the partner."""
        if self.partner_field_id.model_id != self.model_id:
            self.partner_field_id = self.env["ir.model.fields"].search(
                [
                    ("model_id", "=", self.model_id.id),
                    ("name", "=", "partner_id"),
                    ("relation", "=", "res.partner"),
                    ("ttype", "=", "many2one"),
                    ("store", "=", True),
                ],
                limit=1,
            )

    # ------------------------------------------------------------
    # Rows of installed apps
    # ------------------------------------------------------------

    def _register_hook(self):
        """Put the documents of the apps just installed into the table."""
        super()._register_hook()
        # Only the process that installs or upgrades comes here with a list.
        if self.env.registry.updated_modules:
            self._add_default_rows()

    @api.model
    def _add_default_rows(self):
        """Add the usual documents that the table lacks; a manager's rows stay."""
        # sudo: the table is filled while apps are installed, not by a person.
        known = set(self.sudo()._search_all().mapped("model"))
        vals_list = []
        for place, (name, partner_field) in enumerate(DOCUMENT_MODELS.items(), 1):
            if name in known or name not in self.env:
                continue
            field = self.env["ir.model.fields"]._get(name, partner_field or "")
            vals_list.append(
                {
                    "model_id": self.env["ir.model"]._get_id(name),
                    "sequence": place * 10,
                    "partner_field_id": field.id,
                }
            )
        self.sudo().create(vals_list)

    # ------------------------------------------------------------
    # Business
    # ------------------------------------------------------------

    @api.model
    def _has_table(self, model_name):
        """Tell whether the records of a model are kept in a table or view of their own.

        Those of reports and unions are the rows of a query: none can be told to be
        gone, nor stays the same from one day to the next.
        """
        model = self.env[model_name]
        return not model._table_query and sql.table_exists(self.env.cr, model._table)

    @api.model
    @tools.ormcache(cache="default")
    def _get_linkable(self):
        """Return what can be linked, in the order in which it is offered.

        :return: ``{model name: name of its partner field, or False}``; a usual
            document without a row is offered too
        """
        # sudo: which kinds of documents can be linked is the same for everybody.
        rows = self.sudo()._search_all()
        linkable = {row.model: row.partner_field_id.name for row in rows if row.active}
        known = set(rows.mapped("model"))
        for name, partner_field in DOCUMENT_MODELS.items():
            if name not in known:
                linkable[name] = partner_field
        return linkable

    @api.model
    def _search_all(self):
        """Return every row, archived ones included: a few dozen at most."""
        return self.with_context(active_test=False).search([("id", "!=", False)])

    @api.model
    def _get_models(self):
        """Return ``{model name: partner field}`` of what the user may read.

        Models of apps that were removed meanwhile drop out.
        """
        return {
            name: field if field in self.env[name]._fields else False
            for name, field in self._get_linkable().items()
            if name in self.env
            and not self.env[name]._abstract
            and self.env[name].has_access("read")
        }

    @api.model
    def _get_labels(self):
        """Return ``{model name: name shown}`` of what the user may read."""
        # sudo: as for _get_linkable.
        rows = self.sudo()._search_all()
        labels = {row.model: row.name for row in rows}
        return {
            name: labels.get(name) or self.env["ir.model"]._get(name).name
            for name in self._get_models()
        }
