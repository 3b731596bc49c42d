from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError

from .common import LlamadasCase


class TestLlamada(LlamadasCase):
    def test_m42_state_is_edited_in_the_list(self):
        call = self.new_call()
        self.assertEqual(call.state, "pending")
        call.with_user(self.own).write({"state": "done", "duration": 0.2})
        self.assertEqual(call.state, "done")
        self.assertTrue(call.date_done)
        self.assertEqual(call.done_user_id, self.own)
        self.assertAlmostEqual(call.duration, 0.2)
        self.assertEqual(call.resultado_id.outcome, "answered")
        call.with_user(self.own).write({"state": "pending"})
        self.assertFalse(call.date_done)

    def test_o45_outgoing_call_needs_a_reason(self):
        with self.assertRaises(ValidationError):
            self.new_call(motivo_id=False)
        self.assertTrue(self.new_call(direction="in", motivo_id=False))

    def test_o46_no_answer_plans_the_call_again(self):
        call = self.new_call()
        call.action_no_answer()
        self.assertEqual((call.state, call.attempts), ("pending", 1))
        self.assertGreater(
            call.date_deadline, fields.Datetime.now() + timedelta(minutes=100)
        )
        self.company.gck_llamada_max_attempts = 2
        call.action_no_answer()
        self.assertEqual((call.state, call.attempts), ("done", 2))
        with self.assertRaises(UserError):
            call.action_no_answer()

    def test_o42_call_is_noted_as_made(self):
        call = self.new_call(direction="in", state="done", duration=0.1)
        self.assertEqual(call.state, "done")
        self.assertAlmostEqual(call.duration, 0.1)

    def test_m16_pending_call_is_in_the_union_until_made(self):
        call = self.new_call()
        Accion = self.env["gck.accion"]
        row = Accion.search([("res_model", "=", call._name), ("res_id", "=", call.id)])
        self.assertEqual(row.accion_state, "pending")
        call.action_done()
        self.env.flush_all()
        row.invalidate_recordset()
        self.assertEqual(row.accion_state, "done")

    def test_o43_opportunity_is_tied_to_the_call(self):
        call = self.new_call(subject="Wants a price", phone="976 123 456")
        action = call.action_create_opportunity()
        lead = self.env["crm.lead"].with_context(**action["context"]).create({})
        self.assertEqual(lead.partner_id, self.customer)
        self.assertEqual(lead.name, "Wants a price")
        self.assertEqual(lead.phone, "976 123 456")
        self.assertEqual(call.lead_id, lead)
        self.assertEqual(lead.gck_llamada_count, 1)
        with self.assertRaises(UserError):
            call.action_create_opportunity()

    def test_o44_next_call_and_meeting_are_chained(self):
        call = self.new_call(subject="Wants a price", direction="in", motivo_id=False)
        call.motivo_id = self.motivo
        action = call.action_next_call()
        following = self.env["gck.llamada"].with_context(**action["context"]).create({})
        self.assertEqual(following.direction, "out")
        self.assertEqual(following.partner_id, self.customer)
        self.assertEqual(following.motivo_id, self.motivo)
        family = self.env["gck.accion"].get_family(call._name, call.id)
        keys = [node["key"] for node in family["nodes"]]
        self.assertIn(f"gck.llamada,{following.id}", keys)
        meeting = call.action_create_meeting()
        self.assertEqual(meeting["res_model"], "calendar.event")
