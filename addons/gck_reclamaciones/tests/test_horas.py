from odoo.exceptions import AccessError, UserError

from .common import ReclamacionesCase


class TestHoras(ReclamacionesCase):
    """Labour from what was logged on the tasks of a claim."""

    def test_o14_hours_of_its_tasks_are_its_labour(self):
        self.company.gck_reclamacion_hour_cost = 32
        claim = self.new_claim()
        claim.action_open()
        first, second = (
            self.new_tarea(user=self.quality, reclamacion_id=claim.id) for _n in "ab"
        )
        self.new_intervencion(self.quality, tarea_id=first.id, duration=1.5)
        self.new_intervencion(self.quality, tarea_id=second.id, duration=0.5)
        other = self.new_tarea(user=self.quality)
        self.new_intervencion(self.quality, tarea_id=other.id, duration=7)

        claim.with_user(self.seller).action_charge_hours()
        self.assertEqual(claim.coste_ids.mapped("concepto"), ["labour"])
        self.assertEqual(claim.coste_ids.quantity, 2)
        self.assertEqual(claim.cost_total, 64)
        # Done again it is brought up to date, and there is one line still.
        self.company.gck_reclamacion_hour_cost = 30
        work = self.new_intervencion(self.quality, tarea_id=second.id, duration=1)
        claim.action_charge_hours()
        self.assertEqual(len(claim.coste_ids), 1)
        self.assertEqual(claim.cost_total, 90)
        (work | first.intervencion_ids | second.intervencion_ids).unlink()
        claim.action_charge_hours()
        self.assertFalse(claim.coste_ids)

    def test_o14_no_hours_no_labour(self):
        claim = self.new_claim()
        with self.assertRaisesRegex(UserError, claim.name):
            claim.action_charge_hours()
        tarea = self.new_tarea(user=self.quality, reclamacion_id=claim.id)
        self.new_intervencion(self.quality, tarea_id=tarea.id, duration=1)
        self.company.gck_reclamacion_hour_cost = 0
        with self.assertRaisesRegex(UserError, "parameters"):
            claim.action_charge_hours()
        self.assertFalse(claim.coste_ids)

    def test_o15_closed_claims_take_no_hours(self):
        self.company.gck_reclamacion_hour_cost = 32
        claim = self.new_claim()
        tarea = self.new_tarea(user=self.quality, reclamacion_id=claim.id)
        self.new_intervencion(self.quality, tarea_id=tarea.id, duration=1)
        claim._do_reject("Not ours")
        with self.assertRaises(UserError):
            claim.action_charge_hours()

    def test_o24_hours_are_charged_by_who_has_the_claim(self):
        claim = self.new_claim()
        with self.assertRaises(AccessError):
            claim.with_user(self.buyer).action_charge_hours()
