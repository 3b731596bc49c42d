from odoo import api, fields, models
from odoo.exceptions import UserError


class GckPropuestaRechazar(models.TransientModel):
    """Why a proposal, or a document of it, is not accepted."""

    _name = "gck.propuesta.rechazar"
    _description = "Reject"

    lead_ids = fields.Many2many("crm.lead", string="Proposals")
    line_ids = fields.Many2many("gck.propuesta.documento", string="Documents")
    reason = fields.Char(required=True)

    @api.model
    def _get_action(self, records):
        """Return the dialog that asks why these are rejected.

        :param records: proposals, or documents of proposals
        """
        name = "lead_ids" if records._name == "crm.lead" else "line_ids"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why is it not accepted?"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {f"default_{name}": [fields.Command.set(records.ids)]},
        }

    def action_apply(self):
        """Reject what was chosen, with the reason given."""
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why, in a few words."))
        if self.line_ids:
            self.line_ids._reject(reason)
        if self.lead_ids:
            self.lead_ids._gck_reject(reason)
        return {"type": "ir.actions.act_window_close"}
