from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .lote_common import LotesCase

WEDNESDAY = "2026-03-04 06:00:00"
SATURDAY = "2026-03-07 06:00:00"


@tagged("post_install", "-at_install")
class TestReminders(LotesCase):
    """One message a day with what is late, for whoever can do something (M-22)."""

    def late(self, count=1, **vals):
        return self.new_tareas(
            count,
            date="2026-02-01 08:00:00",
            date_deadline="2026-03-02 09:00:00",
            **vals,
        )

    def remind(self, moment=WEDNESDAY):
        """Run the cron at a moment; return the messages of each of our people."""
        people = (
            self.own | self.colleague | self.outsider | self.dispatcher
            | self.reception | self.manager
        )  # fmt: skip
        before = self.env["mail.message"].search([])
        with freeze_time(moment), self.committing() as env:
            env["gck.tarea"]._cron_remind_late()
        self.env.invalidate_all()
        found = {user: self.messages_to(user) - before for user in people}
        return {user: messages for user, messages in found.items() if messages}

    def test_one_digest_for_each_person(self):
        """However many tasks; with links; none for who has nothing late."""
        mine = self.late(3)
        other = self.late(user_id=self.colleague.id)
        self.new_tareas(
            1, user_id=self.outsider.id, date_deadline="2026-03-09 09:00:00"
        )
        done = self.late(user_id=self.outsider.id)
        done._do_done("Hecho")
        found = self.remind()
        self.assertEqual(set(found), {self.own, self.colleague})
        self.assertEqual(len(found[self.own]), 1)
        self.assertNames(found[self.own].body, *mine.mapped("name"))
        self.assertNotIn(other.name, found[self.own].body)
        self.assertIn("3", found[self.own].subject)
        self.assertIn(other.name, found[self.colleague].subject)
        self.assertTrue(all((mine | other).mapped("date_reminded")))
        self.assertFalse(done.date_reminded)

    def test_nobody_is_reminded_twice_and_again_after_the_days(self):
        """Once a day by default; the company may space it out, or want none."""
        self.late()
        self.assertEqual(set(self.remind()), {self.own})
        self.assertFalse(self.remind())
        self.assertFalse(self.remind("2026-03-04 15:00:00"))
        self.assertTrue(self.remind("2026-03-05 05:50:00"))
        self.company.gck_reminder_days = 5
        self.assertFalse(self.remind("2026-03-06 06:00:00"))
        self.assertTrue(self.remind("2026-03-10 06:00:00"))
        self.company.gck_reminder = False
        self.assertFalse(self.remind("2026-03-18 06:00:00"))

    def test_only_on_working_days(self):
        """Nobody is reminded on a Saturday, nor on a public holiday."""
        self.late()
        self.assertFalse(self.remind(SATURDAY))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "San José",
                "company_id": self.company.id,
                "date_from": "2026-03-18 23:00:00",
                "date_to": "2026-03-19 23:00:00",
            }
        )
        self.assertFalse(self.remind("2026-03-19 06:00:00"))
        self.assertTrue(self.remind("2026-03-20 06:00:00"))

    def test_in_the_language_of_the_person(self):
        """Subject and text are in theirs, not in the cron's."""
        self.env["res.lang"]._activate_lang("es_ES")
        self.own.lang = "es_ES"
        self.late(2)
        with patch.object(
            self.registry["mail.thread"], "message_notify", autospec=True
        ) as notify:
            self.remind()
        self.assertEqual(notify.call_args.args[0].env.lang, "es_ES")

    def test_manager_of_the_department_stands_in(self):
        """For who left, for who cannot be reached, and for what is nobody's."""
        department = self.admin_department.id
        left = self.late(user_id=self.outsider.id, department_id=department)
        mute = self.late(user_id=self.colleague.id, department_id=department)
        waiting = self.late(user_id=False, department_id=department)
        self.outsider.active = False
        self.colleague.partner_id.email = False
        found = self.remind()
        self.assertEqual(set(found), {self.dispatcher})
        self.assertEqual(len(found[self.dispatcher]), 1)
        self.assertNames(
            found[self.dispatcher].body,
            left.name, mute.name, waiting.name, "Oscar Outsider",
        )  # fmt: skip

    def test_manager_of_the_department_of_that_company_stands_in(self):
        """With a file in two companies, nobody of the other reads what is late."""
        head = self.env["hr.employee"].create(
            {
                "name": self.foreign.name,
                "user_id": self.foreign.id,
                "company_id": self.other_company.id,
            }
        )
        theirs = self.env["hr.department"].create(
            {
                "name": "Compras",
                "company_id": self.other_company.id,
                "manager_id": head.id,
            }
        )
        self.colleague.company_ids |= self.other_company
        self.env["hr.employee"].create(
            {
                "name": self.colleague.name,
                "user_id": self.colleague.id,
                "company_id": self.other_company.id,
                "department_id": theirs.id,
            }
        )
        self.colleague.with_company(
            self.company
        ).employee_id.department_id = self.admin_department
        tarea = self.late(user_id=self.colleague.id)
        self.colleague.active = False
        known = self.messages_to(self.foreign)
        found = self.remind()
        self.assertEqual(set(found), {self.dispatcher})
        self.assertIn(tarea.name, found[self.dispatcher].subject)
        self.assertFalse(self.messages_to(self.foreign) - known)

    def test_a_person_that_fails_does_not_stop_the_rest(self):
        """Their tasks are not noted as reminded; the others' are."""
        bad, good = self.late(), self.late(user_id=self.colleague.id)
        original = self.registry["gck.tarea"]._send_reminder

        def fail(tareas, user):
            if user == self.own:
                raise ValueError("sin correo")
            return original(tareas, user)

        with (
            patch.object(self.registry["gck.tarea"], "_send_reminder", fail),
            mute_logger("odoo.addons.gck_avisos.models.gck_reparto_mixin"),
        ):
            found = self.remind()
        self.assertEqual(set(found), {self.colleague})
        self.assertFalse(bad.date_reminded)
        self.assertTrue(good.date_reminded)

    def test_nobody_to_remind(self):
        """It is logged, and tried again the next day."""
        tarea = self.late(user_id=self.outsider.id)
        self.outsider.active = False
        logger = "odoo.addons.gck_avisos.models.gck_reparto_mixin"
        with self.assertLogs(logger, "WARNING"):
            self.assertFalse(self.remind())
        self.assertFalse(tarea.date_reminded)

    def test_user_html_is_shown_as_text(self):
        """A subject is no markup."""
        self.late(subject="<b>ojo</b>")
        found = self.remind()
        self.assertIn("&lt;b&gt;ojo", found[self.own].body)

    def test_reminder_is_no_change_of_the_task(self):
        """Who wrote on it last, and when, stays."""
        tarea = self.late()
        written = tarea.write_date, tarea.write_uid
        with freeze_time(WEDNESDAY) as clock:
            clock.tick(timedelta(seconds=1))
            self.remind()
        self.assertEqual((tarea.write_date, tarea.write_uid), written)
