from odoo import models


class GckReclamableFabricacionMixin(models.AbstractModel):
    """What manufacturing and work orders have in common for claims (O-20).

    What is wrong with what the company makes is a nonconformity of its own: internal,
    about nobody from outside.
    """

    _name = "gck.reclamable.fabricacion.mixin"
    _description = "Order of the workshop that nonconformities are raised from"
    _inherit = ["gck.reclamable.mixin"]

    def _gck_get_production(self):
        """Return the manufacturing order: itself, or the one it is part of."""
        self.ensure_one()
        return self

    def _gck_get_workcenter(self):
        """Return the work centre where it is made, none where there are several."""
        self.ensure_one()
        return self.env["mrp.workcenter"]

    def _gck_get_reclamacion_direction(self):
        return "internal"

    def _gck_get_reclamacion_partner(self):
        return self.env["res.partner"]

    def _gck_get_reclamacion_user(self):
        return self._gck_get_production().user_id

    def _gck_get_reclamacion_lines(self):
        return self._gck_get_production()

    def _gck_prepare_reclamacion_vals(self):
        """Return the values of a nonconformity raised from the order (O-20)."""
        vals = {
            **super()._gck_prepare_reclamacion_vals(),
            "clase": "nonconformity",
            "workcenter_id": self._gck_get_workcenter().id,
        }
        return vals
