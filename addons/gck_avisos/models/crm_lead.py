from markupsafe import Markup

from odoo import api, fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    gck_aviso_ids = fields.One2many(
        "gck.aviso",
        "lead_id",
        string="Notices",
        groups="gck_avisos.group_gck_aviso_user",
    )
    gck_aviso_count = fields.Integer(
        string="Notices count",
        compute="_compute_gck_aviso_count",
        groups="gck_avisos.group_gck_aviso_user",
    )
    gck_aviso_open_count = fields.Integer(
        string="Open notices",
        compute="_compute_gck_aviso_count",
        groups="gck_avisos.group_gck_aviso_user",
    )

    @api.depends("gck_aviso_ids.accion_state")
    def _compute_gck_aviso_count(self):
        """Count notices by lead in one query (K-11)."""
        counts = self.env["gck.aviso"]._count_by("lead_id", self)
        for lead in self:
            lead.gck_aviso_count, lead.gck_aviso_open_count = counts[lead.id]

    def action_view_gck_avisos(self):
        """Open the notices of the lead; a new one comes filled from it."""
        self.ensure_one()
        return self.env["gck.aviso"]._get_list_action(
            [("lead_id", "=", self.id)],
            {"default_lead_id": self.id, "default_subject": self.name},
        )

    def _merge_dependences(self, opportunities):
        """Bring the notices of merged leads to the one that stays."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the leads may keep their notices reachable; the
        # lead of a closed notice is bookkeeping, not an edit of it.
        self.env["gck.aviso"].sudo().search(
            [("lead_id", "in", opportunities.ids)]
        )._gck_move_to_lead(self)
        return result

    def unlink(self):
        """Keep on the notices who the deleted prospect was."""
        # sudo: notices that the user cannot see must not lose their caller either.
        avisos = self.env["gck.aviso"].sudo().search([("lead_id", "in", self.ids)])
        names = {aviso.id: aviso.lead_id.display_name for aviso in avisos}
        result = super().unlink()
        avisos.invalidate_recordset(["lead_id"])
        avisos._message_log_batch(
            {
                aviso_id: Markup("<p>%s</p>")
                % self.env._("The lead %s was deleted.", name)
                for aviso_id, name in names.items()
            }
        )
        return result
