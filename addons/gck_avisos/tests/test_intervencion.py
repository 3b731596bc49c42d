from datetime import datetime, timedelta

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import AvisosCase


@tagged("post_install", "-at_install")
class TestIntervencion(AvisosCase):
    """Interventions (K-25, K-39, K-40)."""

    def test_k39_only_the_description_is_needed(self):
        """Without parent it is an entry of the register of activities."""
        with freeze_time("2026-03-02 09:00:00"):
            line = self.new_intervencion(self.own)
        self.assertRegex(line.name, r"^IN/\d{4}/\d{5}$")
        self.assertEqual((line.user_id, line.subject), (self.own, "Llamé"))
        self.assertEqual(line.date_start, datetime(2026, 3, 2, 9))
        self.assertEqual(line.employee_id.sudo(), self.own.sudo().employee_ids)
        self.assertEqual(line.department_id, self.sales_department)

    def test_k39_entry_window_of_the_task(self):
        """The dialog comes filled from the task; the notice reads it too."""
        aviso = self.new_aviso(partner_id=self.customer.id, contact_id=self.contact.id)
        tarea = self.new_tarea(aviso, user_id=self.own.id).with_user(self.own)
        action = tarea.action_log_intervencion()
        Intervencion = self.env["gck.intervencion"].with_user(self.own)
        with Form(Intervencion.with_context(**action["context"])) as form:
            self.assertEqual(form.aviso_id, aviso.with_user(self.own))
            form.description = "<p>Le llamo y se lo envío</p>"
            form.duration = 0.5
            form.result = "Conforme"
        line = form.record
        self.assertEqual(line.tarea_id, tarea)
        self.assertEqual(line.aviso_id, aviso)
        self.assertEqual(line.partner_id, self.customer)
        self.assertEqual(line.date_end - line.date_start, timedelta(minutes=30))
        self.assertIn(line, aviso.intervencion_ids)
        self.assertEqual(aviso.intervencion_hours, 0.5)
        self.assertEqual(tarea.intervencion_hours, 0.5)
        self.assertEqual(tarea.intervencion_count, 1)

    def test_k39_form_keeps_start_end_and_duration_consistent(self):
        """Changing one moves the others on the screen, before saving."""
        Intervencion = self.env["gck.intervencion"].with_user(self.own)
        with Form(Intervencion) as form:
            form.description = "<p>x</p>"
            form.date_start = datetime(2026, 3, 2, 9)
            form.date_end = datetime(2026, 3, 2, 11)
            self.assertEqual(form.duration, 2)
            form.duration = 3
            self.assertEqual(form.date_end, datetime(2026, 3, 2, 12))
        with Form(form.record) as form:
            form.date_start = datetime(2026, 3, 4, 9)
            self.assertEqual(form.date_end, datetime(2026, 3, 4, 12))
        self.assertEqual(form.record.duration, 3)

    @settings(max_examples=25, deadline=None, database=None)
    @given(
        start=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
        minutes=st.integers(0, 60 * 24 * 30),
    )
    def test_k39_duration_and_end_are_inverse(self, start, minutes):
        """Either of end and duration gives the other, to the second."""
        start = start.replace(microsecond=0)
        Intervencion = self.env["gck.intervencion"]
        common = {"description": "<p>x</p>", "date_start": start}
        with self.env.cr.savepoint():
            by_hours, by_end = Intervencion.create(
                [
                    {**common, "duration": minutes / 60},
                    {**common, "date_end": start + timedelta(minutes=minutes)},
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            for line in (by_hours, by_end):
                length = (line.date_end - line.date_start).total_seconds()
                self.assertLess(abs(length - minutes * 60), 1.01)
                self.assertAlmostEqual(line.duration, minutes / 60, 3)

    def test_k39_uploaded_files_are_for_everybody_who_reads_it(self):
        """What the form uploads belongs to nothing until it is saved."""
        tarea = self.new_tarea(self.new_aviso(), user_id=self.own.id)
        photo = (
            self.env["ir.attachment"]
            .with_user(self.own)
            .create(
                {
                    "name": "placa.jpg",
                    "raw": b"x",
                    "res_model": "gck.intervencion",
                    "res_id": 0,
                }
            )
        )
        self.assertFalse(photo.with_user(self.reception).has_access("read"))
        line = self.new_intervencion(
            self.own, tarea_id=tarea.id, attachment_ids=photo.ids
        )
        self.forget()
        self.assertEqual(line.attachment_count, 1)
        self.assertTrue(photo.with_user(self.reception).has_access("read"))
        self.assertFalse(photo.with_user(self.outsider).has_access("read"))

    def test_k39_end_before_start_is_refused(self):
        """Neither dates nor a negative duration put the end before the start."""
        start = "2026-03-02 09:00:00"
        with self.assertRaises(ValidationError):
            self.new_intervencion(date_start=start, date_end="2026-03-02 08:59:00")
        with self.assertRaises(ValidationError):
            self.new_intervencion(date_start=start, duration=-1)

    def test_k39_moving_the_start_keeps_the_duration(self):
        """Another day or hour is the same work: the end moves along."""
        line = self.new_intervencion(date_start="2026-03-02 09:00:00", duration=1)
        line.write({"date_start": "2026-03-03 11:00:00"})
        self.assertEqual(str(line.date_end), "2026-03-03 12:00:00")
        with Form(self.env["gck.intervencion"]) as form:
            form.description = "<p>Visita</p>"
            form.duration = 1.5
            form.date_start = "2026-03-04 10:00:00"
            self.assertEqual(str(form.date_end), "2026-03-04 11:30:00")
            form.date_end = "2026-03-04 12:00:00"
            self.assertEqual(form.duration, 2)
        self.assertEqual(form.record.duration, 2)

    def test_k39_absurd_duration_is_refused_with_words(self):
        """A number that no calendar holds is no technical error."""
        with self.assertRaises(UserError):
            self.new_intervencion(duration=1e12)

    def test_k25_overlaps_of_one_person_warn(self):
        """Two jobs at the same time warn both; touching ends do not."""

        def log(user, start, end):
            return self.new_intervencion(
                user,
                date_start=f"2026-03-02 {start}:00",
                date_end=f"2026-03-02 {end}:00",
            )

        first = log(self.own, "09:00", "10:00")
        second = log(self.own, "09:30", "11:00")
        before = log(self.own, "08:00", "09:00")
        after = log(self.own, "11:00", "12:00")
        other = log(self.colleague, "09:00", "12:00")
        lines = (before | first | second | after | other).sudo()
        self.assertEqual(lines.filtered("has_overlap"), (first | second).sudo())

    def test_k39_next_date_moves_the_deadline_of_the_task(self):
        """What was agreed for the next time becomes the task's deadline."""
        with freeze_time("2026-05-01 09:00:00"):
            tarea = self.new_tarea()
            line = self.new_intervencion(
                tarea_id=tarea.id, date_next="2026-05-04 09:00:00"
            )
            self.assertEqual(tarea.date_deadline, datetime(2026, 5, 4, 9))
            line.date_next = "2026-05-05 09:00:00"
            self.assertEqual(tarea.date_deadline, datetime(2026, 5, 5, 9))

    def test_k39_next_date_already_past_makes_nobody_late(self):
        """An old entry written down today leaves the deadline alone."""
        tarea = self.new_tarea(date_deadline="2026-05-10 09:00:00")
        with freeze_time("2026-05-06 09:00:00"):
            self.new_intervencion(tarea_id=tarea.id, date_next="2026-05-04 09:00:00")
        self.assertEqual(tarea.date_deadline, datetime(2026, 5, 10, 9))

    def test_k1_changes_are_logged_on_the_task(self):
        """Old and new value of what was changed are read on the task."""
        tarea = self.new_tarea()
        line = self.new_intervencion(tarea_id=tarea.id, result="No contesta")
        line.write({"result": "Conforme <b>ya</b>"})
        text = self.log_text(tarea)
        self.assertNames(text, line.name, "No contesta", "Conforme &lt;b&gt;ya")

    def test_k44_log_of_finished_work_is_closed(self):
        """What was done on a finished task is neither added to nor changed."""
        tarea = self.new_tarea()
        line = self.new_intervencion(tarea_id=tarea.id)
        tarea.action_done()
        for label, change in {
            "write": lambda: line.write({"result": "Otro"}),
            "delete": lambda: line.unlink(),
            "add": lambda: self.new_intervencion(tarea_id=tarea.id),
            "move": lambda: self.new_intervencion().write({"tarea_id": tarea.id}),
        }.items():
            with self.subTest(label), self.assertRaises(UserError) as refusal:
                change()
            self.assertNames(refusal.exception, tarea.name)

    def test_k44_intervention_moved_to_a_notice_takes_it_off_the_queue(self):
        """Work that is hung on a notice later counts like work logged on it."""
        aviso = self.new_aviso()
        self.new_intervencion().write({"aviso_id": aviso.id})
        self.assertEqual(aviso.state, "open")

    def test_k39_only_the_author_or_a_manager_changes_it(self):
        """Colleagues of the department read it and leave it as it is."""
        line = self.new_intervencion(self.own)
        colleague = line.with_user(self.colleague)
        self.assertEqual(colleague.subject, "Llamé")
        for user in (self.colleague, self.reception):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    line.with_user(user).write({"result": "Otro"})
                with self.assertRaises(AccessError):
                    line.with_user(user).unlink()
        line.with_user(self.own).result = "Mío"
        line.with_user(self.manager).result = "Del jefe"
        line.with_user(self.own).unlink()
        self.assertFalse(line.exists())

    def test_k39_nobody_signs_for_somebody_else(self):
        """A user does not hand its own entry to a colleague, nor log in its name."""
        with self.assertRaises(AccessError):
            self.new_intervencion(self.own, user_id=self.outsider.id)
        line = self.new_intervencion(self.manager, user_id=self.own.id)
        self.assertEqual(line.user_id, self.own)
