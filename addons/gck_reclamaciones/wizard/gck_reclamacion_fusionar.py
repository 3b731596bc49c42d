from odoo import api, fields, models


class GckReclamacionFusionar(models.TransientModel):
    """Asks which of several claims about one problem stays, and merges the rest."""

    _name = "gck.reclamacion.fusionar"
    _description = "Merge claims"

    reclamacion_ids = fields.Many2many(
        "gck.reclamacion", string="Claims to merge", required=True
    )
    dest_id = fields.Many2one(
        "gck.reclamacion",
        string="Claim that stays",
        required=True,
        domain="[('id', 'in', reclamacion_ids)]",
    )
    other_ids = fields.Many2many(
        "gck.reclamacion", string="Claims that end", compute="_compute_other_ids"
    )
    reason = fields.Char(help="Noted in all of them.")

    @api.depends("reclamacion_ids", "dest_id")
    def _compute_other_ids(self):
        for wizard in self:
            # In the dialog the first are not the same records as the second.
            wizard.other_ids = wizard.reclamacion_ids._origin - wizard.dest_id._origin

    def action_confirm(self):
        """Merge the claims and open the one that stays."""
        self.ensure_one()
        self.reclamacion_ids._merge_into(self.dest_id, (self.reason or "").strip())
        return self.dest_id._get_records_action()
