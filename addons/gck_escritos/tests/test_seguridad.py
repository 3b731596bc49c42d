import base64
import io
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from PIL import Image

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from .common import EscritoCase


@tagged("post_install", "-at_install")
class TestSeguridad(EscritoCase, HttpCase):
    """What no client may do to written documents, whatever it sends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(
            cls.env, "esc_other", "base.group_user,gck_avisos.group_gck_aviso_user"
        )
        cls.tipo = cls.env["gck.procedimiento.tipo"].create({"name": "Calidad"})

    def _close_folder(self, clase):
        folder = self.env["gck.carpeta"]._get_system(clase, self.writer.company_id)
        folder.sudo().inherit_rights = False
        self.env.flush_all()
        self.env.invalidate_all()
        return folder

    def _create_procedure(self, **vals):
        return self._create_escrito(
            "procedimiento",
            **{
                "code": "PC-9",
                "partner_id": False,
                "procedimiento_tipo_id": self.tipo.id,
                **vals,
            },
        )

    def _create_valid_procedure(self):
        procedure = self._create_procedure()
        procedure.action_submit()
        procedure.with_user(self.manager).action_approve()
        return procedure

    # ------------------------------------------------------------

    def test_m57_own_pdf_is_read_whatever_the_folder_allows(self):
        """Issue, open and print work where the folder is for managers only."""
        self._close_folder("carta")
        carta = self._create_escrito()
        carta.action_issue()
        self.env.flush_all()
        self.assertFalse(carta.documento_id.has_access("read"))
        raw = carta._get_pdf()
        url = carta.action_open_documento()["url"]
        self.authenticate(self.writer.login, self.writer.login)
        self.assertEqual(self.url_open(url).content, raw)
        self.authenticate(self.colleague.login, self.colleague.login)
        self.assertEqual(self.url_open(url).status_code, 404)
        with self.assertRaises(AccessError):
            carta.with_user(self.colleague).action_open_documento()

    def test_m57_system_fields_are_not_written(self):
        """Nobody reads a file by saying that it is that of their own draft."""
        memo = self._create_escrito("memo", to_user_ids=self.writer.ids)
        memo.action_issue()
        version = memo.sudo().version_id
        attack = {
            "body_issued": "<p>x</p>",
            "documento_id": version.documento_id.id,
            "version_id": version.id,
            "pdf_sha256": memo.pdf_sha256,
            "page_count": 1,
            "previous_id": memo.id,
            "previous_relation": "version",
            "version": 7,
            "copy_documento_id": version.documento_id.id,
            "mail_server_name": "x",
            "date_end_reminded": "2026-01-01",
        }
        own = self._create_escrito().with_user(self.writer)
        for name, value in attack.items():
            with self.subTest(field=name):
                with self.assertRaises(UserError):
                    own.write({name: value})
                with self.assertRaises(UserError):
                    self._create_escrito(**{name: value})

    def test_m57_defaults_of_a_client_are_no_system_fields(self):
        """Neither the context nor the defaults of a user fill them in."""
        memo = self._create_escrito("memo", to_user_ids=self.writer.ids)
        memo.action_issue()
        version = memo.sudo().version_id
        self.env["ir.default"].with_user(self.colleague).set(
            "gck.escrito", "version_id", version.id, user_id=True
        )
        draft = (
            self.Escrito.with_user(self.colleague)
            .with_context(default_previous_id=memo.id, default_state="issued")
            .create({"clase": "carta", "body": "<p>x</p>"})
        )
        self.assertFalse(draft.version_id or draft.previous_id)
        self.assertEqual((draft.state, draft.version), ("draft", 1))
        carta = self._create_escrito()
        carta.action_issue()
        following = self.Escrito.browse(
            carta.with_context(default_state="issued").action_new_version()["res_id"]
        )
        self.assertEqual(following.state, "draft")

    def test_m67_changes_are_those_of_the_same_procedure(self):
        """A form that is being edited cannot show the text of another writing."""
        memo = self._create_escrito(
            "memo", body="<p>Secreto</p>", to_user_ids=self.writer.ids
        )
        memo.action_issue()
        procedure = self._create_procedure().with_user(self.writer)
        edited = procedure.new({"previous_id": memo.id}, origin=procedure)
        self.assertNotIn("Secreto", edited.diff_html or "")
        # sudo: as a wrong row of the database would be.
        procedure.sudo().flush_recordset()
        self.env.cr.execute(
            "UPDATE gck_escrito SET previous_id = %s WHERE id = %s",
            (memo.id, procedure.id),
        )
        procedure.invalidate_recordset()
        self.assertNotIn("Secreto", procedure.diff_html or "")

    def test_m55_import_does_not_rewrite_what_was_issued(self):
        """A manager who imports changes neither text nor state of what was issued."""
        carta = self._create_escrito()
        carta.action_issue()
        imported = carta.with_user(self.manager).with_context(import_file=True)
        for vals in (
            {"body": "<p>Otra cosa</p>"},
            {"body_issued": "<p>Otra cosa</p>"},
            {"state": "draft"},
            {"name": "CA/1"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                imported.write(vals)
        # Nor does the superuser, whatever context a client sends along.
        with self.assertRaises(UserError):
            carta.with_user(self.manager).with_context(install_mode=True).write(
                {"state": "draft"}
            )

    def test_m67_nothing_is_born_but_a_draft(self):
        """No document is created past its approval or its issue."""
        for state in ("approval", "valid", "withdrawn", "superseded", "sent"):
            with self.subTest(state=state), self.assertRaises(UserError):
                self._create_procedure(state=state)
            draft = self.Escrito.with_context(default_state=state).create(
                {"clase": "procedimiento", "code": state, "body": "<p>x</p>"}
            )
            self.assertEqual(draft.state, "draft")

    def test_m56_signature_is_read_by_its_owner_only(self):
        """A colleague reads no scanned signature; people set their own."""
        stream = io.BytesIO()
        Image.new("RGB", (2, 2)).save(stream, "PNG")
        picture = base64.b64encode(stream.getvalue())
        names = ["gck_firma", "gck_firma_delegate_ids"]
        mine = self.writer.with_user(self.writer)
        mine.write({"gck_firma": picture})
        mine.write({"gck_firma_delegate_ids": [Command.link(self.manager.id)]})
        self.env.invalidate_all()
        [values] = mine.read(names)
        self.assertTrue(values["gck_firma"])
        self.assertEqual(values["gck_firma_delegate_ids"], self.manager.ids)
        with self.assertRaises(AccessError):
            self.writer.with_user(self.colleague).read(names)
        view = self.env.ref("base.view_users_form_simple_modif")
        form = Form(mine, view=view)
        self.assertIn("gck_firma", form._view["fields"])
        carta = self._create_escrito()
        self.assertTrue(carta._get_firma())

    def test_m67_in_force_is_withdrawn_not_cancelled(self):
        """Only a manager ends what is in force, by withdrawing it."""
        procedure = self._create_valid_procedure()
        for user in (self.writer, self.manager):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                procedure.with_user(user)._do_cancel("Fuera")
        self.assertEqual(procedure.state, "valid")
        draft = self._create_procedure(code="PC-10")
        draft._do_cancel("Fuera")
        self.assertEqual(draft.state, "cancel")

    def test_m57_issued_and_cancelled_is_not_deleted(self):
        """The number and the file of what was issued stay on record."""
        carta, draft = self._create_escrito(), self._create_escrito()
        carta.action_issue()
        (carta | draft)._do_cancel("Error")
        with self.assertRaises(UserError):
            carta.with_user(self.manager).unlink()
        draft.with_user(self.manager).unlink()
        self.assertTrue(carta.exists())
        self.assertFalse(draft.exists())

    def test_m67_new_version_keeps_its_code(self):
        """Approving a version never ends another procedure."""
        procedure = self._create_valid_procedure()
        version = self.Escrito.browse(procedure.action_new_version()["res_id"])
        with self.assertRaises(UserError):
            version.write({"code": "PC-10"})
        version.write({"code": " PC-9 ", "subject": "Otra"})
        self.assertEqual(version.code, "PC-9")

    def test_m62_signers_are_the_parties(self):
        """Nobody else's contact, nor a user from outside, is asked to sign."""
        other = self.env["res.partner"].create(
            {"name": "Ajena, S.L.", "email": "ajena@x.example"}
        )
        portal = new_test_user(self.env, "esc_signer", "base.group_portal")
        self.contact.email = "ana@levante.example"
        contrato = self._create_escrito(
            "contrato", title="Mantenimiento", contact_id=self.contact.id
        )
        contrato.action_issue()
        Wizard = self.env["gck.escrito.firmar"].with_user(self.writer)
        for vals in ({"partner_id": other.id}, {"user_id": portal.id}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                Wizard.create({"escrito_id": contrato.id, **vals}).action_confirm()
        self.assertFalse(contrato.firma_ids)

    # ------------------------------------------------------------
    # Files, recipients, links
    # ------------------------------------------------------------

    def _upload(self, name="plano.txt", user=None):
        return (
            self.env["ir.attachment"]
            .with_user(user or self.writer)
            .create({"name": name, "raw": b"plano", "res_model": "gck.escrito"})
        )

    def test_m47_files_added_before_saving_belong_to_the_writing(self):
        """A manager reads them; a copy has files of its own."""
        file = self._upload()
        draft = self._create_escrito("correo", attachment_ids=file.ids)
        self.assertEqual((file.res_model, file.res_id), ("gck.escrito", draft.id))
        self.assertTrue(file.with_user(self.manager).has_access("read"))
        later = self._upload("otro.txt")
        draft.write({"attachment_ids": [Command.link(later.id)]})
        self.assertEqual(later.res_id, draft.id)
        copy = draft.copy()
        self.assertEqual(copy.attachment_ids.mapped("res_id"), [copy.id] * 2)
        self.assertFalse(copy.attachment_ids & draft.attachment_ids)
        self.assertEqual(copy.attachment_ids[0].raw, b"plano")

    def test_m47_nobody_sends_the_file_of_somebody_else(self):
        """A file that the user may not read cannot be attached."""
        secret = self._upload("secreto.txt", self.colleague)
        with self.assertRaises(AccessError):
            self._create_escrito("correo", attachment_ids=secret.ids)
        draft = self._create_escrito("correo")
        with self.assertRaises(AccessError):
            draft.write({"attachment_ids": [Command.link(secret.id)]})

    def test_m67_files_are_held_with_their_text(self):
        """Nor do the files change while it waits for approval, or in force."""
        procedure = self._create_procedure(attachment_ids=self._upload().ids)
        file = procedure.attachment_ids
        file.write({"name": "nuevo.txt"})
        procedure.action_submit()
        for state in ("approval", "valid"):
            for vals in ({"raw": b"otro"}, {"name": "x"}, {"res_id": 0}):
                with (
                    self.subTest(state=state, vals=vals),
                    self.assertRaises(UserError),
                ):
                    file.write(vals)
            with self.subTest(state=state), self.assertRaises(UserError):
                file.unlink()
            if state == "approval":
                procedure.with_user(self.manager).action_approve()
        self.assertEqual(file.raw, b"plano")

    def test_m52_writings_group_alone_is_enough(self):
        """Who has no other role of the suite writes, merges, issues and copies."""
        alone = new_test_user(
            self.env,
            "esc_alone",
            "base.group_user,gck_escritos.group_gck_escrito_user,"
            "base.group_partner_manager",
        )
        carta = self._create_escrito()
        self.env["gck.vinculo"]._link(carta, self.contact)
        carta.sudo().user_id = alone
        carta = carta.with_user(alone)
        self.env.invalidate_all()
        self.assertTrue(carta.preview)
        carta.action_issue()
        copy = carta.copy()
        self.assertEqual(copy.sudo().vinculo_ids.mapped("res_id"), self.contact.ids)

    def test_m58_expiry_is_reminded_after_the_renewal(self):
        """One activity for the renewal, and another one for the expiry."""
        contrato = self._create_escrito(
            "contrato",
            title="Mantenimiento",
            date_document="2026-01-01",
            date_start="2026-01-01",
            date_renewal="2026-10-31",
            date_expiry="2026-12-31",
        )
        contrato.action_issue()
        Escrito = self.env["gck.escrito"]
        with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
            for day in ("2026-10-25", "2026-10-26", "2026-12-25", "2026-12-26"):
                with freeze_time(day):
                    Escrito._cron_remind_contracts()
        dates = contrato.sudo().activity_ids.mapped("date_deadline")
        self.assertEqual(sorted(map(str, dates)), ["2026-10-31", "2026-12-31"])

    def test_m48_recipients_do_not_move_into_what_was_sent(self):
        """Nor is anybody added whose file the user may not read."""
        draft = self._create_escrito(
            "correo", destinatario_ids=[Command.create({"partner_id": self.partner.id})]
        )
        sent = self._create_escrito("correo")
        sent._accion_transition("sent")
        with self.assertRaises(UserError):
            draft.destinatario_ids.escrito_id = sent
        hidden = self.env["res.partner"].create(
            {
                "name": "De otra",
                "company_id": self.env["res.company"].create({"name": "Otra"}).id,
            }
        )
        with self.assertRaises(AccessError):
            self.env["gck.escrito.destinatario"].with_user(self.writer).create(
                {"escrito_id": draft.id, "partner_id": hidden.id}
            )

    def test_m62_link_gives_the_file_that_was_signed(self):
        """Not what is filed later; nothing once cancelled, refused or a month old."""
        self.contact.email = "ana@levante.example"
        contrato = self._create_escrito(
            "contrato", title="Mantenimiento", contact_id=self.contact.id
        )
        contrato.action_issue()
        Wizard = self.env["gck.escrito.firmar"].with_user(self.writer)
        Wizard.create({"escrito_id": contrato.id}).action_confirm()
        firma = contrato.firma_ids.sudo()
        stream = io.BytesIO()
        image = Image.new("RGBA", (20, 20))
        image.putpixel((3, 3), (0, 0, 0, 255))
        image.save(stream, "PNG")
        firma._accept()
        firma._sign("Ana", base64.b64encode(stream.getvalue()).decode(), "10.0.0.1")
        signed = firma.signed_version_id.attachment_id.raw
        contrato.sudo().documento_id._add_version("otro.pdf", raw=b"%PDF-1.4 otro")
        url = f"/gck/firma/{firma.access_token}"
        self.assertEqual(self.url_open(f"{url}/documento.pdf").content, signed)
        self.assertEqual(self.url_open(url).status_code, 200)
        firma.date_signed = fields.Datetime.now() - timedelta(days=31)
        self.assertEqual(self.url_open(f"{url}/documento.pdf").status_code, 404)
        self.assertEqual(self.url_open(url).status_code, 200)
        firma.date_signed = fields.Datetime.now()
        firma.state = "refused"
        self.assertEqual(self.url_open(f"{url}/documento.pdf").status_code, 404)
        firma.state = "signed"
        contrato._do_cancel("Error")
        self.assertEqual(self.url_open(f"{url}/documento.pdf").status_code, 404)

    def test_m49_fax_number_has_digits(self):
        """Signs alone are no number."""
        for number, right in (
            ("(--) ...", False),
            ("12 34", False),
            ("963 11 22 33", True),
            ("+34 (963) 11-22.33", True),
        ):
            with self.subTest(number=number):
                fax = self._create_escrito("fax", fax=number)
                self.assertEqual(not fax._get_recipient_problem(), right)

    def test_m49_recipients_of_bulk_letters_say_nothing_of_their_own(self):
        """What a recipient is written about comes from the selection."""
        Envio = self.env["gck.escrito.envio"].with_user(self.writer)
        action = Envio.create_from_selection("res.partner", self.partner.ids)
        envio = Envio.browse(action["res_id"])
        escrito = self._create_escrito()
        for vals in ({"escrito_id": escrito.id}, {"res_id": 7}, {"message": "x"}):
            with self.subTest(vals=vals):
                with self.assertRaises(UserError):
                    envio.linea_ids.write(vals)
                with self.assertRaises(UserError):
                    envio.linea_ids.create(
                        {"envio_id": envio.id, "partner_id": self.contact.id, **vals}
                    )
        line = envio.linea_ids.with_context(default_res_id=7).create(
            {"envio_id": envio.id, "partner_id": self.contact.id}
        )
        self.assertFalse(line.res_id)
