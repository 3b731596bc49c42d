from odoo import fields, models


class GckClienteClase(models.Model):
    """A class of customers, and the documents that one of them has to bring (O-31)."""

    _name = "gck.cliente.clase"
    _description = "Customer class"
    _inherit = ["gck.tabla.mixin"]

    documento_ids = fields.One2many(
        "gck.cliente.clase.documento", "clase_id", string="Documents", copy=True
    )


class GckClienteClaseDocumento(models.Model):
    """A document that the customers of a class have to bring (O-31)."""

    _name = "gck.cliente.clase.documento"
    _description = "Document of a customer class"
    _rec_name = "tipo_id"
    _order = "sequence, id"
    _check_company_auto = True

    clase_id = fields.Many2one(
        "gck.cliente.clase",
        string="Customer class",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="clase_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    tipo_id = fields.Many2one(
        "gck.documento.tipo",
        string="Document type",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    is_required = fields.Boolean(string="Obligatory", default=True)
    validity_months = fields.Integer(
        string="Valid for (months)",
        help="How long it counts from the day of the document. Zero: for ever.",
    )
    note = fields.Char(
        string="Instructions",
        translate=True,
        help="What it must show: who signs it, how recent it is…",
    )

    _tipo_uniq = models.UniqueIndex(
        "(clase_id, tipo_id)", "This document is already on the list of the class."
    )
    _validity_range = models.Constraint(
        "CHECK (validity_months BETWEEN 0 AND 600)",
        "A document is valid between zero months and fifty years.",
    )

    def _prepare_checklist_vals(self):
        """Return the values of this document on the list of a proposal."""
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "tipo_id": self.tipo_id.id,
            "is_required": self.is_required,
            "validity_months": self.validity_months,
            "note": self.note,
        }
