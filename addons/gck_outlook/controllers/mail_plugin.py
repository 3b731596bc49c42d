from odoo.http import request

from odoo.addons.mail_plugin.controllers import mail_plugin

# What the panel shows of a contact without scrolling.
NOTICES_SHOWN = 5
# What an open mail may be logged on.
LOGGED_MODELS = ("gck.aviso", "gck.tarea")


class MailPluginController(mail_plugin.MailPluginController):
    """The notices of the sender in the panel of the mail client (K-4)."""

    def _get_contact_data(self, partner):
        """Add the open notices of a contact, for who may create notices.

        As in Odoo's own panels, the key is missing for who may not, so that the panel
        does not show the section.
        """
        values = super()._get_contact_data(partner)
        if request.env["gck.aviso"].has_access("create"):
            values["gck_avisos"] = self._get_gck_avisos(partner)
        return values

    def _get_gck_avisos(self, partner, limit=NOTICES_SHOWN, offset=0):
        """Return the open notices of a contact and its company, within reach.

        :param partner: one ``res.partner``, or none
        :return: a list of dictionaries for the panel
        """
        if not partner:
            return []
        avisos = request.env["gck.aviso"].search(
            [
                ("commercial_partner_id", "=", partner.commercial_partner_id.id),
                ("accion_state", "=", "pending"),
            ],
            limit=limit,
            offset=offset,
        )
        return [self._prepare_gck_aviso(aviso) for aviso in avisos]

    def _prepare_gck_aviso(self, aviso):
        """Return what the panel shows of a notice."""
        states = dict(aviso._fields["state"]._description_selection(aviso.env))
        return {
            "aviso_id": aviso.id,
            "name": aviso.name,
            "subject": aviso.subject or "",
            "display_name": aviso.display_name,
            "date": aviso.date.isoformat(),
            "state": states[aviso.state],
            "responsible": aviso.user_id.sudo(False).name or "",
            "url": f"{aviso.get_base_url()}/odoo/gck-avisos/{aviso.id}",
        }

    def _mail_content_logging_models_whitelist(self):
        """Let mails be logged on notices and tasks by who may work on them."""
        models = super()._mail_content_logging_models_whitelist()
        return models + [
            name for name in LOGGED_MODELS if request.env[name].has_access("write")
        ]

    def _translation_modules_whitelist(self):
        modules = super()._translation_modules_whitelist()
        if not request.env["gck.aviso"].has_access("create"):
            return modules
        return [*modules, "gck_outlook"]
