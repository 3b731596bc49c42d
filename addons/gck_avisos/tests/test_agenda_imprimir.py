from datetime import datetime, timedelta
from io import BytesIO

import pypdf

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_agenda import AgendaCase


@tagged("post_install", "-at_install")
class TestAgendaPrint(AgendaCase):
    """The dialog and both prints (M-70)."""

    MONDAY = datetime(2026, 3, 2)

    def dialog(self, user=None, **vals):
        Wizard = self.env["gck.agenda.imprimir"].with_user(user or self.reception)
        return Wizard.create(
            {"date_from": "2026-03-02", "date_to": "2026-03-08", **vals}
        )

    def text(self, wizard):
        """Return the text of the PDF that the dialog prints, page by page."""
        self.forget()
        action = wizard.action_print()
        self.assertEqual(action["report_name"], "gck_avisos.report_gck_agenda")
        report = self.env["ir.actions.report"].with_user(wizard.env.user)
        content, kind = report.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(
            "gck_avisos.action_report_gck_agenda", action["context"]["active_ids"]
        )
        self.assertEqual(kind, "pdf")
        pages = pypdf.PdfReader(BytesIO(content)).pages
        return [" ".join(page.extract_text().split()) for page in pages]

    def test_m70_brief_is_a_line_each(self):
        """Own, all day, several days, at midnight; none of before or after."""
        at = self.MONDAY
        vals = {"user_id": self.own.id, "description": "<p>Largo de contar</p>"}
        self.new_cita(
            start=at + timedelta(hours=9),
            name="Primera",
            gck_partner_id=self.customer.id,
            location="Sala",
            **vals,
        )
        self.new_cita(
            name="Vacaciones",
            allday=True,
            start=at + timedelta(days=2, hours=8),
            stop=at + timedelta(days=3, hours=18),
            **vals,
        )
        self.new_cita(
            start=at - timedelta(days=1),
            stop=at + timedelta(days=1),
            name="Viaje",
            **vals,
        )
        self.new_cita(  # ends on Monday at 00:00 in Madrid
            start=at - timedelta(hours=2), name="Anterior", **vals
        )
        self.new_cita(  # starts on Monday 9th at 00:00 in Madrid
            start=at + timedelta(days=6, hours=23), name="Posterior", **vals
        )
        gone = self.new_cita(start=at + timedelta(hours=9), name="Anulada", **vals)
        gone.action_archive()
        [text] = self.text(self.dialog(user_ids=self.own.ids))
        for words in (
            "Agenda of Olga Own",
            "03/02/2026 – 03/08/2026",
            "Primera",
            "10:00",
            "Cerámicas Júcar",
            "Sala",
            "Vacaciones",
            "Viaje",
            "Page 1 of 1",
        ):
            self.assertIn(words, text)
        for words in ("Anterior", "Posterior", "Anulada", "Largo de contar"):
            self.assertNotIn(words, text)

    def test_m70_detailed_has_every_field(self):
        """All of M-69; what people wrote comes without its scripts."""
        self.new_cita(
            start=self.MONDAY + timedelta(hours=9),
            user_id=self.own.id,
            gck_partner_id=self.customer.id,
            gck_contact_id=self.contact.id,
            description="<p>Llevar <b>llaves</b></p><script>alert(1)</script>",
            location="<i>Sótano</i>",
        )
        [text] = self.text(self.dialog(user_ids=self.own.ids, print_type="detailed"))
        for words in (
            "Revisar la cámara",
            "10:00",
            "11:00",
            "Olga Own",
            "Rosa Reception",
            "Cerámicas Júcar",
            "Marta Júcar",
            "At client",
            "Llevar llaves",
            "<i>Sótano</i>",
        ):
            self.assertIn(words, text)
        self.assertNotIn("alert", text)

    def test_m70_two_holders(self):
        """Each on pages of their own; who attends has it in their agenda too."""
        self.new_cita(
            self.own,
            start=self.MONDAY,
            name="Reunión",
            partner_ids=[Command.set((self.own | self.colleague).partner_id.ids)],
        )
        self.new_cita(self.colleague, start=self.MONDAY, name="Suya")
        first, second = self.text(self.dialog(user_ids=(self.own | self.colleague).ids))
        pages = {"Olga Own" in first: first, "Olga Own" in second: second}
        self.assertIn("Reunión", pages[True])
        self.assertNotIn("Suya", pages[True])
        self.assertIn("Reunión", pages[False])
        self.assertIn("Suya", pages[False])
        # Who has said no does not go.
        attendee = self.env["calendar.attendee"].search(
            [("partner_id", "=", self.colleague.partner_id.id)]
        )
        attendee.filtered(lambda a: a.event_id.name == "Reunión").do_decline()
        [text] = self.text(self.dialog(user_ids=self.colleague.ids))
        self.assertNotIn("Reunión", text)

    def test_m70_private_of_a_colleague_is_busy(self):
        self.new_cita(
            self.own,
            start=self.MONDAY,
            name="Entrevista",
            privacy="private",
            location="Zaragoza",
            description="<p>Secreto</p>",
            gck_partner_id=self.customer.id,
        )
        for print_type in ("summary", "detailed"):
            vals = {"user_ids": self.own.ids, "print_type": print_type}
            [text] = self.text(self.dialog(self.manager, **vals))
            self.assertIn("Busy", text)
            for words in ("Entrevista", "Zaragoza", "Secreto", "Cerámicas"):
                self.assertNotIn(words, text)
            [text] = self.text(self.dialog(self.own, **vals))
            self.assertIn("Entrevista", text)

    def test_m70_refusals(self):
        """Days the wrong way round, nothing to print, people of another company."""
        with self.assertRaises(ValidationError):
            self.dialog(date_to="2026-03-01")
        with self.assertRaises(UserError) as error:
            self.dialog(user_ids=self.own.ids).action_print()
        self.assertNames(error.exception, "Olga Own", "03/02/2026", "03/08/2026")
        for stranger in (self.foreign, self.portal):
            with self.assertRaises(ValidationError):
                self.dialog(user_ids=stranger.ids)
        domain = self.env["gck.agenda.imprimir"]._fields["user_ids"].domain
        self.assertIn("company_ids", domain)

    def test_m70_deleted_while_the_dialog_is_open(self):
        """From the list, of what was selected; what is gone meanwhile is not missed."""
        citas = self.new_cita(self.own, start=self.MONDAY) | self.new_cita(
            self.own, start=self.MONDAY + timedelta(days=2)
        )
        Wizard = self.env["gck.agenda.imprimir"].with_user(self.reception)
        Wizard = Wizard.with_context(
            active_model="calendar.event", active_ids=citas.ids
        )
        wizard = Wizard.create({})
        self.assertEqual(wizard.user_ids, self.own)
        self.assertEqual(str(wizard.date_from), "2026-03-02")
        self.assertEqual(str(wizard.date_to), "2026-03-04")
        citas[0].unlink()
        [text] = self.text(wizard)
        self.assertIn("Revisar la cámara", text)
        citas[1].unlink()
        self.assertEqual(Wizard.create({}).user_ids, self.reception)
        with self.assertRaises(UserError):
            wizard.action_print()

    def test_m70_day_of_the_clock_change(self):
        """The last Sunday of March has 23 hours and is printed whole."""
        self.new_cita(self.own, start=datetime(2026, 3, 29, 21, 30), name="De noche")
        self.new_cita(self.own, start=datetime(2026, 3, 28, 23, 0), name="Medianoche")
        self.new_cita(self.own, start=datetime(2026, 3, 29, 22, 0), name="Lunes")
        [text] = self.text(
            self.dialog(self.own, date_from="2026-03-29", date_to="2026-03-29")
        )
        self.assertIn("De noche", text)
        self.assertIn("Medianoche", text)
        self.assertNotIn("Lunes", text)

    def test_m70_a_thousand_cost_no_more_queries_than_ten(self):
        def fill(count, days):
            self.env["calendar.event"].with_context(
                no_mail_to_attendees=True, tracking_disable=True
            ).create(
                [
                    {
                        "name": f"Cita {number}",
                        "user_id": self.own.id,
                        "start": self.MONDAY + timedelta(days=days, minutes=number),
                        "stop": self.MONDAY + timedelta(days=days, minutes=number + 5),
                        "gck_partner_id": self.customer.id,
                    }
                    for number in range(count)
                ]
            )

        def cost(days):
            day = fields.Date.to_date(self.MONDAY + timedelta(days=days))
            wizard = self.dialog(
                self.own, user_ids=self.own.ids, date_from=day, date_to=day
            )
            return self.count_queries(wizard._get_days)

        fill(10, 0)
        fill(1000, 3)
        cost(0)  # what is read once for all is read now
        few, many = cost(0), cost(3)
        self.assertLessEqual(many, few + 2)
