from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestAgendaBrowser(HttpCase):
    """The agenda in a browser."""

    def test_m68_new_appointment_from_the_calendar_and_print(self):
        """The small window hands all to the form; the list opens the dialog."""
        user = new_test_user(
            self.env,
            login="gck_agenda",
            name="Agustín Agenda",
            groups="gck_avisos.group_gck_aviso_user,base.group_partner_manager",
            tz="Europe/Madrid",
        )
        customer = self.env["res.partner"].create(
            {"name": "Bodegas de Prueba", "is_company": True}
        )
        self.start_tour("/odoo/gck-agenda", "gck_agenda", login=user.login)
        cita = self.env["calendar.event"].search([("name", "=", "Visita de prueba")])
        self.assertEqual(cita.gck_partner_id, customer)
        self.assertEqual(cita.gck_requester_id, user)
        self.assertEqual(cita.partner_ids, user.partner_id)
        self.assertTrue(cita.allday)
