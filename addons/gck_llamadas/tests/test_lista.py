from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_correo import PAGE, LlamadasCorreoCase


@tagged("post_install", "-at_install")
class TestLista(LlamadasCorreoCase):
    """What is mailed to the addresses given to customers becomes calls (O-49)."""

    def test_o49_message_becomes_an_incoming_call(self):
        call = self.receive_call(
            self.new_list_mail(Subject="No enfría", body="El equipo no enfría.")
        )
        self.assertEqual(len(call), 1)
        self.assertEqual((call.direction, call.canal), ("in", "list"))
        self.assertEqual((call.state, call.arrival), ("pending", "mail"))
        self.assertEqual(call.subject, "No enfría")
        self.assertIn("no enfría", call.description)
        self.assertEqual(
            (call.partner_id, call.contact_id), (self.customer, self.contact)
        )
        self.assertEqual(call.email_normalized, "marta@jucar.example.com")
        self.assertEqual(call.phone_sanitized, "+34611222333")
        self.assertEqual(str(call.date_start), "2026-03-02 09:30:00")
        self.assertEqual(call.date_deadline, call.date + timedelta(hours=3))
        self.assertFalse(call.requester_id)
        self.assertFalse(call.duration)
        self.assertRegex(call.name, r"^LL")
        self.assertEqual(self.emails_of(call).author_id, self.contact)

    def test_o49_charsets(self):
        for charset, cte in (
            ("utf-8", "8bit"),
            ("iso-8859-1", "8bit"),
            ("iso-8859-15", "quoted-printable"),
            ("utf-8", "base64"),
        ):
            with self.subTest(charset=charset, cte=cte):
                mail = self.new_list_mail(Subject="Avería en la cámara")
                mail.set_content("La cámara está a -3 º\n", charset=charset, cte=cte)
                call = self.receive_call(mail)
                self.assertEqual(call.subject, "Avería en la cámara")
                self.assertIn("La cámara está a -3 º", call.description)

    def test_o49_answers_thread_into_the_call(self):
        """The customer's, by its references; ours goes out with the list's address."""
        call = self.receive_call(
            self.new_list_mail(Message_ID="<uno@jucar.example.com>")
        )
        ours = call.with_user(self.reception).message_post(
            body="Le llamamos.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.contact.ids,
        )
        self.assertIn(self.soporte_address, ours.reply_to)
        answer = self.new_list_mail(
            Subject="Re: Presupuesto",
            body="Gracias.",
            In_Reply_To=ours.message_id,
            References=f"<uno@jucar.example.com> {ours.message_id}",
        )
        self.assertFalse(self.receive_call(answer))
        self.assertEqual(len(self.emails_of(call)), 2)
        self.assertIn("Gracias", self.emails_of(call)[1].body)
        # Before we answered: by the Message-Id of its own mail.
        again = self.new_list_mail(References="<uno@jucar.example.com>")
        self.assertFalse(self.receive_call(again))
        self.assertEqual(len(self.emails_of(call)), 3)
        call.action_done()
        late = self.new_list_mail(In_Reply_To=ours.message_id)
        self.assertFalse(self.receive_call(late))
        self.assertEqual(call.state, "done")
        self.assertEqual(len(self.emails_of(call)), 4)

    def test_o49_one_mail_makes_one_thing(self):
        """To two addresses, of two kinds, or delivered twice."""
        mail = self.new_list_mail(
            To=f"{self.soporte_address}, {self.buzon_address}, {self.address}"
        )
        avisos = self.env["gck.aviso"].search_count([])
        call = self.receive_call(mail)
        self.assertEqual(call.canal, "list")
        self.assertEqual(self.env["gck.aviso"].search_count([]), avisos)
        self.assertFalse(self.receive_call(mail))
        self.assertEqual(len(self.emails_of(call)), 1)
        aviso = self.receive(
            self.new_mail(To=f"{self.address}, {self.soporte_address}")
        )
        self.assertEqual(len(aviso), 1)
        later = self.env["gck.llamada"].search([("id", ">", call.id)])
        self.assertFalse(later)

    def test_o49_two_mails_one_after_the_other(self):
        first = self.receive_call(self.new_list_mail())
        second = self.receive_call(self.new_list_mail())
        self.assertEqual(len(first | second), 2)
        self.assertNotEqual(first.name, second.name)

    def test_o49_automatic_replies_make_nothing(self):
        for headers in (
            {"Auto-Submitted": "auto-replied"},
            {"X-Autoreply": "yes"},
            {"Precedence": "auto_reply"},
            {"Subject": "Fuera de la oficina", "In-Reply-To": "<x@gck.example.com>"},
            {"From": f"Nosotros <{self.soporte_address}>"},
        ):
            with self.subTest(**headers):
                self.assertFalse(self.receive_call(self.new_list_mail(**headers)))
        # An alarm that a machine sends by itself answers nobody: somebody must see it.
        alarm = self.new_list_mail(**{"Auto-Submitted": "auto-generated"})
        self.assertTrue(self.receive_call(alarm))

    def test_o49_unknown_senders_and_prospects(self):
        first = self.receive_call(self.new_list_mail(From="Ana <ana@obrador.example>"))
        second = self.receive_call(self.new_list_mail(From="ana@obrador.example"))
        calls = first | second
        self.assertEqual(first.caller_name, "Ana")
        self.reception.group_ids += self.env.ref("base.group_partner_manager")
        self.assertEqual(calls.mapped("sender_unknown"), [True, True])
        action = first.with_user(self.reception).action_identify_sender()
        form = Form(
            self.env["gck.aviso.remitente"]
            .with_user(self.reception)
            .with_context(**action["context"])
        )
        self.assertEqual(form.email, "ana@obrador.example")
        self.assertIn(second.name, form.same_message)
        form.choice = "create"
        form.name = "Ana Obrador"
        form.save().action_confirm()
        self.assertEqual(calls.partner_id.name, "Ana Obrador")
        self.assertEqual(self.emails_of(first).author_id, calls.partner_id)
        lead = self.env["crm.lead"].create(
            {"name": "Nave", "email_from": "eva@nave.example"}
        )
        call = self.receive_call(self.new_list_mail(From="eva@nave.example"))
        self.assertEqual(call.lead_id, lead)
        self.assertFalse(call.sender_unknown)

    def test_o49_mail_of_a_colleague_asks_for_the_call(self):
        call = self.receive_call(self.new_list_mail(From=self.own.email))
        self.assertEqual(call.requester_id, self.own)
        self.assertFalse(call.sender_unknown)

    def test_o49_pages_from_outside_stay_text(self):
        call = self.receive_call(
            self.new_list_mail(
                html="<p>Hola<script>x()</script></p>",
                files=[("malo.html", PAGE, "application/octet-stream")],
            )
        )
        self.assertNotIn("script", call.description)
        self.assertEqual(self.emails_of(call).attachment_ids.mimetype, "text/plain")
        self.assertFalse(call.audio_ids)

    def test_o49_proposal_of_another_company_loses_no_mail(self):
        self.soporte.write({"company_id": False, "user_id": self.foreign.id})
        call = self.receive_call(self.new_list_mail())
        self.assertEqual(len(call), 1)
        self.assertFalse(call.user_id)

    def test_o49_needs_no_reason(self):
        """Nobody was asked for one; who notes an outgoing call is."""
        call = self.receive_call(self.new_list_mail())
        self.assertTrue(call._is_logged_by_system())
        self.assertFalse(call.motivo_id)
        with self.assertRaises(UserError):
            self.new_call(motivo_id=False)
