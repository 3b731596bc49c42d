from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class GckLlamadaIdentificar(models.TransientModel):
    """Says whose a telephone number is; all its calls get it (O-42)."""

    _name = "gck.llamada.identificar"
    _description = "Identify a number"

    phone = fields.Char(string="Number", readonly=True)
    phone_sanitized = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer, vendor or contact",
        domain="[('company_id', 'in', [company_id, False])]",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        domain="[('company_id', 'in', [company_id, False])]",
    )
    keep_phone = fields.Boolean(
        string="Note the number on the card",
        compute="_compute_keep_phone",
        # With the user's own rights: who may not edit the card is not offered it.
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Its next call is recognised then.",
    )
    may_keep_phone = fields.Boolean(
        compute="_compute_may_keep_phone", export_string_translation=False
    )
    call_count = fields.Integer(string="Calls", compute="_compute_call_count")

    @api.depends("partner_id", "lead_id")
    def _compute_may_keep_phone(self):
        """Offer it where the card has no number, to who may edit the card."""
        for wizard in self:
            card = wizard.partner_id or wizard.lead_id
            wizard.may_keep_phone = (
                bool(card) and not card.phone and card.has_access("write")
            )

    @api.depends("may_keep_phone")
    def _compute_keep_phone(self):
        for wizard in self:
            wizard.keep_phone = wizard.may_keep_phone

    @api.depends("phone_sanitized", "company_id")
    def _compute_call_count(self):
        for wizard in self:
            wizard.call_count = self.env["gck.llamada"].search_count(
                wizard._get_calls_domain()
            )

    def _get_calls_domain(self):
        self.ensure_one()
        return self.env["gck.llamada"]._get_unidentified_domain() & Domain(
            [
                ("phone_sanitized", "=", self.phone_sanitized),
                ("company_id", "=", self.company_id.id),
            ]
        )

    def action_confirm(self):
        """Give the calls of the number to who it is, many in the background.

        :raises UserError: when nobody was chosen, or the number is known meanwhile
        """
        self.ensure_one()
        if not (self.partner_id or self.lead_id):
            raise UserError(self.env._("Choose whose number it is."))
        calls = self.env["gck.llamada"].search(self._get_calls_domain())
        if not calls:
            raise UserError(
                self.env._("Somebody has identified %s meanwhile.", self.phone)
            )
        card = self.partner_id or self.lead_id
        if self.keep_phone and not card.phone:
            card.phone = self.phone
        count = len(calls)
        notification = calls._gck_bulk(
            "_bulk_identify",
            {"partner_id": self.partner_id.id, "lead_id": self.lead_id.id},
            title=self.env._("Identify %s", self.phone),
            running=self.env._("%s calls are being identified in the background."),
        )
        if not notification:
            notification = calls._gck_get_notification(
                self.env._(
                    "Calls that are now of %(who)s: %(count)s",
                    count=count,
                    who=card.display_name,
                ),
                "success",
            )
        return notification
