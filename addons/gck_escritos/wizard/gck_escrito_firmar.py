from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

DAYS_MAX = 365


class GckEscritoFirmar(models.TransientModel):
    """Asks who signs a contract, and until when."""

    _name = "gck.escrito.firmar"
    _description = "Send a contract to be signed"

    escrito_id = fields.Many2one("gck.escrito", required=True, ondelete="cascade")
    commercial_partner_id = fields.Many2one(related="escrito_id.commercial_partner_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Signs for the customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
    )
    email = fields.Char(related="partner_id.email", string="Address")
    user_id = fields.Many2one(
        "res.users",
        string="Signs for the company",
        domain=[("share", "=", False)],
        help="Empty: only the customer signs.",
    )
    days = fields.Integer(string="Days to sign", default=30, required=True)

    @api.depends("escrito_id")
    def _compute_partner_id(self):
        for wizard in self:
            escrito = wizard.escrito_id
            wizard.partner_id = escrito.contact_id or escrito.partner_id

    def action_confirm(self):
        """Send the links.

        :raises UserError: saying what is missing
        """
        self.ensure_one()
        if not self.partner_id:
            raise UserError(self.env._("Choose who signs for the customer."))
        # sudo: whose contact somebody is, and whether a user is one of the company's.
        partner, user = self.sudo().partner_id, self.sudo().user_id
        if partner.commercial_partner_id != self.sudo().commercial_partner_id:
            raise UserError(
                self.env._(
                    "%s is no contact of the customer of this contract. Choose one "
                    "of its contacts.",
                    partner.name,
                )
            )
        if user and (
            user.share
            or not user.active
            or self.escrito_id.company_id not in user.company_ids
        ):
            raise UserError(
                self.env._(
                    "%s does not work in the company of this contract. Choose a "
                    "colleague who does.",
                    user.name,
                )
            )
        if not 1 <= self.days <= DAYS_MAX:
            raise UserError(self.env._("Give from one day to a year to sign."))
        signers = [("customer", self.partner_id)]
        if self.user_id:
            # sudo: the name and the address of a colleague are read.
            signers.append(("company", self.user_id.sudo().partner_id))
        self.escrito_id._request_signatures(
            signers, fields.Datetime.now() + timedelta(days=self.days)
        )
        return {"type": "ir.actions.act_window_close"}
