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

    @api.model
    def _gck_get_lead_models(self):
        """Return the models whose records may be about a prospect."""
        names = self.env.registry.descendants(["gck.interlocutor.mixin"], "_inherit")
        return [name for name in sorted(names) if not self.env[name]._abstract]

    def _merge_dependences(self, opportunities):
        """Bring the notices and calls of merged leads to the one that stays."""
        result = super()._merge_dependences(opportunities)
        for name in self._gck_get_lead_models():
            # sudo: whoever may merge the leads may keep what hangs from them within
            # reach; the lead of a closed notice is bookkeeping, not an edit of it.
            self.env[name].sudo().search(
                [("lead_id", "in", opportunities.ids)]
            )._gck_move_to_lead(self)
        return result

    def unlink(self):
        """Keep on notices and calls who the deleted prospect was."""
        # sudo: what the user cannot see must not lose its caller either.
        found = [
            self.env[name].sudo().search([("lead_id", "in", self.ids)])
            for name in self._gck_get_lead_models()
        ]
        names = [
            {record.id: record.lead_id.display_name for record in records}
            for records in found
        ]
        result = super().unlink()
        for records, lead_names in zip(found, names, strict=True):
            records.invalidate_recordset(["lead_id"])
            records._message_log_batch(
                {
                    record_id: Markup("<p>%s</p>")
                    % self.env._("The lead %s was deleted.", name)
                    for record_id, name in lead_names.items()
                }
            )
        return result
