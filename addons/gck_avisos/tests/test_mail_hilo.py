from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .common_correo import CorreoCase


@tagged("post_install", "-at_install")
class TestMailThread(CorreoCase, MailCase):
    """Answers come back to the action that they answer, and nowhere else (K-4)."""

    def setUp(self):
        super().setUp()
        self.aviso = self.receive(self.new_mail())
        self.incoming = self.emails_of(self.aviso)

    def answer_customer(self, record=None, user=None):
        """Write to the customer from the chatter; return the e-mail that goes out."""
        record = (record or self.aviso).with_user(user or self.reception)
        with self.mock_mail_gateway():
            record.message_post(
                body="Se lo envío hoy",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.contact.ids,
            )
            self.track()
        sent = [
            mail for mail in self._mails if "marta@jucar" in " ".join(mail["email_to"])
        ]
        self.assertEqual(len(sent), 1)
        return sent[0]

    def answer_us(self, sent, **headers):
        """Return the mail with which the customer answers."""
        return self.new_mail(
            body="Gracias, lo espero",
            **{
                "Subject": "Re: Presupuesto",
                "To": sent["reply_to"],
                "In_Reply_To": sent["message_id"],
                "References": sent["message_id"],
                **headers,
            },
        )

    def assertAnswered(self, mail, record=None):
        """Check that a mail lands in the chatter of a record and only there."""
        record = record or self.aviso
        before = self.emails_of(record)
        self.assertFalse(self.receive(mail))
        new = self.emails_of(record) - before
        self.assertEqual(len(new), 1)
        self.assertIn("lo espero", new.body)
        return new

    def test_k4_answer_threads_on_the_notice(self):
        """The reply-to is the address of the type; the answer makes no notice."""
        sent = self.answer_customer()
        self.assertIn(self.address, sent["reply_to"])
        message = self.assertAnswered(self.answer_us(sent))
        self.assertEqual(message.author_id, self.contact)

    def test_k4_answer_with_one_header_only_threads(self):
        """In-Reply-To or References, to the address, to catchall or to a person."""
        sent = self.answer_customer()
        for headers in (
            {"References": None},
            {"In_Reply_To": None},
            {
                "In_Reply_To": None,
                "References": f"<a@b.c> {sent['message_id']} <d@e.f>",
            },
            {"To": "catchall@talleres.example.com"},
            {"To": self.reception.email, "Cc": self.fax_address},
        ):
            with self.subTest(headers):
                self.assertAnswered(self.answer_us(sent, **headers))

    def test_k4_answer_to_the_first_mail_threads(self):
        """The customer answers their own mail: a second thought."""
        mail = self.new_mail(body="Y otra cosa: lo espero")
        mail["In-Reply-To"] = self.incoming.message_id
        self.assertAnswered(mail)

    def test_k4_notice_without_address_answers_to_catchall(self):
        aviso = self.new_aviso(partner_id=self.customer.id, contact_id=self.contact.id)
        sent = self.answer_customer(aviso)
        self.assertIn("catchall@talleres.example.com", sent["reply_to"])
        self.assertAnswered(self.answer_us(sent), aviso)

    def test_k4_answer_is_proposed_to_the_person_or_the_unknown_sender(self):
        recipients = self.aviso.with_user(self.reception)
        found = recipients._message_get_suggested_recipients(reply_discussion=True)
        self.assertIn(self.contact.id, [values["partner_id"] for values in found])
        unknown = self.receive(self.new_mail(From="Ana <ana@obrador.example>"))
        found = unknown.with_user(self.reception)._message_get_suggested_recipients(
            reply_discussion=True
        )
        self.assertIn("ana@obrador.example", [values["email"] for values in found])

    def test_k4_answer_to_a_task_threads_on_the_task(self):
        """Even when it also goes to the address of a type."""
        tarea = self.new_tarea(self.aviso, user_id=self.own.id)
        sent = self.answer_customer(tarea, self.own)
        self.assertAnswered(self.answer_us(sent), tarea)
        for headers in ({"Cc": self.address}, {"To": self.address}):
            self.assertAnswered(self.answer_us(sent, **headers), tarea)
        self.assertEqual(len(self.emails_of(self.aviso)), 1)

    def test_k4_out_of_office_to_our_answer_makes_no_notice(self):
        """Even if it comes without the references, to the address of the type."""
        self.answer_customer()
        mail = self.new_mail(Auto_Submitted="auto-replied", Subject="Fuera de oficina")
        self.assertFalse(self.receive(mail))

    def test_k4_answer_to_a_closed_notice_tells_the_responsible(self):
        """It is logged, somebody is told, and nothing is reopened in silence."""
        self.aviso.user_id = self.own
        sent = self.answer_customer()
        self.aviso.with_user(self.reception).action_close()
        before = self.messages_to(self.own, self.aviso)
        self.assertAnswered(self.answer_us(sent))
        self.assertEqual(self.aviso.state, "done")
        told = self.messages_to(self.own, self.aviso) - before
        self.assertTrue(
            told.filtered(lambda message: self.aviso.name in (message.subject or ""))
        )

    def test_k4_answer_to_a_closed_notice_of_nobody_tells_the_department(self):
        """The manager of the department; else its members."""
        self.aviso.department_id = self.admin_department
        sent = self.answer_customer()
        self.aviso.with_user(self.reception).action_close()
        self.aviso.message_unsubscribe(self.reception.partner_id.ids)
        self.assertFalse(self.messages_to(self.dispatcher, self.aviso))
        self.assertAnswered(self.answer_us(sent))
        self.assertTrue(self.messages_to(self.dispatcher, self.aviso))

    def test_k4_answer_nobody_follows_tells_the_department(self):
        """A pending notice without responsible nor followers."""
        self.aviso.department_id = self.sales_department
        mail = self.new_mail(body="¿Y bien? lo espero")
        mail["References"] = self.incoming.message_id
        self.assertAnswered(mail)
        for user in (self.own, self.colleague):
            self.assertTrue(self.messages_to(user, self.aviso))

    def test_k4_answer_to_an_archived_responsible_is_still_told(self):
        self.aviso.write(
            {"user_id": self.own.id, "department_id": self.admin_department.id}
        )
        sent = self.answer_customer()
        self.aviso.with_user(self.reception).action_close()
        self.own.active = False
        self.assertAnswered(self.answer_us(sent))
        self.assertTrue(self.messages_to(self.dispatcher, self.aviso))

    def test_k4_answer_to_a_deleted_notice_is_a_new_one(self):
        """Nothing that a customer writes is lost."""
        sent = self.answer_customer()
        self.aviso.with_user(self.manager).unlink()
        self.assertEqual(len(self.receive(self.answer_us(sent))), 1)
