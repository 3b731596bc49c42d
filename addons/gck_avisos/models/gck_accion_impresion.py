from odoo import api, fields, models, tools
from odoo.tools import is_html_empty


class GckAccionImpresion(models.Model):
    """How a company prints a kind of action: its printer and its footer (M-3, M-4).

    Edited in the parameters. A kind without a row prints as the company does.
    """

    _name = "gck.accion.impresion"
    _description = "Prints of a kind of action"
    _order = "company_id, clase_id"
    _rec_name = "clase_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    clase_id = fields.Many2one(
        "gck.accion.clase", string="Kind of action", required=True, ondelete="cascade"
    )
    impresora_id = fields.Many2one(
        "gck.impresora",
        string="Printer",
        ondelete="restrict",
        check_company=True,
        help="Where its prints go. Empty: the PDF opens in the browser.",
    )
    footer = fields.Html(
        translate=True,
        help="At the foot of every page of its prints, instead of the company's.",
    )
    has_own_layout = fields.Boolean(
        string="Printed by GCK", compute="_compute_has_own_layout"
    )

    _clase_uniq = models.UniqueIndex(
        "(company_id, clase_id)",
        "This kind of action has a line already: change that one.",
    )

    @api.depends("clase_id")
    def _compute_has_own_layout(self):
        """Tell whether its prints are the suite's, whose footer can be chosen."""
        documents = self.env["gck.accion"]._get_document_kinds()
        for impresion in self:
            impresion.has_own_layout = impresion.clase_id.code not in documents

    @api.model_create_multi
    def create(self, vals_list):
        """Forget what was remembered of the kinds."""
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Forget what was remembered of the kinds."""
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        """Forget what was remembered of the kinds."""
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache()
    def _get_ids_by_kind(self):
        """Return ``{(company id, code of the kind): id}``, from the cache."""
        # sudo: what is printed follows the company's settings, whoever prints it.
        return {
            (row.company_id.id, row.clase_id.code): row.id
            for row in self.sudo().search([])
        }

    @api.model
    def _get_of_record(self, record, company):
        """Return the row for a record that is printed, none if it has no kind.

        :param record: what is printed, of any model
        :param company: whose letterhead it has
        """
        kind = self._get_print_kind(record)
        row_id = kind and self._get_ids_by_kind().get((company.id, kind))
        # sudo: as above; printer and footer are only used to print.
        return self.sudo().browse(row_id or [])

    @api.model
    def _get_print_kind(self, record):
        """Return the code of the kind that a record is printed as, None without one.

        A model that prints what is of another one, as a dialog does, has a method
        ``_gck_get_print_kind``.
        """
        if hasattr(record, "_gck_get_print_kind"):
            return record._gck_get_print_kind()
        if kind_field := getattr(record, "_accion_kind_field", None):
            return record[kind_field]
        return getattr(record, "_accion_kind", None)

    def _has_footer(self):
        return bool(self) and not is_html_empty(self.footer)


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company"]

    gck_accion_impresion_ids = fields.One2many(
        "gck.accion.impresion", "company_id", string="Prints by kind of action"
    )

    def _get_default_footer(self, doc=None):
        """Prefer the footer of the kind of action that is printed (M-4)."""
        if doc:
            row = self.env["gck.accion.impresion"]._get_of_record(doc, self)
            if row._has_footer():
                return row.footer
        return super()._get_default_footer(doc)


class IrActionsReport(models.Model):
    _name = "ir.actions.report"
    _inherit = ["ir.actions.report"]

    def _get_default_impresora(self, records):
        """Return the printer of the kind of action, if all have the same (M-3)."""
        rows = self.env["gck.accion.impresion"]
        printers = {
            rows._get_of_record(
                record,
                (record._fields.get("company_id") and record.company_id)
                or self.env.company,
            ).impresora_id
            for record in records
        }
        if len(printers) == 1:
            return printers.pop()
        return super()._get_default_impresora(records)
