from odoo import api, models
from odoo.tools import SQL


class GckEsfuerzo(models.Model):
    """The effort up to the first confirmed order (O-29)."""

    _inherit = "gck.esfuerzo"

    @api.model
    def _get_first_sales(self):
        """Return the query of when each customer ordered first.

        An order counts from its confirmation; its quotations do not.
        """
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   sale.company_id, MIN(sale.date_order) AS date
              FROM sale_order sale
              JOIN res_partner partner ON partner.id = sale.partner_id
             WHERE sale.state = 'sale'
          GROUP BY 1, 2
            """
        )
