from odoo import api, fields, models
from odoo.exceptions import UserError


class GckVinculoCrear(models.TransientModel):
    """Chooses an ERP document to link to an action (K-15, K-41)."""

    _name = "gck.vinculo.crear"
    _description = "Link a document"

    origin_model = fields.Char(required=True)
    origin_id = fields.Many2oneReference(model_field="origin_model", required=True)
    document_ref = fields.Reference(
        selection="_selection_document_ref", string="Document", required=True
    )

    @api.model
    def _selection_document_ref(self):
        return self.env["gck.vinculo"]._selection_document_ref()

    def action_confirm(self):
        """Link the document.

        :raises UserError: when it is linked already
        """
        self.ensure_one()
        if self.origin_model not in self.env["gck.vinculo"]._get_origin_models():
            raise UserError(self.env._("Choose some actions first."))
        origin = self.env[self.origin_model].browse(self.origin_id)
        if not self.env["gck.vinculo"]._link(origin, self.document_ref):
            raise UserError(
                self.env._("%s is already linked.", self.document_ref.display_name)
            )
        return {"type": "ir.actions.act_window_close"}
