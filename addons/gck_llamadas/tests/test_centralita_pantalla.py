import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, no_retry, tagged

from odoo.addons.web.tests import test_js

from .common_centralita import CentralitaCase


@tagged("post_install", "-at_install")
class TestCentralitaPantalla(CentralitaCase):
    """Whoever is called sees who it is (O-47)."""

    def told(self, user):
        """Return what the bus told a person of calls."""
        self.env.cr.precommit.run()
        notifications = self.env["bus.bus"].sudo().search([], order="id")
        found = []
        for notification in notifications:
            message = json.loads(notification.message)
            channel = json.loads(notification.channel)
            if message["type"] == "gck_llamadas/call" and channel[1:3] == [
                "res.partner",
                user.partner_id.id,
            ]:
                found.append((message["payload"]["id"], message["payload"]["phase"]))
        return found

    def test_o47_user_of_the_extension_is_told_and_nobody_else(self):
        call = self.tell("ringing", 0)
        self.tell("ringing", 0)
        self.assertEqual(self.told(self.own), [(call.id, "ringing")])
        self.assertFalse(self.told(self.outsider))
        self.tell("answered", 5)
        self.tell("ended", 50)
        self.assertEqual(
            self.told(self.own),
            [(call.id, phase) for phase in ("ringing", "answered", "ended")],
        )

    def test_o47_bus_tells_neither_name_nor_number(self):
        self.tell("ringing", 0)
        self.env.cr.precommit.run()
        messages = " ".join(self.env["bus.bus"].sudo().search([]).mapped("message"))
        self.assertNotIn("600123456", messages.replace(" ", ""))
        self.assertNotIn(self.customer.name, messages)

    def test_o47_nobody_is_told_of_outgoing_late_or_hidden_calls(self):
        self.tell("ringing", 0, direction="out", **{"from": "101", "to": "600123456"})
        self.tell("ended", 9, call_id="1.2")
        self.tell("ringing", 0, call_id="1.2")
        self.centralita.screen_pop = False
        self.tell("ringing", 0, call_id="1.3")
        self.assertFalse(
            [phase for _id, phase in self.told(self.own) if phase == "ringing"]
        )

    def test_o47_card_has_the_caller_and_what_is_pending(self):
        self.new_tarea(
            user=self.reception, partner_id=self.customer.id, user_id=self.own.id
        )
        hidden = self.new_tarea(
            user=self.reception,
            partner_id=self.customer.id,
            user_id=self.outsider.id,
            subject="De otro",
        )
        call = self.tell("ringing", 0)
        card = call.with_user(self.own).get_caller_card()
        self.assertEqual(
            (card["name"], card["partner"]), ("Cerámicas Júcar", self.customer.id)
        )
        self.assertEqual(
            [matter["subject"] for matter in card["matters"]], ["Enviar el presupuesto"]
        )
        self.assertNotIn(hidden.name, json.dumps(card))
        with self.assertRaises(AccessError):
            call.with_user(self.outsider).get_caller_card()

    def test_o47_card_of_an_unknown_caller(self):
        call = self.tell("ringing", 0, **{"from": "699000111"})
        card = call.with_user(self.own).get_caller_card()
        self.assertFalse(card["name"] or card["partner"] or card["matters"])
        self.assertEqual(card["phone"], "699000111")

    def test_o47_card_of_a_hidden_number_shows_none(self):
        call = self.tell("ringing", 0, **{"from": "anonymous"})
        self.assertFalse(call.with_user(self.own).get_caller_card()["phone"])

    def test_o47_page_that_is_opened_while_it_rings_shows_it(self):
        self.start = self.env.cr.now().replace(microsecond=0)
        call = self.tell("ringing", 0)
        cards = self.env["gck.llamada"].with_user(self.own).get_ringing_cards()
        self.assertEqual([card["id"] for card in cards], [call.id])
        for user in (self.outsider, self.nobody):
            self.assertFalse(
                self.env["gck.llamada"].with_user(user).get_ringing_cards()
            )


@tagged("post_install", "-at_install")
class TestCentralitaHoot(HttpCase):
    """The unit tests of the web client, of this addon alone."""

    @no_retry
    def test_o47_card_in_the_browser(self):
        """Every ``static/tests/*.test.js`` passes."""
        suite = test_js.HOOTCommon._generate_hash(self, "@gck_llamadas")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
