from odoo import models

# The recipients who would follow the button of a mail to the portal.
OUTSIDE_GROUPS = ("portal_customer", "portal")


class GckReclamacionDestinatariosMixin(models.AbstractModel):
    """Who a message about a claim is for. Part of ``gck.reclamacion``."""

    _name = "gck.reclamacion.destinatarios.mixin"
    _description = "Recipients of the messages of a claim"

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Make no way in for the customer in what only colleagues are told.

        It would write a token on the claim, and on the partner, at every assignment.
        Nor in mails about a claim that nobody outside sees yet: it would open nothing.
        """
        if self and message.message_type == "user_notification":
            # sudo: only whether the customer is among those told.
            customers = self.sudo().partner_id | self.sudo().contact_id
            if not customers & message.partner_ids:
                self = self.with_context(gck_colleagues_only=True)
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if self and not self._filter_shown_outside():
            for name, _is_of_group, values in groups:
                if name in OUTSIDE_GROUPS:
                    values["has_button_access"] = False
        return groups

    def _mail_get_partners(self, introspect_fields=False):
        """Return the partners of claims; none in what only colleagues are told."""
        if self.env.context.get("gck_colleagues_only"):
            return dict.fromkeys(self.ids, self.env["res.partner"])
        return super()._mail_get_partners(introspect_fields=introspect_fields)
