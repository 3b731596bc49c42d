from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PropuestasCase


@tagged("post_install", "-at_install")
class TestChecklist(PropuestasCase):
    """The documents that a prospect has to bring (O-31)."""

    def test_o31_the_class_fills_the_list_and_another_changes_it(self):
        lead = self.new_propuesta()
        self.assertEqual(
            lead.gck_propuesta_line_ids.tipo_id, self.cif | self.sepa | self.brochure
        )
        deed = self.env["gck.documento.tipo"].create({"name": "Escrituras"})
        other = self.env["gck.cliente.clase"].create(
            {
                "name": "Administración",
                "documento_ids": [
                    fields.Command.create({"tipo_id": self.cif.id}),
                    fields.Command.create({"tipo_id": deed.id}),
                ],
            }
        )
        self.receive(lead, self.sepa)
        lead.gck_cliente_clase_id = other
        self.assertEqual(
            lead.gck_propuesta_line_ids.tipo_id, self.cif | self.sepa | deed
        )

    def test_o31_the_percentage_counts_obligatory_documents(self):
        lead = self.new_propuesta()
        self.assertEqual(lead.gck_propuesta_progress, 0)
        self.assertEqual(lead.gck_propuesta_missing, 2)
        self.receive(lead, self.cif, self.brochure)
        lines = lead.with_user(self.validator).gck_propuesta_line_ids
        lines.filtered(lambda line: line.state == "received").action_validate()
        self.assertEqual(lead.gck_propuesta_progress, 50)
        self.assertEqual(lead.gck_propuesta_missing, 1)

    def test_o31_a_file_is_kept_in_the_store_and_a_second_is_its_new_version(self):
        lead = self.new_propuesta()
        self.receive(lead, self.cif)
        line = self.line_of(lead, self.cif)
        self.assertEqual(line.state, "received")
        self.assertEqual(line.received_user_id, self.seller)
        document = line.documento_id
        self.assertEqual(document.tipo_id, self.cif)
        self.assertEqual(
            document.carpeta_id,
            self.env["gck.carpeta"]._get_system("propuesta", self.company),
        )
        line.write({"upload_name": "cif_nuevo.pdf", "upload": "JVBERi0xLjUgbnVldm8="})
        self.assertEqual(line.documento_id, document)
        self.assertEqual(len(document.sudo().version_ids), 2)

    def test_o31_an_expired_document_does_not_count(self):
        lead = self.new_propuesta()
        line = self.line_of(lead, self.sepa)
        line.date_document = "2024-01-31"
        self.assertEqual(line.date_expiry, fields.Date.to_date("2025-01-31"))
        self.assertTrue(line.is_expired)
        self.receive(lead, self.cif, self.sepa)
        lead.action_gck_submit()
        with self.assertRaisesRegex(UserError, "SEPA"):
            line.with_user(self.validator).action_validate()
        self.assertIn(
            line,
            self.env["gck.propuesta.documento"].search([("is_expired", "=", True)]),
        )

    def test_o31_only_what_came_is_validated(self):
        lead = self.new_propuesta()
        with self.assertRaisesRegex(UserError, "CIF"):
            self.line_of(lead, self.cif).with_user(self.validator).action_validate()
        self.line_of(lead, self.cif).action_receive()
        self.line_of(lead, self.cif).with_user(self.validator).action_validate()
        self.assertEqual(self.line_of(lead, self.cif).state, "validated")

    def test_o31_how_far_a_document_is_is_not_written(self):
        lead = self.new_propuesta()
        line = self.line_of(lead, self.cif)
        for vals in (
            {"state": "validated"},
            {"validated_user_id": self.validator.id},
            {"received_user_id": self.colleague.id},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                line.write(vals)
        with self.assertRaises(UserError):
            lead.write({"gck_propuesta_line_ids": [(2, line.id)]})

    def test_o31_no_document_is_born_validated(self):
        lead = self.new_propuesta(gck_cliente_clase_id=False)
        forged = lead.with_context(
            default_state="validated", default_validated_user_id=self.validator.id
        )
        forged.gck_cliente_clase_id = self.clase
        self.assertEqual(set(lead.gck_propuesta_line_ids.mapped("state")), {"pending"})
        line = self.env["gck.propuesta.documento"].with_context(
            default_state="validated"
        )
        deed = self.env["gck.documento.tipo"].create({"name": "Escrituras"})
        line = line.with_user(self.seller).create(
            {"lead_id": lead.id, "tipo_id": deed.id}
        )
        self.assertEqual(line.state, "pending")

    def test_o31_a_validated_document_is_no_other(self):
        lead, other = self.new_propuesta(), self.new_propuesta(name="Otra")
        self.receive(lead, self.brochure)
        line = self.line_of(lead, self.brochure)
        line.with_user(self.validator).action_validate()
        deed = self.env["gck.documento.tipo"].create({"name": "Escrituras"})
        for vals in (
            {"tipo_id": deed.id},
            {"date_expiry": "2030-01-01"},
            {"lead_id": other.id},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                line.write(vals)

    def test_o31_a_seller_does_not_make_documents_optional(self):
        lead = self.new_propuesta()
        with self.assertRaises(UserError):
            self.line_of(lead, self.cif).is_required = False

    def test_o31_documents_of_a_validated_proposal_stay(self):
        lead = self.new_propuesta()
        self.make_valid(lead)
        with self.assertRaisesRegex(UserError, "validated"):
            self.receive(lead, self.cif)
        with self.assertRaisesRegex(UserError, "validated"):
            self.line_of(lead, self.brochure).note = "otra cosa"

    def test_o31_asking_by_mail_lists_what_is_missing_and_makes_no_contact(self):
        lead = self.new_propuesta()
        self.receive(lead, self.cif)
        before = self.env["res.partner"].search_count([])
        action = lead.action_gck_request_documents()
        self.assertIn("Mandato SEPA", action["context"]["default_body"])
        self.assertNotIn("CIF", action["context"]["default_body"])
        wizard = (
            self.env["gck.propuesta.pedir"]
            .with_user(self.seller)
            .with_context(**action["context"])
            .create({})
        )
        wizard.action_send()
        self.assertEqual(self.line_of(lead, self.sepa).state, "requested")
        self.assertEqual(self.line_of(lead, self.cif).state, "received")
        mail = self.env["mail.mail"].sudo().search([], order="id desc", limit=1)
        self.assertIn("sara@segura.example.com", mail.email_to or "")
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_o31_asking_needs_an_address(self):
        lead = self.new_propuesta(email_from="ni arroba")
        with self.assertRaisesRegex(UserError, "address"):
            lead.action_gck_request_documents()

    def test_o31_what_is_not_accepted_is_asked_for_again(self):
        lead = self.new_propuesta()
        self.receive(lead, self.cif)
        line = self.line_of(lead, self.cif)
        line.with_user(self.validator)._reject("Ilegible")
        self.assertEqual(line.state, "rejected")
        self.assertIn(line, lead._gck_get_lines_to_request())
        with self.assertRaisesRegex(UserError, "CIF"):
            lead.action_gck_submit()
