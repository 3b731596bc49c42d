from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    # Serves gck.accion, where activities are among the pending matters (M-17).
    _gck_accion_id_idx = models.Index("((id::bigint * 32 + 4))")
