from odoo import api, models


class CalendarEvent(models.Model):
    """A meeting that was agreed on the phone (O-44)."""

    _inherit = "calendar.event"

    @api.model
    def _gck_prepare_spawned_vals(self, values):
        """Take what was said on the phone, and the opportunity that it is about."""
        vals = super()._gck_prepare_spawned_vals(values)
        origin = values.get("origin")
        if origin is not None and origin._name == "gck.llamada":
            vals["description"] = origin.description
            lead = origin.lead_id._filtered_access("read")
            if lead:
                vals["opportunity_id"] = lead.id
                if not vals.get("gck_partner_id"):
                    vals["name"] = vals.get("name") or lead.display_name
        return vals
