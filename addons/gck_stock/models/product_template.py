from odoo import models


class ProductTemplate(models.Model):
    """A product shows what was claimed of it, in any of its variants."""

    _name = "product.template"
    _inherit = ["product.template", "gck.reclamado.mixin"]

    def _gck_get_reclamaciones(self):
        variants = self.with_context(active_test=False).product_variant_ids
        result = {}
        for variant_id, ids in variants._gck_get_reclamaciones().items():
            template = self.env["product.product"].browse(variant_id).product_tmpl_id
            result.setdefault(template.id, set()).update(ids)
        return result
