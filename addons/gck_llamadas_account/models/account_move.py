from odoo import models
from odoo.fields import Domain

UNPAID = ("not_paid", "partial")


class AccountMove(models.Model):
    """Customers are called about what they have not paid (K-7, O-45)."""

    _name = "account.move"
    _inherit = ["account.move", "gck.campana.origen.mixin"]

    def _get_campana_key(self):
        """Call each debtor once, for all the invoices: as a list of customers does."""
        self.ensure_one()
        company = self.commercial_partner_id
        return f"{company._name},{company.id}"

    def _get_campana_refusals(self):
        """Leave out what nobody owes us."""
        owed = self.filtered_domain(self._gck_get_owed_domain())
        text = self.env._("It is not an unpaid invoice of a customer.")
        return dict.fromkeys(self - owed, text)

    def _gck_get_owed_domain(self):
        """Return the domain of the invoices that customers have still to pay."""
        return (
            Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", UNPAID)
        )

    def _get_campana_call_vals(self):
        """Call whom the invoice was sent to, as a list of customers would."""
        vals_by_partner = self.partner_id._get_campana_call_vals()
        return {move: vals_by_partner[move.partner_id] for move in self}

    def _get_campana_documents(self):
        return self

    def _get_campana_unreachable_domain(self):
        return self._gck_get_owed_domain() & (
            Domain("partner_id.phone", "=", False)
            & Domain("commercial_partner_id.phone", "=", False)
        )
