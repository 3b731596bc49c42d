from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.gck_avisos.models.gck_vinculo_modelo import DOCUMENT_MODELS

from .common import AvisosCase


@tagged("post_install", "-at_install")
class TestDocumentoAjeno(AvisosCase):
    """Documents of apps in which a user has no rights, linked by those who have (K-3).

    Every model that can be linked is tried, of the apps that are installed.
    """

    def find_documents(self):
        """Return a document of each app that is there and closed to the user."""
        lead = self.env["crm.lead"].create({"name": "Secreto comercial"})
        documents = [
            self.env[name].search([], limit=1)
            for name in DOCUMENT_MODELS
            if name in self.env
            and name != lead._name
            and not self.env[name].with_user(self.own).has_access("read")
        ]
        return [lead, *filter(None, documents)]

    def test_k3_linked_documents_out_of_reach_break_nothing(self):
        """The action, its cycle and its chatter show; the document says no more."""
        aviso = self.new_aviso(self.own, partner_id=self.customer.id)
        Accion = self.env["gck.accion"].with_user(self.own)
        documents = self.find_documents()
        for document in documents:
            with self.subTest(model=document._name):
                link = self.env["gck.vinculo"]._link(aviso.sudo(), document)
                name = document.display_name
                self.forget()
                link = link.with_user(self.own)
                self.assertNotIn(name, link.document_name)
                self.assertTrue(link.document_type)
                self.assertFalse(link.document_ref)
                self.assertFalse(link.document_state)
                with self.assertRaises(AccessError):
                    link.action_open()
                with self.assertRaises(AccessError):
                    Accion.get_document_summary(document._name, document.id)
        form = Form(aviso.with_user(self.own))
        self.assertEqual(len(form.vinculo_ids), len(documents))
        nodes = Accion.get_family(aviso._name, aviso.id)["nodes"]
        self.assertEqual([node["res_id"] for node in nodes], aviso.ids)
        summary = Accion.get_document_summary(aviso._name, aviso.id)
        self.assertEqual(summary["count"], 0)

    def test_k3_linked_documents_out_of_reach_are_not_passed_on(self):
        """What is generated from the action takes only what its author may read."""
        aviso = self.new_aviso(self.own)
        for document in self.find_documents():
            self.env["gck.vinculo"]._link(aviso.sudo(), document)
        self.env["gck.vinculo"]._link(aviso.sudo(), self.customer)
        Accion = self.env["gck.accion"].with_user(self.own)
        action = Accion.get_create_action("aviso", aviso._name, aviso.id)
        Aviso = self.env["gck.aviso"].with_user(self.own)
        born = Aviso.with_context(**action["context"]).create({})
        self.assertEqual(born.vinculo_ids.document_ref, self.customer)
