from odoo.tests import HttpCase, tagged

from .lote_common import LotesCase


@tagged("post_install", "-at_install")
class TestBulkBrowser(HttpCase, LotesCase):
    """What a person sees of a job (design §2)."""

    def url(self, action, *path):
        return "/".join([f"/odoo/action-gck_avisos.{action}", *map(str, path)])

    def test_form_of_an_open_job_refreshes_by_itself(self):
        """While it is under way, without a click."""
        lote = self.new_lote(self.new_tareas(2), "_bulk_postpone", {"hours": 1})
        self.start_tour(
            self.url("action_gck_lote", lote.id),
            "gck_lote_refresh",
            login=self.reception.login,
        )
        self.assertEqual(lote.state, "cancel")

    def test_k44_closing_many_from_the_list_leads_to_the_job(self):
        """The notification counts them and links to the job."""
        for _n in range(7):
            self.new_aviso()
        self.start_tour(
            self.url("action_gck_aviso"), "gck_lote_close", login=self.reception.login
        )
        self.assertEqual(self.last_lote().method, "_bulk_close")
        self.assertGreaterEqual(self.last_lote().total, 7)
