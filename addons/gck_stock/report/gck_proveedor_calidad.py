from odoo import fields, models
from odoo.tools import SQL

# The id of a row is that of the vendor times this, plus that of the company.
COMPANY_FACTOR = 100000


class GckProveedorCalidad(models.Model):
    """How good vendors are: what they sent and what was claimed from them.

    One row for each vendor and company, of the months that the company says. What
    counts as a receipt is a finished transfer from a vendor, whatever it carries; as
    a claim, one to the vendor that was opened and not rejected.
    """

    _name = "gck.proveedor.calidad"
    _description = "Quality of a vendor"
    _auto = False
    _order = "claims_per_100 desc, claim_count desc, id"
    _rec_name = "partner_id"
    _depends = {
        "res.company": ["gck_score_months"],
        "res.partner": ["commercial_partner_id"],
        "stock.picking": [
            "company_id",
            "date_done",
            "location_id",
            "partner_id",
            "state",
        ],
        "stock.location": ["usage"],
        "gck.reclamacion": [
            "commercial_partner_id",
            "company_id",
            "cost_total",
            "date",
            "direction",
            "state",
        ],
    }

    partner_id = fields.Many2one("res.partner", string="Vendor", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    receipt_count = fields.Integer(string="Receipts", readonly=True)
    claim_count = fields.Integer(string="Claims", readonly=True)
    open_claim_count = fields.Integer(string="Open claims", readonly=True)
    claims_per_100 = fields.Float(
        string="Claims per 100 receipts",
        readonly=True,
        aggregator=None,
        digits=(16, 1),
        help="A vendor with claims and no receipt in the period has one for each "
        "claim.",
    )
    cost = fields.Monetary(string="Cost of the claims", readonly=True)
    date_last_claim = fields.Datetime(string="Last claim", readonly=True)

    @property
    def _table_query(self):
        # A filter on vendors reaches both branches: all of it is grouped by vendor.
        start = SQL(
            "(NOW() AT TIME ZONE 'UTC') - make_interval("
            "months => company.gck_score_months)"
        )
        return SQL(
            """
            SELECT total.partner_id::bigint * %(factor)s + total.company_id AS id,
                   total.partner_id,
                   total.company_id,
                   SUM(total.receipts)::integer AS receipt_count,
                   SUM(total.claims)::integer AS claim_count,
                   SUM(total.open_claims)::integer AS open_claim_count,
                   100.0 * SUM(total.claims) / GREATEST(SUM(total.receipts), 1)
                       AS claims_per_100,
                   SUM(total.cost) AS cost,
                   MAX(total.last_claim) AS date_last_claim
              FROM (
                    SELECT partner.commercial_partner_id AS partner_id,
                           picking.company_id,
                           COUNT(*) AS receipts,
                           0 AS claims,
                           0 AS open_claims,
                           0.0 AS cost,
                           NULL::timestamp AS last_claim
                      FROM stock_picking picking
                      JOIN stock_location location ON location.id = picking.location_id
                      JOIN res_partner partner ON partner.id = picking.partner_id
                      JOIN res_company company ON company.id = picking.company_id
                     WHERE picking.state = 'done'
                       AND location.usage = 'supplier'
                       AND picking.date_done >= %(start)s
                  GROUP BY partner.commercial_partner_id, picking.company_id
                 UNION ALL
                    SELECT claim.commercial_partner_id,
                           claim.company_id,
                           0,
                           COUNT(*),
                           COUNT(*) FILTER (WHERE claim.state IN ('open', 'evaluated')),
                           SUM(COALESCE(claim.cost_total, 0.0)),
                           MAX(claim.date)
                      FROM gck_reclamacion claim
                      JOIN res_company company ON company.id = claim.company_id
                     WHERE claim.direction = 'vendor'
                       AND claim.state IN ('open', 'evaluated', 'done')
                       AND claim.commercial_partner_id IS NOT NULL
                       AND claim.date >= %(start)s
                  GROUP BY claim.commercial_partner_id, claim.company_id
                   ) total
          GROUP BY total.partner_id, total.company_id
            """,
            factor=SQL(str(COMPANY_FACTOR)),
            start=start,
        )

    def action_open_partner(self):
        """Open the vendor."""
        self.ensure_one()
        return self.partner_id._get_records_action()

    def action_view_claims(self):
        """Open the claims to the vendor."""
        self.ensure_one()
        return self.env["gck.reclamacion"]._get_list_action(
            [
                ("commercial_partner_id", "=", self.partner_id.id),
                ("direction", "=", "vendor"),
            ],
            {"default_direction": "vendor", "default_partner_id": self.partner_id.id},
        )
