from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import ALL, AvisosCase


@tagged("post_install", "-at_install")
class TestHome(AvisosCase, HttpCase):
    """The page on which the day starts, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.new_user("person", ALL, "Paula Person")
        cls.company.gck_home = True
        now = fields.Datetime.now()
        for subject, user, days in (
            ("Reclamar el pago", cls.person, -3),
            ("Visitar al cliente", cls.person, 3),
            ("Pedir la pieza", cls.colleague, 2),
        ):
            cls.new_tarea(
                user=cls.person,
                subject=subject,
                user_id=user.id,
                requester_id=cls.person.id,
                date=now - timedelta(days=5),
                date_deadline=now + timedelta(days=days),
            )

    def test_m5_home_page_is_what_is_pending(self):
        """Late, these days, asked of others: open, finish, note down."""
        self.start_tour("/odoo/gck-inicio", "gck_home", login=self.person.login)
        finished = self.env["gck.tarea"].search([("subject", "=", "Reclamar el pago")])
        self.assertEqual(finished.state, "done")

    def test_m6_home_page_is_the_first_screen(self):
        """Whoever enters is there without choosing anything, and may leave it."""
        self.start_tour("/odoo", "gck_home_opt_out", login=self.person.login)
        self.person.invalidate_recordset()
        self.assertTrue(self.person.gck_home_opt_out)

    def test_m13_home_page_without_anything_pending_says_what_to_do(self):
        self.start_tour(
            "/odoo/gck-inicio", "gck_home_empty", login=self.dispatcher.login
        )

    def test_m14_home_page_is_one_request_with_few_queries(self):
        """Two hundred matters cost as many queries as two."""
        Accion = self.env["gck.accion"].with_user(self.person)

        def count():
            return self.count_queries(lambda: Accion.get_home())

        count()  # what is read once per server
        few = count()
        self.env["gck.tarea"].create(
            [
                {
                    "subject": f"Tarea {number}",
                    "user_id": self.person.id,
                    "partner_id": self.customer.id,
                    "date_deadline": fields.Datetime.now() + timedelta(hours=number),
                    "tag_ids": [Command.clear()],
                }
                for number in range(-100, 100)
            ]
        )
        self.assertLessEqual(count(), few + 2)
