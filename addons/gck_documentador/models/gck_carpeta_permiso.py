from odoo import api, fields, models


class GckCarpetaPermiso(models.Model):
    """What a group or a person may do in a folder, and below it."""

    _name = "gck.carpeta.permiso"
    _description = "Right on a folder"
    _order = "carpeta_id, id"
    _rec_name = "carpeta_id"

    carpeta_id = fields.Many2one(
        "gck.carpeta", string="Folder", required=True, index=True, ondelete="cascade"
    )
    group_id = fields.Many2one("res.groups", index="btree_not_null", ondelete="cascade")
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    level = fields.Selection(
        selection="_selection_level", string="Right", required=True, default="read"
    )

    _one_holder = models.Constraint(
        "CHECK ((group_id IS NULL) <> (user_id IS NULL))",
        "A right is given to a group or to a person: choose one of the two.",
    )
    _holder_uniq = models.UniqueIndex(
        "(carpeta_id, COALESCE(group_id, 0), COALESCE(user_id, 0))",
        "The group or person has a right on this folder already. Change that row.",
    )

    @api.model
    def _selection_level(self):
        return [
            ("none", self.env._("No access")),
            ("read", self.env._("Read")),
            ("write", self.env._("Read and write")),
            ("manage", self.env._("Manage")),
        ]
