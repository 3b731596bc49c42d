from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestRegistroBrowser(HttpCase):
    """The register of activities, in a browser."""

    def test_m71_line_from_the_keyboard(self):
        """A new line comes filled, takes customer and text, and adds up."""
        user = new_test_user(
            self.env,
            login="gck_registro",
            groups="gck_avisos.group_gck_aviso_user",
            tz="UTC",
        )
        partner = self.env["res.partner"].create({"name": "Talleres Ruiz"})
        now = fields.Datetime.now().replace(second=0)
        # Early in the day, half an hour ago would be yesterday.
        user.tz = "Etc/GMT-12" if now.hour < 12 else "Etc/GMT+6"
        Register = self.env["gck.intervencion"].with_user(user)
        Register.create(
            {
                "subject": "Visita",
                "date_start": now - timedelta(minutes=90),
                "date_end": now - timedelta(minutes=30),
            }
        )
        self.start_tour("/odoo/gck-registro", "gck_registro", login=user.login)
        line = Register.search([("subject", "=", "Ajuste de puertas")])
        self.assertEqual(line.partner_id, partner)
        self.assertEqual(line.duration, 1.25)
        self.assertEqual(line.description, "<p>Ajuste de puertas</p>")
