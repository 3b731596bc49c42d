from odoo import api, models

from ..tools import buzon
from .gck_llamada_correo import VOICEMAIL


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """Read who left a voice message, while the headers are at hand (O-48)."""
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        return [
            (name, record_id, {**(values or {}), VOICEMAIL: buzon.read(message)}, *rest)
            if name == "gck.llamada" and not record_id
            else (name, record_id, values, *rest)
            for name, record_id, values, *rest in routes
        ]
