from odoo import api, models
from odoo.exceptions import UserError


class ProductProduct(models.Model):
    """A product that was claimed stays on record with its claims (O-16)."""

    _inherit = "product.product"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_claimed(self):
        # sudo: that there are claims counts, whoever may see them.
        lines = self.env["gck.reclamacion.linea"].sudo()
        claimed = lines._read_group([("product_id", "in", self.ids)], ["product_id"])
        if claimed:
            names = ", ".join(product.display_name for (product,) in claimed)
            raise UserError(
                self.env._(
                    "There are claims about these products: %s. Archive them instead "
                    "of deleting them.",
                    names,
                )
            )


class ProductTemplate(models.Model):
    """Deleting a template deletes its variants in the database."""

    _inherit = "product.template"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_claimed(self):
        variants = self.with_context(active_test=False).product_variant_ids
        variants._unlink_except_claimed()
