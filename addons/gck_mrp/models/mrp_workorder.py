from odoo import models


class MrpWorkorder(models.Model):
    """Nonconformities are raised from work orders too, with their centre (O-20)."""

    _name = "mrp.workorder"
    _inherit = ["mrp.workorder", "gck.reclamable.fabricacion.mixin"]

    def _gck_get_production(self):
        return self.production_id

    def _gck_get_workcenter(self):
        return self.workcenter_id

    def _gck_get_reclamacion_documents(self):
        return [self.production_id]
