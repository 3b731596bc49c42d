import hashlib
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EscritoCase

PDF = b"%PDF-1.4 fake "


@tagged("post_install", "-at_install")
class TestEmision(EscritoCase):
    """Issue: numbered, frozen, filed; printed with switches; corrected by versions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rendered = []

        def render(escrito, with_logo=None, with_signature=None):
            cls.rendered.append((escrito.id, with_logo, with_signature))
            return PDF + str(len(cls.rendered)).encode()

        cls.startClassPatcher(
            patch.object(type(cls.env["gck.escrito"]), "_render_pdf", render)
        )

    def test_m57_issue_freezes_and_files(self):
        """M-57: the PDF is made once, its hash kept, and filed with its links."""
        carta = self._create_escrito()
        carta.action_issue()
        raw = carta._get_pdf()
        self.assertEqual(carta.pdf_sha256, hashlib.sha256(raw).hexdigest())
        self.assertEqual(carta._get_pdf(), raw)
        self.assertEqual(len([r for r in self.rendered if r[0] == carta.id]), 1)
        documento = carta.documento_id.sudo()
        self.assertEqual(documento.carpeta_id.code, "carta")
        self.assertEqual(documento.partner_id, self.partner)
        linked = {(link.res_model, link.res_id) for link in documento.vinculo_ids}
        self.assertLessEqual(
            {("gck.escrito", carta.id), ("res.partner", self.partner.id)}, linked
        )

    def test_m57_a_changed_file_is_not_given_out(self):
        """A file that is not the one issued is refused, not printed."""
        carta = self._create_escrito()
        carta.action_issue()
        carta.sudo().version_id.attachment_id.raw = b"%PDF-1.4 other"
        with self.assertRaisesRegex(UserError, "not the one that was issued"):
            carta._get_pdf()

    def test_issued_once(self):
        """A second click, or a second person, issues nothing more."""
        carta = self._create_escrito()
        carta.action_issue()
        number, sha = carta.name, carta.pdf_sha256
        carta.action_issue()
        self.assertEqual((carta.name, carta.pdf_sha256), (number, sha))
        numbers = [self._create_escrito() for _index in range(2)]
        for escrito in numbers:
            escrito.action_issue()
        self.assertEqual(
            int(numbers[1].name.rpartition("/")[2]),
            int(number.rpartition("/")[2]) + 2,
        )

    def test_m55_later_edits_of_the_text_leave_issued_letters(self):
        """M-55: what the text says later does not change what was written."""
        texto = self.env["gck.texto"].create(
            {"name": "Aviso", "code": "AV", "body": "<p>Hola, {cliente}</p>"}
        )
        draft = self._create_escrito(texto_id=texto.id, body="<p>Hola, {cliente}</p>")
        issued = draft.copy()
        issued.action_issue()
        texto.body = "<p>Adiós</p>"
        self.partner.name = "Otra, S.A."
        self.assertIn("Hola, {cliente}", draft.body)
        self.assertIn("Hola, Frutas Levante, S.L.", issued.body_issued)
        self.assertIn("Frutas Levante", issued.preview)

    def test_errors_name_what_lacks(self):
        """Every draft that lacks something is named with what it lacks."""
        poor = self.env["res.partner"].create({"name": "Sin Señas"})
        carta = self._create_escrito(partner_id=poor.id)
        fax = self._create_escrito("fax")
        contrato = self._create_escrito("contrato")
        empty = self._create_escrito(body=False)
        with self.assertRaises(UserError) as error:
            (carta | fax | contrato | empty).action_issue()
        text = str(error.exception)
        for part in ("Sin Señas has no postal", "fax number", "no title", "no text"):
            self.assertIn(part, text)
        self.assertEqual({carta.state, fax.state, empty.state}, {"draft"})

    def test_numero_is_known_to_the_text(self):
        """{numero} is the final number, which the issue gives."""
        carta = self._create_escrito(body="<p>Cite {numero}</p>", subject="N. {numero}")
        carta.action_issue()
        self.assertIn(carta.name, carta.body_issued)
        self.assertEqual(carta.subject, f"N. {carta.name}")

    def test_new_version_refers_to_the_old(self):
        """An issued letter is corrected by a version that names it, once."""
        carta = self._create_escrito(contact_id=self.contact.id)
        with self.assertRaises(UserError):
            carta.action_new_version()
        carta.action_issue()
        action = carta.action_new_version()
        version = self.Escrito.browse(action["res_id"])
        self.assertEqual((version.previous_id, version.version), (carta, 2))
        self.assertEqual(carta.action_new_version()["res_id"], version.id)
        self.assertFalse(carta.replaced_by_id)
        version.body = "<p>Corregida</p>"
        version.action_issue()
        carta.invalidate_recordset()
        self.assertEqual(carta.replaced_by_id, version)
        self.assertNotEqual(carta.name, version.name)

    def test_cancel_keeps_the_number(self):
        """What was issued and cancelled stays, and does not become a draft again."""
        carta = self._create_escrito()
        carta.action_issue()
        number = carta.name
        carta._do_cancel("Error")
        self.assertEqual((carta.state, carta.name), ("cancel", number))
        carta.action_draft()
        self.assertEqual(carta.state, "cancel")

    def test_sender_of_somebody_else_has_no_signature_image(self):
        """Nobody puts the image of a colleague's signature without being allowed."""
        pixel = (
            b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
            b"WjR9awAAAABJRU5ErkJggg=="
        )
        self.manager.gck_firma = pixel
        carta = self._create_escrito(user_id=self.manager.id)
        self.assertFalse(carta._get_firma())
        self.assertTrue(carta.with_user(self.manager)._get_firma())
        self.manager.gck_firma_delegate_ids = self.writer
        self.assertTrue(carta._get_firma())

    # ------------------------------------------------------------
    # Print
    # ------------------------------------------------------------

    def _print(self, escritos, **vals):
        wizard = (
            self.env["gck.escrito.imprimir"]
            .with_user(self.writer)
            .create({"escrito_ids": escritos.ids, **vals})
        )
        with patch.object(
            type(wizard), "_merge_pdf", lambda self, raws: b"|".join(raws)
        ):
            action = wizard.action_print()
        self.assertEqual(action["type"], "ir.actions.act_url")
        return wizard

    def test_m56_print_as_issued_is_the_frozen_file(self):
        """M-56: the same switches give the very bytes that were kept."""
        carta = self._create_escrito()
        carta.action_issue()
        wizard = self._print(carta)
        self.assertFalse(wizard.is_copy)
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", wizard._name), ("res_field", "=", "pdf")]
        )
        self.assertEqual(attachment.raw, carta._get_pdf())

    def test_m56_other_switches_are_a_copy_on_paper(self):
        """M-56: other switches compose anew and leave the frozen file."""
        carta = self._create_escrito()
        carta.action_issue()
        frozen = carta._get_pdf()
        wizard = self._print(carta, with_logo=False, with_signature=False)
        self.assertTrue(wizard.is_copy)
        self.assertEqual(self.rendered[-1], (carta.id, False, False))
        self.assertEqual(carta._get_pdf(), frozen)

    def test_bulk_print_is_one_file(self):
        """A selection prints as one PDF, in the order of the numbers."""
        cartas = self._create_escrito() | self._create_escrito()
        cartas.action_issue()
        wizard = self._print(cartas)
        self.assertIn("2", wizard.filename)

    def test_print_needs_the_right_to_read(self):
        """Nobody prints a letter that they may not read."""
        carta = self._create_escrito()
        wizard = (
            self.env["gck.escrito.imprimir"]
            .with_user(self.writer)
            .create({"escrito_ids": carta.ids})
        )
        carta.sudo().write({"user_id": self.manager.id, "requester_id": False})
        carta.sudo().message_unsubscribe(self.writer.partner_id.ids)
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            wizard.action_print()
