from odoo.tests import tagged

from .common import EscritoCase


@tagged("post_install", "-at_install")
class TestImpresion(EscritoCase):
    """Where written documents are printed, and with which footer (M-3, M-4, M-57)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.writer.company_id
        cls.company.report_footer = "<p>Pie de la empresa</p>"
        cls.printer = cls.env["gck.impresora"].create(
            {"name": "Cartas", "kind": "cups", "cups_queue": "GCK_TEST_CARTAS"}
        )

    def set_kind(self, clase, **vals):
        kind_id = self.env["gck.accion.clase"]._get_kinds()[clase]["id"]
        self.env["gck.accion.impresion"].create(
            {"clase_id": kind_id, "company_id": self.company.id, **vals}
        )

    def print_all(self, documents):
        action = documents.action_print()
        wizard = self.env[action["res_model"]].with_user(self.writer)
        wizard = wizard.with_context(**action["context"]).create({})
        return wizard.action_print()

    def test_m57_letter_goes_to_the_printer_of_letters(self):
        """As the very PDF that was issued; a fax, without a printer, opens."""
        self.set_kind("carta", impresora_id=self.printer.id)
        carta, fax = self._create_escrito(), self._create_escrito("fax")
        carta.action_issue()
        told = self.print_all(carta)
        self.assertEqual(told["params"]["printer"], "Cartas")
        job = self.env["gck.impresion.trabajo"].browse(told["params"]["id"])
        self.assertEqual(job._get_pdf(), carta._get_pdf())
        self.assertEqual(job.user_id, self.writer)
        self.assertEqual(self.print_all(fax)["type"], "ir.actions.act_url")

    def test_m3_letters_are_one_print(self):
        """A selection goes to the printer as one PDF."""
        self.set_kind("carta", impresora_id=self.printer.id)
        cartas = self._create_escrito() + self._create_escrito()
        told = self.print_all(cartas)
        job = self.env["gck.impresion.trabajo"].browse(told["params"]["id"])
        self.assertEqual(cartas._count_pages(job._get_pdf()), 2)

    def test_m4_each_class_has_its_footer(self):
        """The one of its class, and the company's in the classes without one."""
        classes = [name for name, _label in self.Escrito._fields["clase"].selection]
        documents = {clase: self._create_escrito(clase) for clase in classes}
        self.set_kind("carta", footer="<p>Pie de las cartas</p>")
        Report = self.env["ir.actions.report"].with_user(self.writer)
        for clase, document in documents.items():
            html = Report._render_qweb_html(
                "gck_escritos.report_gck_escrito", document.ids
            )[0].decode()
            said = "Pie de las cartas" if clase == "carta" else "Pie de la empresa"
            with self.subTest(clase):
                self.assertIn(said, html)
