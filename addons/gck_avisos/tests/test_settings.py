from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import MANAGER, AvisosCase


@tagged("post_install", "-at_install")
class TestSettings(AvisosCase):
    """Parameters, by company (K-35, K-44)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.new_user("admin", f"{MANAGER},base.group_system", "Ada Admin")

    def test_k44_rule_and_the_rest_are_kept_on_the_company(self):
        """What the page saves is the company's, and the other company's stays."""
        Settings = self.env["res.config.settings"].with_user(self.admin)
        with Form(Settings) as form:
            self.assertEqual(form.gck_close_rule, "block")
            self.assertFalse(form.gck_motivo_required)
            form.gck_close_rule = "warn"
            form.gck_motivo_required = True
            form.gck_tarea_hours = 8
        form.record.execute()
        company, other = self.company, self.other_company
        self.assertEqual(company.gck_close_rule, "warn")
        self.assertTrue(company.gck_motivo_required)
        self.assertEqual(company.gck_tarea_hours, 8)
        self.assertEqual(other.gck_close_rule, "block")
        self.assertFalse(other.gck_motivo_required)

    def test_k44_rules_are_not_changed_by_managers_of_notices(self):
        """The rule is the administrator's: no manager lifts its own barrier."""
        with self.assertRaises(AccessError):
            self.company.with_user(self.manager).gck_close_rule = "allow"

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
