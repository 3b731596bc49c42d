from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import AvisosCase


@tagged("post_install", "-at_install")
class TestCloseRule(AvisosCase):
    """Closing, reopening and cancelling notices (K-43, K-44)."""

    def setUp(self):
        super().setUp()
        self.aviso = self.new_aviso(partner_id=self.customer.id, user_id=self.own.id)

    def test_k44_notice_closes_only_after_its_tasks(self):
        """The refusal names the open task and its responsible; done tasks free it."""
        done = self.new_tarea(self.aviso, subject="La hecha")
        done._do_done("Hecho")
        open_ = self.new_tarea(self.aviso, subject="La abierta", user_id=self.own.id)
        with self.assertRaises(UserError) as refusal:
            self.aviso.action_close()
        self.assertNames(refusal.exception, self.aviso.name, open_.name, "Olga Own")
        self.assertNotIn(done.name, str(refusal.exception))
        self.assertEqual(self.aviso.accion_state, "pending")

        open_._do_done("Hecho")
        self.assertTrue(self.aviso.action_close())
        self.assertEqual((self.aviso.state, self.aviso.accion_state), ("done", "done"))
        self.assertEqual(self.aviso.done_user_id, self.reception)
        self.assertTrue(self.aviso.date_done)

    def test_k44_cancelled_task_does_not_block(self):
        """A cancelled task is no open task."""
        tarea = self.new_tarea(self.aviso)
        self.confirm(tarea.action_cancel(), text="Ya no hace falta")
        self.aviso.action_close()
        self.assertEqual(self.aviso.state, "done")

    def test_k44_task_that_the_closer_cannot_see_blocks(self):
        """An open task of another department blocks, and is named."""
        aviso = self.new_aviso(self.manager)
        self.new_tarea(aviso, self.manager, user_id=self.own.id)._do_done("Hecho")
        hidden = self.new_tarea(
            aviso, self.manager, subject="Oculta", user_id=self.outsider.id
        )
        self.forget()
        self.assertFalse(hidden.with_user(self.own).has_access("read"))
        with self.assertRaises(UserError) as refusal:
            aviso.with_user(self.own).action_close()
        self.assertNames(refusal.exception, hidden.name, "Oscar Outsider")

    def test_k44_several_notices_are_refused_together(self):
        """One error names the blocked notices; none of the selection is closed."""
        free = self.new_aviso()
        second = self.new_aviso()
        tareas = self.new_tarea(self.aviso) | self.new_tarea(second)
        with self.assertRaises(UserError) as refusal:
            (self.aviso | free | second).action_close()
        self.assertNames(refusal.exception, *tareas.mapped("name"))
        self.assertEqual(free.accion_state, "pending")

    def test_k44_warn_asks_and_closes_after_confirmation(self):
        """With «warn» a dialog names the tasks; confirming closes."""
        self.company.gck_close_rule = "warn"
        tarea = self.new_tarea(self.aviso)
        wizard = self.open_dialog(self.aviso.action_close())
        self.assertNames(wizard.message, tarea.name)
        self.assertEqual(self.aviso.accion_state, "pending")
        wizard.action_confirm()
        self.assertEqual(self.aviso.state, "done")
        self.assertEqual(tarea.state, "pending")

    def test_k44_warn_does_not_ask_without_open_tasks(self):
        """Nobody is asked about nothing."""
        self.company.gck_close_rule = "warn"
        self.assertIs(self.aviso.action_close(), True)
        self.assertEqual(self.aviso.state, "done")

    def test_k44_rule_that_changed_while_the_dialog_was_open_holds(self):
        """Confirming an old dialog does not go round a rule set meanwhile."""
        self.company.gck_close_rule = "warn"
        self.new_tarea(self.aviso)
        wizard = self.open_dialog(self.aviso.action_close())
        self.company.gck_close_rule = "block"
        with self.assertRaises(UserError):
            wizard.action_confirm()
        self.assertEqual(self.aviso.accion_state, "pending")

    def test_k44_allow_closes_with_open_tasks(self):
        """With «allow» nobody is asked."""
        self.company.gck_close_rule = "allow"
        self.new_tarea(self.aviso)
        self.assertIs(self.aviso.action_close(), True)
        self.assertEqual(self.aviso.state, "done")

    def test_k44_work_on_a_closed_notice_is_refused(self):
        """No task is added, moved to or reopened under a closed notice."""
        finished = self.new_tarea(self.aviso)
        finished._do_done("Hecho")
        loose = self.new_tarea()
        self.aviso.action_close()
        for label, work in {
            "add": lambda: self.new_tarea(self.aviso),
            "move": lambda: loose.write({"aviso_id": self.aviso.id}),
            "reopen": lambda: finished.action_reopen(),
            "log": lambda: self.new_intervencion(aviso_id=self.aviso.id),
        }.items():
            with self.subTest(label), self.assertRaises(UserError) as refusal:
                work()
            self.assertNames(refusal.exception, self.aviso.name)
        self.assertEqual(finished.state, "done")

    def test_k44_allow_lets_work_be_added_and_logs_it(self):
        """Where the company allows it, late work is added and the log says so."""
        self.company.gck_close_rule = "allow"
        self.aviso.action_close()
        before = len(self.aviso.message_ids)
        self.new_tarea(self.aviso)
        self.assertGreater(len(self.aviso.message_ids), before)
        self.assertEqual(self.aviso.state, "done")

    def test_k44_cancelled_notice_refuses_work_under_any_rule(self):
        """Nothing is added to what was cancelled."""
        self.company.gck_close_rule = "allow"
        self.confirm(self.aviso.action_cancel(), text="Era publicidad")
        with self.assertRaises(UserError):
            self.new_tarea(self.aviso)

    def test_k44_closed_notice_is_read_only(self):
        """Not even a manager edits a closed notice; tags and messages stay free."""
        self.aviso.action_close()
        for user in (self.reception, self.manager):
            aviso = self.aviso.with_user(user)
            for vals in (
                {"subject": "Otra cosa"},
                {"user_id": self.own.id},
                {"description": "<p>Otra</p>"},
                {"tarea_ids": [(0, 0, {"subject": "Colada"})]},
            ):
                with self.subTest(user=user.login, vals=vals):
                    with self.assertRaises(UserError) as refusal:
                        aviso.write(vals)
                    self.assertNames(refusal.exception, self.aviso.name)
        self.aviso.tag_ids = self.env["gck.etiqueta"].create({"name": "VIP"})
        self.aviso.message_post(body="Llamó otra vez")

    def test_k44_only_managers_reopen_and_give_a_reason(self):
        """Reopening needs a manager and a reason; the log keeps it."""
        self.aviso.action_close()
        with self.assertRaises(AccessError):
            self.aviso.action_reopen()
        action = self.as_user(
            self.manager, self.aviso.with_user(self.manager).action_reopen()
        )
        with self.assertRaises(UserError):
            self.confirm(action, text="   ")
        self.confirm(action, text="El cliente reclama de nuevo")
        self.assertEqual(self.aviso.state, "open")
        self.assertFalse(self.aviso.date_done or self.aviso.done_user_id)
        self.assertIn("El cliente reclama de nuevo", self.log_text(self.aviso))
        self.new_tarea(self.aviso)

    def test_k43_cancelling_a_notice_waits_for_its_tasks(self):
        """A notice with open tasks is not cancelled; the refusal names them."""
        tarea = self.new_tarea(self.aviso)
        with self.assertRaises(UserError) as refusal:
            self.confirm(self.aviso.action_cancel(), text="Duplicado")
        self.assertNames(refusal.exception, tarea.name)
        tarea._do_done("Hecho")
        self.confirm(self.aviso.action_cancel(), text="Duplicado")
        self.assertEqual(
            (self.aviso.state, self.aviso.accion_state), ("cancel", "cancel")
        )
        self.assertIn("Duplicado", self.log_text(self.aviso))

    def test_k1_log_says_who_closed(self):
        """The history shows the change of state and its author."""
        self.aviso.action_close()
        message = self.aviso.message_ids[0]
        self.assertEqual(message.author_id, self.reception.partner_id)
        labels = dict(
            self.aviso._fields["state"]._description_selection(self.aviso.env)
        )
        self.assertIn(labels["done"], message.body)
        self.assertIn(labels["new"], message.body)

    def test_k44_closing_twice_says_who_was_first(self):
        """The second click is told who closed it."""
        self.aviso.action_close()
        with self.assertRaises(UserError) as refusal:
            self.aviso.with_user(self.manager).action_close()
        self.assertNames(refusal.exception, self.aviso.name, "Rosa Reception")

    def test_k44_tasks_of_a_closed_notice_are_not_deleted(self):
        """A manager who deletes a task of a closed notice is refused."""
        self.company.gck_close_rule = "allow"
        tarea = self.new_tarea(self.aviso)
        self.aviso.action_close()
        with self.assertRaises(UserError):
            tarea.with_user(self.manager).unlink()
