from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import AvisosCase


@tagged("post_install", "-at_install")
class TestTablas(AvisosCase):
    """The tables that classify actions (M-8…M-12)."""

    def tables(self):
        """Return the window actions of the menu «Tablas»."""
        menus = self.env.ref("gck_avisos.menu_gck_tablas").child_id
        return [menu.action for menu in menus]

    def test_m8_every_table_has_its_screen(self):
        """Every catalogue of the addon is in the menu: order, code, name, active."""
        kinds = self.env.registry.descendants(["gck.tabla.mixin"], "_inherit")
        expected = {
            name
            for name in kinds
            if not self.env[name]._abstract
            and self.env[name]._original_module == "gck_avisos"
        }
        actions = self.tables()
        self.assertLessEqual(expected, {action.res_model for action in actions})
        for action in actions:
            if action.res_model not in expected:
                continue
            Table = self.env[action.res_model].with_user(self.manager)
            views = Table.get_views(
                [(False, "list"), (action.search_view_id.id, "search")]
            )["views"]
            names = [
                node.get("name") for node in etree.fromstring(views["list"]["arch"])
            ]
            with self.subTest(action.res_model):
                self.assertEqual(names[:3], ["sequence", "code", "name"])
                self.assertIn("active", names)
                self.assertIn('name="archived"', views["search"]["arch"])

    def test_m8_only_managers_keep_the_tables(self):
        """Users read them, to choose from them."""
        menu = self.env.ref("gck_avisos.menu_gck_tablas").parent_id
        for user, sees in ((self.own, False), (self.manager, True)):
            ids = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(menu.id in ids, sees)
        row = self.env["gck.evento"].with_user(self.manager).create({"name": "Feria"})
        self.assertEqual(row.with_user(self.own).name, "Feria")
        with self.assertRaises(AccessError):
            row.with_user(self.own).name = "Otra"

    def check_archived(self, model):
        """Check that an archived row is not offered, and is found with the filter."""
        Table = self.env[model].with_user(self.manager)
        if Table.has_access("create"):
            row = Table.create({"name": "Fila de prueba", "code": "ZZZ"})
        else:  # kinds of action come with their addons
            row = Table.search([], limit=1)
        reader = row.with_user(self.own)
        self.assertTrue(reader.name_search(row.code))
        row.active = False
        self.assertFalse(reader.name_search(row.code))
        self.assertFalse(reader.name_search(row.name))
        self.assertIn(row, Table.search([("active", "=", False)]))

    def test_m8_archived_rows_are_not_offered(self):
        """In none of the tables of the menu that classify."""
        for action in self.tables():
            model = self.env[action.res_model]
            # The tables of other areas belong to their managers.
            mine = model.with_user(self.manager).has_access("write")
            if "code" not in model._fields or not mine:
                continue
            with self.subTest(action.res_model):
                self.check_archived(action.res_model)

    def test_m11_table_of_events(self):
        """«Eventos» classifies tasks and is in the menu."""
        self.assertIn("gck.evento", [action.res_model for action in self.tables()])
        self.assertEqual(self.env["gck.tarea"]["evento_id"]._name, "gck.evento")
        self.check_archived("gck.evento")

    def test_m12_remaining_tables(self):
        """Types of tasks and of activities are in the menu."""
        models = [action.res_model for action in self.tables()]
        for model in ("gck.tarea.tipo", "gck.actividad.tipo"):
            self.assertIn(model, models)
            self.check_archived(model)

    def test_m8_code_is_of_one_row(self):
        """Empty codes do not count."""
        Table = self.env["gck.motivo"].with_user(self.manager)
        Table.create([{"name": "Uno", "code": " "}, {"name": "Dos", "code": ""}])
        self.assertFalse(Table.search([("name", "=", "Uno")]).code)
