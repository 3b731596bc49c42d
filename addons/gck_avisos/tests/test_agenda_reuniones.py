from datetime import timedelta

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_agenda import AgendaCase


@tagged("post_install", "-at_install")
class TestMeetings(HttpCase, AgendaCase):
    """Meetings: date, invitation, answer, reminder, calendar, class (O-34…O-39)."""

    def setUp(self):
        super().setUp()
        self.env["mail.mail"].search([]).unlink()

    def new_meeting(self, **vals):
        """Invite a colleague and somebody outside to a meeting of 90 minutes."""
        start = self.hours_from_now(48)
        invited = (self.own | self.colleague).partner_id | self.contact
        return self.new_cita(
            self.own,
            start=start,
            stop=start + timedelta(hours=1.5),
            partner_ids=[Command.set(invited.ids)],
            **vals,
        )

    def attendee_of(self, cita, partner):
        return cita.attendee_ids.filtered(lambda a: a.partner_id == partner)

    def answer(self, attendee, answer):
        """Follow a link of the invitation, without login."""
        self.env.flush_all()
        response = self.url_open(
            f"/calendar/meeting/{answer}?token={attendee.access_token}"
            f"&id={attendee.event_id.id}"
        )
        self.forget()
        return response

    def test_o34_meeting_has_date_and_duration(self):
        cita = self.new_meeting()
        self.assertAlmostEqual(cita.duration, 1.5)
        self.assertEqual(cita.stop, cita.start + timedelta(hours=1.5))
        cita.duration = 2
        self.assertEqual(cita.stop, cita.start + timedelta(hours=2))
        row = self.env["gck.accion"].search(
            [("res_model", "=", cita._name), ("res_id", "=", cita.id)]
        )
        self.assertEqual(row.date_deadline, cita.start)

    def test_o35_invitation_goes_inside_and_outside_with_ics(self):
        cita = self.new_meeting()
        for partner in (self.colleague.partner_id, self.contact):
            with self.subTest(partner=partner.name):
                message = self.env["mail.message"].search(
                    [
                        ("partner_ids", "in", partner.ids),
                        ("model", "=", cita._name),
                        ("res_id", "=", cita.id),
                    ]
                )
                self.assertEqual(len(message), 1)
                self.assertEqual(message.attachment_ids.name, "invitation.ics")
                ics = message.attachment_ids.raw.decode()
                self.assertIn("Revisar la cámara", ics)
                self.assertIn(f"{cita.start:%Y%m%dT%H%M%SZ}", ics)
                token = self.attendee_of(cita, partner).access_token
                self.assertIn(token, message.body)
        mails = self.env["mail.mail"].search(
            [("model", "=", cita._name), ("res_id", "=", cita.id)]
        )
        self.assertLessEqual(self.contact, mails.recipient_ids)

    def test_o36_yes_maybe_and_no_without_login(self):
        """From the links of the mail; the meeting shows what each has said."""
        cita = self.new_meeting()
        attendee = self.attendee_of(cita, self.contact)
        self.assertEqual(attendee.state, "needsAction")
        page = self.answer(attendee, "view").content.decode()
        for answer, state, count in (
            ("accept", "accepted", "accepted_count"),
            ("tentative", "tentative", "tentative_count"),
            ("decline", "declined", "declined_count"),
        ):
            with self.subTest(answer=answer):
                link = (
                    f"/calendar/meeting/{answer}?token={attendee.access_token}"
                    f"&amp;id={cita.id}"
                )
                self.assertIn(link, page)
                before = cita[count]
                response = self.answer(attendee, answer)
                self.assertEqual(response.status_code, 200)
                html = response.content.decode()
                self.assertIn("Revisar la cámara", html)
                self.assertNotIn(f"/calendar/meeting/{answer}?", html)
                self.assertEqual(attendee.state, state)
                self.assertEqual(cita[count], before + 1)
                # Twice, as an impatient person does.
                self.assertEqual(self.answer(attendee, answer).status_code, 200)
                self.assertEqual(attendee.state, state)

    @mute_logger("odoo.http")
    def test_o36_answers_need_the_token_of_the_invitation(self):
        cita = self.new_meeting()
        attendee = self.attendee_of(cita, self.contact)
        self.env.flush_all()
        for token in ("", "x" * 32):
            response = self.url_open(
                f"/calendar/meeting/tentative?token={token}&id={cita.id}"
            )
            self.assertEqual(response.status_code, 400)
        self.authenticate(self.colleague.login, self.colleague.login)
        self.assertEqual(self.answer(attendee, "tentative").status_code, 400)
        self.assertEqual(attendee.state, "needsAction")

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
        cron.method_direct_trigger()
        reminder = self.messages_to(self.own) - told
        self.assertEqual(len(reminder), 1)
        self.assertIn("Reminder", reminder.subject)
        self.assertIn(cita.name, reminder.subject)

    def test_o37_reminder_on_the_screen(self):
        """A notification comes up before the meeting, to those invited only."""
        alarm = self.env["calendar.alarm"].create(
            {
                "name": "Un cuarto de hora antes",
                "alarm_type": "notification",
                "interval": "minutes",
                "duration": 15,
            }
        )
        cita = self.new_cita(
            self.own, start=self.hours_from_now(1), alarm_ids=[Command.set(alarm.ids)]
        )
        manager = self.env["calendar.alarm_manager"]
        notices = manager.with_user(self.own).get_next_notif()
        self.assertEqual([notice["event_id"] for notice in notices], cita.ids)
        self.assertEqual(notices[0]["title"], cita.name)
        self.assertAlmostEqual(notices[0]["timer"], 45 * 60, delta=60)
        self.assertFalse(manager.with_user(self.outsider).get_next_notif())

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

    def test_o39_class_at_client_shows_on_the_partner(self):
        """On the partner's count and list of actions (M-74), its contacts' included."""
        cita = self.new_cita(self.own, gck_partner_id=self.contact.id)
        inside = self.new_cita(self.own)
        self.assertEqual((cita.gck_clase, inside.gck_clase), ("client", "internal"))
        self.track()
        partner = self.customer.with_user(self.own)
        self.assertEqual(partner.gck_accion_count, 1)
        self.assertEqual(partner.gck_accion_pending_count, 1)
        action = partner.action_view_gck_acciones()
        rows = self.env["gck.accion"].with_user(self.own).search(action["domain"])
        self.assertEqual((rows.res_model, rows.res_id), (cita._name, cita.id))
        self.assertEqual(rows.user_id, self.own)
        self.assertTrue(rows.accion_state)
        found = self.env["calendar.event"].search(
            [("gck_clase", "=", "client"), ("id", "in", (cita | inside).ids)]
        )
        self.assertEqual(found, cita)
