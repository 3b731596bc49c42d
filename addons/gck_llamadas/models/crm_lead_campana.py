from odoo import models
from odoo.fields import Domain


class CrmLead(models.Model):
    """Leads get calls of call lists."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "gck.campana.origen.mixin"]

    def _get_campana_call_vals(self):
        """Call each on their own number, else on that of the customer."""
        result = {}
        for lead in self:
            partner = lead.partner_id
            company = partner.commercial_partner_id
            result[lead] = {
                "lead_id": lead.id,
                "partner_id": company.id,
                "contact_id": partner.id if partner != company else False,
                "phone": lead.phone or partner.phone or company.phone,
                "caller_name": not partner and lead.contact_name,
            }
        return result

    def _get_campana_unreachable_domain(self):
        return Domain("phone", "=", False) & (
            Domain("partner_id", "=", False)
            | Domain("partner_id.phone", "=", False)
            & Domain("partner_id.commercial_partner_id.phone", "=", False)
        )
