from odoo import api, models


class StockMoveLine(models.Model):
    """Correcting what a finished repair used corrects what its claim costs (O-22)."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Create lines; those added to a finished repair count in its claim."""
        lines = super().create(vals_list)
        lines._gck_get_done_repairs()._gck_sync_reclamacion_coste()
        return lines

    def write(self, vals):
        """Write values; a corrected quantity counts in the claim of the repair."""
        result = super().write(vals)
        if {"quantity", "product_uom_id"} & vals.keys():
            self._gck_get_done_repairs()._gck_sync_reclamacion_coste()
        return result

    def unlink(self):
        """Delete lines; those of a finished repair no longer count in its claim."""
        repairs = self._gck_get_done_repairs()
        result = super().unlink()
        repairs._gck_sync_reclamacion_coste()
        return result

    def _gck_get_done_repairs(self):
        """Return the finished repairs of claims whose parts these lines are."""
        return self.move_id.repair_id.filtered(
            lambda r: r.reclamacion_id and r.state == "done"
        )
