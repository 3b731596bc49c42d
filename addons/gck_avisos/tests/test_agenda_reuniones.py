from odoo import Command
from odoo.tests import HttpCase, tagged

from .common_agenda import AgendaCase


@tagged("post_install", "-at_install")
class TestMeetings(HttpCase, AgendaCase):
    """What Odoo's own calendar does for meetings (O-34…O-38)."""

    def test_o34_o35_o36_invitation_answered_without_login(self):
        """The contact gets a mail with the meeting and says yes from its link."""
        self.env["mail.mail"].search([]).unlink()
        cita = self.new_cita(
            self.own,
            partner_ids=[Command.set((self.own.partner_id | self.contact).ids)],
        )
        message = self.env["mail.message"].search(
            [("partner_ids", "in", self.contact.ids), ("res_id", "=", cita.id)]
        )
        self.assertIn("invitation.ics", message.attachment_ids.mapped("name"))
        ics = message.attachment_ids.raw.decode()
        self.assertIn("Revisar la cámara", ics)
        attendee = cita.attendee_ids.filtered(lambda a: a.partner_id == self.contact)
        self.assertIn(attendee.access_token, message.body)
        self.assertEqual(attendee.state, "needsAction")
        self.env.flush_all()
        response = self.url_open(
            f"/calendar/meeting/accept?token={attendee.access_token}&id={cita.id}"
        )
        self.assertEqual(response.status_code, 200)
        self.forget()
        self.assertEqual(attendee.state, "accepted")

    def test_o37_reminder_is_sent_by_the_cron(self):
        """An alarm an hour before goes out by mail to the holder too."""
        alarm = self.env["calendar.alarm"].create(
            {
                "name": "Una hora antes",
                "alarm_type": "email",
                "interval": "hours",
                "duration": 1,
            }
        )
        cita = self.new_cita(
            user_id=self.own.id,
            start=self.hours_from_now(0.5),
            alarm_ids=[Command.set(alarm.ids)],
        )
        told = self.messages_to(self.own)
        cron = self.env.ref("calendar.ir_cron_scheduler_alarm")
        cron.lastcall = self.hours_from_now(-24)
        self.env["calendar.alarm_manager"].with_context(
            lastcall=self.hours_from_now(-24)
        )._send_reminder()
        reminder = self.messages_to(self.own) - told
        self.assertEqual(len(reminder), 1)
        self.assertIn("Reminder", reminder.subject)
        self.assertIn(cita.name, reminder.subject)

    def test_o38_calendar_by_day_week_and_month(self):
        """The agenda opens as a calendar with all its scales, a colleague's too."""
        action = self.env.ref("gck_avisos.action_gck_agenda")
        self.assertEqual(action.views[0][1], "calendar")
        view = (
            self.env["calendar.event"]
            .with_user(self.own)
            .get_view(action.views[0][0], "calendar")
        )
        self.assertNotIn("scales=", view["arch"])
        self.assertIn('write_model="calendar.filters"', view["arch"])
        self.assertIn("gck_partner_id", view["arch"])
