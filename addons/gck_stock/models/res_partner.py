from odoo import api, fields, models
from odoo.tools import groupby

SCORE_GROUPS = (
    "gck_reclamaciones.group_gck_reclamacion_vendor,"
    "gck_reclamaciones.group_gck_reclamacion_all"
)


class ResPartner(models.Model):
    """The score of a vendor: what it sent, and what was claimed from it."""

    _inherit = "res.partner"

    gck_receipt_count = fields.Integer(
        string="Receipts of the period",
        compute="_compute_gck_score",
        groups=SCORE_GROUPS,
        help="Finished receipts of the vendor, in the months of the vendor score.",
    )
    gck_vendor_claim_count = fields.Integer(
        string="Claims of the period",
        compute="_compute_gck_score",
        groups=SCORE_GROUPS,
        help="Claims to the vendor that were opened and not rejected, in the months "
        "of the vendor score.",
    )
    gck_claims_per_100 = fields.Float(
        string="Claims per 100 receipts",
        compute="_compute_gck_score",
        groups=SCORE_GROUPS,
        digits=(16, 1),
    )
    gck_vendor_claim_cost = fields.Monetary(
        string="Cost of the claims",
        compute="_compute_gck_score",
        groups=SCORE_GROUPS,
        currency_field="gck_score_currency_id",
        help="What the claims of the period cost the company, less what was recovered.",
    )
    gck_score_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the score",
        compute="_compute_gck_score",
        groups=SCORE_GROUPS,
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_gck_score(self):
        """Read the score of vendors, in the companies of the user, all at once.

        A contact has the score of its company.
        """
        company = self.env.company
        rows = self.env["gck.proveedor.calidad"].search(
            [("partner_id", "in", self.commercial_partner_id.ids)]
        )
        by_vendor = dict(groupby(rows, lambda row: row.partner_id.id))
        today = fields.Date.context_today(self)
        for partner in self:
            own = by_vendor.get(partner.commercial_partner_id.id, [])
            receipts = sum(row.receipt_count for row in own)
            claims = sum(row.claim_count for row in own)
            partner.gck_receipt_count = receipts
            partner.gck_vendor_claim_count = claims
            partner.gck_claims_per_100 = 100.0 * claims / max(receipts, 1)
            partner.gck_score_currency_id = company.currency_id
            partner.gck_vendor_claim_cost = sum(
                row.currency_id._convert(
                    row.cost, company.currency_id, row.company_id, today
                )
                for row in own
            )

    def _gck_sells_to_us(self):
        """Whoever sent us something sells to us (O-7)."""
        return super()._gck_sells_to_us() or self._gck_has_moved(
            [("location_id.usage", "=", "supplier")]
        )

    def _gck_buys_from_us(self):
        """Whoever got something of ours buys from us (O-7)."""
        return super()._gck_buys_from_us() or self._gck_has_moved(
            [("location_dest_id.usage", "=", "customer")]
        )

    def _gck_has_moved(self, domain):
        """Tell whether any transfer of a company is done, of those in the domain."""
        return bool(
            self.env["stock.picking"].search_count(
                [
                    ("partner_id.commercial_partner_id", "=", self.id),
                    ("state", "=", "done"),
                    *domain,
                ],
                limit=1,
            )
        )

    def action_view_gck_score(self):
        """Open the quality of the vendor among the others."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gck_stock.action_gck_proveedor_calidad"
        )
        company = self.commercial_partner_id
        return {**action, "domain": [("partner_id", "=", company.id)]}
