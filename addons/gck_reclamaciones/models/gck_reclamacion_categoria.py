from odoo import fields, models


class GckReclamacionCategoria(models.Model):
    """A branch of the tree of what claims are about (O-9)."""

    _name = "gck.reclamacion.categoria"
    _description = "Claim category"
    _inherit = ["gck.arbol.mixin"]
    _parent_name = "parent_id"

    parent_id = fields.Many2one(
        "gck.reclamacion.categoria",
        string="Parent category",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    child_ids = fields.One2many(
        "gck.reclamacion.categoria", "parent_id", string="Subcategories"
    )
