from odoo import fields, models
from odoo.fields import Domain


class ResCompany(models.Model):
    _inherit = "res.company"

    gck_quote_days = fields.Integer(
        string="Days to decide a quotation",
        default=15,
        help="A quotation without validity date is late when these days have passed "
        "since its date. With zero it is never late.",
    )

    _gck_quote_days_positive = models.Constraint(
        "CHECK (gck_quote_days BETWEEN 0 AND 3650)",
        "The days to decide a quotation go from zero to ten years.",
    )

    def write(self, vals):
        """Write values; the deadlines that hang from the days follow (M-21)."""
        if "gck_quote_days" not in vals:
            return super().write(vals)
        changed = self.filtered(
            lambda company: company.gck_quote_days != vals["gck_quote_days"]
        )
        result = super().write(vals)
        changed._gck_update_quote_deadlines()
        return result

    def _gck_update_quote_deadlines(self):
        """Compute again the deadlines of the pending quotations without validity."""
        # sudo: the parameter is of the company, whoever its quotations belong to.
        Order = self.env["sale.order"].sudo()
        orders = Order.search(
            Domain("company_id", "in", self.ids)
            & Domain("state", "in", Order._accion_states["pending"])
            & Domain("validity_date", "=", False)
        )
        self.env.add_to_compute(Order._fields["gck_date_deadline"], orders)
