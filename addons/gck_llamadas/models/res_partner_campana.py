from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Partners get calls of call lists."""

    _name = "res.partner"
    _inherit = ["res.partner", "gck.campana.origen.mixin"]

    def _get_campana_call_vals(self):
        """Call each on their own number, a contact without one on the company's."""
        result = {}
        for partner in self:
            company = partner.commercial_partner_id
            result[partner] = {
                "partner_id": company.id,
                "contact_id": partner.id if partner != company else False,
                "phone": partner.phone or company.phone,
            }
        return result

    def _get_campana_unreachable_domain(self):
        return Domain("phone", "=", False) & Domain(
            "commercial_partner_id.phone", "=", False
        )
