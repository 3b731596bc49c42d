from odoo import api, models

from odoo.addons.gck_avisos.tools import correo


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Let lists know of automatic replies, which Odoo takes as any message.

        They come after the actions, so that what is mailed to both is one of these.
        """
        if correo.is_automatic_reply(message):
            self = self.with_context(gck_automatic_reply=True)
        routes = sorted(routes or (), key=lambda route: route[0] == "mail.group")
        return super()._message_route_process(message, message_dict, routes)
