from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import MANAGER, AvisosCase


@tagged("post_install", "-at_install")
class TestSettings(AvisosCase):
    """Parameters, by company (K-35, K-44, M-2, M-4)."""

    def parametros(self, user=None, company=None):
        """Return the page of a company, as a manager's unless told."""
        company = company or self.company
        Parametros = self.env["gck.parametros"].with_user(user or self.manager)
        return Parametros.with_context(
            allowed_company_ids=(user or self.manager).company_ids.ids
        ).browse(company.id)

    def test_m2_page_of_the_current_company(self):
        """The menu opens the company's own page; the manager's, with its blocks."""
        menu = self.env.ref("gck_avisos.menu_gck_parametros")
        self.assertEqual(
            menu.parent_id, self.env.ref("gck_avisos.menu_gck_configuracion")
        )
        for user, company in (
            (self.manager, self.company),
            (self.foreign, self.other_company),
        ):
            action = menu.action.with_user(user).with_context(
                allowed_company_ids=company.ids
            )
            action = action.run()
            self.assertEqual(action["res_model"], "gck.parametros")
            self.assertEqual(action["res_id"], company.id)
        arch = self.parametros().get_view(view_type="form")["arch"]
        for block in ("gck_avisos", "gck_tareas", "gck_impresion"):
            self.assertIn(f'name="{block}"', arch)

    def test_m2_k44_what_the_page_saves_is_the_companys(self):
        """All kinds of values, and the other company's stay."""
        self.company.gck_tarea_hours = 8
        with Form(self.parametros()) as form:
            self.assertEqual(form.gck_close_rule, "block")
            self.assertFalse(form.gck_motivo_required)
            form.gck_close_rule = "warn"
            form.gck_motivo_required = True
            form.gck_tarea_partner_required = True
            form.gck_tarea_hours = 6
        company, other = self.company, self.other_company
        self.assertEqual(company.gck_close_rule, "warn")
        self.assertTrue(company.gck_motivo_required)
        self.assertTrue(company.gck_tarea_partner_required)
        self.assertEqual(company.gck_tarea_hours, 6)
        self.assertEqual(other.gck_close_rule, "block")
        self.assertFalse(other.gck_motivo_required)
        with Form(self.parametros()) as form:
            self.assertEqual(form.gck_close_rule, "warn")

    def test_m4_footer_is_the_companys_and_harmless(self):
        """The footer of the prints is changed here; scripts are left out."""
        self.parametros().report_footer = "<p>Tel. 976</p><script>x</script>"
        self.assertEqual(self.company.report_footer, "<p>Tel. 976</p>")

    def test_m4_footer_is_translated_on_the_page(self):
        """As any text that is printed; what is no parameter is out of reach."""
        self.env["res.lang"]._activate_lang("es_ES")
        page = self.parametros().with_context(lang="en_US")
        for field in ("report_footer", "company_details"):
            page[field] = "<p>Phone</p>"
            for text in ("<script>x</script>Teléfono", "Teléfono"):
                page.update_field_translations(field, {"es_ES": {"Phone": text}})
                self.assertNotIn("script", page.with_context(lang="es_ES")[field])
            found = page.get_field_translations(field)[0]
            spanish = next(term for term in found if term["lang"] == "es_ES")
            self.assertEqual(spanish["source"], "Phone")
            self.assertEqual(spanish["value"], "Teléfono")
            self.assertEqual(page.with_context(lang="es_ES")[field], "<p>Teléfono</p>")
            self.assertEqual(self.company[field], "<p>Phone</p>")
        for field in ("name", "display_name", "company_id"):
            with self.subTest(field), self.assertRaises(UserError):
                page.get_field_translations(field)
            with self.subTest(field), self.assertRaises(UserError):
                page.update_field_translations(field, {"es_ES": "x"})

    def test_m4_footer_is_translated_by_managers_of_the_company(self):
        """Nobody else, and not while the company is switched off."""
        self.env["res.lang"]._activate_lang("es_ES")
        self.company.report_footer = "<p>Phone</p>"
        self.manager.company_ids |= self.other_company
        off = self.parametros().with_context(allowed_company_ids=self.other_company.ids)
        people = (self.own, self.reception, self.nobody, self.portal)
        pages = [self.parametros(user) for user in people]
        for page in (*pages, self.parametros(self.foreign, self.company), off):
            with self.subTest(page.env.user.login):
                with self.assertRaises(AccessError):
                    page.get_field_translations("report_footer")
                with self.assertRaises(AccessError):
                    page.update_field_translations(
                        "report_footer", {"es_ES": {"Phone": "Teléfono"}}
                    )
        company = self.company.with_context(lang="es_ES")
        self.assertEqual(company.report_footer, "<p>Phone</p>")

    def test_m2_page_of_another_company_is_refused(self):
        """Neither read nor written by a manager who does not work there."""
        for user, company in (
            (self.manager, self.other_company),
            (self.foreign, self.company),
        ):
            page = self.parametros(user, company)
            self.assertFalse(page.search([("id", "=", company.id)]))
            for change in (
                lambda page=page: page.write({"gck_close_rule": "allow"}),
                lambda page=page: page.read(["gck_close_rule"]),
            ):
                with self.assertRaises(AccessError):
                    change()
            self.assertEqual(company.gck_close_rule, "block")

    def test_m2_company_that_is_switched_off_is_not_written(self):
        """Who may work in both changes the one that is switched on."""
        self.manager.company_ids |= self.other_company
        page = self.parametros(company=self.other_company)
        page.write({"gck_close_rule": "allow"})
        self.assertEqual(self.other_company.gck_close_rule, "allow")
        page = page.with_context(allowed_company_ids=self.company.ids)
        self.assertFalse(page.is_current)
        self.assertEqual(page.action_open()["res_id"], self.company.id)
        with self.assertRaises(AccessError):
            page.write({"gck_close_rule": "block"})

    def test_m2_only_managers(self):
        """Users neither read nor write the page, nor see the menu."""
        menu = self.env.ref("gck_avisos.menu_gck_parametros")
        for user in (self.own, self.reception, self.nobody, self.portal):
            page = self.parametros(user)
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    page.read(["gck_close_rule"])
                with self.assertRaises(AccessError):
                    page.write({"gck_close_rule": "allow"})
                if user != self.portal:
                    Menu = self.env["ir.ui.menu"].with_user(user)
                    self.assertNotIn(menu.id, Menu._visible_menu_ids())
        self.assertIn(
            menu.id, self.env["ir.ui.menu"].with_user(self.manager)._visible_menu_ids()
        )

    def test_m2_nothing_but_parameters_is_written(self):
        """Other fields of the company, and the company itself, are out of reach."""
        page = self.parametros()
        for vals in (
            {"company_id": self.other_company.id},
            {"name": "x"},
            {"gck_close_rule": "allow", "partner_id": self.customer.id},
            {"is_current": True},
            {"display_name": "x"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                page.write(vals)
        self.assertEqual(self.company.gck_close_rule, "block")
        with self.assertRaises(AccessError):
            page.create({"gck_close_rule": "allow"})
        with self.assertRaises(AccessError):
            page.unlink()

    def test_m2_companies_themselves_stay_closed(self):
        """A manager of the suite changes no company but through its page."""
        with self.assertRaises(AccessError):
            self.company.with_user(self.manager).gck_close_rule = "allow"

    def test_m2_settings_lead_to_the_page(self):
        """For an administrator who is a manager too; not for one who is not."""
        for groups, sees in (("base.group_system", False), (MANAGER, True)):
            groups = ",".join({"base.group_system", groups})
            admin = self.new_user(f"admin_{sees}", groups, "Ada Admin")
            Settings = self.env["res.config.settings"].with_user(admin)
            arch = Settings.get_view(view_type="form")["arch"]
            self.assertEqual("action_open_gck_parametros" in arch, sees)
            self.assertNotIn('name="gck_close_rule"', arch)
        action = Settings.create({}).action_open_gck_parametros()
        self.assertEqual(action["res_model"], "gck.parametros")

    def test_m2_absurd_values_are_refused_with_words(self):
        """What the company refuses, the page refuses, saying why."""
        page = self.parametros()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(Exception) as error,
            self.env.cr.savepoint(),
        ):
            page.gck_tarea_hours = -1
            self.env.flush_all()
        self.assertIn("positive", str(error.exception))
        with self.assertRaises(ValueError):
            page.gck_close_rule = "never"

    def test_k36_negative_hours_are_refused(self):
        """No proposal of a deadline lies in the past."""
        for record, field in (
            (self.company, "gck_tarea_hours"),
            (self.tipo, "deadline_hours"),
            (self.tarea_tipo, "deadline_hours"),
        ):
            with (
                self.subTest(record._name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(Exception) as error,
                self.env.cr.savepoint(),
            ):
                record[field] = -1
                self.env.flush_all()
            self.assertIn("positive", str(error.exception))
