from odoo import api, fields, models


class GckAvisoRemitente(models.TransientModel):
    """Says who an unknown sender of a claim is (O-6)."""

    _inherit = "gck.aviso.remitente"

    reclamacion_id = fields.Many2one("gck.reclamacion", string="Claim", readonly=True)

    @api.depends("reclamacion_id")
    def _compute_email_from(self):
        return super()._compute_email_from()

    @api.depends("reclamacion_id")
    def _compute_contact(self):
        return super()._compute_contact()

    @api.depends("reclamacion_id")
    def _compute_same_message(self):
        return super()._compute_same_message()

    def _get_same_text(self):
        if self.reclamacion_id:
            return self.env._(
                "It also applies to the pending claims of the same address: %s."
            )
        return super()._get_same_text()
