from contextlib import contextmanager
from datetime import timedelta

import psycopg2

import odoo
from odoo import SUPERUSER_ID, Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.modules.registry import Registry
from odoo.tests import common, tagged
from odoo.tools import mute_logger

from odoo.addons.gck_avisos.tests.lote_common import LotesCase

from .common import LlamadasPersonasCase

WITHOUT_NUMBER = "Sin Teléfono"


class TestCampana(LlamadasPersonasCase, LotesCase):
    """Call lists: made in bulk, worked one call after another (O-45)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campana = cls.new_campana()

    @classmethod
    def new_campana(cls, **vals):
        return cls.env["gck.llamada.campana"].create(
            {
                "name": "Renovaciones",
                "motivo_id": cls.motivo.id,
                "user_ids": [Command.set((cls.own | cls.colleague).ids)],
                **vals,
            }
        )

    @classmethod
    def new_partners(cls, count):
        return cls.env["res.partner"].create(
            [{"name": f"Cliente {n}", "phone": f"976 10 {n:04}"} for n in range(count)]
        )

    def generate(self, records, user=None, **vals):
        """Fill and confirm the dialog as it opens from the list of the records."""
        wizard = (
            self.env["gck.llamada.campana.generar"]
            .with_user(user or self.reception)
            .with_context(active_model=records._name, active_ids=records.ids)
            .create({"campana_id": self.campana.id, **vals})
        )
        return wizard.action_confirm()

    def calls(self, campana=None):
        campana = campana or self.campana
        return self.env["gck.llamada"].search(
            [("campana_id", "=", campana.id)], order="id"
        )

    def fill(self, count=3, **vals):
        campana = self.new_campana(**vals) if vals else self.campana
        campana._add_calls(self.new_partners(count))
        return campana

    def current(self, action):
        """Return the call that an action shows, None when there is none left."""
        shown = action if "res_model" in action else action["params"].get("action")
        return self.env["gck.llamada"].browse(shown["res_id"]) if shown else None

    # ------------------------------------------------------------
    # Making the list
    # ------------------------------------------------------------

    def test_o45_list_is_made_of_partners_by_turns(self):
        partners = self.new_partners(3) | self.contact
        without = self.env["res.partner"].create({"name": WITHOUT_NUMBER})
        notification = self.generate(
            partners | without,
            campana_id=False,
            name="Nueva",
            motivo_id=self.motivo.id,
            user_ids=[Command.set((self.own | self.colleague).ids)],
        )
        self.assertIn(WITHOUT_NUMBER, notification["params"]["message"])
        campana = self.env["gck.llamada.campana"].search([("name", "=", "Nueva")])
        self.assertEqual(notification["params"]["next"]["res_id"], campana.id)
        calls = self.calls(campana)
        self.assertEqual(len(calls), 4)
        self.assertEqual(
            sorted(call.user_id.login for call in calls),
            sorted([self.own.login, self.colleague.login] * 2),
        )
        of_contact = calls.filtered("contact_id")
        self.assertEqual(of_contact.partner_id, self.customer)
        self.assertEqual(of_contact.phone, self.contact.phone)
        self.assertEqual(set(calls.mapped("motivo_id")), {self.motivo})
        self.assertEqual(campana.call_count, 4)

    def test_o45_run_twice_adds_nothing(self):
        partners = self.new_partners(2)
        self.generate(partners)
        first = self.calls()
        first[0]._do_done()
        self.generate(partners)
        self.assertEqual(self.calls(), first)
        self.generate(partners | self.customer)
        self.assertEqual(len(self.calls()), 3)

    def test_o45_database_refuses_a_second_call(self):
        self.campana._add_calls(self.customer)
        key = self.calls().campana_key
        self.assertEqual(key, f"res.partner,{self.customer.id}")
        other = self.new_call()
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            other._accion_correct({"campana_id": self.campana.id, "campana_key": key})

    def test_o45_leads_are_called_and_may_become_customers(self):
        lead, converted, mute = self.env["crm.lead"].create(
            [
                {"name": "Nave", "phone": "976 55 11 22", "contact_name": "Ana"},
                {"name": "Local", "partner_id": self.customer.id, "phone": False},
                {"name": "Nadie"},
            ]
        )
        refused = self.campana._add_calls(lead | converted | mute)
        self.assertEqual(list(refused), [mute])
        self.campana._add_calls(self.vendor)
        of_lead, of_converted, of_vendor = self.calls()
        self.assertEqual(of_lead.caller_name, "Ana")
        self.assertEqual(of_converted.partner_id, self.customer)
        self.assertEqual(of_converted.phone, self.customer.phone)
        # Its call stays the lead's own, though the vendor has one as well.
        lead.partner_id = self.vendor
        self.env.flush_all()
        self.assertEqual(of_lead.partner_id, of_vendor.partner_id)

    def test_o45_thousand_partners_go_in_the_background(self):
        """In chunks that cost as much however many they are, and once each."""
        partners = self.new_partners(1000)
        self.generate(partners)
        self.assertFalse(self.calls())
        lote = self.last_lote()
        self.assertEqual(lote.total, 1000)
        self.work()
        self.env.invalidate_all()
        calls = self.calls()
        self.assertEqual(len(calls), 1000)
        self.assertEqual(len(calls.filtered(lambda c: c.user_id == self.own)), 500)
        self.generate(partners)
        self.work()
        self.env.invalidate_all()
        self.assertEqual(len(self.calls()), 1000)

    def test_o45_queries_do_not_grow_with_the_selection(self):
        few, many = self.new_partners(5), self.new_partners(55)[5:]
        self.campana._add_calls(self.customer)
        small = self.count_queries(lambda: self.campana._add_calls(few))
        large = self.count_queries(lambda: self.campana._add_calls(many))
        self.assertLessEqual(large, small + 3)

    def test_o45_nothing_is_added_to_a_finished_list(self):
        self.fill(2)
        self.campana.with_user(self.reception).action_finish()
        self.assertEqual(set(self.calls().mapped("state")), {"cancel"})
        with self.assertRaises(UserError):
            self.generate(self.customer)
        with self.assertRaises(UserError):
            self.campana.with_user(self.own).action_work()

    def test_o45_state_of_a_list_is_changed_with_its_buttons(self):
        """Written, it would leave the calls pending."""
        with self.assertRaises(UserError):
            self.campana.with_user(self.own).write({"state": "done"})
        self.campana.with_user(self.reception).action_finish()
        self.assertEqual(self.campana.state, "done")
        self.campana.with_user(self.reception).action_reopen()
        self.assertEqual(self.campana.state, "open")

    def test_o45_list_is_finished_by_who_sees_all_its_calls(self):
        """Else the calls of colleagues would stay pending, of a list that is over."""
        self.fill(4)
        with self.assertRaises(UserError):
            self.campana.with_user(self.own).action_finish()
        self.assertEqual(self.campana.state, "open")
        self.assertEqual(set(self.calls().mapped("state")), {"pending"})

    def test_o45_list_of_another_model_is_refused(self):
        with self.assertRaises(UserError):
            self.generate(self.motivo)
        with self.assertRaises(UserError):
            self.generate(self.env["res.partner"])

    # ------------------------------------------------------------
    # Working it
    # ------------------------------------------------------------

    def test_o45_each_works_their_own(self):
        self.fill(4)
        mine = self.calls().filtered(lambda call: call.user_id == self.own)
        first = self.current(self.campana.with_user(self.own).action_work())
        self.assertEqual(first, mine[0])
        # Who leaves and comes back has the same one before them.
        again = self.current(self.campana.with_user(self.own).action_work())
        self.assertEqual(again, first)
        second = self.current(first.with_user(self.own).action_campana_done())
        self.assertEqual(second, mine[1])
        self.assertEqual(first.state, "done")
        self.assertEqual(first.outcome, "answered")
        self.assertIsNone(
            self.current(second.with_user(self.own).action_campana_done())
        )
        self.assertEqual(self.campana.progress, 50)
        self.assertEqual(self.campana.answered_share, 1)

    def test_o45_skipped_call_comes_last(self):
        self.fill(6)
        mine = self.calls().filtered(lambda call: call.user_id == self.own)
        call = self.current(self.campana.with_user(self.own).action_work())
        order = []
        call = self.current(call.with_user(self.own).action_campana_skip())
        while call:
            order.append(call)
            call = self.current(call.with_user(self.own).action_campana_done())
        self.assertEqual(order, [mine[1], mine[2], mine[0]])

    def test_o46_no_answer_waits_until_it_is_due(self):
        self.fill(2)
        call = self.current(self.campana.with_user(self.own).action_work())
        busy = self.env.ref("gck_llamadas.gck_llamada_resultado_busy")
        call.with_user(self.own).resultado_id = busy
        following = call.with_user(self.own).action_campana_done()
        self.assertIsNone(self.current(following))
        self.assertIn("message", following["params"])
        self.assertEqual((call.state, call.attempts), ("pending", 1))
        self.assertEqual(call.outcome, "busy")
        call._accion_correct(
            {"date_deadline": fields.Datetime.now() - timedelta(minutes=1)}
        )
        again = self.current(self.campana.with_user(self.own).action_work())
        self.assertEqual(again, call)
        # The result of the attempt before is none of this one.
        self.assertFalse(call.resultado_id)
        call.with_user(self.own).action_campana_done()
        self.assertEqual((call.state, call.outcome), ("done", "answered"))

    def test_o45_double_click_deals_with_one_call(self):
        self.fill(4)
        call = self.current(self.campana.with_user(self.own).action_work())
        second = self.current(call.with_user(self.own).action_campana_done())
        self.assertEqual(
            self.current(call.with_user(self.own).action_campana_done()), second
        )
        self.assertEqual(second.state, "pending")

    def test_o45_shared_list_is_for_whoever_is_free(self):
        campana = self.fill(3, reparto="shared")
        self.assertFalse(self.calls(campana).user_id)
        mine = self.current(campana.with_user(self.own).action_work())
        theirs = self.current(campana.with_user(self.colleague).action_work())
        self.assertNotEqual(mine, theirs)
        self.assertEqual((mine.user_id, theirs.user_id), (self.own, self.colleague))
        mine.with_user(self.own).action_campana_no_answer()
        self.assertFalse(mine.user_id)
        # What somebody took and left for an hour is anybody's again.
        third = self.current(campana.with_user(self.colleague).action_work())
        self.assertEqual(third, theirs)
        theirs._accion_correct(
            {"campana_claim": fields.Datetime.now() - timedelta(hours=2)}
        )
        last = self.calls(campana).filtered(lambda c: c.user_id == self.own)
        last.with_user(self.own)._do_done()
        taken = self.current(campana.with_user(self.own).action_work())
        self.assertEqual(taken, theirs)
        self.assertEqual(taken.user_id, self.own)

    def test_o45_only_its_people_work_a_list(self):
        self.fill(1)
        with self.assertRaises(AccessError):
            self.campana.with_user(self.outsider).action_work()
        with self.assertRaises(UserError):
            self.campana.with_user(self.reception).action_work()

    def test_o45_client_cannot_write_what_belongs_to_the_list(self):
        call = self.new_call().with_user(self.own)
        for vals in ({"campana_id": self.campana.id}, {"campana_key": "x"}):
            with self.subTest(vals), self.assertRaises(UserError):
                call.write(vals)

    def test_o45_lists_of_other_companies_and_people_are_hidden(self):
        for user, seen in (
            (self.own, True),
            (self.reception, True),
            (self.outsider, False),
        ):
            self.forget()
            found = self.campana.with_user(user).search([("id", "=", self.campana.id)])
            with self.subTest(user.login):
                self.assertEqual(bool(found), seen)
        foreign = self.in_other_company(self.campana)
        self.assertFalse(foreign.search([("id", "=", self.campana.id)]))
        for user in (self.nobody, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.campana.with_user(user).search([])


@tagged("post_install", "-at_install")
class TestCampanaConcurrency(common.BaseCase):
    """Two people at once on a shared list: two real transactions."""

    def setUp(self):
        super().setUp()
        self.ids = {}
        self.addCleanup(self.clean)
        with self.transaction() as env:
            partners = env["res.partner"].create(
                [{"name": "gck campana", "phone": f"976 33 000{n}"} for n in range(2)]
            )
            motivo = env["gck.motivo"].create({"name": "gck campana"})
            campana = env["gck.llamada.campana"].create(
                {
                    "name": "gck campana",
                    "motivo_id": motivo.id,
                    "reparto": "shared",
                    "user_ids": [Command.set(env.user.ids)],
                }
            )
            campana._add_calls(partners)
            self.ids = {
                "gck.llamada": campana.llamada_ids.ids,
                "gck.llamada.campana": campana.ids,
                "gck.motivo": motivo.ids,
                "res.partner": partners.ids,
            }

    def clean(self):
        """Delete what the tests committed."""
        with self.transaction() as env:
            for name, ids in self.ids.items():
                env[name].browse(ids).exists().unlink()

    @contextmanager
    def transaction(self):
        registry = Registry(common.get_db_name())
        with registry.cursor() as cr:
            env = odoo.api.Environment(cr, SUPERUSER_ID, {})
            yield env(user=env.ref("base.user_admin"), su=True)

    def claim(self, env):
        campana = env["gck.llamada.campana"].browse(self.ids["gck.llamada.campana"])
        return campana._claim_next()

    def test_o45_two_people_never_get_the_same_call(self):
        with self.transaction() as first, self.transaction() as second:
            mine = self.claim(first)
            theirs = self.claim(second)
            self.assertTrue(mine and theirs)
            self.assertNotEqual(mine.id, theirs.id)
            with self.transaction() as third:
                self.assertFalse(self.claim(third))
            first.cr.rollback()
            second.cr.rollback()
