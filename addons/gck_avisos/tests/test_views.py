import io

import pypdf

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import AvisosCase


@tagged("post_install", "-at_install")
class TestViews(AvisosCase):
    """Everything that a role may open, opens (K-16, K-17, K-30, M-25)."""

    def roles(self):
        return self.own | self.reception | self.manager

    def test_every_view_opens_for_every_role(self):
        """All views of all models of the addon, with their fields."""
        views = self.env["ir.ui.view"].search(
            [("model", "=like", "gck.%"), ("type", "!=", "qweb")]
        )
        self.assertGreater(len(views), 20)
        for user in self.roles():
            for view in views:
                with self.subTest(user=user.login, view=view.name):
                    Model = self.env[view.model].with_user(user)
                    if not Model.has_access("read"):
                        continue  # the settings: only managers
                    result = Model.get_views([(view.id, view.type)])
                    self.assertTrue(result["views"][view.type]["arch"])

    def test_what_is_typed_into_a_field_becomes_the_subject(self):
        """Quick creation names the work; its number is drawn as always."""
        for model in ("gck.aviso", "gck.tarea"):
            Model = self.env[model].with_user(self.reception)
            record_id, display_name = Model.name_create("Cambiar la bomba")
            record = Model.browse(record_id)
            self.assertEqual(record.subject, "Cambiar la bomba")
            self.assertEqual(display_name, record.display_name)

    def test_every_menu_leads_somewhere(self):
        """Each menu that a role sees opens its action, its views and its filters."""
        root = self.env.ref("gck_avisos.menu_gck_root")
        for user in self.roles():
            Menu = self.env["ir.ui.menu"].with_user(user)
            visible = Menu.browse(Menu._visible_menu_ids()).sudo()
            menus = visible.filtered(
                lambda menu: (
                    menu.action
                    and menu.action._name == "ir.actions.act_window"
                    and menu.parent_path.startswith(f"{root.id}/")
                )
            )
            self.assertGreater(len(menus), 5)
            for menu in menus:
                with self.subTest(user=user.login, menu=menu.complete_name):
                    self.open_action(menu.action, user)

    def open_action(self, action, user):
        if action._name == "ir.actions.server":
            action = self.env["ir.actions.act_window"].browse(
                action.with_user(user).run()["id"]
            )
        modes = [(False, mode) for mode in action.view_mode.split(",")]
        search = (action.search_view_id.id, "search")
        Model = self.env[action.res_model].with_user(user)
        Model.get_views([*modes, search])
        variables = {"uid": user.id, "active_id": False, "context_today": None}
        context = safe_eval(action.context or "{}", variables)
        self.check_default_filters(action, Model, context)
        domain = safe_eval(action.domain or "[]", variables)
        Model.with_context(**context).web_search_read(domain, {"display_name": {}})

    def check_default_filters(self, action, model, context):
        """Check that the filters switched on exist in the search view."""
        arch = model.get_view(action.search_view_id.id, "search")["arch"]
        for key in context:
            if key.startswith("search_default_"):
                self.assertIn(f'name="{key.removeprefix("search_default_")}"', arch)

    def test_k17_reception_opens_on_what_waits(self):
        """«Recepción» shows the untreated notices first."""
        action = self.env.ref("gck_avisos.action_gck_aviso_recepcion")
        self.assertTrue(safe_eval(action.context)["search_default_untreated"])

    def test_configuration_is_for_managers(self):
        """Only managers see the tables and the parameters."""
        tables = self.env.ref("gck_avisos.menu_gck_configuracion").id
        for user, sees in (
            (self.own, False),
            (self.reception, False),
            (self.manager, True),
        ):
            ids = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(tables in ids, sees)

    def test_k30_entry_of_a_notice_on_one_screen(self):
        """Customer, contact, reason and text are all that the receptionist types."""
        with Form(self.env["gck.aviso"].with_user(self.reception)) as form:
            form.phone = "600123456"
            form.contact_id = self.contact
            form.motivo_id = self.motivo
            form.description = "<p>No le ha llegado el presupuesto</p>"
            with form.tarea_ids.new() as line:
                line.subject = "Enviárselo"
                line.user_id = self.own
        aviso = form.record
        self.assertEqual(aviso.partner_id, self.customer)
        self.assertEqual(aviso.tarea_ids.user_id, self.own)
        self.assertEqual(aviso.tarea_ids.partner_id, self.customer)
        self.assertEqual(aviso.tarea_ids.contact_id, self.contact)
        self.assertEqual(aviso.state, "open")

    def test_m37_new_task_in_the_window(self):
        """The five fields of a task, with its contact emptied by another customer."""
        with Form(self.env["gck.tarea"].with_user(self.own)) as form:
            form.partner_id = self.customer
            form.contact_id = self.contact
            form.partner_id = self.vendor
            self.assertFalse(form.contact_id)
            form.subject = "Reclamar el albarán"
            form.user_id = self.colleague
            form.evento_id = self.env["gck.evento"].create({"name": "Llamada"})
            form.tipo_id = self.tarea_tipo
        self.assertEqual(form.record.requester_id, self.own)

    def test_m25_form_of_closed_records_opens(self):
        """Closed notices and finished tasks open read-only, without error."""
        aviso = self.new_aviso()
        tarea = self.new_tarea(aviso)
        tarea._do_done("Hecho")
        aviso.action_close()
        for record in (aviso, tarea):
            form = Form(record)
            with self.assertRaises(AssertionError):
                form.subject = "x"

    def test_partner_and_lead_forms_open(self):
        """The button on partners shows for the roles that have it."""
        for user in self.roles():
            view = self.customer.with_user(user).get_view(view_type="form")
            self.assertIn("gck_aviso_open_count", view["arch"])

    # ------------------------------------------------------------
    # Print
    # ------------------------------------------------------------

    def print_avisos(self, avisos, report="gck_avisos.action_report_gck_aviso"):
        Report = self.env["ir.actions.report"].with_user(self.reception)
        Report = Report.with_context(force_report_rendering=True)
        pdf, kind = Report._render_qweb_pdf(report, avisos.ids)
        self.assertEqual(kind, "pdf")
        pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
        return len(pages), " ".join(
            " ".join(page.extract_text() for page in pages).split()
        )

    def test_m36_task_prints_with_its_description(self):
        """A task on paper: reference, people, text, what was done; several at once."""
        tarea = self.new_tarea(
            partner_id=self.customer.id,
            subject="Cambiar burletes",
            user_id=self.own.id,
            description="<p>De las <b>dos</b> puertas</p>",
        )
        self.new_intervencion(tarea_id=tarea.id, description="<p>Medidos</p>")
        tarea._do_done("Cambiados")
        free = self.new_tarea(subject="Archivar")
        count, text = self.print_avisos(
            tarea | free, "gck_avisos.action_report_gck_tarea"
        )
        self.assertEqual(count, 2)
        self.assertNames(
            text, tarea.name, free.name, "Cambiar burletes", "Cerámicas Júcar",
            "Olga Own", "Rosa Reception", "dos puertas", "Medidos", "Cambiados",
        )  # fmt: skip

    def test_m36_notice_prints_with_all_that_hangs_from_it(self):
        """Tasks, interventions, closing texts and documents are on paper."""
        aviso = self.new_aviso(
            partner_id=self.customer.id,
            contact_id=self.contact.id,
            description="<p>Faltan dos cajas</p>",
        )
        tarea = self.new_tarea(aviso, subject="Buscarlas", user_id=self.own.id)
        line = self.new_intervencion(
            self.own, tarea_id=tarea.id, description="<p>Estaban en el muelle</p>"
        )
        self.env["gck.vinculo"].with_user(self.own)._link(
            line, self.vendor.with_user(self.own)
        )
        tarea._do_done("Enviadas")
        _count, text = self.print_avisos(aviso)
        self.assertNames(
            text, aviso.name, tarea.name, "Cerámicas Júcar", "Faltan dos cajas",
            "Buscarlas", "Olga Own", "Estaban en el muelle", "Enviadas", "Aceros Duero",
        )  # fmt: skip

    def test_m36_several_notices_print_together(self):
        """Each starts on its own page; bare and closed ones print too."""
        bare = self.new_aviso(subject=False, phone="600 000 000")
        avisos = self.new_aviso() | self.new_aviso() | bare
        avisos[0].action_close()
        count, text = self.print_avisos(avisos)
        self.assertEqual(count, 3)
        self.assertNames(text, *avisos.mapped("name"))
