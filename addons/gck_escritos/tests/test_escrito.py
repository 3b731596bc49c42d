from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import EscritoCase


@tagged("post_install", "-at_install")
class TestEscrito(EscritoCase):
    """What every class of written document has in common."""

    def test_m1_each_class_is_a_kind_of_action(self):
        """M-1, M-74: each class shows under its own kind in the partner's Acciones."""
        classes = dict(self.Escrito._fields["clase"].selection)
        documents = {clase: self._create_escrito(clase) for clase in classes}
        self.env.flush_all()
        Accion = self.env["gck.accion"].with_user(self.writer)
        rows = Accion.search([("partner_id", "=", self.partner.id)])
        self.assertEqual(
            {row.kind: row.res_id for row in rows},
            {clase: doc.id for clase, doc in documents.items()},
        )
        for row in rows:
            self.assertEqual(row.kind_id.code, row.kind)
        kinds = {kind["code"] for kind in Accion.get_kinds() if kind["create"]}
        self.assertLessEqual(set(classes), kinds)
        carta = Accion.search([("kind", "=", "carta")]) & rows
        self.assertEqual(carta._get_records()["gck.escrito"], documents["carta"])

    def test_m1_new_of_a_kind_has_its_class(self):
        """M-38: a fax that is generated from a notice opens as a fax."""
        action = (
            self.env["gck.accion"]
            .with_user(self.writer)
            .get_create_action("fax", partner_id=self.partner.id)
        )
        self.assertEqual(action["context"]["default_clase"], "fax")
        self.assertEqual(action["context"]["default_partner_id"], self.partner.id)

    def test_issue_numbers_by_class(self):
        """Issue gives each class numbers of its own; drafts take none of them."""
        carta, fax = self._create_escrito(), self._create_escrito("fax")
        fax.fax = "963 55 44 33"
        self.assertIn("BO/", carta.name)
        (carta | fax).action_issue()
        self.assertIn("CA/", carta.name)
        self.assertIn("FX/", fax.name)
        self.assertEqual({carta.state, fax.state}, {"issued"})

    def test_m55_issued_is_fixed(self):
        """M-55: what was issued is refused by write(), whatever the field."""
        carta = self._create_escrito()
        carta.action_issue()
        for vals in (
            {"body": "<p>Otro</p>"},
            {"partner_id": False},
            {"state": "draft"},
            {"name": "CA/1"},
            {"date_document": "2020-01-01"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                carta.write(vals)

    def test_m54_text_of_another_class_is_refused(self):
        """M-54: a fax does not take the text of a letter."""
        texto = self.env["gck.texto"].create(
            {"name": "Presentación", "code": "PRES", "clase": "carta"}
        )
        with self.assertRaisesRegex(UserError, "Presentación"):
            self._create_escrito("fax", texto_id=texto.id)

    def test_m50_texts_are_a_table_by_class(self):
        """M-50: one table under Tablas, with the texts of each class."""
        menu = self.env.ref("gck_escritos.menu_gck_texto")
        self.assertEqual(menu.parent_id, self.env.ref("gck_avisos.menu_gck_tablas"))
        Texto = self.env["gck.texto"].with_user(self.manager)
        for clase in ("carta", "fax", "contrato"):
            with self.subTest(clase=clase):
                texto = Texto.create(
                    {"name": clase, "code": f"m50-{clase}", "clase": clase}
                )
                self.assertEqual(Texto.search([("clase", "=", clase)]) & texto, texto)

    def test_m53_data_of_a_letter(self):
        """M-53: customer, contact, reference, sender (by default me) and date."""
        with Form(self.Escrito.with_context(default_clase="carta")) as form:
            self.assertEqual(form.user_id, self.writer)
            self.assertTrue(form.date_document)
            form.partner_id = self.partner
            form.contact_id = self.contact
            form.subject = "Revisión anual"
            form.date_document = "2026-03-02"
        carta = form.save()
        self.assertEqual(carta.contact_id, self.contact)
        self.assertEqual(str(carta.date_document), "2026-03-02")
        self.assertEqual(carta.subject, "Revisión anual")
