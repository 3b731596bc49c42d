from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import AvisosCase


@tagged("post_install", "-at_install")
class TestImpresion(AvisosCase):
    """The printer and the footer of each kind of action (M-3, M-4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.report_footer = "<p>Pie de la empresa</p>"
        cls.printer, cls.other_printer = cls.env["gck.impresora"].create(
            [
                {"name": "Oficina", "kind": "cups", "cups_queue": "GCK_TEST_1"},
                {"name": "Almacén", "kind": "cups", "cups_queue": "GCK_TEST_2"},
            ]
        )
        cls.avisos = cls.new_aviso() + cls.new_aviso()

    def set_kind(self, kind, company=None, **vals):
        """Choose printer or footer of a kind, as the parameters do."""
        kind_id = self.env["gck.accion.clase"]._get_kinds()[kind]["id"]
        return self.env["gck.accion.impresion"].create(
            {
                "clase_id": kind_id,
                "company_id": (company or self.company).id,
                **vals,
            }
        )

    def printer_of(self, report, records, user=None):
        report = self.env.ref(report).with_user(user or self.reception)
        return report._get_impresora(records.with_user(user or self.reception))

    def html(self, report, records, user=None):
        Report = self.env["ir.actions.report"].with_user(user or self.manager)
        return Report._render_qweb_html(report, records.ids)[0].decode()

    def test_m3_a_kind_has_its_printer(self):
        """Notices go to the printer of notices; tasks, without one, to the browser."""
        self.set_kind("aviso", impresora_id=self.printer.id)
        report = "gck_avisos.action_report_gck_aviso"
        self.assertEqual(self.printer_of(report, self.avisos), self.printer)
        tarea = self.new_tarea()
        report = "gck_avisos.action_report_gck_tarea"
        self.assertFalse(self.printer_of(report, tarea))

    def test_m3_report_and_person_come_before_the_kind(self):
        self.set_kind("aviso", impresora_id=self.printer.id)
        report = self.env.ref("gck_avisos.action_report_gck_aviso")
        report.with_company(self.company).gck_impresora_id = self.other_printer
        self.assertEqual(
            self.printer_of("gck_avisos.action_report_gck_aviso", self.avisos),
            self.other_printer,
        )
        self.reception.gck_impresora_id = self.printer
        self.assertEqual(
            self.printer_of("gck_avisos.action_report_gck_aviso", self.avisos),
            self.printer,
        )

    def test_m3_agenda_goes_where_appointments_go(self):
        self.set_kind("cita", impresora_id=self.printer.id)
        agenda = self.env["gck.agenda.imprimir"].with_user(self.reception).create({})
        self.assertEqual(
            self.printer_of("gck_avisos.action_report_gck_agenda", agenda),
            self.printer,
        )

    def test_m3_several_records_go_as_one_print(self):
        """A selection is merged into one document, one job."""
        self.set_kind("aviso", impresora_id=self.printer.id)
        Report = self.env["ir.actions.report"].with_user(self.reception)
        told = Report.with_context(force_report_rendering=True).print_to_printer(
            "gck_avisos.report_gck_aviso", self.avisos.ids
        )
        self.assertEqual(told["printer"], "Oficina")
        job = self.env["gck.impresion.trabajo"].browse(told["id"])
        self.assertEqual(job.user_id, self.reception)
        self.assertTrue(job._get_pdf().startswith(b"%PDF"))

    def test_m4_footer_of_the_company_on_every_kind(self):
        """Change it, and all prints show the new one."""
        records = {
            "gck_avisos.report_gck_aviso": self.avisos[0],
            "gck_avisos.report_gck_tarea": self.new_tarea(),
        }
        for report, record in records.items():
            with self.subTest(report):
                self.assertIn("Pie de la empresa", self.html(report, record))
        self.company.report_footer = "<p>Pie nuevo</p>"
        for report, record in records.items():
            with self.subTest(report):
                self.assertIn("Pie nuevo", self.html(report, record))

    def test_m4_footer_of_a_kind_instead_of_the_companys(self):
        """On all of its prints, and on no others; an empty one counts as none."""
        row = self.set_kind("aviso", footer="<p>Pie de avisos</p>")
        for aviso in self.avisos:
            html = self.html("gck_avisos.report_gck_aviso", aviso)
            self.assertIn("Pie de avisos", html)
            self.assertNotIn("Pie de la empresa", html)
        html = self.html("gck_avisos.report_gck_tarea", self.new_tarea())
        self.assertIn("Pie de la empresa", html)
        row.footer = "<p><br></p>"
        html = self.html("gck_avisos.report_gck_aviso", self.avisos[0])
        self.assertIn("Pie de la empresa", html)
        row.footer = "<p>Otra vez</p>"
        html = self.html("gck_avisos.report_gck_aviso", self.avisos[0])
        self.assertIn("Otra vez", html)
        row.unlink()
        html = self.html("gck_avisos.report_gck_aviso", self.avisos[0])
        self.assertIn("Pie de la empresa", html)

    def test_m4_footer_of_another_company_is_not_ours(self):
        self.set_kind("aviso", self.other_company, footer="<p>Ajeno</p>")
        html = self.html("gck_avisos.report_gck_aviso", self.avisos[0])
        self.assertNotIn("Ajeno", html)

    def test_m4_footer_is_sanitised(self):
        row = self.set_kind("aviso", footer="<p onclick='x()'>A<script>b</script></p>")
        self.assertNotIn("script", row.footer)
        self.assertNotIn("onclick", row.footer)

    def test_m2_manager_sets_both_in_the_parameters(self):
        """A manager of the suite, who has no right on companies."""
        parametros = self.env["gck.parametros"].with_user(self.manager)
        parametros = parametros.browse(self.company.id)
        kind_id = self.env["gck.accion.clase"]._get_kinds()["tarea"]["id"]
        parametros.write(
            {
                "gck_accion_impresion_ids": [
                    Command.create(
                        {
                            "clase_id": kind_id,
                            "impresora_id": self.printer.id,
                            "footer": "<p>Pie de tareas</p>",
                        }
                    )
                ]
            }
        )
        tarea = self.new_tarea()
        self.assertEqual(
            self.printer_of("gck_avisos.action_report_gck_tarea", tarea), self.printer
        )
        self.assertIn("Pie de tareas", self.html("gck_avisos.report_gck_tarea", tarea))

    def test_m3_manager_keeps_the_printers(self):
        """And sees all prints; a printer without a queue is refused."""
        form = Form(self.env["gck.impresora"].with_user(self.manager))
        form.name = "Taller"
        form.kind = "cups"
        form.cups_queue = "TALLER-1"
        printer = form.save()
        with self.assertRaisesRegex(ValidationError, "Taller"):
            printer.cups_queue = "no vale"
        job = self.printer.with_user(self.own)._print("Carta", b"%PDF")
        self.assertTrue(job.with_user(self.manager).has_access("read"))
        self.assertFalse(job.with_user(self.colleague).has_access("read"))
