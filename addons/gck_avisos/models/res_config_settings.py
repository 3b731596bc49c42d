from odoo import models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    gck_close_rule = fields.Selection(
        related="company_id.gck_close_rule", readonly=False, required=True
    )
    gck_motivo_required = fields.Boolean(
        related="company_id.gck_motivo_required", readonly=False
    )
    gck_hours_mode = fields.Selection(
        related="company_id.gck_hours_mode", readonly=False, required=True
    )
    gck_reminder = fields.Boolean(related="company_id.gck_reminder", readonly=False)
    gck_reminder_days = fields.Integer(
        related="company_id.gck_reminder_days", readonly=False
    )
    gck_tarea_hours = fields.Float(related="company_id.gck_tarea_hours", readonly=False)
    def action_open_gck_parametros(self):
        """Open the page of the suite's own parameters."""
        return self.env["gck.parametros"].action_open()
