from odoo import models


class MailMessage(models.Model):
    """People outside read no notes on claims, by whatever way they ask for them.

    Odoo hides them from searches, but not the logs from somebody who guesses an id.
    """

    _inherit = "mail.message"

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        user = self.env.user
        if user._is_internal() or operation == "create":
            return forbidden
        # sudo: whether a message is internal is read, nothing else.
        inside = (self - forbidden).sudo()
        inside = inside.filtered(
            lambda message: (
                message.model == "gck.reclamacion"
                and (
                    message.is_internal
                    or not message.subtype_id
                    or message.subtype_id.internal
                )
                and message.author_id != user.partner_id
            )
        )
        return forbidden + inside.sudo(False)
