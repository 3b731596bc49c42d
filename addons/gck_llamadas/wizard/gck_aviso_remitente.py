from odoo import api, fields, models


class GckAvisoRemitente(models.TransientModel):
    """Says who left a voice message or wrote to a list (O-48, O-49)."""

    _inherit = "gck.aviso.remitente"

    llamada_id = fields.Many2one("gck.llamada", string="Call", readonly=True)

    @api.model
    def default_get(self, fields):
        """Propose the contact that has the number meanwhile, or the address."""
        values = super().default_get(fields)
        llamada = self.env["gck.llamada"].browse(values.get("llamada_id"))
        if llamada.phone:
            partner = self.env["res.partner"]._gck_find_by_phone(
                llamada.phone, llamada.company_id
            )
            if partner:
                values.update(choice="link", partner_id=partner.id)
        return values

    @api.depends("llamada_id")
    def _compute_email_from(self):
        """Show the number of a voice message, whose mail is the exchange's."""
        result = super()._compute_email_from()
        for wizard in self.filtered("llamada_id"):
            wizard.email_from = wizard.email_from or wizard._get_incoming().phone
        return result

    @api.depends("llamada_id")
    def _compute_contact(self):
        result = super()._compute_contact()
        for wizard in self.filtered("llamada_id"):
            wizard.name = wizard._get_incoming().caller_name or wizard.name
        return result

    @api.depends("llamada_id")
    def _compute_same_message(self):
        return super()._compute_same_message()

    def _get_same_text(self):
        if self.llamada_id:
            return self.env._(
                "It also applies to the pending calls of the same address or "
                "number: %s."
            )
        return super()._get_same_text()
