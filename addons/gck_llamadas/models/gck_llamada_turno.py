from odoo import fields, models

UNANSWERED = ("no_answer", "busy", "voicemail")


class GckLlamada(models.Model):
    """A call of a call list, made from the screen that goes from one to the next."""

    _name = "gck.llamada"
    _inherit = ["gck.llamada"]

    _gck_bulk_methods = ("_bulk_cancel_campana",)

    campana_id = fields.Many2one(
        "gck.llamada.campana",
        string="Call list",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    campana_guion = fields.Html(related="campana_id.guion")
    campana_progress = fields.Char(
        related="campana_id.progress_text", string="Made of all"
    )
    # What the call was made for, as «model,id»: it stays when a prospect becomes a
    # customer, or a customer is merged with another.
    campana_key = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )
    campana_claim = fields.Datetime(
        string="Taken on",
        readonly=True,
        copy=False,
        help="When the person who is on it took it from the list.",
    )
    campana_skip = fields.Datetime(
        string="Skipped on",
        readonly=True,
        copy=False,
        help="It was left for later then, so that it comes last.",
    )

    _campana_key_uniq = models.UniqueIndex(
        "(campana_id, campana_key) WHERE campana_id IS NOT NULL",
        "This is in the call list already.",
    )
    _campana_pending_idx = models.Index(
        "(campana_id, campana_skip NULLS FIRST, id)"
        " WHERE accion_state = 'pending' AND campana_id IS NOT NULL"
    )

    # ------------------------------------------------------------
    # The screen of a list
    # ------------------------------------------------------------

    def action_campana_done(self):
        """Note the call with its result and go on to the next one.

        A result that means that nobody answered plans the call again.
        """
        return self._campana_go_on(self._campana_finish)

    def action_campana_no_answer(self):
        """Count an attempt, plan the call again and go on to the next one."""
        return self._campana_go_on(lambda: self._do_no_answer())

    def action_campana_skip(self):
        """Leave the call for the end of the list and go on to the next one."""
        return self._campana_go_on(
            lambda: self._accion_correct({"campana_skip": fields.Datetime.now()})
        )

    def _campana_finish(self):
        outcome = self.resultado_id.outcome
        if outcome in UNANSWERED:
            self._do_no_answer(outcome)
        else:
            self._do_done()

    def _campana_go_on(self, deal):
        """Deal with the call, unless somebody has, and return the next one.

        :param deal: what is done with it
        """
        self.ensure_one()
        campana = self.campana_id
        if not self.is_locked:
            deal()
            self._campana_release()
        return campana._get_next_action()

    def _campana_release(self):
        """Give up the call; one of a shared list is anybody's again."""
        pending = self._filter_pending()
        if pending:
            values = {"campana_claim": False}
            if pending.campana_id.reparto == "shared":
                values["user_id"] = False
            pending._accion_correct(values)

    def _bulk_cancel_campana(self):
        """Call off a chunk of what is pending of a finished list."""
        self._filter_pending()._do_cancel(self.env._("The call list was finished."))
