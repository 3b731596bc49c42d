from unittest.mock import patch

from odoo.tests import tagged

from .common_correo import PDF, CorreoCase


@tagged("post_install", "-at_install")
class TestMailGateway(CorreoCase):
    """Mails that come twice, from programs, broken, or from faxes (K-8, K-9)."""

    # ------------------------------------------------------------
    # Twice, to several, from programs
    # ------------------------------------------------------------

    def test_k8_same_message_twice_is_one_notice(self):
        mail = self.new_mail()
        self.assertEqual(len(self.receive(mail)), 1)
        self.assertFalse(self.receive(mail))

    def test_k8_mail_to_two_addresses_is_one_notice_of_the_first(self):
        both = f"{self.fax_address}, {self.address}"
        self.assertEqual(self.receive(self.new_mail(To=both)).tipo_id, self.fax_tipo)
        aviso = self.receive(self.new_mail(Cc=self.fax_address))
        self.assertEqual(aviso.tipo_id, self.mail_tipo)

    def test_k8_automatic_mail_makes_no_notice(self):
        """Auto-replies, bounces and our own addresses."""
        parent = "<x@y.example>"
        cases = [
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-replied (vacation)"},
            {"Auto_Submitted": "auto-generated", "In_Reply_To": parent},
            {"X_Autoreply": "yes"},
            {"Precedence": "auto_reply"},
            {"Precedence": "bulk", "Auto_Submitted": "auto-replied"},
            {"Subject": "Respuesta automática: Pedido", "In_Reply_To": parent},
            {"Subject": "Out of office", "References": parent},
            {"Subject": "Fuera de la oficina: Pedido", "Precedence": "bulk"},
            {"From": "MAILER-DAEMON@mx.example.com"},
            {"From": self.address},
            {"From": "catchall@talleres.example.com"},
            {"From": "bounce@talleres.example.com"},
        ]
        for headers in cases:
            with self.subTest(headers):
                self.assertFalse(self.receive(self.new_mail(**headers)))

    def test_k8_mail_of_people_and_machines_makes_a_notice(self):
        """An alarm, a group address, a shop, and a subject that only looks so."""
        cases = [
            {"Auto_Submitted": "no"},
            {"Auto_Submitted": "auto-generated"},
            {"Precedence": "list", "List_Id": "<ventas.jucar.example.com>"},
            {"Precedence": "bulk"},
            {"Precedence": "Bulk", "Auto_Submitted": "auto-generated"},
            {"Precedence": "junk", "List_Unsubscribe": "<mailto:baja@jucar.example>"},
            {"Subject": "Respuesta automática del compresor averiada"},
            {"X_Auto_Response_Suppress": "All"},
        ]
        for headers in cases:
            with self.subTest(headers):
                self.assertEqual(len(self.receive(self.new_mail(**headers))), 1)

    def test_k8_report_of_a_mail_server_makes_no_notice(self):
        mail = (
            b"From: postmaster@mx.example\r\nTo: " + self.address.encode() + b"\r\n"
            b"Subject: Undelivered\r\nMessage-ID: <r@mx.example>\r\n"
            b"Content-Type: multipart/report; report-type=delivery-status;"
            b' boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nNo\r\n'
            b"--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            b"Reporting-MTA: dns; mx.example\r\n\r\n"
            b"Final-Recipient: rfc822; nadie@x.example\r\n"
            b"Status: 5.1.1\r\n\r\n--b--\r\n"
        )
        self.assertFalse(self.receive(mail))

    def test_k8_thirty_mails_in_a_row_stop(self):
        """The protection of Odoo's gateway works for notices; files do not count."""
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 20)
        self.env["gck.aviso"].with_user(self.reception)._import_file(
            "a.eml", self.new_mail().as_bytes()
        )
        made = [
            len(self.receive(self.new_mail(Subject=f"Aviso {number}")))
            for number in range(30)
        ]
        self.assertEqual(sum(made), 20)
        self.assertEqual(made[20:], [0] * 10)
        other = self.receive(self.new_mail(From="otro@otro.example"))
        self.assertEqual(len(other), 1)

    # ------------------------------------------------------------
    # Acknowledgement
    # ------------------------------------------------------------

    def new_template(self, **vals):
        return self.env["mail.template"].create(
            {
                "name": "Acuse",
                "model_id": self.env["ir.model"]._get_id("gck.aviso"),
                "subject": "Hemos recibido su mensaje: {{ object.name }}",
                "body_html": "<p>Gracias.</p>",
                **vals,
            }
        )

    def acknowledgements(self, aviso):
        domain = [("model", "=", "gck.aviso"), ("res_id", "in", aviso.ids)]
        mails = self.env["mail.mail"].search(domain)
        return mails.filtered(lambda mail: "Hemos recibido" in (mail.subject or ""))

    def test_k8_no_acknowledgement_unless_the_type_has_one(self):
        self.assertFalse(self.acknowledgements(self.receive(self.new_mail())))

    def test_k8_acknowledgement_answers_people_only(self):
        """It says that it is automatic, and answers no program nor colleague."""
        self.mail_tipo.ack_template_id = self.new_template()
        sent = self.acknowledgements(self.receive(self.new_mail()))
        self.assertEqual(len(sent), 1)
        self.assertIn("marta@jucar.example.com", sent.email_to)
        self.assertIn("'Auto-Submitted': 'auto-replied'", sent.headers)
        for headers in (
            {"Auto_Submitted": "auto-generated"},
            {"Precedence": "list"},
            {"Precedence": "bulk"},
            {"X_Auto_Response_Suppress": "OOF"},
            {"From": "no-reply@tienda.example"},
            {"From": self.own.email},
        ):
            with self.subTest(headers):
                aviso = self.receive(self.new_mail(**headers))
                self.assertEqual(len(aviso), 1)
                self.assertFalse(self.acknowledgements(aviso))

    def test_k8_answer_to_the_acknowledgement_joins_the_notice(self):
        """Also after the mail has left, and is deleted as its template says."""
        self.mail_tipo.ack_template_id = self.new_template()
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        triggers = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        aviso = self.receive(self.new_mail())
        self.assertGreater(
            self.env["ir.cron.trigger"].search_count(triggers), before, "it leaves soon"
        )
        sent = self.acknowledgements(aviso)
        self.assertEqual(sent.author_id, self.company.partner_id)
        message_id = sent.message_id
        sent.unlink()
        answer = self.new_mail(In_Reply_To=message_id, body="Es urgente.")
        self.assertFalse(self.receive(answer))
        self.assertIn("Es urgente.", self.log_text(aviso))

    def test_k8_broken_acknowledgement_loses_no_mail(self):
        self.mail_tipo.ack_template_id = self.new_template()
        Template = type(self.env["mail.template"])
        with (
            patch.object(Template, "send_mail", side_effect=ValueError("x")),
            self.assertLogs("odoo.addons.gck_avisos", "ERROR"),
        ):
            self.assertEqual(len(self.receive(self.new_mail())), 1)

    # ------------------------------------------------------------
    # Broken mails
    # ------------------------------------------------------------

    def raw(self, headers, body=b"Hola"):
        lines = [b"To: " + self.address.encode(), b"Message-ID: <raw@x.example>"]
        return b"\r\n".join([*lines, *headers, b"", body])

    def test_k8_eight_bit_headers_and_text_are_read(self):
        """Nobody says the encoding: UTF-8 if it is, else Western."""
        for encoding in ("utf-8", "cp1252"):
            with self.subTest(encoding):
                subject = "Avería en la cámara nº 3 – señor Ñáñez".encode(encoding)
                headers = [
                    b"Subject: " + subject,
                    b"From: " + "José Peña <jose@x.example>".encode(encoding),
                ]
                mail = self.raw(headers, "Se oyó un ruido extraño".encode(encoding))
                mail = mail.replace(b"<raw@", f"<{encoding}@".encode())
                aviso = self.receive(mail)
                self.assertEqual(
                    aviso.subject, "Avería en la cámara nº 3 – señor Ñáñez"
                )
                self.assertIn("José Peña", aviso.caller_name)
                self.assertIn("Se oyó un ruido extraño", aviso.description)

    def test_k8_unknown_or_false_charset_is_read(self):
        """Text is text, whatever the header calls its encoding."""
        text = "Cañería rota"
        for charset, encoding in (
            ("x-inventado", "utf-8"),
            ("x-inventado", "cp1252"),
            ("utf-8", "cp1252"),
            ("us-ascii", "utf-8"),
            ("hex", "utf-8"),
        ):
            with self.subTest(charset=charset, encoding=encoding):
                headers = [
                    b"From: a@x.example",
                    b"Subject: =?x-inventado?Q?Ca=F1o?=",
                    b"Content-Type: text/plain; charset=" + charset.encode(),
                    b"Content-Transfer-Encoding: 8bit",
                ]
                mail = self.raw(headers, text.encode(encoding))
                mail = mail.replace(b"<raw@", f"<{charset}{encoding}@".encode())
                aviso = self.receive(mail)
                self.assertEqual(len(aviso), 1)
                self.assertIn(text, aviso.description)
                self.assertNotRegex(aviso.subject, "[\ud800-\udfff]")

    def test_k8_mail_without_subject_sender_date_nor_id(self):
        mail = b"To: " + self.address.encode() + b"\r\n\r\nSolo texto"
        aviso = self.receive(mail)
        self.assertEqual(len(aviso), 1)
        self.assertEqual(aviso.subject, "Solo texto")
        self.assertTrue(aviso.sender_unknown)

    def test_k8_headers_that_no_parser_likes(self):
        """Addresses, dates and types that are not what they should be."""
        cases = [
            [b"From: ", b"Subject: x"],
            [b"From: <<>>;;,", b"Subject: \t"],
            [b"From: a@x.example", b"Subject: a", b"Subject: b"],
            [b"From: a@x.example", b"Content-Type: text/plain; charset="],
            [b"From: a@x.example", b"Content-Type: */*"],
            [b"From: a@x.example", b"Content-Type: multipart/mixed"],
            [b"From: a@x.example", b"Content-Transfer-Encoding: base64"],
            [b"From: a@x.example", b"Subject: nulo\x00aqui"],
            [b"From: =?utf-8?B?w?= <a@x.example>", b"Subject: =?utf-8?B?w?="],
            [b"From: a@x.example", b"References: <<<>", b"In-Reply-To: []"],
            [b"From: a@x.example", b"Cc: undisclosed-recipients:;"],
        ]
        for number, headers in enumerate(cases):
            with self.subTest(headers):
                mail = self.raw(headers).replace(b"<raw@", b"<raw%d@" % number)
                self.assertEqual(len(self.receive(mail)), 1)

    def test_k8_attached_mail_is_kept_as_a_file(self):
        """Its text does not mix with that of the mail."""
        inner = self.new_mail(body="Texto de dentro", Subject="Pedido 7")
        mail = self.new_mail(body="Reenvío esto")
        mail.add_attachment(inner)
        aviso = self.receive(mail)
        self.assertNotIn("Texto de dentro", aviso.description)
        attachment = self.emails_of(aviso).attachment_ids
        self.assertEqual(attachment.mapped("name"), ["Pedido 7.eml"])
        self.assertIn(b"Texto de dentro", attachment.raw)

    def test_k8_names_of_files_that_nobody_encoded(self):
        mail = self.new_mail(files=[("NOMBRE", PDF, "application/pdf")]).as_bytes()
        mail = mail.replace(b"NOMBRE", "señal nº1.pdf".encode("cp1252"))
        aviso = self.receive(mail)
        self.assertEqual(
            self.emails_of(aviso).attachment_ids.mapped("name"), ["señal nº1.pdf"]
        )

    # ------------------------------------------------------------
    # Fax
    # ------------------------------------------------------------

    def fax(self, subject="Fax", sender="fax@pasarela.example", name="fax.pdf", **more):
        return self.new_mail(
            body="",
            To=self.fax_address,
            From=sender,
            Subject=subject,
            files=[(name, PDF, "application/pdf")],
            **more,
        )

    def test_k9_number_of_another_company_names_nobody_and_loses_no_fax(self):
        """The gateway reads every company's customers; the notice takes its own."""
        self.env["res.partner"].create(
            {
                "name": "De otros",
                "phone": "976 123 456",
                "company_id": self.other_company.id,
            }
        )
        aviso = self.receive(self.fax("Fax de 976123456"))
        self.assertEqual(len(aviso), 1)
        self.assertFalse(aviso.partner_id)
        self.assertTrue(aviso.sender_unknown)

    def test_k9_fax_by_mail_is_matched_by_its_number(self):
        """Wherever the gateway writes it; the channel is the fax."""
        cases = [
            {"subject": "Fax de 600 123 456 (2 páginas)"},
            {"sender": "34600123456@pasarela.example"},
            {"sender": '"+34 600-123-456" <fax@pasarela.example>'},
            {"name": "fax_600123456_20260302101500.pdf"},
            {"subject": "FAX 0034600123456"},
        ]
        for case in cases:
            with self.subTest(case):
                aviso = self.receive(self.fax(**case))
                self.assertEqual(aviso.procedencia_id.channel, "fax")
                self.assertEqual(aviso.phone_sanitized, "+34600123456")
                self.assertEqual(aviso.partner_id, self.customer)
                self.assertFalse(aviso.sender_unknown)
                self.assertEqual(aviso.message_main_attachment_id.raw, PDF)

    def test_k9_fax_of_an_unknown_number_is_flagged(self):
        """Even when the gateway itself is a contact."""
        self.vendor.email = "fax@pasarela.example"
        aviso = self.receive(self.fax(subject="Fax de 976 22 33 44"))
        self.assertEqual(aviso.phone_sanitized, "+34976223344")
        self.assertFalse(aviso.partner_id)
        self.assertTrue(aviso.sender_unknown)

    def test_k9_fax_without_number_is_its_sender(self):
        """A date is no number."""
        aviso = self.receive(self.fax(subject="Fax", sender=self.contact.email))
        self.assertEqual(aviso.partner_id, self.customer)
        aviso = self.receive(self.fax(subject="2026-03-02 10:15:00"))
        self.assertFalse(aviso.phone)
        self.assertTrue(aviso.sender_unknown)

    def test_k9_gateway_that_says_it_is_automatic_is_let_in(self):
        for headers in ({"Precedence": "bulk"}, {"Auto_Submitted": "auto-generated"}):
            self.assertEqual(len(self.receive(self.fax(**headers))), 1)
