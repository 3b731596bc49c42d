from odoo import Command, fields
from odoo.exceptions import AccessError, UserError

from odoo.addons.mail.tools.discuss import Store

from .common import AvisosCase, take_suite_from


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
            self.env["gck.vinculo"].search(
                [("res_model", "=", "gck.aviso"), ("res_id", "=", aviso.id)]
            )
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

    def test_m38_every_kind_generates_the_others(self):
        tarea = self.new_tarea(partner_id=self.customer.id)
        action = tarea.action_spawn("cita")
        self.assertEqual(action["res_model"], "calendar.event")
        event = self.spawn(
            "cita", tarea, start="2026-02-01 10:00:00", stop="2026-02-01 11:00:00"
        )
        self.assertEqual(event.action_spawn("aviso")["res_model"], "gck.aviso")

    def test_m38_nothing_is_generated_from_a_private_appointment(self):
        """Of it, only the hours are known to a colleague."""
        event = (
            self.env["calendar.event"]
            .with_user(self.own)
            .create(
                {
                    "name": "Médico",
                    "privacy": "private",
                    "start": "2026-02-01 10:00:00",
                    "stop": "2026-02-01 11:00:00",
                }
            )
        )
        with self.assertRaises(AccessError):
            self.Accion.get_create_action("tarea", "calendar.event", event.id)

    def test_k41_a_document_is_linked_to_an_appointment(self):
        event = self.spawn(
            "cita",
            self.new_aviso(partner_id=self.customer.id),
            start="2026-02-01 10:00:00",
            stop="2026-02-01 11:00:00",
        )
        action = event.action_link_document()
        Wizard = self.env[action["res_model"]].with_user(self.reception)
        wizard = Wizard.with_context(**action["context"]).create({})
        self.assertEqual(wizard.partner_id, self.customer)

    def test_o40_the_calendar_stays_open_to_whoever_does_not_use_the_suite(self):
        event = (
            self.env["calendar.event"]
            .with_user(self.nobody)
            .create(
                {
                    "name": "Comida",
                    "start": "2026-02-01 10:00:00",
                    "stop": "2026-02-01 11:00:00",
                }
            )
        )
        self.assertEqual(event.read()[0]["name"], "Comida")

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
        lead = self.env["crm.lead"].create({"name": "Cámara", "user_id": False})
        self.spawn("tarea", lead)

        def counted(user):
            thread = lead.with_user(user)
            store = Store(bus_channel=user)
            thread._thread_to_store(store, [], request_list=["followers"])
            data = store.get_result()["mail.thread"]
            return data[0].get("gck_accion_count")

        self.assertEqual(counted(self.reception), 1)
        take_suite_from(self.env, "sales_team.group_sale_salesman")
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
