from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import formataddr

from odoo.addons.gck_avisos.tests.common_correo import PDF, CorreoCase

from .common import ReclamacionesCase


class ReclamacionesCorreoCase(ReclamacionesCase, CorreoCase):
    """A type of claims with the address reclama@."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim_tipo.write(
            {
                "company_id": cls.company.id,
                "alias_name": "prueba-reclama",
                "alias_domain_id": cls.domain.id,
            }
        )
        cls.claim_address = "prueba-reclama@talleres.example.com"

    def new_claim_mail(self, **kwargs):
        return self.new_mail(**{"To": self.claim_address, **kwargs})

    def receive_claim(self, mail):
        """Hand a mail to the gateway and return the claims that it made."""
        Reclamacion = self.env["gck.reclamacion"]
        before = Reclamacion.search([], order="id desc", limit=1).id or 0
        with patch.object(type(self.env["mail.mail"]), "unlink", lambda self: True):
            self.env["mail.thread"].with_user(SUPERUSER_ID).message_process(
                None, mail.as_bytes()
            )
        self.track()
        return Reclamacion.search([("id", ">", before)])

    def outgoing_of(self, record):
        """Return the mails that leave about a record, oldest first."""
        return self.env["mail.mail"].search(
            [("model", "=", record._name), ("res_id", "in", record.ids)], order="id"
        )


@tagged("post_install", "-at_install")
class TestCorreo(ReclamacionesCorreoCase):
    """What is mailed to the address of a type becomes a claim (O-6, O-10, O-12)."""

    def test_o6_mail_becomes_a_draft_claim(self):
        claim = self.receive_claim(
            self.new_claim_mail(Subject="Llegó roto", body="El compresor llegó roto.")
        )
        self.assertEqual(len(claim), 1)
        self.assertEqual(claim.state, "draft")
        self.assertEqual(claim.direction, "customer")
        self.assertEqual(claim.clase, "claim")
        self.assertEqual(claim.tipo_id, self.claim_tipo)
        self.assertEqual(claim.subject, "Llegó roto")
        self.assertIn("El compresor", claim.description)
        self.assertEqual(claim.partner_id, self.customer)
        self.assertEqual(claim.contact_id, self.contact)
        self.assertEqual(claim.arrival, "mail")
        self.assertEqual(claim.company_id, self.company)
        self.assertFalse(claim.sender_unknown)
        self.assertFalse(claim.requester_id)
        self.assertEqual(str(claim.date), "2026-03-02 09:30:00")
        self.assertRegex(claim.name, r"^RE/")
        self.assertEqual(self.emails_of(claim).author_id, self.contact)

    def test_o6_type_gives_class_direction_and_people(self):
        self.claim_tipo.write(
            {
                "clase": "incident",
                "direction": "internal",
                "user_id": self.quality.id,
                "solver_id": self.seller.id,
            }
        )
        claim = self.receive_claim(self.new_claim_mail())
        self.assertEqual(claim.direction, "internal")
        self.assertEqual(claim.clase, "incident")
        self.assertRegex(claim.name, r"^INC/")
        self.assertEqual(claim.evaluator_id, self.quality)
        self.assertEqual(claim.solver_id, self.seller)
        told = self.messages_to(self.quality, claim)
        given = told.filtered(lambda m: m.message_type == "user_notification")
        self.assertEqual(len(given), 1)

    def test_o6_vendor_who_is_no_customer_makes_a_vendor_claim(self):
        Partner = type(self.env["res.partner"])
        with patch.object(
            Partner, "_gck_is_only_vendor", lambda self: self.name == "Marta Júcar"
        ):
            claim = self.receive_claim(self.new_claim_mail())
        # The claim is about the company of the sender, and so is the question.
        self.assertEqual(claim.direction, "customer")
        with patch.object(Partner, "_gck_is_only_vendor", lambda self: bool(self)):
            claim = self.receive_claim(self.new_claim_mail())
        self.assertEqual(claim.direction, "vendor")

    def test_o6_unknown_sender_is_flagged_and_identified_later(self):
        first = self.receive_claim(
            self.new_claim_mail(From="Ana <ana@obrador.example>")
        )
        second = self.receive_claim(self.new_claim_mail(From="ana@obrador.example"))
        claims = first | second
        self.assertEqual(claims.mapped("sender_unknown"), [True, True])
        self.assertFalse(claims.partner_id)
        self.assertEqual(first.email, "ana@obrador.example")
        self.assertEqual(first.tercero, "ana@obrador.example")
        found = self.env["gck.reclamacion"].search([("sender_unknown", "=", True)])
        self.assertLessEqual(claims, found)
        wizard = self.env["gck.aviso.remitente"].with_user(self.quality)
        action = first.with_user(self.quality).action_identify_sender()
        form = Form(wizard.with_context(**action["context"]))
        self.assertEqual(form.email_from, '"Ana" <ana@obrador.example>')
        self.assertIn(second.name, form.same_message)
        self.assertEqual(form.choice, "link")
        form.partner_id = self.contact
        form.save().action_confirm()
        self.assertEqual(claims.contact_id, self.contact)
        self.assertEqual(claims.partner_id, self.customer)
        self.assertEqual(claims.mapped("sender_unknown"), [False, False])
        self.assertEqual(self.emails_of(first).author_id, self.contact)

    def test_o6_mail_is_not_lost_to_a_proposal_of_another_company(self):
        self.claim_tipo.write({"company_id": False, "user_id": self.foreign.id})
        claim = self.receive_claim(self.new_claim_mail())
        self.assertEqual(len(claim), 1)
        self.assertFalse(claim.evaluator_id)
        self.assertEqual(claim.company_id, self.company)

    def test_o6_colleague_who_mails_is_the_requester(self):
        claim = self.receive_claim(self.new_claim_mail(From="seller@gck.example.com"))
        self.assertEqual(claim.requester_id, self.seller)
        self.assertFalse(claim.partner_id)
        self.assertFalse(claim.sender_unknown)

    def test_o6_one_mail_makes_one_record(self):
        """To two addresses, twice, or as an automatic reply."""
        mail = self.new_claim_mail(To=f"{self.claim_address}, {self.address}")
        before = self.env["gck.aviso"].search_count([])
        claim = self.receive_claim(mail)
        self.assertEqual(len(claim), 1)
        self.assertEqual(self.env["gck.aviso"].search_count([]), before)
        self.assertFalse(self.receive_claim(mail))
        auto = self.new_claim_mail(Auto_Submitted="auto-replied")
        self.assertFalse(self.receive_claim(auto))
        # The address that the mail names first says what it becomes.
        notice = self.receive(
            self.new_claim_mail(To=f"{self.address}, {self.claim_address}")
        )
        self.assertEqual(len(notice), 1)

    def test_o6_acknowledgement_goes_out_once(self):
        template = self.env.ref("gck_reclamaciones.mail_template_reclamacion_ack")
        self.claim_tipo.ack_template_id = template
        claim = self.receive_claim(self.new_claim_mail())
        mail = self.outgoing_of(claim)
        self.assertEqual(len(mail), 1)
        self.assertIn(claim.name, mail.subject)
        self.assertIn("marta@jucar.example.com", mail.email_to)
        self.assertIn("auto-replied", mail.headers)
        self.assertEqual(
            mail.email_from, formataddr((self.company.name, self.claim_address))
        )

    def test_o10_evidence_is_a_file_attached(self):
        self.claim_tipo.write({"require_evidence": True, "user_id": self.quality.id})
        bare = self.receive_claim(self.new_claim_mail())
        files = [("foto.pdf", PDF, "application/pdf")]
        full = self.receive_claim(self.new_claim_mail(files=files))
        (bare | full).categoria_id = self.categoria
        self.assertEqual(full.message_attachment_count, 1)
        with self.assertRaisesRegex(UserError, "A file as evidence"):
            bare.action_open()
        full.action_open()
        self.assertEqual(full.state, "open")
        self.claim_tipo.require_evidence = False
        bare.action_open()
        self.assertEqual(bare.state, "open")

    def test_o10_html_from_outside_is_never_a_page(self):
        files = [
            ("malo.html", b"<script>x()</script>", "application/octet-stream"),
            ("malo.svg", b"<svg onload='x()'/>", "image/svg+xml"),
        ]
        claim = self.receive_claim(
            self.new_claim_mail(files=files, html="<p>Hola<script>x()</script></p>")
        )
        attachments = self.emails_of(claim).attachment_ids
        self.assertEqual(attachments.mapped("mimetype"), ["text/plain"] * 2)
        self.assertNotIn("script", claim.description)

    def test_o12_note_change_and_mail_are_in_the_claim_and_answer_threads_back(self):
        claim = self.receive_claim(self.new_claim_mail())
        claim.evaluator_id = self.quality
        mine = claim.with_user(self.quality)
        mine.message_post(body="Mirar el lote", subtype_xmlid="mail.mt_note")
        mine.severity = "major"
        self.track()
        sent = mine.message_post(
            body="¿Qué lote es?",
            partner_ids=claim.contact_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        mail = self.outgoing_of(claim).filtered(lambda m: m.mail_message_id == sent)
        self.assertEqual(mail.recipient_ids, self.contact)
        self.assertIn(self.claim_address, mail.reply_to)
        answer = self.new_claim_mail(
            To=mail.reply_to, In_Reply_To=sent.message_id, body="El lote 7."
        )
        self.assertFalse(self.receive_claim(answer))
        self.forget()
        text = self.log_text(claim)
        for part in ("Mirar el lote", "¿Qué lote es?", "El lote 7"):
            self.assertIn(part, text)
        tracked = claim.message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertIn("severity", tracked)
        self.assertTrue(all(claim.message_ids.mapped("date")))
        self.assertTrue(self.messages_to(self.quality, claim))

    def test_o12_answer_to_a_closed_claim_tells_the_responsible(self):
        claim = self.receive_claim(self.new_claim_mail())
        claim.write(
            {
                "evaluator_id": self.quality.id,
                "categoria_id": self.categoria.id,
                "causa_id": self.causa.id,
                "resolution": "Repuesto",
            }
        )
        claim.action_open()
        claim.action_close()
        before = self.messages_to(self.quality, claim)
        root = self.emails_of(claim)
        answer = self.new_claim_mail(In_Reply_To=root.message_id, body="Sigue roto")
        self.assertFalse(self.receive_claim(answer))
        self.assertEqual(claim.state, "done")
        self.assertIn("Sigue roto", self.log_text(claim))
        told = self.messages_to(self.quality, claim) - before
        self.assertIn("user_notification", told.mapped("message_type"))
