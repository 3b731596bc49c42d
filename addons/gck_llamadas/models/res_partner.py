from odoo import api, fields, models


class ResPartner(models.Model):
    """The calls with a customer or vendor, and the time they took."""

    _inherit = "res.partner"

    gck_llamada_count = fields.Integer(
        string="Calls",
        compute="_compute_gck_llamadas",
        groups="gck_llamadas.group_gck_llamada_user",
    )
    gck_llamada_hours = fields.Float(
        string="Time on the phone",
        compute="_compute_gck_llamadas",
        groups="gck_llamadas.group_gck_llamada_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_gck_llamadas(self):
        """Count those of the whole company, contacts included."""
        companies = self.commercial_partner_id
        counts = self.env["gck.llamada"]._count_with_hours(
            "commercial_partner_id", companies
        )
        for partner in self:
            count, hours = counts.get(partner.commercial_partner_id.id, (0, 0.0))
            partner.gck_llamada_count = count
            partner.gck_llamada_hours = hours

    def action_view_gck_llamadas(self):
        """Open the calls with the customer or vendor; a new one comes filled."""
        self.ensure_one()
        company = self.commercial_partner_id
        return self.env["gck.llamada"]._get_list_action(
            [("commercial_partner_id", "=", company.id)],
            {
                "default_partner_id": company.id,
                "default_contact_id": self.id if self != company else False,
                "default_direction": "out",
            },
        )
