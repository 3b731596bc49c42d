from odoo import api, fields, models
from odoo.exceptions import UserError


class GckVinculoAccion(models.TransientModel):
    """Chooses an existing action to which a document is linked (K-3, K-41)."""

    _name = "gck.vinculo.accion"
    _description = "Link a document to an action"

    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    document_name = fields.Char(string="Document", compute="_compute_document_name")
    accion_id = fields.Many2one(
        "gck.accion",
        string="Action",
        required=True,
        domain="[('kind', 'in', kinds)]",
        help="Type part of its number or of its subject.",
    )
    kinds = fields.Json(compute="_compute_kinds")

    @api.depends("res_model", "res_id")
    def _compute_document_name(self):
        for wizard in self:
            wizard.document_name = wizard._get_document().display_name

    def _compute_kinds(self):
        """Offer the kinds that carry links."""
        carriers = self.env["gck.vinculo"]._get_origin_models()
        self.kinds = [
            kind
            for kind, name in self.env["gck.accion"]._get_kind_models().items()
            if name in carriers
        ]

    def _get_document(self):
        """Return the document.

        :raises UserError: when it was deleted meanwhile
        """
        self.ensure_one()
        return self.env["gck.accion"]._get_origin(self.res_model, self.res_id)

    def action_confirm(self):
        """Link the document to the action.

        :raises UserError: when it is linked already
        """
        document = self._get_document()
        for records in self.accion_id._get_records().values():
            records.check_access("write")
            if not self.env["gck.vinculo"]._link(records, document):
                raise UserError(
                    self.env._("%s is already linked.", document.display_name)
                )
        return {"type": "ir.actions.act_window_close"}
