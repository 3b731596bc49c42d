from datetime import datetime, timedelta

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import AvisosCase

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)


@tagged("post_install", "-at_install")
class TestTarea(AvisosCase):
    """Tasks of notices: what they take from them, who does them (K-31…K-43)."""

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
        """Four hours from Friday at 16:00 end on Monday at 11:00, siesta included.

        Or after the days that the company is closed, however many.
        """
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
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Cierre",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-03-08 23:00:00",
                "date_to": "2026-03-18 23:00:00",
            }
        )
        after, before = self.env["gck.tarea"].create(
            [
                {"subject": "Después", "date": "2026-03-06 15:00:00"},
                {"subject": "Antes", "date": "2026-03-05 08:00:00"},
            ]
        )
        self.assertEqual(after.date_deadline, datetime(2026, 3, 19, 10))
        self.assertEqual(before.date_deadline, datetime(2026, 3, 5, 13))
        self.company.resource_calendar_id = False
        tarea = self.new_tarea(date="2026-03-07 10:00:00")
        self.assertEqual(tarea.date_deadline, datetime(2026, 3, 7, 14))

    def test_k37_assignee_is_told_once_and_follows(self):
        """Being given a task notifies; giving it to oneself does not."""
        tarea = self.new_tarea(user_id=self.own.id)
        self.assertEqual(len(self.messages_to(self.own, tarea)), 1)
        self.assertIn(self.own.partner_id, tarea.message_partner_ids)
        tarea.tag_ids = self.env["gck.etiqueta"].create({"name": "Obra"})
        self.track()
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

    def test_k38_each_dispatcher_is_told_of_its_own_tasks(self):
        """Tasks of two departments raised together are not mixed up."""
        self.sales_department.manager_id = self.own.sudo().employee_ids
        Tarea = self.env["gck.tarea"].with_user(self.reception)
        departments = self.sales_department | self.admin_department
        Tarea.create(
            [
                {"subject": department.name, "department_id": department.id}
                for department in departments
            ]
        )
        for user, mine, other in (
            (self.own, "Ventas", "Administración"),
            (self.dispatcher, "Administración", "Ventas"),
        ):
            message = self.messages_to(user)
            self.assertEqual(len(message), 1)
            self.assertIn(mine, message.body)
            self.assertNotIn(other, message.body)

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
