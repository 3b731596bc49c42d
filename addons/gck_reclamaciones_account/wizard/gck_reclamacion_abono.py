from odoo import api, fields, models
from odoo.exceptions import UserError


class GckReclamacionAbono(models.TransientModel):
    """Asks which invoice is credited for a claim that was raised from none."""

    _name = "gck.reclamacion.abono"
    _description = "Invoice to credit for a claim"

    reclamacion_id = fields.Many2one(
        "gck.reclamacion",
        string="For the claim",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    selectable_domain = fields.Binary(compute="_compute_selectable_domain")
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        ondelete="cascade",
        help="The posted invoices of the customer, or the bills of the vendor.",
    )

    @api.depends("reclamacion_id")
    def _compute_selectable_domain(self):
        for wizard in self:
            wizard.selectable_domain = list(
                wizard.reclamacion_id._get_creditable_domain()
            )

    def action_confirm(self):
        """Open Odoo's reversal of the invoice chosen.

        :raises UserError: when it is not one of the partner's posted invoices
        """
        self.ensure_one()
        claim = self.reclamacion_id
        if not self.move_id.filtered_domain(claim._get_creditable_domain()):
            raise UserError(
                self.env._(
                    "%(invoice)s is no posted invoice of %(partner)s. Choose another.",
                    invoice=self.move_id.display_name,
                    partner=claim.partner_id.display_name,
                )
            )
        return claim._get_reversal_action(self.move_id)
