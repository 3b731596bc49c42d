from odoo import Command, fields
from odoo.exceptions import AccessError, UserError

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
                    readable = self.as_person(user, self.env[model]).search([])
                    self.assertEqual(
                        {record_id for code, record_id in found if code == kind},
                        set(readable.ids),
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
        self.assertFalse(
            self.rows(self.own, [("kind", "=", "cita"), ("is_late", "=", True)])
        )
        self.company.gck_pending_events = False
        self.assertNotIn(("cita", coming.id), self.rows(self.own, pending))
        partner = [("commercial_partner_id", "=", self.customer.id)]
        self.assertIn(("cita", coming.id), self.rows(self.own, partner))

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
        def people(user):
            found = self.Accion.with_user(user).get_people()
            return {person["id"] for person in found}

        self.assertEqual(people(self.own), {self.own.id})
        self.assertLessEqual(
            {self.own.id, self.colleague.id, self.reception.id}, people(self.reception)
        )
        self.assertNotIn(self.foreign.id, people(self.reception))
        self.assertEqual(people(self.dispatcher), {self.dispatcher.id})
        employee = self.outsider.with_company(self.company).employee_id
        employee = employee or self.env["hr.employee"].create(
            {"name": "Oscar", "user_id": self.outsider.id}
        )
        employee.department_id = self.admin_department
        self.assertEqual(
            people(self.dispatcher), {self.dispatcher.id, self.outsider.id}
        )
        self.assertEqual(
            self.Accion.with_user(self.reception).get_people()[0]["id"],
            self.reception.id,
        )

    def test_m14_search_by_text_finds_number_and_subject(self):
        aviso = self.new_aviso(subject="Puerta descolgada")
        Accion = self.Accion.with_user(self.reception)
        self.env.flush_all()
        for text in ("descolgada", aviso.name):
            found = [accion_id for accion_id, _name in Accion.name_search(text)]
            self.assertEqual(found, self.Accion._browse_records(aviso).ids)

    def test_m18_reassign_from_the_list_needs_one_kind(self):
        aviso, tarea = self.new_aviso(), self.new_tarea()
        accions = self.Accion._browse_records(aviso, tarea).with_user(self.reception)
        with self.assertRaises(UserError):
            accions.action_reassign()
        action = self.Accion._browse_records(tarea).action_reassign()
        self.confirm(action, user_id=self.own.id)
        self.assertEqual(tarea.user_id, self.own)


class TestSpawn(AvisosCase):
    """Actions generated from actions and documents, and their family."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reception.group_ids = [
            Command.link(cls.env.ref("sales_team.group_sale_salesman_all_leads").id)
        ]
        cls.Accion = cls.env["gck.accion"].with_user(cls.reception)

    def spawn(self, kind, origin, user=None, **vals):
        """Generate an action as the web client does: the form, then its save."""
        Accion = self.Accion.with_user(user or self.reception)
        action = Accion.get_create_action(kind, origin._name, origin.id)
        model = self.env[action["res_model"]].with_user(user or self.reception)
        return model.with_context(**action["context"]).create(vals)

    def family(self, record, user=None):
        """Return the tree as (level, subject), in order of display."""
        self.env.flush_all()
        Accion = self.Accion.with_user(user or self.reception)
        found = Accion.get_family(record._name, record.id)
        return [(node["level"], node["subject"]) for node in found["nodes"]]

    def test_m38_a_generated_action_inherits_and_links_back(self):
        aviso = self.new_aviso(
            subject="No enfría", partner_id=self.customer.id, contact_id=self.contact.id
        )
        document = self.vendor
        self.env["gck.vinculo"]._link(aviso, document)
        other = self.spawn("aviso", aviso)
        self.assertEqual(other.partner_id, self.customer)
        self.assertEqual(other.contact_id, self.contact)
        self.assertEqual(other.subject, "No enfría")
        self.assertEqual(other.vinculo_ids.mapped("res_id"), document.ids)
        self.assertEqual(self.family(aviso), [(0, "No enfría"), (1, "No enfría")])

    def test_m38_a_task_of_a_notice_hangs_from_it_without_a_link_besides(self):
        aviso = self.new_aviso(partner_id=self.customer.id)
        tarea = self.spawn("tarea", aviso)
        self.assertEqual(tarea.aviso_id, aviso)
        self.assertFalse(self.env["gck.vinculo"].search([("origin_id", "=", tarea.id)]))
        sibling = self.spawn("tarea", tarea)
        self.assertEqual(sibling.aviso_id, aviso)

    def test_m38_a_closed_notice_still_gives_rise_to_new_work(self):
        """The guard of closed notices is not in the way of what follows from them."""
        aviso = self.new_aviso(partner_id=self.customer.id, subject="Terminado")
        aviso._do_close()
        tarea = self.spawn("tarea", aviso)
        self.assertFalse(tarea.aviso_id)
        self.assertEqual(tarea.partner_id, self.customer)
        self.assertEqual(self.family(tarea), [(0, "Terminado"), (1, "Terminado")])

    def test_m38_an_action_of_a_document_is_linked_and_filled(self):
        lead = self.env["crm.lead"].create(
            {"name": "Cámara nueva", "partner_id": self.contact.id}
        )
        aviso = self.spawn("aviso", lead)
        self.assertEqual(aviso.lead_id, lead)
        self.assertEqual(aviso.partner_id, self.customer)
        self.assertEqual(aviso.contact_id, self.contact)
        tarea = self.spawn("tarea", lead)
        self.assertEqual(tarea.vinculo_ids.mapped("res_model"), ["crm.lead"])
        summary = self.Accion.get_document_summary("crm.lead", lead.id)
        self.assertEqual(summary["count"], 2)

    def test_m38_an_appointment_is_generated_and_gives_rise_to_others(self):
        aviso = self.new_aviso(
            subject="Ver la cámara",
            date="2026-01-01 10:00:00",
            partner_id=self.customer.id,
            contact_id=self.contact.id,
        )
        event = self.spawn(
            "cita", aviso, start="2026-02-01 10:00:00", stop="2026-02-01 11:00:00"
        )
        self.assertEqual(event.name, "Ver la cámara")
        self.assertEqual(event.gck_partner_id, self.customer)
        self.assertEqual(event.gck_contact_id, self.contact)
        tarea = self.spawn("tarea", event, subject="Después")
        self.assertEqual(tarea.partner_id, self.customer)
        self.assertEqual(
            self.family(tarea),
            [(0, "Ver la cámara"), (1, "Ver la cámara"), (2, "Después")],
        )

    def test_m38_the_context_links_nothing_but_the_new_action(self):
        """What is created on the way, of other kinds, is not linked."""
        aviso = self.new_aviso()
        action = self.Accion.get_create_action("tarea", aviso._name, aviso.id)
        context = action["context"]
        self.env["gck.aviso"].with_context(gck_origin=context["gck_origin"]).create(
            {"subject": "De paso"}
        )
        self.assertFalse(
            self.env["gck.vinculo"].search([("res_model", "=", "gck.aviso")])
        )

    def test_m38_what_cannot_be_read_gives_rise_to_nothing(self):
        aviso = self.new_aviso(user=self.reception)
        with self.assertRaises(AccessError):
            self.Accion.with_user(self.outsider).get_create_action(
                "tarea", aviso._name, aviso.id
            )
        Tarea = self.env["gck.tarea"].with_user(self.outsider)
        with self.assertRaises(AccessError):
            Tarea.with_context(gck_origin=["gck.tarea", aviso._name, aviso.id]).create(
                {"subject": "Colado"}
            )

    def test_m38_a_deleted_origin_is_refused_in_words(self):
        tarea = self.new_tarea()
        tarea_id = tarea.id
        tarea.sudo().unlink()
        with self.assertRaises(UserError):
            self.Accion.get_create_action("aviso", "gck.tarea", tarea_id)
        with self.assertRaises(UserError):
            self.Accion.get_create_action("nada")

    def test_m39_the_cycle_shows_parents_children_and_siblings(self):
        aviso = self.new_aviso(subject="Raíz", date="2026-01-01 10:00:00")
        first = self.new_tarea(aviso, subject="Primera", date="2026-01-02 10:00:00")
        second = self.new_tarea(aviso, subject="Segunda", date="2026-01-03 10:00:00")
        born = self.spawn("aviso", second, subject="Nacido de la segunda")
        expected = [
            (0, "Raíz"),
            (1, "Primera"),
            (1, "Segunda"),
            (2, "Nacido de la segunda"),
        ]
        for record in (aviso, first, second, born):
            self.assertEqual(self.family(record), expected)
        action = first.action_related()
        self.assertEqual(action["tag"], "gck_ciclo")

    def test_m39_what_is_out_of_reach_only_holds_the_tree_together(self):
        aviso = self.new_aviso(subject="Secreto")
        mine = self.new_tarea(aviso, subject="Mía", user_id=self.dispatcher.id)
        born = self.spawn("aviso", mine, subject="Ajeno")
        child = self.spawn("tarea", born, subject="También mía", user_id=self.own.id)
        born.message_unsubscribe(self.own.partner_id.ids)
        nodes = self.Accion.with_user(self.own).get_family(child._name, child.id)[
            "nodes"
        ]
        readable = [node["subject"] for node in nodes if node["readable"]]
        self.assertIn("También mía", readable)
        for node in nodes:
            if not node["readable"]:
                self.assertFalse(node["subject"] or node["name"])

    def test_m39_a_circle_of_links_ends(self):
        first, second = self.new_aviso(subject="Uno"), self.new_aviso(subject="Dos")
        Vinculo = self.env["gck.vinculo"].with_user(self.reception)
        Vinculo._link(first, second, "origin")
        Vinculo._link(second, first, "origin")
        self.assertCountEqual(
            [subject for _level, subject in self.family(first)], ["Uno", "Dos"]
        )

    def test_m39_a_large_family_costs_no_more_queries(self):
        def build(count):
            aviso = self.new_aviso()
            for _index in range(count):
                self.new_tarea(aviso)
            return aviso

        small, large = build(2), build(60)
        self.family(small)
        few = self.count_queries(lambda: self.family(small))
        many = self.count_queries(lambda: self.family(large))
        self.assertLessEqual(many, few + 2)

    def test_m74_a_partner_counts_the_actions_of_its_contacts(self):
        self.new_aviso(contact_id=self.contact.id)
        self.new_tarea(partner_id=self.customer.id)._do_done("Hecho")
        self.new_tarea(partner_id=self.vendor.id)
        self.forget()
        partners = (self.customer | self.contact | self.vendor).with_user(
            self.reception
        )
        self.assertEqual(partners.mapped("gck_accion_count"), [2, 2, 1])
        self.assertEqual(partners.mapped("gck_accion_pending_count"), [1, 1, 1])
        action = partners[1].action_view_gck_acciones()
        found = self.Accion.search(action["domain"])
        self.assertEqual(set(found.mapped("kind")), {"aviso", "tarea"})

    def test_m73_counts_of_80_partners_cost_one_query(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Cliente {index}"} for index in range(80)]
        )
        for partner in partners[:5]:
            self.new_tarea(partner_id=partner.id)
        partners = partners.with_user(self.reception)
        self.count_queries(lambda: partners.mapped("gck_accion_count"))
        one, many = (
            self.count_queries(lambda some=some: some.mapped("gck_accion_count"))
            for some in (partners[:1], partners)
        )
        self.assertEqual(one, many)

    def test_k3_a_document_knows_its_actions_by_any_step(self):
        lead = self.env["crm.lead"].create({"name": "Cámara"})
        aviso = self.new_aviso()
        tarea = self.new_tarea(aviso)
        intervencion = self.new_intervencion(tarea_id=tarea.id)
        self.env["gck.vinculo"]._link(intervencion, lead)
        summary = self.Accion.get_document_summary("crm.lead", lead.id)
        self.assertEqual([row["res_id"] for row in summary["rows"]], tarea.ids)
        listed = self.Accion.search(
            self.Accion.get_document_action("crm.lead", lead.id)["domain"]
        )
        self.assertEqual(listed.mapped("res_id"), tarea.ids)

    def test_k3_an_existing_action_takes_a_document_from_its_chatter(self):
        lead = self.env["crm.lead"].create({"name": "Cámara"})
        aviso = self.new_aviso()
        accion = self.env["gck.accion"]._browse_records(aviso)
        action = self.Accion.get_link_action("crm.lead", lead.id)
        Wizard = self.env[action["res_model"]].with_user(self.reception)
        wizard = Wizard.with_context(**action["context"]).create(
            {"accion_id": accion.id}
        )
        wizard.action_confirm()
        self.assertEqual(aviso.vinculo_ids.mapped("res_id"), lead.ids)
        with self.assertRaises(UserError):
            wizard.action_confirm()

    def test_m39_home_and_chatter_survive_a_deleted_document(self):
        lead = self.env["crm.lead"].create({"name": "Cámara"})
        tarea = self.spawn("tarea", lead, subject="Medir")
        lead.unlink()
        self.assertEqual(self.family(tarea), [(0, "Medir")])
        with self.assertRaises(UserError):
            self.Accion.get_document_summary("crm.lead", lead.id)

    def test_m71_what_was_done_is_listed_as_done(self):
        """The log of activities is among the actions of the partner (M-74)."""
        intervencion = self.new_intervencion(partner_id=self.customer.id)
        accion = self.Accion.search(
            [("kind", "=", "intervencion"), ("res_id", "=", intervencion.id)]
        )
        self.assertEqual(accion.accion_state, "done")
        self.assertEqual(accion.commercial_partner_id, self.customer)
        self.assertEqual(accion.date, intervencion.date_start)
        self.assertFalse(accion.is_late or accion.is_pending)

    def test_m38_an_intervention_is_logged_on_what_it_is_generated_from(self):
        aviso = self.new_aviso(subject="Raíz", partner_id=self.customer.id)
        tarea = self.new_tarea(aviso, subject="Tarea")
        done = self.spawn("intervencion", tarea, description="<p>Hecho</p>")
        self.assertEqual(done.tarea_id, tarea)
        self.assertEqual(self.family(aviso), [(0, "Raíz"), (1, "Tarea"), (2, "Hecho")])
        tarea._do_done()
        later = self.spawn("intervencion", tarea, description="<p>Después</p>")
        self.assertFalse(later.tarea_id)
        self.assertIn((2, "Después"), self.family(aviso))
        lead = self.env["crm.lead"].create({"name": "Cámara"})
        self.spawn("intervencion", lead, description="<p>Medida</p>")
        summary = self.Accion.get_document_summary("crm.lead", lead.id)
        self.assertEqual(summary["rows"][0]["subject"], "Medida")

    def test_m38_an_intervention_passes_on_its_task(self):
        tarea = self.new_tarea(self.new_aviso(), partner_id=self.customer.id)
        intervencion = self.new_intervencion(tarea_id=tarea.id)
        other = self.spawn("tarea", intervencion)
        self.assertEqual(other.aviso_id, tarea.aviso_id)
        self.assertEqual(other.partner_id, self.customer)

    def test_m72_a_new_action_of_a_partner_comes_filled(self):
        action = self.Accion.get_create_action("tarea", partner_id=self.contact.id)
        self.assertEqual(action["context"]["default_partner_id"], self.customer.id)
        self.assertEqual(action["context"]["default_contact_id"], self.contact.id)
        self.assertEqual(action["res_model"], "gck.tarea")
        self.assertLessEqual(
            fields.Datetime.now(),
            self.env["gck.tarea"].with_context(**action["context"]).create({}).date,
        )

    def test_k3_chatter_counts_only_for_the_suite_users(self):
        from odoo.addons.mail.tools.discuss import Store

        lead = self.env["crm.lead"].create({"name": "Cámara", "user_id": False})
        self.spawn("tarea", lead)

        def counted(user):
            thread = lead.with_user(user)
            store = Store(bus_channel=user)
            thread._thread_to_store(store, [], request_list=["followers"])
            data = store.get_result()["mail.thread"]
            return data[0].get("gck_accion_count")

        self.assertEqual(counted(self.reception), 1)
        self.nobody.group_ids = self.reception.group_ids.filtered(
            lambda group: (
                group == self.env.ref("sales_team.group_sale_salesman_all_leads")
            )
        ) | self.env.ref("base.group_user")
        self.assertIsNone(counted(self.nobody))

    def test_k3_an_appointment_leads_to_no_notice_but_is_an_action(self):
        """A document of an appointment is on its chatter, not among its notices."""
        lead = self.env["crm.lead"].create({"name": "Cámara"})
        event = self.spawn(
            "cita", lead, start="2026-02-01 10:00:00", stop="2026-02-01 11:00:00"
        )
        Vinculo = self.env["gck.vinculo"].with_user(self.reception)
        self.assertEqual(event.vinculo_ids.mapped("res_id"), lead.ids)
        self.assertFalse(Vinculo._get_avisos_by_document(lead))
        summary = self.Accion.get_document_summary("crm.lead", lead.id)
        self.assertEqual([row["kind"] for row in summary["rows"]], ["cita"])
        event.sudo().write({"privacy": "private", "user_id": self.own.id})
        event.sudo().partner_ids = self.own.partner_id
        self.forget()
        summary = self.Accion.get_document_summary("crm.lead", lead.id)
        self.assertFalse(summary["rows"])
        self.assertFalse(Vinculo.search([("origin_model", "=", "calendar.event")]))
