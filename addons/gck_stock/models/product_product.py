from odoo import models


class ProductProduct(models.Model):
    """A product shows what was claimed of it."""

    _name = "product.product"
    _inherit = ["product.product", "gck.reclamado.mixin"]

    def _gck_get_reclamaciones(self):
        return self.env["gck.reclamacion.linea"]._get_claims_by("product_id", self)
