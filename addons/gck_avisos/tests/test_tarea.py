from datetime import datetime, timedelta

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import AvisosCase

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)


@tagged("post_install", "-at_install")
class TestTarea(AvisosCase):
    """Tasks (K-31, K-36…K-38, K-42, K-43, M-24…M-37)."""

    def test_k31_task_without_notice(self):
        """A free task stands on its own and ends on its own."""
        tarea = self.new_tarea(user_id=self.own.id)
        tarea.with_user(self.own)._do_done("Hecho")
        self.assertFalse(tarea.aviso_id)
        self.assertEqual(tarea.state, "done")

    def test_k36_task_copies_from_the_notice(self):
        """«Create task» brings customer, contact, subject, department, deadline."""
        aviso = self.new_aviso(
            partner_id=self.customer.id,
            contact_id=self.contact.id,
            department_id=self.sales_department.id,
            priority="2",
            date_deadline="2026-03-05 10:00:00",
        )
        action = aviso.action_create_tarea()
        Tarea = self.env["gck.tarea"].with_user(self.reception)
        with Form(Tarea.with_context(**action["context"])) as form:
            self.assertEqual(form.subject, aviso.subject)
        tarea = form.record
        self.assertEqual(tarea.aviso_id, aviso)
        self.assertEqual(tarea.partner_id, self.customer)
        self.assertEqual(tarea.contact_id, self.contact)
        self.assertEqual(tarea.department_id, self.sales_department)
        self.assertEqual(tarea.priority, "2")
        self.assertEqual(tarea.date_deadline, datetime(2026, 3, 5, 10))

    def test_k36_deadline_of_type_then_notice_then_company(self):
        """The nearest rule proposes the deadline; zero hours propose none."""
        date = "2026-03-02 09:00:00"
        tipo = self.env["gck.tarea.tipo"].create(
            {"name": "Urgente", "deadline_hours": 2}
        )
        aviso = self.new_aviso(date_deadline="2026-03-04 09:00:00")
        self.company.gck_tarea_hours = 8
        cases = [
            ({"tipo_id": tipo.id, "aviso_id": aviso.id}, datetime(2026, 3, 2, 11)),
            ({"aviso_id": aviso.id}, datetime(2026, 3, 4, 9)),
            ({}, datetime(2026, 3, 2, 17)),
        ]
        for vals, expected in cases:
            self.assertEqual(self.new_tarea(date=date, **vals).date_deadline, expected)
        self.company.gck_tarea_hours = 0
        self.assertFalse(self.new_tarea().date_deadline)

    def test_k36_deadline_counts_working_hours(self):
        """Four hours from Friday at 16:00 end on Monday at 11:00, siesta included."""
        self.company.gck_hours_mode = "working"
        self.company.gck_tarea_hours = 4
        self.company.resource_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Partida",
                "tz": "Europe/Madrid",
                "company_id": self.company.id,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": f"{day} {start}",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": end,
                        }
                    )
                    for day in range(5)
                    for start, end in ((8, 12), (13, 17))
                ],
            }
        )
        tarea = self.new_tarea(date="2026-03-06 15:00:00")
        self.assertEqual(tarea.date_deadline, datetime(2026, 3, 9, 10))
        tarea = self.new_tarea(date="2026-03-07 10:00:00")
        self.assertEqual(tarea.date_deadline, datetime(2026, 3, 9, 11))
        self.company.resource_calendar_id = False
        tarea = self.new_tarea(date="2026-03-07 10:00:00")
        self.assertEqual(tarea.date_deadline, datetime(2026, 3, 7, 14))

    def test_k37_assignee_is_told_once_and_follows(self):
        """Being given a task notifies; giving it to oneself does not."""
        tarea = self.new_tarea(user_id=self.own.id)
        self.assertEqual(len(self.messages_to(self.own, tarea)), 1)
        self.assertIn(self.own.partner_id, tarea.message_partner_ids)
        tarea.subject = "Otra referencia"
        self.assertEqual(len(self.messages_to(self.own, tarea)), 1)
        mine = self.new_tarea(user=self.own, user_id=self.own.id)
        self.assertFalse(self.messages_to(self.own, mine))

    def test_k37_many_tasks_make_one_message(self):
        """Thirty tasks for one person are one notification that counts them."""
        Tarea = self.env["gck.tarea"].with_user(self.reception)
        before = len(self.messages_to(self.own))
        tareas = Tarea.create(
            [{"subject": f"Tarea {n}", "user_id": self.own.id} for n in range(30)]
        )
        messages = self.messages_to(self.own)
        self.assertEqual(len(messages) - before, 1)
        self.assertNames(messages[0].body, tareas[0].name, "20")

    def test_k38_unassigned_task_waits_with_the_dispatcher(self):
        """Without a responsible, the department's manager is told and sees it."""
        tarea = self.new_tarea(department_id=self.admin_department.id)
        self.assertTrue(tarea.is_unassigned)
        self.assertEqual(tarea.dispatcher_id, self.dispatcher)
        self.assertEqual(len(self.messages_to(self.dispatcher)), 1)
        Tarea = self.env["gck.tarea"].with_user(self.dispatcher)
        self.assertIn(tarea, Tarea.search([("is_unassigned", "=", True)]))
        assigned = self.new_tarea(user_id=self.own.id)
        self.assertNotIn(
            assigned, self.env["gck.tarea"].search([("is_unassigned", "=", True)])
        )

    def test_k38_dispatcher_takes_a_task_of_a_notice_it_cannot_see(self):
        """The dispatcher of another department assigns, logs and finishes."""
        aviso = self.new_aviso(self.own, department_id=self.sales_department.id)
        tarea = self.new_tarea(
            aviso, self.own, department_id=self.admin_department.id
        ).with_user(self.dispatcher)
        self.forget()
        self.assertFalse(aviso.with_user(self.dispatcher).has_access("read"))
        self.new_intervencion(self.dispatcher, **tarea._prepare_intervencion_vals())
        self.forget()
        self.assertIs(tarea.action_done(), True)
        self.forget()
        tarea.action_reopen()
        self.assertEqual(tarea.state, "pending")

    def test_k38_reassigning_keeps_both_names(self):
        """History keeps who had it and who has it; the new one is told."""
        tarea = self.new_tarea(user_id=self.own.id)
        self.track()
        self.confirm(
            tarea.action_reassign(), user_id=self.colleague.id, note="Estoy de baja"
        )
        self.track()
        self.assertEqual(tarea.user_id, self.colleague)
        self.assertEqual(len(self.messages_to(self.colleague, tarea)), 1)
        log = self.log_text(tarea)
        for text in ("Olga Own", "Carlos Colleague", "Estoy de baja"):
            self.assertIn(text, log)

    def test_k38_department_alone_hands_it_to_its_dispatcher(self):
        """Sent to a department, the task is nobody's and its manager is told."""
        tarea = self.new_tarea(user_id=self.own.id).with_user(self.own)
        self.confirm(
            self.as_user(self.own, tarea.action_reassign()),
            department_id=self.admin_department.id,
            note="Es de Administración",
        )
        self.assertFalse(tarea.user_id)
        self.assertEqual(len(self.messages_to(self.dispatcher)), 1)

    def test_k38_reassigning_needs_somebody(self):
        """An empty dialog, or one about closed tasks, is refused."""
        tarea = self.new_tarea()
        with self.assertRaises(UserError):
            self.confirm(tarea.action_reassign())
        tarea._do_done("Hecho")
        with self.assertRaises(UserError) as refusal:
            self.confirm(tarea.action_reassign(), user_id=self.own.id)
        self.assertNames(refusal.exception, tarea.name)

    def test_k42_progress_counts_every_task(self):
        """Three tasks, one done: 1/3, whoever looks; cancelled ones are apart."""
        aviso = self.new_aviso(self.own)
        tareas = self.env["gck.tarea"].browse()
        for user in (self.colleague, self.dispatcher, self.outsider):
            tareas |= self.new_tarea(aviso, user_id=user.id)
        self.new_tarea(aviso)._do_cancel("Sobra")
        tareas[0]._do_done("Hecho")
        for user in (self.reception, self.own, self.outsider):
            self.forget()
            with self.subTest(user.login):
                self.assertEqual(aviso.with_user(user).tarea_progress, "1/3")
        self.assertEqual(self.new_aviso().tarea_progress, "")

    def test_k43_finishing_needs_an_intervention_or_a_text(self):
        """A silent task asks what was done; an intervention is enough."""
        silent = self.new_tarea()
        action = silent.action_done()
        with self.assertRaises(UserError):
            self.confirm(action, text=" \n ")
        self.assertEqual(silent.state, "pending")
        self.confirm(action, text="Se lo mandé por correo")
        self.assertEqual(silent.state, "done")
        self.assertEqual(silent.closing_text, "Se lo mandé por correo")
        self.assertIn("Se lo mandé por correo", self.log_text(silent))

        logged = self.new_tarea()
        self.new_intervencion(tarea_id=logged.id)
        self.assertIs(logged.action_done(), True)
        self.assertEqual(logged.done_user_id, self.reception)

    def test_k43_intervention_of_somebody_else_counts(self):
        """What another department logged is enough, even unseen by the finisher."""
        tarea = self.new_tarea(department_id=self.sales_department.id)
        self.new_intervencion(self.manager, tarea_id=tarea.id)
        self.forget()
        tarea = tarea.with_user(self.own)
        self.assertIs(tarea.action_done(), True)

    def test_k43_cancelling_needs_a_reason(self):
        """«Anular» is the other exit, with a reason."""
        tarea = self.new_tarea()
        with self.assertRaises(UserError):
            self.confirm(tarea.action_cancel(), text="")
        self.confirm(tarea.action_cancel(), text="El cliente desiste")
        self.assertEqual(tarea.state, "cancel")
        self.assertIn("El cliente desiste", self.log_text(tarea))

    def test_m24_requester_is_told_how_it_ended(self):
        """Whoever asked for the task hears of its end and of its reopening."""
        tarea = self.new_tarea(user=self.own, user_id=self.colleague.id)
        by_colleague = tarea.with_user(self.colleague)
        by_colleague._do_done("Entregado")
        message = self.messages_to(self.own, tarea)
        self.assertEqual(len(message), 1)
        self.assertIn("Entregado", message.body)
        by_colleague.action_reopen()
        self.assertEqual(len(self.messages_to(self.own, tarea)), 2)
        Tarea = self.env["gck.tarea"].with_user(self.own)
        self.assertIn(tarea, Tarea.search([("requester_id", "=", self.own.id)]))

    def test_m27_contact_follows_the_partner(self):
        """Changing to another company empties the contact; within it, it stays."""
        tarea = self.new_tarea(partner_id=self.customer.id, contact_id=self.contact.id)
        tarea.partner_id = self.contact
        self.assertEqual(tarea.contact_id, self.contact)
        tarea.partner_id = self.vendor
        self.assertFalse(tarea.contact_id)

    def test_m28_reference_finds_the_task(self):
        """The reference is searched and shown."""
        tarea = self.new_tarea(subject="Oferta andamios")
        found = self.env["gck.tarea"].with_user(self.reception).name_search("andamios")
        self.assertIn(tarea.id, [id_ for id_, _name in found])

    def test_m30_m31_requester_and_date_default(self):
        """A new task is asked for by me, now, and both may be changed."""
        with freeze_time("2026-03-02 09:00:00"):
            tarea = self.new_tarea(user=self.own)
        self.assertEqual(tarea.requester_id, self.own)
        self.assertEqual(tarea.date, datetime(2026, 3, 2, 9))
        tarea.requester_id = self.colleague
        tarea.date = "2026-03-01 09:00:00"

    def test_m32_m33_only_active_rows_are_offered(self):
        """Archived events and types stay on old tasks and are no longer offered."""
        for model, field in (
            ("gck.evento", "evento_id"),
            ("gck.tarea.tipo", "tipo_id"),
        ):
            row = self.env[model].create({"name": f"Fila {model}"})
            tarea = self.new_tarea(**{field: row.id})
            self.assertTrue(self.env[model].name_search(row.name))
            row.active = False
            self.assertFalse(self.env[model].name_search(row.name))
            self.assertEqual(tarea[field], row)

    def test_m34_two_states_are_shown(self):
        """The status bar shows Pendiente and Terminada, nothing else."""
        Tarea = self.env["gck.tarea"].with_user(self.own)
        arch = Tarea.get_view(view_type="form")["arch"]
        self.assertIn('statusbar_visible="pending,done"', arch)
        self.assertEqual(self.new_tarea().state, "pending")

    def test_m35_end_date_comes_and_goes(self):
        """Finishing sets the end date, reopening empties it."""
        tarea = self.new_tarea(date="2026-03-02 09:00:00")
        with freeze_time("2026-03-03 10:00:00"):
            tarea._do_done("Hecho")
        self.assertEqual(tarea.date_done, datetime(2026, 3, 3, 10))
        tarea.action_reopen()
        self.assertFalse(tarea.date_done or tarea.done_user_id or tarea.closing_text)

    def test_m35_end_is_not_before_the_date(self):
        """A task dated in the future is not finished today."""
        tarea = self.new_tarea(date=self.hours_from_now(48))
        with self.assertRaises(ValidationError) as refusal:
            tarea._do_done("Hecho")
        self.assertNames(refusal.exception, tarea.name)

    def test_m22_postponing_counts_from_the_later_moment(self):
        """Late tasks are postponed from now, future ones from their deadline."""
        now = datetime(2026, 3, 2, 9)
        late = self.new_tarea(date_deadline=now - timedelta(days=3))
        future = self.new_tarea(date_deadline=now + timedelta(days=1))
        with freeze_time(now):
            self.confirm((late | future).action_postpone(), hours=5)
        self.assertEqual(late.date_deadline, now + timedelta(hours=5))
        self.assertEqual(future.date_deadline, now + timedelta(days=1, hours=5))

    def test_m22_postponing_refuses_nonsense(self):
        """Zero, negative, absurd hours and closed tasks are refused."""
        tarea = self.new_tarea()
        deadline = tarea.date_deadline
        for hours in (0, -1, 1e12, float("inf"), float("nan")):
            with self.subTest(hours=hours), self.assertRaises(UserError):
                tarea.action_postpone(hours)
        self.assertEqual(tarea.date_deadline, deadline)
        tarea._do_done("Hecho")
        with self.assertRaises(UserError):
            tarea.action_postpone(1)

    @settings(max_examples=25, deadline=None, database=None)
    @given(
        now=MOMENTS,
        planned=st.none() | MOMENTS,
        hours=st.floats(0.25, 8760, allow_nan=False),
    )
    def test_m22_postponing_any_moment(self, now, planned, hours):
        """The new deadline is the hours after the later of now and the plan."""
        with self.env.cr.savepoint(), freeze_time(now):
            tarea = self.env["gck.tarea"].create({"subject": "x"})
            tarea.date_deadline = planned
            tarea.action_postpone(hours)
            self.env.flush_all()
            tarea.invalidate_recordset()
            start = max(now, planned) if planned else now
            expected = start + timedelta(hours=hours)
            self.assertLess(abs(tarea.date_deadline - expected).total_seconds(), 1)
            self.assertFalse(tarea.is_late)
