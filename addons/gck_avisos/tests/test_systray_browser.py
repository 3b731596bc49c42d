from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestSystrayBrowser(HttpCase):
    """The clock at the top of the screen, in a browser."""

    def test_k37_clock_leads_to_the_tasks_that_it_counts(self):
        """Late, later and all of the tasks given to the user."""
        user = new_test_user(
            self.env,
            login="gck_reloj",
            groups="gck_avisos.group_gck_aviso_user",
            tz="Europe/Madrid",
        )
        now = fields.Datetime.now()
        deadlines = {
            "Ayer": now - timedelta(days=2),
            "Otro día": now + timedelta(days=3),
            "Cuando se pueda": False,
        }
        self.env["gck.tarea"].create(
            [
                {"subject": subject, "user_id": user.id, "date_deadline": deadline}
                for subject, deadline in deadlines.items()
            ]
        ).filtered(
            lambda tarea: tarea.subject == "Cuando se pueda"
        ).date_deadline = False
        self.start_tour("/odoo/gck-recepcion", "gck_systray", login=user.login)
