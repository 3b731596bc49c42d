from datetime import datetime, timedelta
from functools import partial

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import USER, AvisosCase


@tagged("post_install", "-at_install")
class TestTareaManager(AvisosCase):
    """The task window, row by row (M-24…M-37)."""

    def open_action(self, xmlid, user):
        """Return what a window action lists for a user, as the client asks for it."""
        action = self.env.ref(f"gck_avisos.{xmlid}")
        Model = self.env[action.res_model].with_user(user)
        views = [(view_id or False, mode) for view_id, mode in action.views]
        result = Model.get_views([*views, (action.search_view_id.id, "search")])
        return action, result["views"]

    # ------------------------------------------------------------
    # M-24: who asked, who does it
    # ------------------------------------------------------------

    def test_m24_requested_by_me_lists_what_i_asked_for(self):
        """With who does it and by when, what is pending first."""
        menu = self.env.ref("gck_avisos.menu_gck_tarea_requested")
        action, views = self.open_action("action_gck_tarea_requested", self.own)
        self.assertEqual(menu.action, action)
        self.assertEqual(menu.parent_id, self.env.ref("gck_avisos.menu_gck_acciones"))
        self.assertIn('name="requested_by_me"', views["search"]["arch"])
        self.assertTrue(safe_eval(action.context)["search_default_requested_by_me"])
        arch = views["list"]["arch"]
        for name in ("user_id", "date_deadline", "date_done"):
            self.assertIn(f'name="{name}"', arch)
        done, late, later = (
            self.new_tarea(user=self.own, date_deadline=deadline)
            for deadline in ("2026-03-01", "2026-03-02", "2026-03-03")
        )
        done._do_done("Hecho")
        self.new_tarea(user_id=self.own.id)
        order = "accion_state desc, date_deadline, priority desc, id desc"
        self.assertIn(order, arch)
        found = self.env["gck.tarea"].search(
            [("requester_id", "=", self.own.id)], order=order
        )
        self.assertEqual(found, late | later | done)

    def test_m24_both_are_told_how_it_ended(self):
        """Finished, reopened, called off: who did not do it hears of it, once."""
        tarea = self.new_tarea(user=self.own, user_id=self.colleague.id)
        before = len(self.messages_to(self.colleague, tarea))
        by_colleague = tarea.with_user(self.colleague)
        by_colleague._do_done("Entregado")
        message = self.messages_to(self.own, tarea)
        self.assertEqual(len(message), 1)
        self.assertIn("Entregado", message.body)
        by_colleague.action_reopen()
        self.assertEqual(len(self.messages_to(self.own, tarea)), 2)
        self.assertEqual(len(self.messages_to(self.colleague, tarea)), before)
        tarea.with_user(self.reception)._do_cancel("Sobra")
        for user in (self.own, self.colleague):
            self.assertIn("Sobra", self.messages_to(user, tarea)[0].body)

    def test_m24_both_are_told_what_changed(self):
        """Old and new of what was agreed on, in one message to each."""
        tarea = self.new_tarea(
            user=self.own,
            user_id=self.colleague.id,
            partner_id=self.customer.id,
            date_deadline="2026-03-02 09:00:00",
        )
        self.track()
        before = len(self.messages_to(self.colleague, tarea))
        tarea = tarea.with_user(self.reception)
        tarea.write({"priority": "2", "partner_id": self.vendor.id})
        tarea.date_deadline = "2026-03-05 10:30:00"
        tarea.description = "<p>Con <b>fotos</b></p>"
        tarea.subject = "Enviar <i>ya</i>"
        self.track()
        to_requester = self.messages_to(self.own, tarea)
        to_responsible = self.messages_to(self.colleague, tarea)[: -before or None]
        self.assertEqual(to_requester, to_responsible)
        self.assertEqual(len(to_requester), 1)
        self.assertNames(
            to_requester.body, tarea.name, "Normal", "Urgen", "Cerámicas Júcar",
            "Aceros Duero", "11:30", "Enviar el presupuesto", "&lt;i&gt;ya", "</ul><p>",
        )  # fmt: skip
        self.assertFalse(self.messages_to(self.reception, tarea))

    def test_m24_who_changes_it_is_not_told(self):
        """The requester changes, the responsible hears; and the other way round."""
        tarea = self.new_tarea(user=self.own, user_id=self.colleague.id)
        self.track()
        tarea.priority = "1"
        self.track()
        self.assertFalse(self.messages_to(self.own, tarea))
        self.assertEqual(len(self.messages_to(self.colleague, tarea)), 2)
        tarea.with_user(self.colleague).action_postpone(5)
        self.track()
        self.assertEqual(len(self.messages_to(self.own, tarea)), 1)
        self.assertEqual(len(self.messages_to(self.colleague, tarea)), 2)

    def test_m24_new_responsible_is_told_once(self):
        """«You have been given it» is enough; requester and former one hear too."""
        tarea = self.new_tarea(user=self.own, user_id=self.colleague.id)
        self.track()
        tarea.with_user(self.reception).write(
            {"user_id": self.dispatcher.id, "priority": "1"}
        )
        self.track()
        self.assertEqual(len(self.messages_to(self.dispatcher, tarea)), 1)
        self.assertEqual(len(self.messages_to(self.own, tarea)), 1)
        self.assertEqual(len(self.messages_to(self.colleague, tarea)), 2)
        self.assertNames(
            self.messages_to(self.own, tarea).body, "Carlos Colleague", "Diana"
        )

    def test_m24_handing_a_task_out_of_sight_still_tells(self):
        """Whoever gives a task away and no longer sees it tells the requester."""
        tarea = self.new_tarea(user_id=self.own.id)
        tarea.message_unsubscribe(self.own.partner_id.ids)
        self.track()
        self.forget()
        tarea.with_user(self.own).write(
            {"user_id": False, "department_id": self.admin_department.id}
        )
        self.track()
        self.forget()
        self.assertFalse(tarea.with_user(self.own).has_access("read"))
        self.assertEqual(len(self.messages_to(self.reception, tarea)), 1)

    def test_m24_nothing_changed_tells_nobody(self):
        """Same values, there and back, other fields, finished meanwhile, loaded."""
        tarea = self.new_tarea(user=self.own, user_id=self.colleague.id, priority="1")
        tarea.subject = "Recién creada"
        self.track()
        self.assertEqual(len(self.messages_to(self.colleague, tarea)), 1)
        by_other = tarea.with_user(self.reception)
        by_other.write({"priority": "1", "subject": "Recién creada"})
        self.track()
        by_other.priority = "2"
        by_other.priority = "1"
        by_other.evento_id = self.env["gck.evento"].create({"name": "Visita"})
        self.track()
        for name in ("mail_auto_subscribe_no_notify", "import_file"):
            by_other.with_context(**{name: True}).priority = "0"
            self.track()
        self.assertFalse(self.messages_to(self.own, tarea))
        by_other.priority = "2"
        by_other._do_done("Hecho")
        self.track()
        self.assertEqual(len(self.messages_to(self.own, tarea)), 1)

    def test_m24_rolled_back_changes_tell_nobody(self):
        """What a refused operation wrote did not happen."""
        tarea = self.new_tarea(user=self.own, user_id=self.colleague.id)
        self.track()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            tarea.with_user(self.reception).priority = "2"
            raise ZeroDivisionError
        self.track()
        self.assertFalse(self.messages_to(self.own, tarea))

    def test_m24_only_active_people_are_told(self):
        """Who has left is not written to, and stops nothing."""
        gone = self.new_user("gone", USER, "Gabriel Gone")
        tarea = self.new_tarea(user=gone, user_id=self.own.id)
        self.track()
        gone.active = False
        tarea.with_user(self.reception).priority = "2"
        self.track()
        tarea.with_user(self.own)._do_done("Hecho")
        self.assertFalse(self.messages_to(gone, tarea))
        self.assertEqual(len(self.messages_to(self.own, tarea)), 2)

    def test_m24_each_is_told_in_their_language(self):
        """Labels and hours are those of the reader, not of the writer."""
        self.env["res.lang"]._activate_lang("es_ES")
        self.own.write({"lang": "es_ES", "tz": "Atlantic/Canary"})
        tarea = self.new_tarea(
            user=self.own, user_id=self.colleague.id, date_deadline="2026-03-02 09:00"
        )
        self.track()
        tarea.with_user(self.reception).date_deadline = "2026-03-02 10:00:00"
        self.track()
        for user, hour in ((self.own, "10:00"), (self.colleague, "11:00")):
            message = self.messages_to(user, tarea)[0]
            self.assertNames(message.body, hour)
            self.assertEqual(message.notified_partner_ids, user.partner_id)

    def test_m24_many_changes_make_few_messages(self):
        """A thousand tasks, each to its own moment: one message a person."""
        tareas = self.env["gck.tarea"].with_user(self.own)
        tareas = tareas.create(
            [
                {
                    "subject": f"Tarea {n}",
                    "user_id": self.colleague.id,
                    "date_deadline": datetime(2030, 1, 1) + timedelta(minutes=n),
                }
                for n in range(1000)
            ]
        )
        self.track()
        people = (self.own, self.colleague)
        before = [len(self.messages_to(user)) for user in people]
        tareas.with_user(self.reception).action_postpone(2)
        self.track()
        for user, count in zip(people, before, strict=True):
            messages = self.messages_to(user)
            self.assertEqual(len(messages) - count, 1)
            self.assertNames(messages[0].body, tareas[0].name, "990")

    def test_m24_changing_many_is_flat(self):
        """Telling of three hundred changes costs what telling of ten does."""

        def create(count):
            Tarea = self.env["gck.tarea"].with_user(self.own)
            return Tarea.create(
                [{"subject": "x", "user_id": self.colleague.id}] * count
            ).with_user(self.reception)

        few, many = (
            self.count_queries(
                partial(
                    create(count).with_context(mail_notrack=True).write,
                    {"date_deadline": "2030-01-01"},
                )
            )
            for count in (10, 300)
        )
        self.assertLessEqual(many, few + 20)

    # ------------------------------------------------------------
    # M-25…M-34: the fields
    # ------------------------------------------------------------

    def test_m25_menu_opens_the_list_and_new_the_form(self):
        """Acciones › Tareas is a list; its «New» opens the form."""
        menu = self.env.ref("gck_avisos.menu_gck_tarea")
        action, views = self.open_action("action_gck_tarea", self.own)
        self.assertEqual(menu.action, action)
        self.assertEqual(next(iter(views)), "list")
        self.assertNotIn('create="0"', views["list"]["arch"])
        self.assertIn("form", views)

    def test_m26_free_task_needs_a_customer_or_vendor(self):
        """Refused with words, from the form too; a task of a notice does without."""
        self.company.gck_tarea_partner_required = True
        with self.assertRaises(ValidationError) as refusal:
            self.new_tarea(subject="Archivar")
        self.assertNames(refusal.exception, "Archivar")
        form = Form(self.env["gck.tarea"].with_user(self.own))
        form.subject = "Archivar"
        with self.assertRaises(AssertionError):
            form.save()
        for partner in (self.customer, self.vendor, self.company.partner_id):
            form.partner_id = partner
            tarea = form.save()
        with self.assertRaises(ValidationError):
            tarea.partner_id = False
        self.new_tarea(self.new_aviso())

    def test_m26_requirement_of_another_company(self):
        """Each company decides for its own tasks; older ones are still finished."""
        tarea = self.new_tarea()
        self.company.gck_tarea_partner_required = True
        tarea._do_done("Hecho")
        self.new_tarea(self.new_aviso())
        Tarea = self.env["gck.tarea"].with_user(self.foreign)
        Tarea.with_context(allowed_company_ids=self.other_company.ids).create(
            {"subject": "Suya"}
        )

    def test_m26_automatic_creation_does_not_break(self):
        """What mail or a scheduled job creates has nobody to ask, and is not lost."""
        self.company.gck_tarea_partner_required = True
        Tarea = self.env["gck.tarea"].with_user(self.reception).sudo()
        self.assertTrue(Tarea.create({"subject": "Del correo"}))

    def test_m26_no_quick_create(self):
        """A customer is chosen, never made by typing a name into the task."""
        arch = self.env["gck.tarea"].with_user(self.own).get_view(view_type="form")
        self.assertRegex(arch["arch"], r'name="partner_id"[^>]*no_quick_create\': True')

    def test_m27_contact_follows_the_partner(self):
        """Changing to another company empties the contact; within it, it stays."""
        tarea = self.new_tarea(partner_id=self.customer.id, contact_id=self.contact.id)
        tarea.partner_id = self.contact
        self.assertEqual(tarea.contact_id, self.contact)
        tarea.partner_id = self.vendor
        self.assertFalse(tarea.contact_id)

    def test_m28_reference_finds_the_task(self):
        """The reference is searched and shown."""
        tarea = self.new_tarea(subject="Oferta andamios")
        found = self.env["gck.tarea"].with_user(self.reception).name_search("andamios")
        self.assertIn(tarea.id, [id_ for id_, _name in found])

    def offered(self, user, field="user_id", company=None):
        """Return whom the list of a field of a new task offers."""
        company = company or self.company
        Tarea = self.env["gck.tarea"].with_user(user).with_company(company)
        domain = Tarea.fields_get([field], ["domain"])[field]["domain"]
        if isinstance(domain, str):
            domain = safe_eval(domain, {"company_id": company.id})
        Users = self.env["res.users"].with_user(user).with_company(company)
        found = Users.name_search("", domain=domain, limit=None)
        return Users.browse(id_ for id_, _name in found).sudo()

    def test_m29_m30_offered_are_those_with_a_file(self):
        """In a company that keeps files: not who has none, nor who has left."""
        for field in ("user_id", "requester_id"):
            with self.subTest(field):
                offered = self.offered(self.own, field)
                self.assertLessEqual(self.own | self.dispatcher, offered)
                self.assertFalse(offered & (self.outsider | self.portal | self.foreign))
        self.colleague.sudo().employee_ids.active = False
        self.assertNotIn(self.colleague, self.offered(self.own))
        self.dispatcher.active = False
        self.assertNotIn(self.dispatcher, self.offered(self.own))

    def test_m29_company_without_files_offers_its_users(self):
        """Nobody has a file: everybody of the company can be given work."""
        files = self.env["hr.employee"].search([("company_id", "=", self.company.id)])
        files.active = False
        offered = self.offered(self.outsider)
        self.assertLessEqual(self.own | self.outsider | self.reception, offered)
        self.assertFalse(offered & (self.portal | self.foreign))
        self.env["hr.employee"].create(
            {
                "name": "Administrator",
                "user_id": self.env.ref("base.user_admin").id,
                "company_id": self.company.id,
            }
        )
        self.assertIn(self.outsider, self.offered(self.outsider))

    def test_m29_who_is_not_offered_can_still_be_given_work(self):
        """An import, or a type that proposes somebody, is not stopped by it."""
        tarea = self.new_tarea(user_id=self.outsider.id)
        self.assertFalse(self.outsider.gck_on_staff)
        self.assertEqual(tarea.user_id, self.outsider)
        with self.assertRaises(ValidationError):
            self.outsider.active = False
            self.new_tarea(user_id=self.outsider.id)

    def test_m30_requester_is_me(self):
        """A new task is asked for by me; somebody else may be noted down."""
        tarea = self.new_tarea(user=self.own)
        self.assertEqual(tarea.requester_id, self.own)
        tarea.requester_id = self.colleague
        self.assertEqual(tarea.requester_id, self.colleague)

    def test_m31_date_is_now_and_can_be_changed(self):
        """The date is its own; the deadline is another field."""
        with freeze_time("2026-03-02 09:00:00"):
            tarea = self.new_tarea(user=self.own, date_deadline="2026-03-09 09:00:00")
        self.assertEqual(tarea.date, datetime(2026, 3, 2, 9))
        with Form(tarea) as form:
            form.date = datetime(2026, 3, 1, 9)
        self.assertEqual(tarea.date, datetime(2026, 3, 1, 9))
        self.assertEqual(tarea.date_deadline, datetime(2026, 3, 9, 9))

    def check_only_active(self, model, field):
        """Check that an archived row stays on old tasks and is no longer offered."""
        row = self.env[model].create({"name": f"Fila {model}"})
        tarea = self.new_tarea(**{field: row.id})
        Table = self.env[model].with_user(self.own)
        self.assertTrue(Table.name_search(row.name))
        row.active = False
        self.assertFalse(Table.name_search(row.name))
        self.assertEqual(tarea[field], row)

    def test_m32_only_active_events_are_offered(self):
        """The event comes from its table."""
        self.check_only_active("gck.evento", "evento_id")

    def test_m33_only_active_types_are_offered(self):
        """The type comes from its table."""
        self.check_only_active("gck.tarea.tipo", "tipo_id")

    def test_m34_two_states_are_shown(self):
        """The status bar shows Pendiente and Terminada, nothing else."""
        Tarea = self.env["gck.tarea"].with_user(self.own)
        arch = Tarea.get_view(view_type="form")["arch"]
        self.assertIn('statusbar_visible="pending,done"', arch)
        self.assertEqual(self.new_tarea().state, "pending")

    def test_m34_cancelled_shows_apart(self):
        """The bar of a cancelled task shows where it is; of others, two states."""
        tarea = self.new_tarea()
        tarea._do_cancel("Sobra")
        self.assertEqual(tarea.accion_state, "cancel")

    # ------------------------------------------------------------
    # M-35: the end
    # ------------------------------------------------------------

    def test_m35_end_date_comes_and_goes(self):
        """Finishing sets the end date, reopening empties it."""
        tarea = self.new_tarea(date="2026-03-02 09:00:00")
        with freeze_time("2026-03-03 10:00:00"):
            tarea._do_done("Hecho")
        self.assertEqual(tarea.date_done, datetime(2026, 3, 3, 10))
        tarea.action_reopen()
        self.assertFalse(tarea.date_done or tarea.done_user_id or tarea.closing_text)

    def test_m35_end_is_not_before_the_date(self):
        """A task dated in the future is not finished today."""
        tarea = self.new_tarea(date=self.hours_from_now(48))
        with self.assertRaises(ValidationError) as refusal:
            tarea._do_done("Hecho")
        self.assertNames(refusal.exception, tarea.name)

    def test_m35_end_can_be_given_while_finishing(self):
        """Noted down the day after: it ended when it did, logged work or not."""
        silent, logged = self.new_tarea(date="2026-03-02 09:00:30"), self.new_tarea()
        logged.date = "2026-03-02 08:00:00"
        self.new_intervencion(tarea_id=logged.id)
        with freeze_time("2026-03-04 10:00:00"):
            action = silent.action_done()
            self.assertFalse(self.open_dialog(action).date_done)
            # The minute of the date itself, which screens show without seconds.
            self.confirm(action, text="Hecho", date_done="2026-03-02 09:00:00")
            action = logged.action_done_dated()
            self.assertFalse(self.open_dialog(action).text_required)
            self.confirm(action, date_done="2026-03-03 10:00:00")
        self.assertEqual(silent.date_done, datetime(2026, 3, 2, 9))
        self.assertEqual(logged.date_done, datetime(2026, 3, 3, 10))
        self.assertEqual(logged.state, "done")

    def test_m35_end_given_is_neither_early_nor_to_come(self):
        """Before the date or in the future: refused, and the task stays pending."""
        tarea = self.new_tarea(date="2026-03-02 09:00:00")
        with freeze_time("2026-03-04 10:00:00"):
            action = tarea.action_done()
            for moment, error in (
                ("2026-03-02 08:59:00", ValidationError),
                ("2026-03-04 10:01:00", UserError),
            ):
                with self.assertRaises(error), self.env.cr.savepoint():
                    self.confirm(action, text="Hecho", date_done=moment)
            self.forget()
            self.assertEqual(tarea.state, "pending")
            with self.assertRaises(UserError):
                tarea.date_done = "2026-03-03 09:00:00"

    def test_m35_dialog_asks_for_the_end_of_tasks_only(self):
        """Cancelling, reopening and closing a notice have no date to give."""
        tarea = self.new_tarea()
        self.assertTrue(self.open_dialog(tarea.action_done()).has_date_done)
        self.assertFalse(self.open_dialog(tarea.action_cancel()).has_date_done)

    def test_m36_description_is_rich_and_harmless(self):
        """Bold stays, scripts go."""
        tarea = self.new_tarea(description="<p>Con <b>fotos</b><script>x</script></p>")
        self.assertIn("<b>fotos</b>", tarea.description)
        self.assertNotIn("script", tarea.description)
