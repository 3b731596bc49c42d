from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

from .common import LlamadasPersonasCase

ROLES = ("own", "reception", "call_manager", "nobody", "portal")
MATRIX = {
    "gck.llamada.campana": ("crw", "crw", "crwu", "", ""),
    "gck.llamada.campana.generar": ("crwu", "crwu", "crwu", "", ""),
    "gck.llamada.identificar": ("crwu", "crwu", "crwu", "", ""),
    "gck.llamada.numero": ("", "r", "r", "", ""),
    "gck.llamada.jornada": ("r", "r", "r", "", ""),
}
OPERATIONS = {"c": "create", "r": "read", "w": "write", "u": "unlink"}


class InformesCase(LlamadasPersonasCase):
    """Calls that came in."""

    @classmethod
    def new_incoming(cls, phone, **vals):
        return cls.env["gck.llamada"].create(
            {
                "direction": "in",
                "phone": phone,
                "user_id": cls.own.id,
                "requester_id": cls.own.id,
                **vals,
            }
        )


class TestNumeros(InformesCase):
    """Calls of unknown numbers, matched later (O-42)."""

    def numbers(self, user=None):
        self.forget()
        return self.env["gck.llamada.numero"].with_user(user or self.reception)

    def test_o42_unknown_numbers_are_grouped(self):
        self.new_incoming("976 400 500", caller_name="Vecina")
        self.new_incoming("+34 976400500", state="done")
        self.new_incoming(False)
        self.new_incoming("600 123 456", partner_id=self.customer.id)
        number = self.numbers().search([("company_id", "=", self.company.id)])
        self.assertEqual(len(number), 1)
        self.assertEqual((number.call_count, number.pending_count), (2, 1))
        self.assertEqual(number.caller_name, "Vecina")
        self.assertFalse(number.partner_id)
        action = number.action_view_calls()
        self.assertEqual(self.env["gck.llamada"].search_count(action["domain"]), 2)

    def test_o42_all_calls_of_a_number_get_who_it_is(self):
        pending = self.new_incoming("976 400 500")
        done = self.new_incoming("0034976400500", state="done")
        number = self.numbers().search([("phone_sanitized", "=", "+34976400500")])
        who = self.env["res.partner"].create({"name": "Vecina"})
        self.reception.group_ids += self.env.ref("base.group_partner_manager")
        action = self.as_user(self.reception, number.action_identify())
        self.confirm(action, partner_id=who.id)
        self.assertEqual((pending | done).partner_id, who)
        self.assertEqual(who.phone, number.phone)
        self.assertFalse(self.numbers().search([("id", "=", number.id)]))
        with self.assertRaises(UserError):
            self.confirm(action, partner_id=who.id)

    def test_o42_who_may_not_edit_cards_identifies_all_the_same(self):
        call = self.new_incoming("976 400 500")
        who = self.env["res.partner"].create({"name": "Vecina"})
        action = self.numbers().search([]).action_identify()
        self.confirm(self.as_user(self.reception, action), partner_id=who.id)
        self.assertEqual(call.partner_id, who)
        self.assertFalse(who.phone)

    def test_o42_contact_and_lead_can_be_chosen(self):
        calls = self.new_incoming("976 400 500") | self.new_incoming("976 400 600")
        calls[0]._bulk_identify(self.contact.id)
        self.assertEqual(calls[0].partner_id, self.customer)
        self.assertEqual(calls[0].contact_id, self.contact)
        lead = self.env["crm.lead"].create({"name": "Nave"})
        calls[1]._bulk_identify(lead_id=lead.id)
        self.assertEqual(calls[1].lead_id, lead)

    def test_o42_who_has_the_number_by_now_is_proposed(self):
        known = self.new_incoming("976 400 500")
        self.new_incoming("976 400 600")
        self.env["res.partner"].create({"name": "Vecina", "phone": "976400500"})
        Number = self.numbers()
        with_proposal = Number.search([("partner_id", "!=", False)])
        self.assertEqual(with_proposal.partner_id.name, "Vecina")
        without = Number.search([("partner_id", "=", False)])
        self.assertNotIn(with_proposal, without)
        Number.search([]).action_accept_proposals()
        self.assertEqual(known.partner_id.name, "Vecina")
        with self.assertRaises(UserError):
            Number.search([]).action_accept_proposals()

    def test_o42_partner_of_another_company_is_not_proposed(self):
        """To somebody who works in both companies."""
        call = self.new_incoming("976 400 500")
        self.env["res.partner"].create(
            {
                "name": "De otros",
                "phone": "976400500",
                "company_id": self.other_company.id,
            }
        )
        self.reception.company_ids += self.other_company
        number = self.numbers().with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        found = number.search([("phone_sanitized", "=", "+34976400500")])
        self.assertFalse(found.partner_id)
        self.assertFalse(call.action_identify()["context"]["default_partner_id"])

    def test_o42_number_of_several_companies_is_not_guessed(self):
        self.new_incoming("976 400 500")
        self.env["res.partner"].create(
            [{"name": name, "phone": "976400500"} for name in ("A", "B")]
        )
        self.assertFalse(self.numbers().search([]).partner_id)

    def test_o42_hidden_number_is_written_by_hand(self):
        call = self.new_incoming(False)
        with self.assertRaises(UserError):
            call.action_identify()
        with self.assertRaises(UserError):
            self.new_call().action_identify()

    def test_o42_other_company_keeps_its_numbers(self):
        self.new_incoming("976 400 500")
        self.assertFalse(self.in_other_company(self.numbers()).search([]))

    def test_o42_proposals_cost_one_query(self):
        self.new_incoming("976 400 500")
        few = self.count_queries(lambda: self.numbers().search([]).mapped("partner_id"))
        for n in range(20):
            self.new_incoming(f"976 41 {n:04}")
        many = self.count_queries(
            lambda: self.numbers().search([]).mapped("partner_id")
        )
        self.assertLessEqual(many, few + 1)


