from odoo.tests import HttpCase, tagged

from .common import LlamadasCase


@tagged("post_install", "-at_install")
class TestNavegador(LlamadasCase, HttpCase):
    """Calls noted down in a browser."""

    def test_o42_call_from_the_chatter_of_a_customer(self):
        """The dialog comes filled; the button of the chatter counts the call."""
        self.start_tour(
            f"/odoo/res.partner/{self.customer.id}",
            "gck_llamada_chatter",
            login=self.own.login,
        )
        call = self.env["gck.llamada"].search([], limit=1, order="id desc")
        self.assertEqual(call.partner_id, self.customer)
        self.assertEqual(call.state, "done")
        self.assertAlmostEqual(call.duration, 0.2)
        self.assertEqual(call.user_id, self.own)

    def test_o42_call_on_a_line_of_the_list(self):
        """The number finds the customer; the tick marks it as made."""
        self.start_tour(
            "/odoo/gck-llamadas-entrantes", "gck_llamada_list", login=self.own.login
        )
        call = self.env["gck.llamada"].search([], limit=1, order="id desc")
        self.assertEqual((call.partner_id, call.state), (self.customer, "done"))
        self.assertEqual(call.direction, "in")

    def test_o42_call_from_the_menu(self):
        """A mistyped number leaves no customer; the list behind shows the call."""
        self.start_tour(
            "/odoo/gck-llamadas-entrantes", "gck_llamada_menu", login=self.own.login
        )
        call = self.env["gck.llamada"].search([], limit=1, order="id desc")
        self.assertFalse(call.partner_id)
        self.assertEqual((call.phone, call.direction), ("699888777", "in"))
