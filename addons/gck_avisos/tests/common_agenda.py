from datetime import timedelta

from odoo import fields

from .common import AvisosCase


class AgendaCase(AvisosCase):
    """Appointments of the company's people, who read English."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        people = cls.env["res.users"].search([("login", "=like", "gck_avisos_%")])
        people.lang = "en_US"

    @classmethod
    def new_cita(cls, user=None, **vals):
        """Write down an appointment as a person, the receptionist unless told."""
        start = vals.pop("start", fields.Datetime.now() + timedelta(days=7))
        return (
            cls.env["calendar.event"]
            .with_user(user or cls.reception)
            .with_context(allowed_company_ids=(user or cls.reception).company_id.ids)
            .create(
                {
                    "name": "Revisar la cámara",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    **vals,
                }
            )
        )

    def told(self, user):
        """Return the subjects of what a person was told, in order."""
        return self.messages_to(user).sorted("id").mapped("subject")
