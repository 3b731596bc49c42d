from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tools.safe_eval import safe_eval

from .common import AvisosCase


class TestAccionUnion(AvisosCase):
    """The list of every action, whatever its kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Accion = cls.env["gck.accion"]

    def rows(self, user, domain=()):
        """Return the actions that a user finds, as (kind, record id)."""
        self.env.flush_all()
        Accion = self.as_person(user, self.Accion)
        accions = Accion.search(list(domain))
        return {(accion.kind, accion.res_id) for accion in accions}

    @staticmethod
    def as_person(user, model):
        """Return the model as a user works with it, in the own company."""
        return model.with_user(user).with_context(
            allowed_company_ids=user.company_id.ids
        )

    def new_foreign_aviso(self):
        """Create a notice in the other company."""
        Aviso = self.as_person(self.foreign, self.env["gck.aviso"])
        return Aviso.create({"subject": "De fuera"})

    def test_m14_each_action_is_one_row_with_its_columns(self):
        """A task reads in the list as on its own form."""
        tarea = self.new_tarea(
            partner_id=self.customer.id,
            contact_id=self.contact.id,
            user_id=self.own.id,
            priority="1",
            date_deadline=self.hours_from_now(4),
        )
        accion = self.Accion._browse_records(tarea).with_user(self.own)
        self.assertEqual(accion.kind_id.code, "tarea")
        self.assertEqual(accion.res_model, "gck.tarea")
        for name in (
            "name",
            "subject",
            "partner_id",
            "commercial_partner_id",
            "contact_id",
            "user_id",
            "requester_id",
            "company_id",
            "date",
            "date_deadline",
            "accion_state",
            "priority",
        ):
            self.assertEqual(accion[name], tarea[name], name)
        self.assertEqual(accion.display_name, tarea.display_name)
        self.assertFalse(accion.is_late)

    def test_m14_clicking_opens_the_record(self):
        aviso = self.new_aviso()
        action = self.Accion._browse_records(aviso).action_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (aviso._name, aviso.id)
        )

    def test_m14_opening_a_deleted_action_says_so(self):
        tarea = self.new_tarea()
        accion = self.Accion._browse_records(tarea)
        tarea.sudo().unlink()
        with self.assertRaises(UserError):
            accion.action_open()

    def test_m14_finished_work_leaves_the_pending_matters(self):
        tarea = self.new_tarea(user_id=self.own.id)
        pending = [("is_pending", "=", True), ("user_id", "=", self.own.id)]
        self.assertIn(("tarea", tarea.id), self.rows(self.own, pending))
        tarea._do_done("Hecho")
        self.assertNotIn(("tarea", tarea.id), self.rows(self.own, pending))
        self.assertIn(("tarea", tarea.id), self.rows(self.own))

    def test_m22_late_is_what_was_due_and_is_still_pending(self):
        late = self.new_tarea(date_deadline=self.hours_from_now(-48))
        self.new_tarea(date_deadline=self.hours_from_now(5))
        self.new_tarea(date_deadline=False)
        done = self.new_tarea(date_deadline=self.hours_from_now(-50))
        done._do_done("Hecho")
        found = self.rows(self.reception, [("is_late", "=", True)])
        mine = {row for row in found if row[0] == "tarea"}
        self.assertIn(("tarea", late.id), mine)
        self.assertNotIn(("tarea", done.id), mine)
        accion = self.Accion._browse_records(late)
        self.assertTrue(accion.is_late)
        self.assertEqual(accion.late_days, 2)
        self.assertNotIn(
            ("tarea", late.id), self.rows(self.reception, [("is_late", "=", False)])
        )

    def test_m20_the_screen_of_late_actions_lists_late_ones_only(self):
        """Reached from the menu, one's own first, with the days (M-23)."""
        action = self.env.ref("gck_avisos.menu_gck_atrasadas").action
        late = self.new_tarea(
            user_id=self.own.id, date_deadline=self.hours_from_now(-72)
        )
        self.new_tarea(user_id=self.own.id, date_deadline=self.hours_from_now(72))
        self.new_tarea(
            user_id=self.colleague.id, date_deadline=self.hours_from_now(-72)
        )
        mine = [("user_id", "=", self.own.id)]
        listed = safe_eval(action.domain)
        self.assertEqual(self.rows(self.own, [*listed, *mine]), {("tarea", late.id)})
        context = safe_eval(action.context, {"uid": self.own.id})
        self.assertEqual(context["search_default_user_id"], self.own.id)
        self.assertEqual(self.Accion._browse_records(late).late_days, 3)

    def test_m74_a_notice_of_nobody_on_file_names_the_caller(self):
        aviso = self.new_aviso(caller_name="Un vecino")
        self.assertEqual(self.Accion._browse_records(aviso).tercero, "Un vecino")

    def test_m14_nobody_sees_here_what_they_could_not_open(self):
        """Kind by kind, the union holds exactly what each person may read."""
        aviso = self.new_aviso(user_id=self.own.id)
        self.new_tarea(aviso, user_id=self.own.id)
        self.new_tarea(user_id=self.dispatcher.id)
        self.new_aviso(department_id=self.sales_department.id)
        self.new_foreign_aviso()
        kinds = {
            **self.Accion._get_mixin_kinds(),
            "intervencion": "gck.intervencion",
        }
        self.new_intervencion(user=self.own, aviso_id=aviso.id)
        self.new_intervencion(user=self.dispatcher, partner_id=self.customer.id)
        people = (
            self.own
            | self.colleague
            | self.outsider
            | self.dispatcher
            | self.reception
            | self.manager
            | self.foreign
        )
        for user in people:
            found = self.rows(user)
            for kind, model in kinds.items():
                with self.subTest(user=user.name, kind=kind):
                    records = self.as_person(user, self.env[model])
                    # Not everybody has to do with the kinds of every area.
                    if records.has_access("read"):
                        records = records.search([])
                    self.assertEqual(
                        {record_id for code, record_id in found if code == kind},
                        set(records.ids),
                    )

    def test_m14_no_rights_no_list(self):
        for user in (self.nobody, self.portal):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.Accion.with_user(user).search([])

    def test_m14_the_union_is_read_only(self):
        aviso = self.new_aviso()
        accion = self.Accion._browse_records(aviso).with_user(self.manager)
        with self.assertRaises(AccessError):
            accion.write({"subject": "Otro"})
        with self.assertRaises(AccessError):
            accion.unlink()
        with self.assertRaises(AccessError):
            self.Accion.with_user(self.manager).create({"subject": "Nuevo"})

    def test_m17_native_activities_join_by_setting(self):
        activity = self.customer.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.own.id, summary="Felicitar"
        )
        key = ("actividad", activity.id)
        self.assertNotIn(key, self.rows(self.own))
        self.company.gck_pending_activities = True
        self.assertIn(key, self.rows(self.own, [("is_pending", "=", True)]))
        self.assertNotIn(key, self.rows(self.outsider))
        self.assertIn(key, self.rows(self.reception))
        accion = self.Accion._browse_records(activity).with_user(self.own)
        self.assertEqual(accion.subject, "Felicitar · Cerámicas Júcar")
        self.assertFalse(accion.is_late)
        self.assertEqual(accion.action_open()["res_model"], "res.partner")
        activity.action_done()
        self.assertNotIn(key, self.rows(self.own))

    def test_m17_activities_of_unreadable_documents_stay_hidden(self):
        """Whoever sees all matters still sees no activity of a closed document."""
        self.company.gck_pending_activities = True
        aviso = self.new_foreign_aviso()
        activity = aviso.sudo().activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.foreign.id
        )
        self.assertNotIn(("actividad", activity.id), self.rows(self.reception))

    def new_event(self, user, **vals):
        """Create an appointment of a person, of an hour from now on unless told."""
        Event = self.as_person(user, self.env["calendar.event"])
        return Event.create(
            {
                "name": "Visita",
                "user_id": user.id,
                "start": self.hours_from_now(1),
                "stop": self.hours_from_now(2),
                **vals,
            }
        )

    def test_m17_an_appointment_is_pending_until_it_ends(self):
        coming = self.new_event(self.own, gck_partner_id=self.customer.id)
        held = self.new_event(
            self.own,
            start=self.hours_from_now(-3),
            stop=self.hours_from_now(-2),
        )
        pending = [("is_pending", "=", True), ("user_id", "=", self.own.id)]
        found = self.rows(self.own, pending)
        self.assertIn(("cita", coming.id), found)
        self.assertNotIn(("cita", held.id), found)
        accion = self.Accion._browse_records(coming)
        self.assertEqual(accion.commercial_partner_id, self.customer)
        self.assertEqual(accion.date_deadline, coming.start)
        under_way = self.new_event(self.own, start=self.hours_from_now(-1))
        accion = self.Accion._browse_records(under_way)
        self.assertEqual(accion.date_deadline, under_way.stop)
        self.assertFalse(accion.is_late)
        self.assertFalse(
            self.rows(self.own, [("kind", "=", "cita"), ("is_late", "=", True)])
        )
        self.company.gck_pending_events = False
        self.assertNotIn(("cita", coming.id), self.rows(self.own, pending))
        partner = [("commercial_partner_id", "=", self.customer.id)]
        self.assertIn(("cita", coming.id), self.rows(self.own, partner))

    def test_m17_an_appointment_of_the_whole_day_is_pending_that_day(self):
        """Through midnight where the reader is, east and west of Greenwich."""
        event = self.new_event(
            self.own, allday=True, start_date="2026-03-04", stop_date="2026-03-04"
        )
        key = ("cita", event.id)
        pending = [("is_pending", "=", True), ("user_id", "=", self.own.id)]
        done = [("accion_state", "=", "done"), ("user_id", "=", self.own.id)]
        for tz, last, over, end in (
            ("Europe/Madrid", "03-04 22:59", "03-04 23:00", "03-04 22:59:59"),
            ("America/Mexico_City", "03-05 05:59", "03-05 06:00", "03-05 05:59:59"),
            ("Pacific/Auckland", "03-04 10:59", "03-04 11:00", "03-04 10:59:59"),
        ):
            self.Accion = self.env["gck.accion"].with_context(tz=tz)
            for moment, now, before in (
                (f"2026-{last}:00", pending, done),
                (f"2026-{over}:00", done, pending),
            ):
                with self.subTest(tz=tz, moment=moment), freeze_time(moment):
                    self.assertIn(key, self.rows(self.own, now))
                    self.assertNotIn(key, self.rows(self.own, before))
            self.forget()
            with freeze_time(f"2026-{last}:00"):
                accion = self.Accion._browse_records(event).with_user(self.own)
                self.assertEqual(str(accion.date_deadline), f"2026-{end}")
                self.assertFalse(accion.is_late)
                home = self.as_person(self.own, self.Accion).get_home()
                today = {s["key"]: s["rows"] for s in home["sections"]}["today"]
                self.assertEqual([row["res_id"] for row in today], [event.id])

    def test_o40_a_private_appointment_is_nobody_elses_matter(self):
        event = self.new_event(self.own, privacy="private")
        key = ("cita", event.id)
        self.assertIn(key, self.rows(self.own))
        self.assertNotIn(key, self.rows(self.reception))
        self.assertNotIn(key, self.rows(self.manager))

    def test_m14_an_appointment_of_another_company_is_not_listed(self):
        event = self.new_event(self.foreign)
        self.assertEqual(event.gck_company_id, self.other_company)
        self.assertIn(("cita", event.id), self.rows(self.foreign))
        self.assertNotIn(("cita", event.id), self.rows(self.manager))

    def test_m9_every_kind_has_its_row_and_its_own_number(self):
        models_by_kind = self.Accion._get_kind_models()
        self.assertEqual(
            set(self.env["gck.accion.clase"]._get_kinds()), set(models_by_kind)
        )
        numbers = self.Accion._get_kind_numbers()
        self.assertEqual(set(numbers), set(models_by_kind.values()))
        self.assertEqual(len(set(numbers.values())), len(numbers))

    def test_m9_an_archived_kind_is_not_offered(self):
        offered = {kind["code"] for kind in self.Accion.with_user(self.own).get_kinds()}
        self.assertLessEqual({"aviso", "tarea"}, offered)
        self.env.ref("gck_avisos.gck_accion_clase_aviso").active = False
        offered = {kind["code"] for kind in self.Accion.with_user(self.own).get_kinds()}
        self.assertNotIn("aviso", offered)
        aviso = self.new_aviso()
        self.assertIn(("aviso", aviso.id), self.rows(self.reception))

    def test_m9_an_installed_kind_cannot_be_deleted(self):
        with self.assertRaises(UserError):
            self.env.ref("gck_avisos.gck_accion_clase_aviso").unlink()

    def test_m5_home_groups_what_is_mine_by_urgency(self):
        """Late, today's, the week's and what others do for me, with true counts."""
        Accion = self.Accion.with_user(self.own)
        before = {
            section["key"]: section["count"]
            for section in Accion.get_home()["sections"]
        }
        self.assertEqual(set(before.values()), {0})
        for hours in range(1, 13):
            self.new_tarea(
                user_id=self.own.id, date_deadline=self.hours_from_now(-hours)
            )
        self.new_tarea(user_id=self.own.id, date_deadline=self.hours_from_now(72))
        self.new_tarea(user_id=self.own.id, date_deadline=self.hours_from_now(24 * 30))
        asked = self.new_tarea(user=self.own, user_id=self.colleague.id)
        home = Accion.get_home()
        sections = {section["key"]: section for section in home["sections"]}
        counts = {key: section["count"] for key, section in sections.items()}
        self.assertEqual(
            counts, {"late": 12, "today": 0, "week": 1, "later": 1, "requested": 1}
        )
        late = sections["late"]["rows"]
        self.assertEqual(len(late), 10)
        deadlines = [row["date_deadline"] for row in late]
        self.assertEqual(deadlines, sorted(deadlines))
        self.assertEqual(sections["requested"]["rows"][0]["res_id"], asked.id)
        self.assertEqual(
            sections["requested"]["rows"][0]["user"]["name"], "Carlos Colleague"
        )
        kinds = {kind["code"]: kind for kind in home["kinds"]}
        self.assertEqual((kinds["tarea"]["count"], kinds["tarea"]["late"]), (14, 12))

    def test_k17_home_counts_what_waits_in_reception(self):
        Accion = self.as_person(self.reception, self.Accion)
        before = Accion.get_home()["untreated"]
        aviso = self.new_aviso()
        self.assertEqual(Accion.get_home()["untreated"], before + 1)
        self.new_tarea(aviso)
        self.assertEqual(Accion.get_home()["untreated"], before)
        self.assertFalse(self.as_person(self.own, self.Accion).get_home()["untreated"])

    def test_m5_home_costs_the_same_however_much_there_is(self):
        Accion = self.Accion.with_user(self.own)
        self.new_tarea(user_id=self.own.id, date_deadline=self.hours_from_now(-1))
        Accion.get_home()
        few = self.count_queries(Accion.get_home)
        for hours in range(40):
            self.new_tarea(
                user_id=self.own.id,
                date_deadline=self.hours_from_now(hours * 9 - 90),
                partner_id=self.customer.id,
            )
        many = self.count_queries(Accion.get_home)
        self.assertLessEqual(many, few + 3)

    def test_m6_login_starts_at_home_where_the_company_says_so(self):
        """The switch, the opt-out, and the former home back when switched off."""
        home = self.env.ref("gck_avisos.action_gck_home").id
        former = self.env.ref("gck_avisos.action_gck_tarea")
        self.own.sudo().action_id = former.id

        def start():
            return self._get_home_action(self.own)

        self.assertEqual(start(), former.id)
        self.company.gck_home = True
        self.assertEqual(start(), home)
        self.own.with_user(self.own).gck_set_home_opt_out(True)
        self.assertEqual(start(), former.id)
        self.own.with_user(self.own).gck_set_home_opt_out(False)
        self.assertEqual(start(), home)
        self.assertFalse(self._get_home_action(self.nobody))
        self.company.gck_home = False
        self.assertEqual(start(), former.id)

    def _get_home_action(self, user):
        """Return the id of the action with which the web client of a user starts."""
        return (
            self.env["ir.http"]
            .with_user(user)
            ._gck_get_home_action_id(user.action_id.id)
        )

    def test_m18_people_offered_depend_on_the_rights(self):
        """Colleagues for whoever sees everything, else only oneself."""

        def people(user):
            found = self.Accion.with_user(user).get_people()
            return [person["id"] for person in found]

        for user in (self.own, self.dispatcher):
            self.assertEqual(people(user), [user.id])
        offered = people(self.reception)
        self.assertEqual(offered[0], self.reception.id)
        self.assertLessEqual({self.own.id, self.colleague.id}, set(offered))
        self.assertNotIn(self.foreign.id, offered)

    def test_m14_search_by_text_finds_number_and_subject(self):
        aviso = self.new_aviso(subject="Puerta descolgada")
        Accion = self.Accion.with_user(self.reception)
        self.env.flush_all()
        for text in ("descolgada", aviso.name):
            found = [accion_id for accion_id, _name in Accion.name_search(text)]
            self.assertEqual(found, self.Accion._browse_records(aviso).ids)

    def test_m17_each_company_says_what_is_pending_for_it(self):
        """With several companies, each keeps its own appointments out, or not."""
        self.manager.sudo().company_ids |= self.other_company
        ours, theirs = self.new_event(self.manager), self.new_event(self.foreign)
        self.other_company.gck_pending_events = False
        Accion = self.Accion.with_user(self.manager).with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        self.env.flush_all()
        found = Accion.search([("is_pending", "=", True), ("kind", "=", "cita")])
        self.assertIn(ours.id, found.mapped("res_id"))
        self.assertNotIn(theirs.id, found.mapped("res_id"))
        shown = Accion._browse_records(ours, theirs)
        self.assertEqual(shown.mapped("is_pending"), [True, False])

    def test_m18_more_than_the_client_hands_over_is_refused(self):
        """«Select all» of a longer list would otherwise change only its beginning."""
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", 2)
        tareas = self.new_tarea() | self.new_tarea()
        accions = self.Accion._browse_records(tareas).with_user(self.reception)
        with self.assertRaisesRegex(UserError, "2"):
            accions.action_postpone()
        self.assertTrue(accions[:1].action_postpone())

    def test_m18_reassign_from_the_list_needs_one_kind(self):
        aviso, tarea = self.new_aviso(), self.new_tarea()
        accions = self.Accion._browse_records(aviso, tarea).with_user(self.reception)
        with self.assertRaises(UserError):
            accions.action_reassign()
        action = self.Accion._browse_records(tarea).action_reassign()
        self.confirm(action, user_id=self.own.id)
        self.assertEqual(tarea.user_id, self.own)
