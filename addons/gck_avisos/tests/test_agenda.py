from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools import SQL
from odoo.tools.sql import table_columns

from .common_agenda import AgendaCase


@tagged("post_install", "-at_install")
class TestAgenda(AgendaCase):
    """Whose diary, for whom, with whom (M-68, M-69, O-39)."""

    def test_m68_end_before_start_is_refused(self):
        """With hours and all day, created and changed, in the hours of the reader."""
        start = datetime(2026, 3, 2, 9)  # 10:00 in Madrid
        with self.assertRaises(ValidationError) as error:
            self.new_cita(self.own, start=start, stop=start - timedelta(minutes=1))
        self.assertNames(error.exception, "Revisar la cámara", "10:00", "09:59")
        cita = self.new_cita(self.own, start=start)
        with self.assertRaises(ValidationError):
            cita.stop = start - timedelta(hours=1)
            cita.flush_recordset()
        with self.assertRaises(ValidationError):
            self.new_cita(
                self.own,
                allday=True,
                start_date="2026-03-05",
                stop_date="2026-03-04",
            )

    def test_m68_day_of_the_clock_change(self):
        """An hour across the change is an hour, whatever the clock says."""
        start = datetime(2026, 3, 29, 0, 30)  # 01:30, the clock jumps at 02:00
        cita = self.new_cita(self.own, start=start)
        self.assertEqual(cita.duration, 1)
        self.assertIn("1:30", cita._gck_get_when())
        self.assertIn("3:30", cita._gck_get_when())

    def test_m69_appointment_in_the_diary_of_a_colleague(self):
        """Whoever writes it down does not attend; the holder does, and is told once."""
        cita = self.new_cita(
            user_id=self.own.id,
            gck_partner_id=self.customer.id,
            gck_contact_id=self.contact.id,
        )
        self.assertEqual(cita.partner_ids, self.own.partner_id)
        self.assertEqual(cita.gck_requester_id, self.reception)
        self.assertEqual(cita.gck_clase, "client")
        self.assertEqual(cita.gck_company_id, self.company)
        self.assertFalse(cita.description)
        [message] = self.messages_to(self.own)
        self.assertIn("Rosa Reception", message.subject)
        self.assertIn("Cerámicas Júcar", message.body)
        self.assertEqual(message.attachment_ids.mapped("name"), ["invitation.ics"])
        self.assertFalse(self.messages_to(self.reception))
        mails = self.env["mail.mail"].search([])
        self.assertNotIn(self.contact, mails.recipient_ids)

    def test_m69_own_appointment_tells_nobody(self):
        cita = self.new_cita(self.own)
        self.assertEqual(cita.user_id, self.own)
        self.assertEqual(cita.partner_ids, self.own.partner_id)
        cita.start += timedelta(hours=1)
        cita.unlink()
        self.assertFalse(self.told(self.own))

    def test_m69_moved_given_and_cancelled(self):
        """Each change of somebody else is told once to whom it concerns."""
        cita = self.new_cita(user_id=self.own.id)
        cita.write({"start": cita.start + timedelta(days=1), "name": "Otra cosa"})
        cita.stop += timedelta(hours=1)
        cita.name = "Ni hora ni titular"
        cita.user_id = self.colleague
        self.assertEqual(cita.partner_ids, self.colleague.partner_id)
        cita.action_archive()
        cita.action_unarchive()
        cita.unlink()
        own, colleague = self.told(self.own), self.told(self.colleague)
        self.assertEqual(len(own), 4, own)
        for subject, words in zip(
            own, ("put", "moved", "moved", "cancelled"), strict=True
        ):
            self.assertIn(words, subject)
        self.assertEqual(len(colleague), 4, colleague)
        for subject, words in zip(
            colleague, ("put", "cancelled", "put", "cancelled"), strict=True
        ):
            self.assertIn(words, subject)

    def test_m69_series_is_told_once(self):
        """A recurrent appointment, moved as a whole and cancelled as a whole."""
        cita = self.new_cita(
            user_id=self.own.id,
            recurrency=True,
            rrule_type="daily",
            end_type="count",
            count=5,
            event_tz="Europe/Madrid",
        )
        events = cita.recurrence_id.calendar_event_ids
        self.assertEqual(len(events), 5)
        self.assertEqual(events.partner_ids, self.own.partner_id)
        self.assertEqual(events.gck_requester_id, self.reception)
        self.assertEqual(len(self.told(self.own)), 1)
        cita.write(
            {
                "start": cita.start + timedelta(hours=1),
                "stop": cita.stop + timedelta(hours=1),
                "recurrence_update": "all_events",
            }
        )
        self.assertEqual(len(self.told(self.own)), 2)
        base = self.env["calendar.event"].search([("user_id", "=", self.own.id)])
        base.recurrence_id.calendar_event_ids.with_user(self.reception).unlink()
        self.assertEqual(len(self.told(self.own)), 3)

    def test_m69_many_at_once_are_one_message(self):
        """Twelve appointments cost no more queries than two, per holder one message."""

        def create(count):
            start = fields.Datetime.now() + timedelta(days=3)
            self.env["calendar.event"].with_user(self.reception).create(
                [
                    {
                        "name": f"Cita {number}",
                        "user_id": self.own.id,
                        "start": start,
                        "stop": start + timedelta(hours=1),
                    }
                    for number in range(count)
                ]
            )

        create(12)
        [message] = self.messages_to(self.own)
        self.assertIn("2 more", message.body)

    def test_m69_holder_is_told_of_a_private_calendar(self):
        """Who writes in a private calendar forgets it; the holder reads what it is."""
        self.own.res_users_settings_id.calendar_default_privacy = "private"
        cita = self.new_cita(user_id=self.own.id, name="Revisión médica")
        self.assertIn("Revisión médica", self.told(self.own)[0])
        self.forget()
        self.assertEqual(cita.name, "Busy")

    def test_m69_form(self):
        """The window keeps holder, attendees, partner and contact in step."""
        Event = self.env["calendar.event"].with_user(self.reception)
        with Form(Event) as form:
            form.name = "Visita"
            form.user_id = self.own
            form.user_id = self.colleague
            self.assertEqual(form.partner_ids[:], self.colleague.partner_id)
            form.gck_contact_id = self.contact
            self.assertEqual(form.gck_partner_id, self.customer)
            self.assertEqual(form.gck_clase, "client")
            form.gck_partner_id = self.vendor
            self.assertFalse(form.gck_contact_id)
            form.partner_ids.add(self.manager.partner_id)
        cita = form.record
        self.assertEqual(cita.partner_ids, (self.colleague | self.manager).partner_id)
        with Form(cita) as form:
            form.user_id = self.own
        self.assertEqual(cita.partner_ids, (self.own | self.manager).partner_id)
        with Form(cita.with_user(self.own)) as form:
            form.gck_partner_id = self.env["res.partner"]
            self.assertEqual(form.gck_clase, "internal")

    def test_m69_contact_of_another_partner(self):
        with self.assertRaises(ValidationError):
            self.new_cita(
                gck_partner_id=self.customer.id, gck_contact_id=self.vendor_contact.id
            )
        cita = self.new_cita(gck_contact_id=self.contact.id)
        self.assertEqual(cita.gck_partner_id, self.customer)
        other = self.new_cita()
        other.gck_contact_id = self.contact
        self.assertEqual(other.gck_commercial_partner_id, self.customer)

    def test_m69_partner_archived_or_of_another_company(self):
        """What is there stays and can be changed; a stranger's partner is refused."""
        cita = self.new_cita(gck_partner_id=self.customer.id)
        self.customer.action_archive()
        cita.name = "Sigue ahí"
        self.assertEqual(cita.gck_partner_id, self.customer)
        self.vendor.company_id = self.other_company
        with self.assertRaises(ValidationError) as error:
            self.new_cita(gck_partner_id=self.vendor.id)
        self.assertNames(error.exception, "Aceros Duero", "Talleres Tajo")
        theirs = self.new_cita(self.foreign, gck_partner_id=self.vendor.id)
        self.assertEqual(theirs.gck_company_id, self.other_company)

    def test_m69_given_to_somebody_else_it_stays_in_its_company(self):
        """Whatever company is on top, unless the holder does not work there."""
        both = self.company | self.other_company
        (self.manager | self.own).company_ids = both
        cita = self.new_cita(user_id=self.colleague.id)
        cita = cita.with_user(self.manager).with_context(
            allowed_company_ids=[self.other_company.id, self.company.id]
        )
        cita.user_id = self.own
        self.assertEqual(cita.gck_company_id, self.company)
        cita.user_id = self.foreign
        self.assertEqual(cita.gck_company_id, self.other_company)

    def test_m69_partner_or_contact_deleted(self):
        """By anybody who may; the appointment stays, in-house, and can be saved."""
        contacts = self.new_user("contacts", "base.group_partner_manager", "Ana")
        cita = self.new_cita(
            self.own,
            privacy="private",
            gck_partner_id=self.customer.id,
            gck_contact_id=self.contact.id,
        )
        archived = cita.copy({"active": False})
        self.contact.with_user(contacts).unlink()
        self.assertFalse(cita.gck_contact_id)
        self.assertEqual(cita.gck_clase, "client")
        self.customer.with_user(contacts).unlink()
        self.forget()
        for event in cita | archived:
            self.assertFalse(event.gck_partner_id | event.gck_commercial_partner_id)
            self.assertEqual(event.gck_clase, "internal")
        self.assertTrue(cita.copy())
        with Form(cita) as form:
            form.name = "Sigue ahí"

    def test_m69_who_may_change_it(self):
        """Holder, requester and reception; a colleague only looks at it."""
        cita = self.new_cita(
            self.dispatcher, user_id=self.own.id, gck_partner_id=self.customer.id
        )
        for user, may in (
            (self.own, True),
            (self.dispatcher, True),
            (self.reception, True),
            (self.colleague, False),
        ):
            self.forget()
            self.assertEqual(cita.with_user(user).user_can_edit, may, user.login)

    def test_m69_calendar_without_gck_stays_as_it_is(self):
        """Somebody without GCK: organizer, attendees, invitation as Odoo has them."""
        Event = self.env["calendar.event"].with_user(self.nobody)
        other = self.new_user("other", "base.group_user", "Olivia Other", lang="en_US")
        arch = Event.get_view(self.env.ref("calendar.view_calendar_event_form").id)[
            "arch"
        ]
        self.assertNotIn("gck_", arch)
        with Form(Event) as form:
            form.name = "Reunión"
            form.user_id = other
        self.assertEqual(form.record.partner_ids, self.nobody.partner_id)
        cita = self.new_cita(
            self.nobody,
            user_id=other.id,
            partner_ids=[Command.set((self.nobody | other).partner_id.ids)],
        )
        self.assertIn("Invitation", self.told(other)[0])
        cita.unlink()  # and with it Odoo's invitation
        self.assertFalse(self.told(other))

    def test_m69_portal(self):
        """A portal user reads the appointments to which they are invited, no more."""
        cita = self.new_cita()
        invited = self.new_cita(
            partner_ids=[Command.link(self.portal.partner_id.id)],
        )
        self.forget()
        Event = self.env["calendar.event"].with_user(self.portal)
        self.assertEqual(
            Event.search([("id", "in", (cita | invited).ids), ("name", "!=", False)]),
            invited,
        )
        with self.assertRaises(AccessError):
            invited.with_user(self.portal).write({"name": "x"})
        with self.assertRaises(AccessError):
            self.env["gck.agenda.imprimir"].with_user(self.portal).create({})

    def test_o39_class(self):
        """Internal without a partner, at the client with one; said so when refused."""
        self.assertEqual(self.new_cita().gck_clase, "internal")
        inside = self.new_cita(gck_partner_id=self.customer.id, gck_clase="internal")
        self.assertEqual(inside.gck_clase, "internal")
        with self.assertRaises(ValidationError) as error:
            self.new_cita(gck_clase="client")
        self.assertNames(error.exception, "Revisar la cámara")

    def test_o39_appointments_from_before_keep_who_made_them(self):
        """On installation nobody becomes the requester of everything."""
        cita = self.new_cita(self.own)
        self.env.flush_all()
        self.env.cr.execute("UPDATE calendar_event SET gck_requester_id = NULL")
        self.env["calendar.event"]._init_column("gck_requester_id")
        self.forget()
        self.assertEqual(cita.gck_requester_id, self.own)

    def test_m69_appointments_from_before_are_filled_at_once(self):
        """On installation no appointment is computed, however many there are."""
        theirs, nobodys = self.new_cita(self.foreign), self.new_cita(user_id=False)
        self.env.flush_all()
        Event = self.env["calendar.event"]
        names = (
            "gck_clase", "gck_company_id", "gck_contact_id", "gck_commercial_partner_id"
        )  # fmt: skip
        for name in names:
            self.env.cr.execute(
                SQL("ALTER TABLE calendar_event DROP COLUMN %s", SQL.identifier(name))
            )
        Event._gck_add_columns()
        columns = table_columns(self.env.cr, Event._table)
        for name in names:
            field = Event._fields[name]
            self.assertEqual(columns[name]["udt_name"], field.column_type[0])
            with patch.object(self.registry, "_post_init_queue", [], create=True):
                self.assertFalse(field.update_db(Event, columns), name)
        self.forget()
        self.assertEqual(theirs.gck_company_id, self.other_company)
        self.assertFalse(nobodys.gck_company_id)
        self.assertEqual({theirs.gck_clase, nobodys.gck_clase}, {"internal"})
        # What is there already stays.
        theirs.gck_company_id = self.company
        self.env.flush_all()
        Event._gck_add_columns()
        self.forget()
        self.assertEqual(theirs.gck_company_id, self.company)


