import base64

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import USER, AvisosCase


@tagged("post_install", "-at_install")
class TestMail(AvisosCase):
    """E-mail sent from a task is an intervention (K-37, K-40)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secretary = cls.new_user(
            "secretary", f"{USER},base.group_partner_manager", "Silvia Secretary"
        )

    def setUp(self):
        super().setUp()
        self.aviso = self.new_aviso(
            partner_id=self.customer.id, contact_id=self.contact.id
        )
        self.tarea = self.new_tarea(self.aviso, user_id=self.own.id).with_user(self.own)
        self.tarea.contact_id = self.contact
        self.file = (
            self.env["ir.attachment"]
            .with_user(self.own)
            .create({"name": "oferta.pdf", "datas": base64.b64encode(b"%PDF oferta")})
        )

    def compose(self, **context):
        action = self.tarea.action_send_email()
        Composer = self.env["mail.compose.message"].with_user(self.own)
        return Form(Composer.with_context(**action["context"], **context))

    def test_k40_mail_from_the_task_logs_one_intervention(self):
        """Sent with the PDF, it logs who, to whom, what and the file."""
        with self.compose() as form:
            form.body = "<p>Le adjunto el presupuesto</p>"
            form.attachment_ids.add(self.file)
        form.record.action_send_mail()
        line = self.tarea.intervencion_ids
        self.assertEqual(len(line), 1)
        self.assertEqual(line.category, "email")
        self.assertEqual(line.direction, "out")
        self.assertEqual(line.user_id, self.own)
        self.assertEqual(line.aviso_id, self.aviso)
        self.assertIn("Le adjunto el presupuesto", line.description)
        self.assertIn("marta@jucar.example.com", line.result)
        self.assertEqual(line.attachment_ids.mapped("name"), ["oferta.pdf"])
        self.assertEqual(line.attachment_ids.raw, b"%PDF oferta")
        message = self.tarea.message_ids.filtered("attachment_ids")
        self.assertEqual(message.partner_ids, self.contact)

    def test_k40_file_of_the_intervention_outlives_the_message(self):
        """Deleting the message's file leaves the intervention's."""
        self.tarea.message_post(
            body="x",
            partner_ids=self.contact.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=self.file.ids,
        )
        self.file.sudo().unlink()
        self.assertEqual(self.tarea.intervencion_ids.attachment_ids.raw, b"%PDF oferta")

    def test_k40_mail_without_text_is_sent_and_logged(self):
        """A message that is only its attachment does not fail."""
        self.tarea.message_post(
            body="",
            partner_ids=self.contact.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=self.file.ids,
        )
        self.assertEqual(len(self.tarea.intervencion_ids), 1)

    def test_k40_notes_and_colleagues_log_nothing(self):
        """What stays inside the house is no intervention."""
        self.tarea.message_post(body="Nota", subtype_xmlid="mail.mt_note")
        self.tarea.message_post(
            body="Nota a colega",
            subtype_xmlid="mail.mt_note",
            partner_ids=self.colleague.partner_id.ids,
        )
        self.tarea.message_post(
            body="Mensaje a colega",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.colleague.partner_id.ids,
        )
        self.assertFalse(self.tarea.intervencion_ids)

    def test_k40_answer_of_the_customer_logs_nothing(self):
        """An incoming mail is no work of ours."""
        self.tarea.sudo().message_post(
            body="Gracias",
            author_id=self.contact.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        self.assertFalse(self.tarea.intervencion_ids)

    def test_k40_customer_is_not_made_a_follower(self):
        """Later internal messages do not reach the customer."""
        with self.compose() as form:
            form.body = "<p>Hola</p>"
        form.record.action_send_mail()
        self.assertNotIn(self.contact, self.tarea.message_partner_ids)

    def test_k40_mail_on_a_finished_task_changes_nothing(self):
        """A message after the end is sent, and the log of work stays as it was."""
        self.tarea._do_done("Hecho")
        self.tarea.message_post(
            body="PD",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.contact.ids,
        )
        self.assertFalse(self.tarea.intervencion_ids)

    def test_k40_document_sent_from_the_task_logs_on_it(self):
        """A linked document mailed from the task is an intervention of the task."""
        document = self.customer.with_user(self.secretary)
        tarea = self.new_tarea(user=self.secretary, user_id=self.secretary.id)
        Composer = self.env["mail.compose.message"].with_user(self.secretary)
        context = {
            "default_model": document._name,
            "default_res_ids": document.ids,
            "default_composition_mode": "comment",
            "default_partner_ids": self.contact.ids,
            "default_subject": "Ficha",
            "gck_tarea_id": tarea.id,
        }
        with Form(Composer.with_context(**context)) as form:
            form.body = "<p>Su ficha</p>"
        form.record.action_send_mail()
        self.assertEqual(len(tarea.intervencion_ids), 1)
        self.assertEqual(tarea.intervencion_ids.user_id, self.secretary)

    def test_k40_forged_task_in_the_context_logs_nothing(self):
        """A task that the sender may not change takes no intervention."""
        hidden = self.new_tarea(user=self.manager, user_id=self.outsider.id)
        for value in (hidden.id, 999999999, "1", [1]):
            customer = self.customer.with_user(self.secretary)
            customer.with_context(gck_tarea_id=value).message_post(
                body="x",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.contact.ids,
            )
        self.assertFalse(hidden.intervencion_ids)

    def test_k40_nobody_to_write_to_is_said(self):
        """Without recipient or address the button says what is missing."""
        with self.assertRaises(UserError):
            self.new_tarea().action_send_email()
        self.tarea.contact_id = self.env["res.partner"].create(
            {"name": "Sin Correo", "parent_id": self.customer.id}
        )
        with self.assertRaises(UserError) as refusal:
            self.tarea.action_send_email()
        self.assertNames(refusal.exception, "Sin Correo")

    def test_k37_text_of_people_is_escaped_in_notifications(self):
        """Markup in a subject or a reason stays text."""
        nasty = "<script>alert(1)</script>"
        tarea = self.new_tarea(subject=nasty, user_id=self.colleague.id)
        message = self.messages_to(self.colleague, tarea)
        self.assertNotIn("<script", message.body)
        self.confirm(tarea.action_cancel(), text=nasty)
        self.confirm(self.new_tarea().action_done(), text=nasty)
        self.assertNotIn("<script", self.log_text(tarea))
        self.assertIn("&lt;script", self.log_text(tarea))
