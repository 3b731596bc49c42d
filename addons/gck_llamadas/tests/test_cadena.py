from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import LlamadasCase


@tagged("post_install", "-at_install")
class TestCadena(LlamadasCase):
    """What follows from a call, in and out alike (O-43, O-44)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.new_user(
            "seller",
            "gck_avisos.group_gck_aviso_user,sales_team.group_sale_salesman_all_leads",
            "Sara Seller",
        )

    def calls(self):
        """Yield a call of each direction, pending and made, of the seller."""
        for direction in ("in", "out"):
            for state in ("pending", "done"):
                yield self.new_call(
                    direction=direction,
                    state=state,
                    user_id=self.seller.id,
                    contact_id=self.contact.id,
                    phone="976 123 456",
                    subject="Quiere precio",
                    description="<p>De dos cámaras</p>",
                ).with_user(self.seller)

    def spawn(self, action):
        """Save what an action opens, as the form does."""
        model = self.env[action["res_model"]].with_user(self.seller)
        with Form(model.with_context(**action["context"])) as form:
            if action["res_model"] == "gck.reclamacion":
                form.subject = form.subject or "x"
        return form.record

    def keys(self, record):
        Accion = self.env["gck.accion"].with_user(self.seller)
        family = Accion.get_family(record._name, record.id)
        return {node["key"] for node in family["nodes"]}

    def test_o43_opportunity_of_a_call_without_subject_is_of_somebody(self):
        call = self.new_call(subject=False, direction="in", motivo_id=False)
        lead = self.spawn(call.with_user(self.seller).action_open_lead())
        self.assertEqual(lead.name, self.customer.name)

    def test_o44_cycle_is_in_the_form_of_a_call(self):
        form = Form(self.new_call())
        buttons = form._view["tree"].xpath("//button[@name='action_related']")
        self.assertTrue(buttons)

    def test_o43_opportunity_of_any_call(self):
        for call in self.calls():
            action = call.action_open_lead()
            lead = self.spawn(action)
            self.assertEqual(lead.type, "opportunity")
            self.assertEqual(lead.partner_id, self.contact)
            self.assertEqual(lead.phone_sanitized, "+34976123456")
            self.assertEqual(lead.name, "Quiere precio")
            self.assertIn("dos cámaras", lead.description)
            self.assertEqual(call.lead_id, lead)
            self.assertEqual(call.action_open_lead()["res_id"], lead.id)
            self.assertEqual(lead.gck_llamada_count, 1)
            Accion = self.env["gck.accion"].with_user(self.seller)
            summary = Accion.get_document_summary("crm.lead", lead.id)
            self.assertIn(call.name, [row["name"] for row in summary["rows"]])
            self.assertIn(lead.id, call.vinculo_ids.mapped("res_id"))

    def test_o43_caller_who_is_nobody_on_file(self):
        call = self.new_call(
            direction="in", partner_id=False, caller_name="Ana", phone="600 000 001"
        )
        lead = self.spawn(call.with_user(self.seller).action_create_opportunity())
        self.assertEqual(lead.contact_name, "Ana")
        self.assertEqual(lead.phone_sanitized, "+34600000001")
        self.assertFalse(lead.partner_id)

    def test_o43_opportunity_created_twice_is_tied_once(self):
        """Two tabs with the same form: the call keeps the first."""
        call = next(self.calls())
        action = call.action_create_opportunity()
        first, second = self.spawn(action), self.spawn(action)
        self.assertEqual(call.lead_id, first)
        self.assertTrue(second.exists())

    def test_o43_forged_call_is_not_tied(self):
        """A call that the user may not change takes no opportunity."""
        call = self.new_call(user_id=self.own.id, requester_id=self.own.id)
        self.forget()
        for forged in (call.id, -1, "x", [call.id]):
            Lead = self.env["crm.lead"].with_user(self.seller)
            Lead.with_context(gck_llamada_id=forged).create({"name": "x"})
        self.assertFalse(call.lead_id)

    def test_o44_next_call_of_any_call(self):
        for call in self.calls():
            action = call.action_next_call()
            self.assertEqual(action["target"], "new")
            following = self.spawn(action)
            self.assertEqual((following.direction, following.state), ("out", "pending"))
            self.assertEqual(following.partner_id, self.customer)
            self.assertEqual(following.contact_id, self.contact)
            self.assertEqual(following.phone, "976 123 456")
            self.assertEqual(following.motivo_id, self.motivo)
            self.assertEqual(following.subject, "Quiere precio")
            self.assertFalse(following.date_start or following.duration)
            self.assertIn(f"gck.llamada,{following.id}", self.keys(call))
            self.assertIn(f"gck.llamada,{call.id}", self.keys(following))

    def test_o44_meeting_of_any_call(self):
        for call in self.calls():
            lead = self.env["crm.lead"].create({"name": "Cámaras"})
            call.lead_id = lead
            meeting = self.spawn(call.action_create_meeting())
            self.assertEqual(meeting._name, "calendar.event")
            self.assertEqual(meeting.name, "Quiere precio")
            self.assertEqual(meeting.gck_partner_id, self.customer)
            self.assertEqual(meeting.gck_contact_id, self.contact)
            self.assertEqual(meeting.gck_clase, "client")
            self.assertEqual(meeting.opportunity_id, lead)
            self.assertEqual(meeting.user_id, self.seller)
            self.assertIn("dos cámaras", meeting.description)
            self.assertLess(meeting.start, meeting.stop)
            self.assertIn(f"calendar.event,{meeting.id}", self.keys(call))

    def test_m38_notice_task_and_claim_of_a_call(self):
        """Filled, linked both ways, seen by the cycle of either."""
        kinds = {"aviso": "gck.aviso", "tarea": "gck.tarea"}
        if "gck.reclamacion" in self.env:
            kinds["reclamacion"] = "gck.reclamacion"
            group = self.env.ref("gck_reclamaciones.group_gck_reclamacion_all")
            self.seller.group_ids += group
        for call in self.calls():
            for kind, model in kinds.items():
                with self.subTest(kind=kind, state=call.state):
                    record = self.spawn(call.action_spawn(kind))
                    self.assertEqual(record._name, model)
                    self.assertEqual(record.partner_id, self.customer)
                    self.assertIn(f"{model},{record.id}", self.keys(call))
                    self.assertIn(f"gck.llamada,{call.id}", self.keys(record))

    def test_o42_logged_from_partner_lead_and_document(self):
        """On a customer or a document one notes a call that has just ended."""
        lead = self.env["crm.lead"].create(
            {"name": "Cámaras", "phone": "600 111 222", "user_id": self.seller.id}
        )
        Accion = self.env["gck.accion"].with_user(self.seller)
        for origin in (self.customer, self.contact, lead):
            action = Accion.get_create_action("llamada", origin._name, origin.id)
            self.assertEqual(action["target"], "new")
            with Form(
                self.env["gck.llamada"]
                .with_user(self.seller)
                .with_context(**action["context"]),
                view=self.env.ref("gck_llamadas.view_gck_llamada_form_quick"),
            ) as form:
                self.assertEqual(form.state, "done")
                form.motivo_id = self.motivo
                form.duration = 0.2
            call = form.record
            self.assertEqual(call.state, "done")
            self.assertEqual(call.resultado_id.outcome, "answered")
            seconds = (call.date_done - call.date_start).total_seconds()
            self.assertAlmostEqual(seconds, 720)
            if origin == lead:
                self.assertEqual(call.lead_id, lead)
                self.assertEqual(call.phone, "600 111 222")
                self.assertAlmostEqual(lead.gck_llamada_hours, 0.2)
            else:
                self.assertEqual(call.partner_id, self.customer)
                self.assertNotEqual(call.subject, origin.display_name)
        self.assertEqual(call.contact_id.ids, [])
        self.assertEqual(self.customer.gck_llamada_count, 2)

    def test_o42_planned_for_a_notice(self):
        """From a notice or a task a call has still to be made."""
        aviso = self.new_aviso(
            user_id=self.seller.id,
            partner_id=self.customer.id,
            motivo_id=self.motivo.id,
        )
        call = self.spawn(aviso.with_user(self.seller).action_spawn("llamada"))
        self.assertEqual((call.state, call.direction), ("pending", "out"))
        self.assertEqual(call.motivo_id, self.motivo)
        self.assertIn(f"gck.aviso,{aviso.id}", self.keys(call))

    def test_o43_lead_deleted_or_merged(self):
        """A call keeps its customer when its lead goes; a merge takes it along."""
        lead, other = self.env["crm.lead"].create([{"name": "Uno"}, {"name": "Dos"}])
        call = self.new_call(lead_id=lead.id, state="done")
        (lead | other).merge_opportunity()
        self.assertEqual(call.lead_id, (lead | other).exists())
        call.lead_id.unlink()
        self.assertFalse(call.lead_id)
        with self.assertRaises(UserError):
            self.new_call(lead_id=lead.id)

    def test_o44_partner_of_a_call_that_was_archived(self):
        """What follows from a call with somebody archived is still filled."""
        call = self.new_call(contact_id=self.contact.id, user_id=self.seller.id)
        self.contact.active = False
        following = self.spawn(call.with_user(self.seller).action_next_call())
        self.assertEqual(following.partner_id, self.customer)

    def test_o44_private_meeting_is_no_origin(self):
        """A call is not generated from a colleague's private appointment."""
        event = self.env["calendar.event"].create(
            {
                "name": "Médico",
                "privacy": "private",
                "user_id": self.own.id,
                "partner_ids": [Command.set(self.own.partner_id.ids)],
                "start": "2030-01-01 10:00:00",
                "stop": "2030-01-01 11:00:00",
            }
        )
        Accion = self.env["gck.accion"].with_user(self.seller)
        with self.assertRaises(UserError):
            Accion.get_create_action("llamada", "calendar.event", event.id)