@tagged("post_install", "-at_install")
class TestAgendaPrivacy(AgendaCase):
    """A colleague's private appointment only says that somebody is busy (O-40)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret = cls.new_cita(
            cls.own,
            name="Entrevista de trabajo",
            privacy="private",
            location="Zaragoza",
            description="<p>Confidencial</p>",
            gck_partner_id=cls.customer.id,
            gck_contact_id=cls.contact.id,
        )
        cls.open = cls.new_cita(cls.own, gck_partner_id=cls.customer.id)

    def as_colleague(self):
        self.forget()
        return self.env["calendar.event"].with_user(self.colleague)

    def test_o40_reading_says_busy(self):
        Event = self.as_colleague()
        hidden = (
            "gck_requester_id",
            "gck_partner_id",
            "gck_commercial_partner_id",
            "gck_contact_id",
            "gck_clase",
            "location",
            "description",
        )
        [values] = Event.browse(self.secret.id).read(["name", "start", *hidden])
        self.assertEqual(values["name"], "Busy")
        self.assertEqual(values["start"], self.secret.start)
        for name in hidden:
            self.assertFalse(values[name], name)
        self.forget()
        rows = Event.browse(self.secret.id)._export_rows(
            [["name"], ["gck_partner_id", "name"]]
        )
        self.assertEqual(rows, [["Busy", ""]])
        self.forget()
        self.assertEqual(self.secret.with_user(self.own).gck_partner_id, self.customer)

    def test_o40_searching_tells_nothing(self):
        """By text, partner, contact, class, requester; straight or the other way."""
        guesses = [
            [("name", "ilike", "Entrevista")],
            [("name", "not ilike", "Revisar")],
            ["!", ("name", "ilike", "Revisar")],
            [("display_name", "ilike", "Entrevista")],
            [("location", "=", "Zaragoza")],
            [("description", "ilike", "Confidencial")],
            [("gck_partner_id", "=", self.customer.id)],
            [("gck_partner_id.name", "ilike", "Júcar")],
            [("gck_partner_id", "any", [("name", "ilike", "Júcar")])],
            [("gck_partner_id", "not in", self.vendor.ids)],
            [("gck_commercial_partner_id", "child_of", self.customer.id)],
            [("gck_contact_id", "!=", False)],
            [("gck_clase", "=", "client")],
            [("gck_requester_id", "=", self.own.id)],
        ]
        Event = self.as_colleague()
        for domain in guesses:
            with self.subTest(domain=domain):
                domain = Domain(domain) & Domain("id", "=", self.secret.id)
                self.assertFalse(Event.search(domain))
                self.assertFalse(Event.search_count(domain))
                self.assertTrue(Event.with_user(self.own).search_count(domain))
        self.assertFalse(Event.name_search("Entrevista"))
        self.assertIn(
            self.open, Event.search([("gck_partner_id", "=", self.customer.id)])
        )

    def test_o40_a_private_calendar_is_private(self):
        """What has no privacy of its own follows the calendar of its holder."""
        domain = [("gck_partner_id", "=", self.customer.id)]
        self.assertIn(self.open, self.as_colleague().search(domain))
        self.own.res_users_settings_id.calendar_default_privacy = "private"
        self.assertNotIn(self.open, self.as_colleague().search(domain))
        # Who takes part in it knows what it is.
        self.open.partner_ids = [Command.link(self.colleague.partner_id.id)]
        self.assertIn(self.open, self.as_colleague().search(domain))

    def test_o40_groups_leave_it_out(self):
        Event = self.as_colleague()
        mine = [("id", "in", (self.secret | self.open).ids)]
        for field in ("gck_partner_id", "gck_requester_id", "gck_clase", "name"):
            groups = Event._read_group(mine, [field], ["__count"])
            self.assertEqual([count for _value, count in groups], [1], field)
        [(_user, found)] = Event._read_group(mine, ["user_id"], ["id:recordset"])
        self.assertEqual(len(found), 2)

    def test_o40_agenda_of_a_colleague(self):
        """Picking a colleague in the calendar shows all, the private one as hours."""
        Event = self.as_colleague()
        found = Event.search([("partner_ids", "in", self.own.partner_id.ids)])
        self.assertEqual(found, self.secret | self.open)
        self.assertEqual(
            set(found.mapped("display_name")), {"Busy", "Revisar la cámara"}
        )

    def test_o40_nobody_changes_it(self):
        secret = self.as_colleague().browse(self.secret.id)
        with self.assertRaises(AccessError):
            secret.gck_partner_id = self.vendor
        self.assertFalse(secret.user_can_edit)
