from odoo import models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    def action_open_gck_parametros(self):
        """Open the page of the suite's own parameters."""
        return self.env["gck.parametros"].action_open()
