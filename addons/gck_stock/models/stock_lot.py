from odoo import models


class StockLot(models.Model):
    """A lot shows what was claimed of it, and claims are raised from it (O-5)."""

    _name = "stock.lot"
    _inherit = ["stock.lot", "gck.reclamable.mixin"]

    def _gck_get_reclamaciones(self):
        """Return the claims raised from each lot, and those with a line about it."""
        result = super()._gck_get_reclamaciones()
        lines = self.env["gck.reclamacion.linea"]._get_claims_by("lot_id", self)
        for lot_id, ids in lines.items():
            result[lot_id] = result.get(lot_id, set()) | ids
        return result

    def _gck_prepare_reclamacion_vals(self):
        """Return the values of a claim raised from the lot: it is what is claimed."""
        vals = super()._gck_prepare_reclamacion_vals()
        line = {"product_id": self.product_id.id, "lot_id": self.id}
        return {
            **vals,
            "subject": self.env._(
                "Problem with %(product)s, lot %(lot)s",
                product=self.product_id.display_name,
                lot=self.name,
            ),
            "linea_ids": [(0, 0, line)],
        }
