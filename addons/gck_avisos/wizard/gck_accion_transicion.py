from odoo import api, fields, models
from odoo.exceptions import UserError


class GckAccionTransicion(models.TransientModel):
    """Asks for the reason or closing text of a transition."""

    _name = "gck.accion.transicion"
    _description = "Finish, cancel or reopen actions"
    _inherit = ["gck.accion.seleccion.mixin"]

    transition = fields.Selection(
        selection=[
            ("done", "Finish"),
            ("close", "Close"),
            ("cancel", "Cancel"),
            ("reopen", "Reopen"),
        ],
        required=True,
        readonly=True,
    )
    message = fields.Text(readonly=True)
    text = fields.Text(string="Reason")
    text_required = fields.Boolean(compute="_compute_text_required")
    date_done = fields.Datetime(
        string="Finished on",
        help="Empty: now. It can be earlier, but not before the date of the task.",
    )
    has_date_done = fields.Boolean(compute="_compute_has_date_done")

    @api.depends("transition", "res_model", "res_ids")
    def _compute_text_required(self):
        """Ask for words, unless a notice is closed or all the work is logged."""
        for wizard in self:
            wizard.text_required = wizard.transition != "close" and not (
                wizard.has_date_done and not wizard._get_actions()._filter_silent()
            )

    @api.depends("transition", "res_model")
    def _compute_has_date_done(self):
        for wizard in self:
            kind = self.env.registry.get(wizard.res_model)
            wizard.has_date_done = wizard.transition == "done" and getattr(
                kind, "_accion_dated_done", False
            )

    def _get_title(self):
        """Return the title of the dialog in the user's language."""
        selection = self._fields["transition"]._description_selection(self.env)
        return dict(selection)[self.transition]

    def action_confirm(self):
        """Carry out the transition with the text given; many in the background.

        :raises UserError: when the text is empty and needed
        """
        text = (self.text or "").strip()
        if self.text_required and not text:
            raise UserError(self.env._("Write the reason."))
        actions = self._get_actions()
        transition = getattr(actions, f"_do_{self.transition}", None)
        if transition is None:
            raise UserError(self.env._("This cannot be done with these records."))
        options = {}
        if self.has_date_done and self.date_done:
            options["date_done"] = self.date_done
        if not actions._gck_is_large():
            transition(text, **options)
            return self._close_dialog()
        if options:
            options["date_done"] = fields.Datetime.to_string(self.date_done)
        return self._close_dialog(
            actions._gck_bulk(
                "_bulk_transition",
                {"transition": self.transition, "text": text, **options},
                title=self._get_title(),
            )
        )