class TestPolitica(InformesCase):
    """All calls are registered: days and people without any (O-47)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "gck_llamada_policy": True,
                "gck_llamada_policy_user_ids": [
                    Command.set((cls.own | cls.colleague).ids)
                ],
            }
        )
        # The latest Monday and the Sunday before it are over.
        today = fields.Date.context_today(cls.env.user)
        cls.monday = today - timedelta(days=today.weekday() + 7)

    def days(self, user=None):
        self.forget()
        return self.env["gck.llamada.jornada"].with_user(user or self.reception)

    def day(self, day, user=None):
        return self.days().search(
            [("day", "=", day), ("user_id", "=", (user or self.own).id)]
        )

    def call_on(self, day, hour=10, **vals):
        start = datetime.combine(day, datetime.min.time()) + timedelta(hours=hour)
        return self.new_call(
            state="done", date=start, date_start=start, duration=0.5, **vals
        )

    def test_o47_working_day_without_calls_is_told(self):
        self.call_on(self.monday)
        worked, empty = self.day(self.monday), self.day(self.monday, self.colleague)
        self.assertEqual((worked.call_count, worked.empty_count), (1, 0))
        self.assertEqual((empty.call_count, empty.empty_count), (0, 1))
        self.assertEqual(
            self.env["gck.llamada"].search_count(worked.action_view_calls()["domain"]),
            1,
        )
        self.assertFalse(
            self.env["gck.llamada"].search(empty.action_view_calls()["domain"])
        )

    def test_o47_weekends_and_holidays_are_no_working_days(self):
        self.assertFalse(self.day(self.monday - timedelta(days=1)))
        tuesday = self.monday + timedelta(days=1)
        self.assertTrue(self.day(tuesday))
        noon = datetime.combine(tuesday, datetime.min.time())
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Fiesta",
                "company_id": self.company.id,
                "date_from": noon - timedelta(hours=4),
                "date_to": noon + timedelta(hours=23),
            }
        )
        self.assertFalse(self.day(tuesday))

    def test_o47_policy_that_is_off_says_where_it_is(self):
        self.assertEqual(self.days().action_open()["res_model"], "gck.llamada.jornada")
        self.company.gck_llamada_policy = False
        self.assertFalse(self.days().search([("company_id", "=", self.company.id)]))
        with self.assertRaises(UserError):
            self.days().action_open()

    def test_o47_only_who_is_named_counts_else_everybody(self):
        self.assertFalse(self.day(self.monday, self.dispatcher))
        self.company.gck_llamada_policy_user_ids = False
        self.assertTrue(self.day(self.monday, self.dispatcher))

    def test_o47_people_see_their_own_days(self):
        users = self.days(self.own).search([]).user_id
        self.assertEqual(users, self.own)
        users = self.days(self.reception).search([]).user_id
        self.assertEqual(users, self.own | self.colleague)
        foreign = self.in_other_company(self.days())
        self.assertFalse(foreign.search([("user_id", "=", self.own.id)]))

    def test_o47_calls_without_reason_are_listed(self):
        missed = self.new_incoming("976 400 500", motivo_id=self.motivo.id)
        silent = self.new_incoming("976 400 600", state="done")
        fine = self.new_incoming("976 400 700", motivo_id=self.motivo.id, state="done")
        action = self.env.ref("gck_llamadas.action_gck_llamada_politica")
        found = self.env["gck.llamada"].search(safe_eval(action.domain))
        self.assertLessEqual(missed | silent, found)
        self.assertNotIn(fine, found)


class TestPanel(InformesCase):
    """The figures of calls."""

    def setUp(self):
        super().setUp()
        self.today = fields.Datetime.now().replace(hour=12, minute=0, second=0)

    def panel(self, user=None, **kwargs):
        self.forget()
        Llamada = self.env["gck.llamada"].with_user(user or self.reception)
        return Llamada.with_context(tz="Europe/Madrid").get_call_panel(
            "12months", **kwargs
        )

    def made(self, **vals):
        return self.new_call(
            state="done", date_start=self.today, **{"duration": 0.5, **vals}
        )

    def count(self, figure, user=None):
        Llamada = self.env["gck.llamada"].with_user(user or self.reception)
        return Llamada.with_context(tz="Europe/Madrid").search_count(figure["domain"])

    def test_figures_count_what_their_lists_show(self):
        self.made()
        self.made(duration=0)
        self.made(user_id=self.colleague.id, duration=0.1)
        self.new_incoming("976 400 500")
        self.new_call()  # to come: it is no figure of what was
        panel = self.panel()
        figures = panel["figures"]
        self.assertEqual(figures["total"]["count"], 4)
        self.assertEqual(figures["answered"]["count"], 3)
        self.assertAlmostEqual(figures["total"]["share"], 0.75)
        self.assertAlmostEqual(figures["total"]["mean"], 0.3)
        self.assertEqual(panel["callbacks"]["count"], 1)
        cells = [cell for day in panel["heat"]["days"] for cell in day["cells"]]
        self.assertEqual(sum(cell["count"] for cell in cells), 4)
        for figure in (
            *figures.values(),
            panel["callbacks"],
            *panel["users"],
            *panel["results"],
            *(cell for cell in cells if cell["count"]),
        ):
            self.assertEqual(self.count(figure), figure["count"])

    def test_heat_map_is_in_the_hours_of_the_reader(self):
        self.made()
        heat = self.panel()["heat"]
        hours = [
            cell["hour"]
            for day in heat["days"]
            for cell in day["cells"]
            if cell["count"]
        ]
        madrid = fields.Datetime.context_timestamp(
            self.env.user.with_context(tz="Europe/Madrid"), self.today
        )
        self.assertEqual(hours, [madrid.hour])

    def test_person_and_direction_narrow_the_figures(self):
        self.made()
        self.made(user_id=self.colleague.id)
        self.new_incoming("976 400 500")
        panel = self.panel(user_id=self.own.id)
        self.assertEqual(panel["figures"]["total"]["count"], 2)
        self.assertEqual(len(panel["people"]), 2)
        panel = self.panel(user_id=self.own.id, direction="in")
        self.assertEqual(panel["figures"]["total"]["count"], 1)
        self.assertFalse(self.panel(direction="x")["direction"])

    def test_reader_counts_what_they_may_see(self):
        self.made()
        self.assertEqual(self.panel(self.own)["figures"]["total"]["count"], 1)
        self.assertEqual(self.panel(self.outsider)["figures"]["total"]["count"], 0)
        self.forget()
        foreign = self.in_other_company(self.env["gck.llamada"]).get_call_panel()
        self.assertEqual(foreign["figures"]["total"]["count"], 0)
        for user in (self.nobody, self.portal):
            with self.assertRaises(AccessError):
                self.panel(user)

    def test_page_costs_as_many_queries_with_many_calls(self):
        self.made()
        self.panel()
        few = self.count_queries(self.panel)
        for _n in range(30):
            self.made()
        self.assertLessEqual(self.count_queries(self.panel), few)


class TestInformesAccess(InformesCase):
    def test_matrix_of_models_and_roles(self):
        for name, rights in MATRIX.items():
            for role, expected in zip(ROLES, rights, strict=True):
                Model = self.env[name].with_user(getattr(type(self), role))
                found = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if Model.has_access(operation)
                )
                with self.subTest(model=name, role=role):
                    self.assertEqual(found, expected)


@tagged("post_install", "-at_install")
class TestInformesBrowser(InformesCase, HttpCase):
    """The screens in a browser."""

    def test_o45_list_is_worked_one_call_after_another(self):
        campana = self.env["gck.llamada.campana"].create(
            {
                "name": "Renovaciones",
                "motivo_id": self.motivo.id,
                "user_ids": [Command.set(self.own.ids)],
            }
        )
        campana._add_calls(self.customer | self.vendor | self.contact)
        self.start_tour(
            "/odoo/gck-listas-llamadas", "gck_llamada_campana", login=self.own.login
        )
        calls = self.env["gck.llamada"].search([("campana_id", "=", campana.id)])
        self.assertEqual(
            sorted(calls.mapped("state")), sorted(["done", "done", "pending"])
        )
        self.assertEqual(calls.filtered("attempts").state, "pending")

    def test_figures_of_the_page_open_their_lists(self):
        self.new_call(
            state="done", date_start=fields.Datetime.now(), subject="Pide precio"
        )
        self.start_tour(
            "/odoo/gck-estadisticas-llamadas", "gck_call_panel", login=self.own.login
        )
