from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.gck_avisos.models.gck_accion_mixin import SUBJECT_MAX_LENGTH

from .common import AvisosCase

FORGED_CONTEXTS = (
    {},
    {"import_file": True},
    {"install_mode": True},
    {"gck_transition": True},
    {"gck_transition": object()},
    {"mail_notrack": True, "tracking_disable": True},
)


@tagged("post_install", "-at_install")
class TestBadInput(AvisosCase):
    """What people and programs get wrong gets a clear answer, and changes nothing."""

    def setUp(self):
        super().setUp()
        self.aviso = self.new_aviso(partner_id=self.customer.id)
        self.tarea = self.new_tarea(self.aviso, user_id=self.own.id)

    def test_m27_contact_of_another_partner_is_refused(self):
        """The message names both people."""
        for model in ("gck.aviso", "gck.tarea", "gck.intervencion"):
            vals = {
                "partner_id": self.customer.id,
                "contact_id": self.vendor_contact.id,
            }
            if model == "gck.intervencion":
                vals["description"] = "<p>x</p>"
            Model = self.env[model].with_user(self.reception)
            with self.subTest(model), self.assertRaises(ValidationError) as refusal:
                Model.create(vals)
            self.assertNames(refusal.exception, "Víctor Duero", "Cerámicas Júcar")

    def test_m29_archived_user_is_refused(self):
        """Work is not given to somebody who left; the message names them."""
        self.outsider.active = False
        for change in (
            lambda: self.new_tarea(user_id=self.outsider.id),
            lambda: self.tarea.write({"user_id": self.outsider.id}),
            lambda: self.aviso.write({"user_id": self.outsider.id}),
            lambda: self.confirm(
                self.tarea.action_reassign(), user_id=self.outsider.id
            ),
        ):
            with self.assertRaises(ValidationError) as refusal:
                change()
            self.assertNames(refusal.exception, "Oscar Outsider")

    def test_m29_tasks_of_somebody_who_left_can_be_finished(self):
        """Archiving a person does not lock what they leave behind."""
        tarea = self.new_tarea(user_id=self.outsider.id)
        self.outsider.active = False
        tarea._do_done("Lo hizo otro")
        self.assertEqual(tarea.state, "done")

    def test_k44_state_is_not_written(self):
        """No user, no manager and no forged context writes the state."""
        for user in (self.reception, self.manager):
            for context in FORGED_CONTEXTS:
                if user == self.manager and context.get("import_file"):
                    continue
                with self.subTest(user=user.login, context=list(context)):
                    self.check_state_is_guarded(user, context)

    def check_state_is_guarded(self, user, context):
        for record, state in (
            (self.aviso, "done"),
            (self.aviso, "cancel"),
            (self.aviso, "open"),
            (self.tarea, "done"),
        ):
            record = record.with_user(user).with_context(**context)
            if record.state == state:
                continue
            with self.assertRaises(UserError):
                record.write({"state": state})
            with self.assertRaises(UserError):
                record.create({"subject": "x", "state": "done"})

    def test_k44_what_the_server_writes_is_not_written(self):
        """Neither number, nor who ended it, nor when, nor the common state."""
        vals_list = (
            {"accion_state": "done"},
            {"date_done": "2026-01-01 00:00:00"},
            {"done_user_id": self.own.id},
            {"closing_text": "x"},
            {"name": "AV/1"},
        )
        for user in (self.reception, self.manager):
            for record in (self.aviso, self.tarea):
                for vals in vals_list:
                    with self.subTest(user=user.login, model=record._name, vals=vals):
                        record = record.with_user(user)
                        with self.assertRaises(UserError):
                            record.write(vals)
                        with self.assertRaises(UserError):
                            record.create({"subject": "x", **vals})
        self.assertEqual(self.aviso.accion_state, "pending")

    def test_k44_defaults_in_the_context_do_not_finish(self):
        """A forged default neither ends a new action nor numbers it."""
        for model in ("gck.aviso", "gck.tarea"):
            Model = self.env[model].with_user(self.reception)
            record = Model.with_context(
                default_state="done",
                default_accion_state="done",
                default_date_done="2026-01-01 00:00:00",
                default_name="FALSO",
            ).create({"subject": "x"})
            self.assertEqual(record.accion_state, "pending")
            self.assertNotEqual(record.state, "done")
            self.assertFalse(record.date_done)
            self.assertNotEqual(record.name, "FALSO")

    def test_k1_manager_imports_with_state_and_number(self):
        """Only a manager's import brings finished actions with their own numbers."""
        vals = {"subject": "Antiguo", "state": "done", "name": "AV/1999/1"}
        Aviso = self.env["gck.aviso"].with_context(import_file=True)
        aviso = Aviso.with_user(self.manager).create(vals)
        self.assertEqual((aviso.accion_state, aviso.name), ("done", "AV/1999/1"))
        with self.assertRaises(UserError):
            Aviso.with_user(self.reception).create(vals)

    def test_k36_html_is_sanitised(self):
        """Scripts and handlers do not survive in any rich text."""
        html = (
            "<p onclick='steal()'>Hola<script>alert(1)</script>"
            "<img src=x onerror='alert(2)'><a href='javascript:alert(3)'>x</a></p>"
        )
        line = self.new_intervencion(description=html)
        for record in (
            self.new_aviso(description=html),
            self.new_tarea(description=html),
            line,
        ):
            for trace in ("script", "onclick", "onerror"):
                self.assertNotIn(trace, record.description)
            self.assertIn("Hola", record.description)
        self.assertNotIn("alert", line.subject)

    def test_m28_subject_of_5000_characters(self):
        """It is shortened for the lists; the whole text opens the description."""
        long = "Palabra <b> " * 417
        aviso = self.new_aviso(subject=long, description="<p>Ya estaba</p>")
        self.check_long_subject(aviso, "Ya estaba")
        self.aviso.description = "<p>Ya estaba</p>"
        self.aviso.subject = long
        self.check_long_subject(self.aviso, "Ya estaba")

    def test_m28_long_subject_on_several_keeps_each_description(self):
        """Writing it on several at once loses the text of none."""
        avisos = self.new_aviso(description="<p>Una</p>") | self.new_aviso(
            description="<p>Otra</p>"
        )
        avisos.write({"subject": "Palabra <b> " * 417})
        self.check_long_subject(avisos[0], "Una")
        self.check_long_subject(avisos[1], "Otra")

    def check_long_subject(self, record, text):
        self.assertLessEqual(len(record.subject), SUBJECT_MAX_LENGTH)
        self.assertEqual(record.description.count("Palabra"), 417)
        self.assertEqual(record.description.count("&lt;b&gt;"), 417)
        self.assertIn(text, record.description)

    def test_k44_dialog_forged_through_rpc(self):
        """Other models, transitions and records are refused by the dialog."""
        Wizard = self.env["gck.accion.transicion"].with_user(self.reception)
        done = self.new_aviso()
        done.action_close()
        cases = [
            ("res.partner", self.customer.ids, "cancel", UserError),
            ("no.such.model", [1], "cancel", UserError),
            ("gck.accion.mixin", [1], "cancel", UserError),
            ("gck.aviso", self.aviso.ids, "done", UserError),
            ("gck.tarea", self.tarea.ids, "close", UserError),
            ("gck.aviso", done.ids, "reopen", AccessError),
            ("gck.aviso", [999999999], "cancel", UserError),
        ]
        for model, ids, transition, error in cases:
            vals = {"res_model": model, "res_ids": ids, "transition": transition}
            with self.subTest(**vals), self.assertRaises(error):
                Wizard.create({**vals, "text": "porque sí"}).action_confirm()
        with self.assertRaises(ValueError):
            Wizard.create(
                {"res_model": "gck.aviso", "res_ids": [1], "transition": "unlink"}
            )
        self.assertEqual(done.state, "done")

    def test_k44_dialog_on_what_the_user_cannot_see(self):
        """A forged list of ids gives no right on its records."""
        for model, vals in (
            ("gck.accion.transicion", {"transition": "cancel", "text": "x"}),
            ("gck.accion.reasignar", {"user_id": self.outsider.id}),
            ("gck.accion.posponer", {"hours": 1}),
        ):
            Wizard = self.env[model].with_user(self.outsider)
            wizard = Wizard.create(
                {"res_model": "gck.tarea", "res_ids": self.tarea.ids, **vals}
            )
            self.forget()
            with self.subTest(model), self.assertRaises(AccessError):
                wizard.action_confirm()
        self.assertEqual(self.tarea.state, "pending")

    def test_k44_record_deleted_meanwhile(self):
        """A button on what somebody just deleted says so."""
        aviso = self.new_aviso()
        wizard = self.open_dialog(aviso.action_cancel())
        aviso.with_user(self.manager).unlink()
        self.forget()
        wizard.text = "Duplicado"
        with self.assertRaises(UserError):
            wizard.action_confirm()
        with self.assertRaises(MissingError):
            aviso.action_close()

    def test_k17_empty_notice_is_not_saved(self):
        """Leaving the page of an untouched notice adds nothing to the queue."""
        Aviso = self.env["gck.aviso"].with_user(self.reception)
        for vals in ({}, {"description": "<p><br></p>", "subject": False}):
            with self.assertRaises(UserError):
                Aviso.create(vals)
        self.assertTrue(Aviso.create({"phone": "600 000 000"}))

    def test_k44_empty_selection_is_harmless(self):
        """Buttons without records neither fail nor do anything."""
        for model, methods in {
            "gck.aviso": ("action_open", "action_close", "action_close_possible"),
            "gck.tarea": ("action_done", "action_reopen"),
        }.items():
            empty = self.env[model].with_user(self.reception).browse()
            for method in methods:
                with self.subTest(method):
                    getattr(empty, method)()
            empty.action_postpone(1)

    def test_k43_double_click_on_finish(self):
        """The second click is told that it was finished, and changes nothing."""
        self.new_intervencion(tarea_id=self.tarea.id)
        self.tarea.action_done()
        done = self.tarea.date_done
        messages = len(self.messages_to(self.tarea.requester_id))
        with self.assertRaises(UserError) as refusal:
            self.tarea.action_done()
        self.assertNames(refusal.exception, self.tarea.name)
        self.tarea._do_done("Otra vez")
        self.assertEqual(self.tarea.date_done, done)
        self.assertFalse(self.tarea.closing_text)
        self.assertEqual(len(self.messages_to(self.tarea.requester_id)), messages)

    def test_k36_task_on_a_notice_out_of_sight_is_refused(self):
        """Hanging a task on somebody's notice is no way to read it."""
        hidden = self.new_aviso()
        self.forget()
        self.assertFalse(hidden.with_user(self.outsider).has_access("read"))
        Tarea = self.env["gck.tarea"].with_user(self.outsider)
        mine = Tarea.create({"subject": "Mía", "user_id": self.outsider.id})
        vals = {"subject": "Colada", "user_id": self.outsider.id}
        for attempt in (
            lambda: Tarea.create({**vals, "aviso_id": hidden.id}),
            lambda: Tarea.with_context(default_aviso_id=hidden.id).create(vals),
            lambda: mine.write({"aviso_id": hidden.id}),
            lambda: self.new_intervencion(self.outsider, aviso_id=hidden.id),
            lambda: self.new_intervencion(self.outsider, tarea_id=self.tarea.id),
        ):
            self.forget()
            with self.assertRaises(AccessError):
                attempt()
        self.forget()
        self.assertFalse(hidden.with_user(self.outsider).has_access("read"))

    def test_k36_followers_are_no_way_in_either(self):
        """Nobody subscribes to what they cannot see."""
        hidden = self.new_aviso()
        self.forget()
        hidden.with_user(self.outsider).message_subscribe(self.outsider.partner_id.ids)
        self.forget()
        self.assertNotIn(self.outsider.partner_id, hidden.message_partner_ids)
