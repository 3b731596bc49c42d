from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import EscritoCase


@tagged("post_install", "-at_install")
class TestProcedimiento(EscritoCase):
    """Procedures: approved by a second person, one valid version (M-66, M-67)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tipo = cls.env["gck.procedimiento.tipo"].create({"name": "Calidad"})
        cls.staff = new_test_user(
            cls.env, "esc_staff", "base.group_user", name="Sin Papel"
        )
        cls.approver = new_test_user(
            cls.env,
            "esc_approver",
            "base.group_user,gck_avisos.group_gck_aviso_user",
            name="Nuria Calidad",
        )

    def new_procedure(self, user=None, **vals):
        return self._create_escrito(
            "procedimiento",
            **{
                "code": "PC-1",
                "subject": "Recepción de material",
                "procedimiento_tipo_id": self.tipo.id,
                "approver_id": self.approver.id,
                "partner_id": False,
                "body": "<p>Se pesa cada palé.</p>",
                **vals,
            },
        )

    def approved(self, **vals):
        procedure = self.new_procedure(**vals)
        procedure.action_submit()
        procedure.with_user(self.approver).action_approve()
        return procedure

    def next_version(self, procedure, **vals):
        action = procedure.action_new_version()
        version = self.Escrito.browse(action["res_id"])
        version.write({"body": "<p>Se pesa y se fotografía cada palé.</p>", **vals})
        return version

    # ------------------------------------------------------------

    def test_m66_types_are_a_table_of_managers(self):
        menu = self.env.ref("gck_escritos.menu_gck_procedimiento_tipo")
        self.assertEqual(menu.parent_id, self.env.ref("gck_avisos.menu_gck_tablas"))
        with self.assertRaises(AccessError):
            self.tipo.with_user(self.writer).name = "x"
        self.tipo.with_user(self.manager).name = "Seguridad"

    def test_m66_list_is_grouped_by_type(self):
        action = self.env.ref("gck_escritos.action_gck_escrito_procedimiento")
        self.assertIn("search_default_group_tipo", action.context)

    def test_m67_what_it_lacks_is_named(self):
        procedure = self.new_procedure(
            code=False, subject=False, procedimiento_tipo_id=False, body=False
        )
        with self.assertRaises(UserError) as refused:
            procedure.action_submit()
        for word in ("code", "title", "type", "text"):
            self.assertIn(word, str(refused.exception))

    def test_m67_is_approved_and_never_just_issued(self):
        procedure = self.new_procedure()
        for issue in (procedure.action_issue, procedure.sudo().action_issue):
            with self.assertRaisesRegex(UserError, "second person"):
                issue()
        with self.assertRaises(UserError):
            procedure.with_user(self.approver).action_approve()
        with self.assertRaises(UserError):
            procedure.write({"state": "valid"})

    def test_m67_nobody_approves_what_they_wrote(self):
        """Whoever wrote, submitted or answers for it; not as a manager either."""
        procedure = self.new_procedure()
        procedure.action_submit()
        for user in (self.writer, self.staff):
            with self.subTest(user.name), self.assertRaises(AccessError):
                procedure.with_user(user).action_approve()
        self.writer.group_ids += self.env.ref("gck_escritos.group_gck_escrito_manager")
        with self.assertRaises(AccessError):
            procedure.action_approve()
        second = self.new_procedure(code="PC-2")
        second.with_user(self.manager).body = "<p>Otro</p>"
        second.action_submit()
        self.assertFalse(second.with_user(self.manager).may_approve)
        with self.assertRaises(AccessError):
            second.with_user(self.manager).action_approve()
        self.assertTrue(procedure.with_user(self.approver).may_approve)
        procedure.with_user(self.approver).action_approve()
        self.assertEqual(procedure.state, "valid")
        self.assertEqual(procedure.approved_by_id, self.approver)
        self.assertTrue(procedure.date_approved)

    def test_m67_text_is_held_while_it_waits_and_fixed_after(self):
        procedure = self.new_procedure()
        procedure.action_submit()
        with self.assertRaisesRegex(UserError, "wait for approval"):
            procedure.body = "<p>Cambiado</p>"
        procedure.with_user(self.approver).action_approve()
        for vals in (
            {"body": "<p>x</p>"},
            {"code": "PC-9"},
            {"approved_by_id": self.writer.id},
            {"state": "draft"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                procedure.write(vals)

    def test_m67_sent_back_with_a_reason(self):
        procedure = self.new_procedure()
        procedure.action_submit()
        action = procedure.with_user(self.approver).action_send_back()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.writer)
            .with_context(**action["context"])
            .create({})
        )
        with self.assertRaises(UserError):
            wizard.action_confirm()
        wizard.reason = "Falta el formulario"
        wizard.action_confirm()
        self.assertEqual(procedure.state, "draft")

    def test_m67_always_one_valid_version(self):
        """The one before is superseded, kept, and says what changed."""
        first = self.approved()
        second = self.next_version(first)
        self.assertEqual((second.code, second.version), ("PC-1", 2))
        self.assertEqual(first.state, "valid")
        second.action_submit()
        second.with_user(self.approver).action_approve()
        self.assertEqual((first.state, second.state), ("superseded", "valid"))
        self.assertTrue(first.date_ended)
        self.assertIn("y se fotografía </ins>cada palé", second.diff_html)
        self.assertTrue(first.version_id.attachment_id.raw.startswith(b"%PDF"))
        versions = self.Escrito.search(first.action_view_versions()["domain"])
        self.assertEqual(versions, first | second)

    def test_m67_database_keeps_one_valid_version(self):
        first = self.approved()
        other = self.new_procedure(code="PC-2")
        other.flush_recordset()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                "UPDATE gck_escrito SET state = 'valid', code = %s, version = 7"
                " WHERE id = %s",
                (first.code, other.id),
            )

    def test_m67_code_is_of_one_procedure(self):
        self.new_procedure()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.new_procedure(code=" PC-1 ").flush_recordset()

    def test_m67_everybody_on_staff_reads_what_is_in_force(self):
        """Without any role of the suite; drafts are nobody else's."""
        draft = self.new_procedure(code="PC-2")
        valid = self.approved()
        mine = self.env["gck.escrito"].with_user(self.staff)
        self.assertEqual(mine.search([("id", "in", (draft | valid).ids)]), valid)
        self.assertIn("palé", valid.with_user(self.staff).body)
        self.assertFalse(valid.with_user(self.staff).has_access("write"))
        view = valid.with_user(self.staff).get_view(
            view_id=valid.get_formview_id(), view_type="form"
        )
        self.assertIn("diff_html", view["arch"])

    # ------------------------------------------------------------

    def test_m67_read_and_understood(self):
        """By person and department; a new version asks again."""
        department = self.env["hr.department"].create({"name": "Almacén"})
        self.env["hr.employee"].create(
            {
                "name": "Sin Papel",
                "user_id": self.staff.id,
                "department_id": department.id,
            }
        )
        procedure = self.approved(
            reader_user_ids=[Command.set(self.approver.ids)],
            reader_department_ids=[Command.set(department.ids)],
        )
        self.assertEqual(procedure.lectura_ids.user_id, self.approver | self.staff)
        procedure.with_user(self.staff).action_read()
        self.assertEqual(procedure.read_percent, 50)
        mine = self.env["gck.escrito"].with_user(self.staff)
        self.assertFalse(mine.search([("must_read", "=", True)]))
        second = self.next_version(procedure)
        self.assertEqual(second.reader_department_ids, department)
        second.action_submit()
        second.with_user(self.approver).action_approve()
        self.assertEqual(mine.search([("must_read", "=", True)]), second)
        self.assertEqual(second.read_percent, 0)

    def test_m67_who_has_not_read_is_reminded(self):
        procedure = self.approved(reader_user_ids=[Command.set(self.staff.ids)])
        reading = procedure.sudo().lectura_ids
        Lectura = self.env["gck.escrito.lectura"]
        Lectura._cron_remind()
        self.assertFalse(reading.date_reminded)
        reading.date_assigned = fields.Datetime.subtract(fields.Datetime.now(), days=4)
        Lectura._cron_remind()
        self.assertTrue(reading.date_reminded)
        told = self.env["mail.message"].search_count(
            [("notified_partner_ids", "in", self.staff.partner_id.ids)]
        )
        Lectura._cron_remind()
        procedure.with_user(self.staff).action_read()
        reading.date_reminded = False
        Lectura._cron_remind()
        self.assertEqual(
            told,
            self.env["mail.message"].search_count(
                [("notified_partner_ids", "in", self.staff.partner_id.ids)]
            ),
        )

    def test_m67_withdrawn_by_managers_only(self):
        procedure = self.approved()
        with self.assertRaises(AccessError):
            procedure.action_withdraw()
        procedure.with_user(self.manager)._do_withdraw("Ya no se hace")
        self.assertEqual(procedure.state, "withdrawn")

    def test_m67_print_of_the_procedure(self):
        """Code, version, responsible and approval are on it."""
        procedure = self.approved()
        html = self.env["ir.qweb"]._render(
            "gck_escritos.report_gck_escrito",
            {"docs": procedure, "with_logo": None, "with_signature": None},
        )
        for text in ("PC-1", "Calidad", "Marta Vidal", "Nuria Calidad", "palé"):
            self.assertIn(text, html)
