from odoo.tests import tagged

from odoo.addons.gck_avisos.models.gck_vinculo_modelo import DOCUMENT_MODELS

from .common import LlamadasCase


@tagged("post_install", "-at_install")
class TestDocumento(LlamadasCase):
    """A call about a document is on the document, the client and the notice (K-7)."""

    def setUp(self):
        super().setUp()
        self.lead = self.env["crm.lead"].create(
            {
                "name": "Recibo de marzo",
                "partner_id": self.customer.id,
                "user_id": self.own.id,
                "company_id": self.company.id,
            }
        )
        self.own.group_ids += self.env.ref("sales_team.group_sale_salesman")

    def generate(self, origin):
        """Generate a call from a record, as the button of its chatter does."""
        action = (
            self.env["gck.accion"]
            .with_user(self.own)
            .get_create_action("llamada", origin._name, origin.id)
        )
        Llamada = self.env["gck.llamada"].with_user(self.own)
        return Llamada.with_context(**action["context"]).create(
            {"motivo_id": self.motivo.id}
        )

    def summary(self, record):
        """Return the references that the chatter of a record shows."""
        rows = (
            self.env["gck.accion"]
            .with_user(self.own)
            .get_document_summary(record._name, record.id)["rows"]
        )
        return {(row["res_model"], row["res_id"]) for row in rows}

    def test_k7_call_shows_on_document_client_and_notice(self):
        call = self.generate(self.lead)
        self.assertEqual((call.direction, call.partner_id), ("out", self.customer))
        key = (call._name, call.id)
        aviso = self.new_aviso(self.own, partner_id=self.customer.id)
        self.env["gck.vinculo"].with_user(self.own)._link(
            aviso, self.lead.with_user(self.own)
        )
        following = self.generate(aviso)
        self.track()
        self.assertIn(key, self.summary(self.lead))
        self.assertIn(key, self.summary(self.customer))
        self.assertEqual(call.vinculo_ids.document_ref, self.lead)
        # Of the notice: the call generated from it, which is about its document too.
        self.assertIn((following._name, following.id), self.summary(aviso))
        self.assertIn((following._name, following.id), self.summary(self.lead))
        self.assertEqual(self.customer.with_user(self.own).gck_llamada_count, 2)
        rows = self.env["gck.accion"].search(
            [("commercial_partner_id", "=", self.customer.id)]
        )
        self.assertIn(call.name, rows.mapped("name"))

    def test_k7_call_about_any_document_of_the_apps_installed(self):
        """Of every model that can be linked, entries of the journals included."""
        self.assertIn("account.move", DOCUMENT_MODELS)
        linkable = self.env["gck.vinculo.modelo"]._get_linkable()
        for name in DOCUMENT_MODELS:
            if name not in self.env:
                continue
            with self.subTest(model=name):
                self.assertIn(name, linkable)
                document = self.env[name].search([], limit=1)
                if not document:
                    continue
                call = self.new_call()
                self.env["gck.vinculo"]._link(call, document)
                self.track()
                self.assertEqual(call.vinculo_ids.document_ref, document)
                rows = self.env["gck.accion"].search(
                    self.env["gck.accion"]._get_document_domain(document)
                )
                self.assertIn(call.name, rows.mapped("name"))

    def test_k7_call_about_what_a_manager_made_linkable(self):
        """Any model can be added, as the lines of entries that nobody has paid."""
        bank = self.env["res.partner.bank"].create(
            {"acc_number": "ES7921000813610123456789", "partner_id": self.customer.id}
        )
        self.env["gck.vinculo.modelo"].create(
            {
                "model_id": self.env["ir.model"]._get_id(bank._name),
                "partner_field_id": self.env["ir.model.fields"]
                ._get(bank._name, "partner_id")
                .id,
            }
        )
        call = self.generate(bank)
        self.assertEqual((call.direction, call.partner_id), ("out", self.customer))
        self.assertEqual(call.vinculo_ids.document_ref, bank)
        self.track()
        for record in (bank, self.customer):
            self.assertIn((call._name, call.id), self.summary(record))

    def test_k7_unlinking_keeps_call_and_document(self):
        call = self.generate(self.lead)
        call.vinculo_ids.with_user(self.own).action_unlink()
        call.lead_id = False
        self.track()
        self.assertTrue(call.exists() and self.lead.exists())
        self.assertNotIn((call._name, call.id), self.summary(self.lead))
