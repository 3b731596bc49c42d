from odoo.exceptions import UserError
from odoo.tests import tagged

from .lote_common import BULK_LIMIT, REFUSAL, LotesCase


@tagged("post_install", "-at_install")
class TestBulkCallers(LotesCase):
    """Closing, finishing, reassigning and postponing: few at once, many by a job."""

    def test_few_are_done_at_once_and_many_by_a_job(self):
        """Postponing from the list, on either side of the limit."""
        few, many = self.new_tareas(BULK_LIMIT), self.new_tareas(BULK_LIMIT + 1)
        before = self.env["gck.lote"].search_count([])
        closed = self.confirm(few.action_postpone(), hours=5)
        self.assertEqual(closed["type"], "ir.actions.act_window_close")
        self.assertEqual(self.env["gck.lote"].search_count([]), before)
        action = self.as_user(self.reception, many.action_postpone())
        shown = self.confirm(action, hours=5)["params"]
        lote = self.last_lote()
        self.assertEqual(lote.user_id, self.reception)
        self.assertIn(str(len(many)), shown["message"])
        self.assertTrue(shown["links"][0]["url"].endswith(f"/{lote.id}"))
        self.assertEqual(shown["next"]["type"], "ir.actions.act_window_close")
        self.work()
        self.assertEqual(lote.done_count, len(many))

    def test_double_click_is_one_job(self):
        """The same thing with the same records, while it is under way."""
        avisos = self.env["gck.aviso"].union(*(self.new_aviso() for _n in range(6)))
        avisos.action_close_possible()
        avisos.action_close_possible()
        lotes = self.env["gck.lote"].search([("state", "=", "pending")])
        self.assertEqual(len(lotes), 1)

    def test_same_list_in_another_company_is_another_job(self):
        """Launched in one company and then in another, both are done."""
        self.reception.company_ids |= self.other_company
        tareas = self.new_tareas(BULK_LIMIT + 1)
        here = tareas.with_context(allowed_company_ids=self.company.ids)
        there = tareas.with_context(
            allowed_company_ids=(self.other_company | self.company).ids
        )
        lotes = [
            records._gck_create_lote("_bulk_postpone", {"hours": 5}, None)
            for records in (here, there, here)
        ]
        self.assertNotEqual(lotes[0], lotes[1])
        self.assertEqual(lotes[0], lotes[2])

    def test_part_of_a_small_selection_fails(self):
        """The rest is done and the failure is named; where all fail, it is an error."""
        tareas = self.new_tareas(3)
        dialog, alone = tareas.action_postpone(), tareas[1].action_postpone()
        with self.failing("gck.tarea", "action_postpone", tareas[1]):
            action = self.confirm(dialog, hours=5)
            self.assertNames(action["params"]["message"], tareas[1].name, "2")
            with self.assertRaisesRegex(UserError, REFUSAL):
                self.confirm(alone, hours=5)
        self.assertEqual(action["params"]["type"], "warning")

    def test_k44_closing_many_in_the_background(self):
        """Each refused notice says which of its tasks keeps it open."""
        avisos = self.env["gck.aviso"].union(*(self.new_aviso() for _n in range(8)))
        tarea = self.new_tarea(avisos[3])
        avisos[5].date = self.hours_from_now(48)
        action = avisos.with_user(self.reception).action_close_possible()
        self.assertIn("8", action["params"]["message"])
        self.work()
        lote = self.last_lote()
        self.assertEqual((lote.done_count, lote.failed_count), (6, 2))
        self.assertIn(tarea.name, self.lines(lote)[avisos[3].id][1])
        self.assertEqual(avisos.filtered(lambda a: a.state != "done").ids,
                         [avisos[3].id, avisos[5].id])  # fmt: skip

    def test_k2_reassigning_many_tells_the_person_once(self):
        """One message for all, however many chunks; what is closed is left."""
        tareas = self.new_tareas(8)
        tareas[0]._do_done("Hecho")
        self.track()
        known = self.messages_to(self.colleague)
        self.confirm(
            self.as_user(self.reception, tareas.action_reassign()),
            user_id=self.colleague.id,
            note="Baja",
        )
        self.last_lote().sudo().chunk_size = 2
        self.work()
        message = self.messages_to(self.colleague) - known
        self.assertEqual(len(message), 1)
        self.assertNames(message.body, "7", "Baja")
        self.assertEqual(tareas[1:].user_id, self.colleague)
        self.assertEqual(tareas[0].user_id, self.own)
        self.assertEqual(self.last_lote().failed_count, 1)

    def test_k43_finishing_many(self):
        """With work logged they are finished by a job; else a text is asked first."""
        tareas = self.new_tareas(6)
        self.assertEqual(tareas.action_done()["res_model"], "gck.accion.transicion")
        for tarea in tareas:
            self.new_intervencion(tarea_id=tarea.id)
        action = tareas.with_user(self.reception).action_done()
        self.assertEqual(action["tag"], "display_notification")
        self.work()
        self.assertEqual(set(tareas.mapped("state")), {"done"})

    def launch(self, tareas, method, params):
        """Do something by a job of three chunks; return who is told what."""
        people = self.own | self.colleague | self.dispatcher | self.reception
        self.track()
        known = {user: self.messages_to(user) for user in people}
        self.new_lote(tareas, method, params, chunk_size=3)
        self.work()
        self.track()
        self.forget()
        return {user: self.messages_to(user) - known[user] for user in people}

    def test_m24_a_job_tells_each_person_once(self):
        """Finished, called off, postponed: responsible and requester, in a message."""
        self.env["res.lang"]._activate_lang("en_US")
        (self.own | self.dispatcher).lang = "en_US"
        for method, params, text in (
            ("_bulk_postpone", {"hours": 5}, "postponed"),
            ("_bulk_transition", {"transition": "done", "text": "Ya"}, "finished"),
            ("_bulk_transition", {"transition": "cancel", "text": "No"}, "cancelled"),
        ):
            tareas = self.new_tareas(7, requester_id=self.dispatcher.id)
            tareas[6].requester_id = self.own
            with self.subTest(text=text):
                told = self.launch(tareas, method, params)
                self.assertEqual(len(told[self.own]), 1)
                self.assertNames(told[self.own].subject, "7 tasks", text)
                self.assertEqual(len(told[self.dispatcher]), 1)
                self.assertNames(told[self.dispatcher].subject, "6 tasks", text)
                self.assertIn(params.get("text", ""), told[self.own].body)
                self.assertFalse(told[self.reception] | told[self.colleague])

    def test_m24_a_job_that_hands_over_tells_each_person_once(self):
        """Who gets the tasks, who had them and who asked for them."""
        self.env["res.lang"]._activate_lang("en_US")
        (self.own | self.dispatcher | self.colleague).lang = "en_US"
        tareas = self.new_tareas(7, requester_id=self.dispatcher.id)
        params = {"vals": {"user_id": self.colleague.id}, "note": "Baja"}
        told = self.launch(tareas, "_bulk_reassign", params)
        for user, text in (
            (self.colleague, "You have been given 7"),
            (self.own, "7 tasks were given to somebody else"),
            (self.dispatcher, "7 tasks were given to somebody else"),
        ):
            self.assertEqual(len(told[user]), 1, user.name)
            self.assertIn(text, told[user].subject)
            self.assertIn("Baja", told[user].body)
        self.assertFalse(told[self.reception])

    def test_m24_a_job_tells_only_of_what_it_did(self):
        """What was finished before, and what was told before a new try, is not."""
        tareas = self.new_tareas(4, requester_id=self.dispatcher.id)
        tareas[0]._do_done("Antes")
        self.track()
        self.env.cr.execute(
            "UPDATE gck_tarea SET write_date = write_date - interval '1 day'"
        )
        params = {"transition": "done", "text": "Ya"}
        with self.failing("gck.tarea", "_do_done", tareas[3]):
            told = self.launch(tareas, "_bulk_transition", params)
        self.assertIn("2", told[self.own].subject)
        self.assertNotIn(tareas[0].name, told[self.own].body)
        self.assertNotIn(tareas[3].name, told[self.own].body)
        known = self.messages_to(self.own)
        self.env.cr.execute(
            "UPDATE gck_tarea SET write_date = write_date - interval '1 day'"
        )
        self.last_lote().action_retry()
        self.work()
        self.forget()
        told = self.messages_to(self.own) - known
        self.assertEqual(len(told), 1)
        self.assertIn(tareas[3].name, told.subject)

    def test_k43_finishing_many_with_a_text(self):
        """The dialog's text goes to each of them."""
        tareas = self.new_tareas(6)
        action = self.as_user(self.reception, tareas.action_done())
        self.confirm(action, text="Visto todo")
        self.assertEqual(set(tareas.mapped("state")), {"pending"})
        self.work()
        self.assertEqual(set(tareas.mapped("closing_text")), {"Visto todo"})

    def test_select_all_takes_the_whole_list(self):
        """Of a list with more than the client hands over, the domain is taken."""
        tareas = self.new_tareas(9)
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", 6)
        context = {
            "active_model": "gck.tarea",
            "active_domain": [["id", "in", tareas.ids]],
        }
        action = tareas[:6].with_context(**context).action_postpone()
        self.confirm(self.as_user(self.reception, action), hours=5)
        self.assertEqual(self.last_lote().total, 9)
        # A selection that is smaller than that is what was selected, no more.
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", 20000)
        action = tareas[:7].with_context(**context).action_postpone()
        self.confirm(self.as_user(self.reception, action), hours=6)
        self.assertEqual(self.last_lote().total, 7)

    def test_k43_select_all_with_some_finished_takes_the_whole_list(self):
        """Those that are finished already do not hide that there are more."""
        tareas = self.new_tareas(9)
        tareas[0]._do_done("Hecho")
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", 6)
        action = (
            tareas[:6]
            .with_context(
                active_model="gck.tarea", active_domain=[["id", "in", tareas.ids]]
            )
            .action_done()
        )
        self.confirm(self.as_user(self.reception, action), text="Hecho")
        self.work()
        self.assertEqual(set(tareas.mapped("state")), {"done"})
