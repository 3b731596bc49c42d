from odoo import api, fields, models
from odoo.exceptions import ValidationError

# A branch deeper than this has no readable name.
DEPTH_MAX = 10


class GckArbolMixin(models.AbstractModel):
    """A table whose rows form a tree; a row is named with its branch.

    A concrete model gives ``parent_id`` and ``child_ids``.
    """

    _name = "gck.arbol.mixin"
    _description = "GCK table in a tree"
    _inherit = ["gck.tabla.mixin"]
    _order = "tree_order, id"
    _parent_store = True

    parent_path = fields.Char(index=True)
    tree_order = fields.Char(
        compute="_compute_tree_order",
        store=True,
        index=True,
        recursive=True,
        export_string_translation=False,
    )

    @api.depends("sequence", "parent_id.tree_order")
    def _compute_tree_order(self):
        """Sort rows as a tree, siblings by sequence.

        Of digits only and all of one width, so that every collation agrees.
        """
        for row in self:
            own = f"{max(row.sequence, 0):010d}{row._origin.id or 0:010d}"
            row.tree_order = (row.parent_id.tree_order or "") + own

    @api.depends("name", "parent_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Name a row with its branch, in the language of the reader."""
        for row in self:
            names, branch = [], row
            while branch and len(names) < DEPTH_MAX:
                names.append(branch.name)
                branch = branch.parent_id
            row.display_name = " / ".join(filter(None, reversed(names)))

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A row of the table cannot hang from itself.")
            )
