from odoo import fields, models


class GckReclamacionCausa(models.Model):
    """A branch of the tree of causes that an evaluation finds (O-13)."""

    _name = "gck.reclamacion.causa"
    _description = "Claim cause"
    _inherit = ["gck.arbol.mixin"]
    _parent_name = "parent_id"

    parent_id = fields.Many2one(
        "gck.reclamacion.causa",
        string="Parent cause",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    child_ids = fields.One2many(
        "gck.reclamacion.causa", "parent_id", string="Subcauses"
    )
