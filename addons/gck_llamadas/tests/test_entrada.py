from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import MANAGER, LlamadasCase

QUICK = "gck_llamadas.view_gck_llamada_form_quick"
LIST = "gck_llamadas.view_gck_llamada_list"


@tagged("post_install", "-at_install")
class TestEntrada(LlamadasCase):
    """Noting calls down, and what people type wrong."""

    def form(self, view=QUICK, user=None, **context):
        model = self.env["gck.llamada"].with_user(user or self.own)
        return Form(model.with_context(**context), view=self.env.ref(view))

    def test_k33_number_proposes_the_customer(self):
        """In any usual form, on the dialog and on the line of the list."""
        for view in (QUICK, LIST):
            for number in ("600123456", "+34 600 12 34 56", "0034600123456"):
                with self.subTest(view=view, number=number):
                    form = self.form(view, default_direction="in")
                    form.phone = number
                    self.assertEqual(form.partner_id, self.customer)
        form = self.form(default_direction="in")
        form.phone = "611 222 333"
        self.assertEqual(form.partner_id, self.customer)
        self.assertEqual(form.contact_id, self.contact)

    def test_k33_unknown_and_anonymous_numbers_are_kept(self):
        for number in ("anónimo", "12", "+++", "999 888 777", "'; DROP TABLE x", " "):
            with self.subTest(number):
                form = self.form(default_direction="in")
                form.phone = number
                self.assertFalse(form.partner_id)
                call = form.save()
                self.assertEqual(call.phone, number)
                self.assertEqual(call.state, "pending")

    def test_k33_choice_already_made_stays(self):
        form = self.form(default_direction="in")
        form.partner_id = self.vendor
        form.phone = "600 123 456"
        self.assertEqual(form.partner_id, self.vendor)

    def test_k33_corrected_number_takes_its_proposal_along(self):
        form = self.form(default_direction="in")
        form.phone = "600 123 456"
        self.assertEqual(form.partner_id, self.customer)
        form.phone = "600 123 499"
        self.assertFalse(form.partner_id)
        self.assertEqual(form.phone, "600 123 499")
        form.phone = "600 123 456"
        self.assertEqual(form.partner_id, self.customer)
        self.assertEqual(form.save().partner_id, self.customer)

    def test_o45_reason_is_asked_for_on_the_way_out_only(self):
        form = self.form(default_direction="out")
        form.subject = "x"
        with self.assertRaises(AssertionError):
            form.save()
        form.direction = "in"
        self.assertFalse(form.save().motivo_id)

    def test_m42_line_of_the_list_is_saved_whole(self):
        """What was typed on a line is kept when its status is changed along."""
        call = self.new_call(phone="600 000 000")
        with Form(call.with_user(self.own), view=self.env.ref(LIST)) as form:
            form.state = "done"
            form.phone = "600 999 999"
            form.duration = 0.1
        self.assertEqual(call.state, "done")
        self.assertEqual(call.phone, "600 999 999")
        self.assertAlmostEqual(call.duration, 0.1)
        self.assertTrue(call.is_locked)

    def test_m42_several_lines_at_once(self):
        """The status of several selected lines, as edited in the list."""
        calls = self.new_call() | self.new_call() | self.new_call(state="done")
        calls.with_user(self.own).write({"state": "done"})
        self.assertEqual(set(calls.mapped("state")), {"done"})
        calls.write({"state": "cancel"})
        self.assertEqual(set(calls.mapped("state")), {"cancel"})

    @freeze_time("2026-03-02 10:00:00")
    def test_o46_moment_and_duration(self):
        """Done sets the moment and keeps what was entered."""
        now = fields.Datetime.now()
        plain, lasted, begun, future = (
            self.new_call(),
            self.new_call(duration=0.5),
            self.new_call(duration=0.5, date_start=now - timedelta(hours=3)),
            self.new_call(date_start=now + timedelta(hours=1)),
        )
        (plain | lasted | begun | future).action_done()
        minutes = timedelta(minutes=30)
        expected = {
            plain: (now, now),
            lasted: (now - minutes, now),
            begun: (now - 6 * minutes, now - 5 * minutes),
            future: (now + 2 * minutes, now + 2 * minutes),
        }
        for call, moments in expected.items():
            self.assertEqual((call.date_start, call.date_done), moments)
        self.assertAlmostEqual(begun.duration, 0.5)

    def test_o46_answered_after_attempts(self):
        """«Made» after attempts is answered; a result that is given is kept."""
        call, left = self.new_call(), self.new_call()
        (call | left)._do_no_answer()
        call.action_done()
        self.assertEqual(call.outcome, "answered")
        no_answer = left.resultado_id
        left.write({"state": "done", "resultado_id": no_answer.id})
        self.assertEqual(left.outcome, "no_answer")

    def test_o46_cancelled_and_reopened(self):
        call = self.new_call(duration=0.3)
        call.action_cancel()
        self.assertEqual(call.state, "cancel")
        for refused in (call.action_no_answer, call.action_cancel):
            with self.assertRaises(UserError) as refusal:
                refused()
            self.assertNames(refusal.exception, call.name)
        self.assertTrue(call.action_done())  # nothing left to do: nothing happens
        self.assertEqual(call.state, "cancel")
        call.action_reopen()
        self.assertEqual(call.state, "pending")
        self.assertAlmostEqual(call.duration, 0.3)
        self.assertFalse(call.done_user_id)

    def test_o46_end_before_start_is_refused(self):
        call = self.new_call(state="done")
        with self.assertRaises(UserError):
            call.date_start = call.date_done + timedelta(hours=1)
        with self.assertRaises(UserError):
            call.date_done = call.date_start - timedelta(hours=1)

    @mute_logger("odoo.sql_db")
    def test_o42_impossible_durations_are_refused(self):
        for hours in (-1, 24.5, 1e9):
            for state in ("pending", "done"):
                with (
                    self.subTest(hours=hours, state=state),
                    self.assertRaises(IntegrityError),
                    self.env.cr.savepoint(),
                ):
                    self.new_call(duration=hours, state=state)

    def test_o46_manager_of_calls_imports_what_was_made_before(self):
        """With its moments and attempts, which nobody else writes."""
        date = self.hours_from_now(-100)
        vals = {
            "direction": "in",
            "state": "done",
            "date": date,
            "date_start": date,
            "date_done": date,
            "attempts": 2,
        }
        manager = self.new_user("imports", MANAGER, "Iris Imports")
        Llamada = self.env["gck.llamada"].with_context(import_file=True)
        call = Llamada.with_user(manager).create(vals)
        self.assertEqual((call.state, call.date_done), ("done", date))
        vals = {"direction": "in", "state": "done", "date": date, "duration": 0.5}
        call = Llamada.with_user(manager).create(vals)
        self.assertEqual(call.date_start, date)
        self.assertEqual(call.date_done, date + timedelta(hours=0.5))
        with self.assertRaises(UserError):
            Llamada.with_user(self.own).create({**vals, "attempts": 2})

    def test_o42_incoming_call_rang_when_it_was_noted(self):
        """However late it is returned; what is noted afterwards ended then."""
        rang = self.hours_from_now(-5)
        waiting = self.new_call(direction="in", date=rang, duration=0.5)
        waiting.action_done()
        self.assertEqual(waiting.date_start, rang)
        self.assertEqual(waiting.date_moment, rang)
        self.assertGreater(waiting.date_done, rang + timedelta(hours=4))
        noted = self.new_call(direction="in", date=rang, duration=0.5, state="done")
        self.assertEqual(noted.date_start, rang)
        self.assertEqual(noted.date_done, rang + timedelta(hours=0.5))

    def test_o42_slip_in_the_duration_of_a_made_call_is_named(self):
        call = self.new_call(state="done")
        with self.assertRaises(ValidationError):
            call.duration = -3

    def test_o46_call_of_the_future_is_not_made_yet(self):
        later = fields.Datetime.now() + timedelta(days=31)
        call = self.new_call(date_start=later)
        with self.assertRaises(UserError) as error:
            call.action_done()
        self.assertIn(call.name, str(error.exception))
        self.assertEqual(call.state, "pending")

    def test_o46_server_fields_are_refused(self):
        call = self.new_call()
        for vals in (
            {"attempts": 3},
            {"date_done": fields.Datetime.now()},
            {"name": "LL-1"},
            {"accion_state": "done"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                call.with_user(self.own).write(vals)

    def test_o41_html_is_made_safe(self):
        call = self.new_call(
            subject="<b>x</b>", description="<p onclick='x()'>a</p><script>b</script>"
        )
        self.assertNotIn("script", call.description)
        self.assertNotIn("onclick", call.description)
        call.action_cancel()
        call._do_reopen("<script>c</script>")
        self.assertNotIn("<script>", self.log_text(call))

    def test_o41_empty_selection_does_nothing(self):
        none = self.env["gck.llamada"]
        none._do_done()
        none._do_no_answer()
        none._do_cancel()
        none._do_reopen()

    def test_m27_contact_of_another_partner_is_refused(self):
        with self.assertRaises(ValidationError) as refusal:
            self.new_call(contact_id=self.vendor_contact.id)
        self.assertNames(refusal.exception, "Víctor Duero", "Cerámicas Júcar")

    def test_m41_asked_for_by_one_and_made_by_another(self):
        """Who is asked to call is told, follows it, and has it in the systray."""
        call = (
            self.env["gck.llamada"]
            .with_user(self.reception)
            .create({"motivo_id": self.motivo.id, "user_id": self.own.id})
        )
        self.assertEqual(call.requester_id, self.reception)
        self.assertTrue(self.messages_to(self.own, call))
        groups = self.env["res.users"].with_user(self.own)._get_activity_groups()
        group = next(group for group in groups if group["model"] == call._name)
        self.assertEqual(group["planned_count"], 1)
        call.with_user(self.own).action_done()
        groups = self.env["res.users"].with_user(self.own)._get_activity_groups()
        self.assertNotIn(call._name, [group["model"] for group in groups])

    def test_o41_calendar_names_every_call(self):
        call = self.new_call(subject="Pide precio")
        self.assertEqual(call.agenda_name, f"{self.customer.name} · Pide precio")
        unknown = self.new_call(
            direction="in", partner_id=False, phone=False, subject=False
        )
        self.assertEqual(unknown.agenda_name, unknown.name)

    def test_o46_late_and_today(self):
        late = self.new_call(date_deadline=self.hours_from_now(-2))
        later = self.new_call(date_deadline=self.hours_from_now(72))
        found = self.env["gck.llamada"].search([("is_late", "=", True)])
        self.assertIn(late, found)
        self.assertNotIn(later, found)
        late.action_done()
        self.assertFalse(late.is_late)

    def test_m40_union_shows_calls_of_every_state(self):
        calls = self.new_call() | self.new_call(state="done")
        calls |= self.new_call()
        calls[-1].action_cancel()
        self.env.flush_all()
        rows = self.env["gck.accion"].search(
            [("res_model", "=", "gck.llamada"), ("res_id", "in", calls.ids)]
        )
        states = {row.res_id: row.accion_state for row in rows}
        self.assertEqual(
            [states[call.id] for call in calls], ["pending", "done", "cancel"]
        )
        self.assertEqual(set(rows.mapped("kind")), {"llamada"})
