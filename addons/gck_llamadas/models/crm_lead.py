from odoo import api, fields, models


class CrmLead(models.Model):
    """The calls about a prospect, and the time they took (O-28, O-43)."""

    _inherit = "crm.lead"

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
        counts = self.env["gck.llamada"]._count_with_hours("lead_id", self)
        for lead in self:
            count, hours = counts.get(lead.id, (0, 0.0))
            lead.gck_llamada_count = count
            lead.gck_llamada_hours = hours

    @api.model_create_multi
    def create(self, vals_list):
        """Create leads; the one that came out of a call is tied to it (O-43)."""
        leads = super().create(vals_list)
        llamada_id = self.env.context.get("gck_llamada_id")
        if isinstance(llamada_id, int) and len(leads) == 1:
            llamada = self.env["gck.llamada"].browse(llamada_id).exists()
            if llamada and llamada.has_access("write") and not llamada.lead_id:
                llamada.lead_id = leads
                self.env["gck.vinculo"]._link_generated_documents(llamada, leads)
        return leads

    def action_view_gck_llamadas(self):
        """Open the calls about the prospect; a new one comes filled."""
        self.ensure_one()
        return self.env["gck.llamada"]._get_list_action(
            [("lead_id", "=", self.id)],
            {"default_lead_id": self.id, "default_direction": "out"},
        )

    @api.model
    def _gck_find_open_by_phone(self, numbers, company):
        """Return the latest lead that is still open of each of some numbers.

        :param list numbers: in E.164
        :param company: whose leads, with those of every company
        :return: ``{number: lead}`` of the numbers that have one
        """
        if not numbers:
            return {}
        leads = self.search(
            [
                ("phone_sanitized", "in", numbers),
                ("company_id", "in", [company.id, False]),
                ("won_status", "=", "pending"),
            ],
            order="id",
        )
        return {lead.phone_sanitized: lead for lead in leads}
