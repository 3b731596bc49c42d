from odoo.tests import tagged

from .common import LlamadasCase


@tagged("post_install", "-at_install")
class TestIntervencion(LlamadasCase):
    """A call made for a task or a notice counts as work on it, once (K-40)."""

    def setUp(self):
        super().setUp()
        self.aviso = self.new_aviso(partner_id=self.customer.id)
        self.tarea = self.new_tarea(self.aviso, user_id=self.colleague.id)

    def call_for(self, origin, user=None, **vals):
        """Create a call out of a task or notice, as the dialog does."""
        user = user or self.reception
        action = origin.with_user(user).action_spawn("llamada")
        Llamada = self.env["gck.llamada"].with_user(user)
        return Llamada.with_context(**action["context"]).create(
            {"motivo_id": self.motivo.id, "user_id": self.own.id, **vals}
        )

    def logged(self, call):
        return self.env["gck.intervencion"].search([("llamada_id", "=", call.id)])

    def test_k40_made_call_is_work_on_its_task(self):
        call = self.call_for(self.tarea, description="<p>Les llega el martes</p>")
        self.assertEqual(call.state, "pending")
        self.assertFalse(self.logged(call))
        self.forget()
        # Who makes it sees neither the task nor its notice.
        call.with_user(self.own).write({"state": "done", "duration": 0.25})
        line = self.logged(call)
        self.assertEqual(line.tarea_id, self.tarea)
        self.assertEqual(line.aviso_id, self.aviso)
        self.assertEqual(line.user_id, self.own)
        self.assertEqual(line.activity_id.category, "call")
        self.assertEqual(line.direction, "out")
        self.assertAlmostEqual(line.duration, 0.25)
        self.assertEqual(line.date_start, call.date_start)
        self.assertEqual(line.result, call.resultado_id.name)
        self.assertIn("el martes", line.description)
        self.assertEqual(line.partner_id, self.customer)

    def test_k40_text_noted_afterwards_follows(self):
        call = self.call_for(self.aviso)
        call.action_done()
        call.action_done()  # a double click
        line = self.logged(call)
        self.assertEqual(len(line), 1)
        call.write({"description": "<p>Pagan mañana</p>", "duration": 0.5})
        self.assertIn("Pagan", line.description)
        self.assertAlmostEqual(line.duration, 0.5)
        busy = self.env["gck.llamada.resultado"].create(
            {"name": "Comunica", "outcome": "busy"}
        )
        call.resultado_id = busy
        self.assertEqual(line.result, "Comunica")

    def test_k40_reopened_call_takes_it_back(self):
        call = self.call_for(self.tarea)
        call.action_done()
        call.action_reopen()
        self.assertFalse(self.logged(call))
        call.action_done()
        self.assertEqual(len(self.logged(call)), 1)

    def test_k40_finished_work_stays_as_it_is(self):
        """On a task that ended nothing is logged, changed or taken back."""
        self.company.gck_close_rule = "block"
        call, late = self.call_for(self.tarea), self.call_for(self.tarea)
        call.action_done()
        self.tarea._do_done("Hecho")
        self.forget()
        late.action_done()
        self.assertFalse(self.logged(late))
        call.description = "<p>Otra cosa</p>"
        self.assertNotIn("Otra", self.logged(call).description)
        call.action_reopen()
        self.assertEqual(len(self.logged(call)), 1)
        call.action_done()
        self.assertEqual(len(self.logged(call)), 1)

    def test_k40_no_hour_is_counted_twice(self):
        """A call on its own logs nothing; among all actions each call is one row."""
        loose = self.new_call(duration=1)
        loose.action_done()
        self.assertFalse(self.logged(loose))
        call = self.call_for(self.tarea, duration=1)
        call.action_done()
        line = self.logged(call)
        self.env.flush_all()
        rows = self.env["gck.accion"].search(
            [("commercial_partner_id", "=", self.customer.id)]
        )
        places = {(row.res_model, row.res_id) for row in rows}
        self.assertIn((call._name, call.id), places)
        self.assertNotIn((line._name, line.id), places)
        self.assertEqual(self.customer.gck_llamada_hours, 2)

    def test_k40_no_answer_until_the_last_attempt(self):
        self.company.gck_llamada_max_attempts = 2
        call = self.call_for(self.tarea)
        call.action_no_answer()
        self.assertFalse(self.logged(call))
        call.action_no_answer()
        self.assertEqual(self.logged(call).result, call.resultado_id.name)
        self.assertEqual(call.outcome, "no_answer")

    def test_k40_forged_link_logs_nothing_on_others_work(self):
        """Whoever hangs a call from a task out of reach writes nothing on it."""
        call = (
            self.env["gck.llamada"]
            .with_user(self.outsider)
            .create({"motivo_id": self.motivo.id, "subject": "Mía"})
        )
        self.env["gck.vinculo"].sudo().create(
            {
                "origin_model": call._name,
                "origin_id": call.id,
                "res_model": "gck.tarea",
                "res_id": self.tarea.id,
                "relation": "origin",
            }
        )
        self.forget()
        self.assertFalse(self.tarea.with_user(self.outsider).has_access("read"))
        call.action_done()
        self.assertFalse(self.logged(call))

    def test_k40_html_is_made_safe(self):
        call = self.call_for(
            self.tarea, description="<p>Vale</p><script>alert(1)</script>"
        )
        call.action_done()
        self.assertNotIn("script", self.logged(call).description)
        call = self.call_for(self.tarea, subject="<img src=x onerror=alert(1)>")
        call.action_done()
        self.assertNotIn("<img", self.logged(call).description)
