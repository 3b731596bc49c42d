from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

# What the levels of rights let somebody do, the least first.
LEVELS = ("none", "read", "write", "manage")
# What a folder says of its place, from which its rights follow.
SYSTEM_FIELDS = {"acl_id", "code", "name_key", "complete_name", "parent_path"}


class Node(NamedTuple):
    """A folder with rights of its own."""

    folder_id: int
    inherits: bool
    is_confidential: bool
    # Of (id, group, user, level).
    rows: list


class Chain(NamedTuple):
    """The folders whose rights count for one of them, the nearest first."""

    folder_id: int
    nodes: tuple

    def get_level(self, uid, group_ids, default, fallback):
        """Return what somebody may do, and the row that says so, if one does.

        :param set group_ids: the groups of the user
        :param str default: where no row gives anybody anything
        :param str fallback: where rows give access to others
        """
        if default == "manage" or default == "none":
            return default, None
        restricted = False
        for node in self.nodes:
            matching = [
                row for row in node.rows if row[2] == uid or row[1] in group_ids
            ]
            if matching:
                denying = [row for row in matching if row[3] == "none"]
                best = max(matching, key=lambda row: LEVELS.index(row[3]))
                row = denying[0] if denying else best
                return row[3], row[0]
            if not node.inherits or any(row[3] != "none" for row in node.rows):
                restricted = True
            if not node.inherits:
                break
        if not restricted:
            return default, None
        if any(node.is_confidential for node in self.nodes):
            return "none", None
        return fallback, None


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

    @api.model_create_multi
    def create(self, vals_list):
        """Give rights on folders that the user manages."""
        # A default of the client is a folder that it names like any other.
        vals_list = [{**self.default_get(["carpeta_id"]), **vals} for vals in vals_list]
        folder_ids = {vals.get("carpeta_id") for vals in vals_list}
        self._check_manages(self.env["gck.carpeta"].browse(filter(None, folder_ids)))
        rows = super().create(vals_list)
        self.env["gck.carpeta"]._forget_levels()
        return rows

    def write(self, vals):
        """Change rights on folders that the user manages."""
        folders = self.carpeta_id
        if vals.get("carpeta_id"):
            folders |= folders.browse(vals["carpeta_id"])
        self._check_manages(folders)
        result = super().write(vals)
        self.env["gck.carpeta"]._forget_levels()
        return result

    def unlink(self):
        """Take rights on folders that the user manages."""
        self._check_manages(self.carpeta_id)
        result = super().unlink()
        self.env["gck.carpeta"]._forget_levels()
        return result

    @api.model
    def _check_manages(self, folders):
        """Check before the change, lest people give themselves what they check.

        :raises AccessError: naming a folder whose rights are not the user's to give
        """
        if not self.env.su:
            folders._check_level("manage")


class GckCarpeta(models.Model):
    """Who may do what in a folder.

    Of the folders from the one in question upwards, the nearest with a row for the
    person, or for one of their groups, decides; of several rows there, one that denies,
    else the highest. Who no row names has no access where somebody is given any, and
    may read and write where nobody is. A folder that does not inherit ends the search.

    Folders without rows share the rights of the one above that has some, their
    ``acl_id``: rights are worked out for these few, never for each folder or document.
    """

    _name = "gck.carpeta"
    _inherit = ["gck.carpeta"]

    permiso_ids = fields.One2many("gck.carpeta.permiso", "carpeta_id", string="Rights")
    inherit_rights = fields.Boolean(
        string="Inherit rights",
        default=True,
        help="Who is not named has the rights of the folder above. Without it, only "
        "those named here have access, and managers.",
    )
    is_confidential = fields.Boolean(
        string="Confidential",
        help="Every reading and download, here and below, is logged: who, when, what "
        "and how.",
    )
    acl_id = fields.Many2one(
        "gck.carpeta",
        string="Rights as in",
        compute="_compute_acl_id",
        store=True,
        recursive=True,
        index="btree_not_null",
        help="The folder whose rights count here.",
    )
    user_level = fields.Selection(
        selection=lambda self: self.env["gck.carpeta.permiso"]._selection_level(),
        string="My right",
        compute="_compute_user_level",
        search="_search_user_level",
    )

    @api.depends("permiso_ids", "inherit_rights", "is_confidential", "parent_id.acl_id")
    def _compute_acl_id(self):
        for folder in self:
            own = (
                folder.permiso_ids
                or folder.is_confidential
                or not folder.inherit_rights
            )
            folder.acl_id = folder._origin if own else folder.parent_id.acl_id

    @api.depends("acl_id")
    @api.depends_context("uid")
    def _compute_user_level(self):
        levels = self._get_user_levels()
        if any(folder.acl_id and folder.acl_id.id not in levels for folder in self):
            # Rights made in this transaction, or not heard of yet.
            levels = self._work_out_levels(self.env.uid)
        for folder in self:
            if folder.acl_id:
                folder.user_level = levels.get(folder.acl_id.id, "none")
            else:
                folder.user_level = levels[False]

    def _search_user_level(self, operator, value):
        if operator != "in":
            return NotImplemented
        levels = self._get_user_levels()
        return Domain(
            "acl_id", "in", [acl for acl, level in levels.items() if level in value]
        )

    # ------------------------------------------------------------
    # Levels
    # ------------------------------------------------------------

    @api.model
    def _get_user_levels(self):
        """Return what the user may do, by the folder whose rights count.

        :return: ``{id of an acl_id, or False where no folder above has rights: level}``
        """
        return self._get_levels(self.env.uid)

    @api.model
    @api.private
    def _forget_levels(self):
        """Work the levels out anew: rights or their folders changed."""
        self.env.registry.clear_cache()
        self.invalidate_model(["user_level"])

    @api.model
    @tools.ormcache("uid", "self.env['res.users'].browse(uid)._get_group_ids()")
    def _get_levels(self, uid):
        """Return the levels of a user, as ``_get_user_levels``."""
        return self._work_out_levels(uid)

    @api.model
    def _work_out_levels(self, uid):
        """Return the levels of a user, as ``_get_user_levels``, from the database."""
        # sudo: the rights themselves are looked at, by what they are about.
        user = self.env["res.users"].sudo().browse(uid)
        if user.has_group("gck_documentador.group_gck_documento_manager"):
            default = fallback = "manage"
        elif user.has_group("gck_documentador.group_gck_documento_user"):
            default, fallback = "write", "none"
            if user.has_group("gck_documentador.group_gck_documento_all"):
                fallback = "read"
        else:
            default = fallback = "none"
        levels = {False: default}
        group_ids = set(user._get_group_ids())
        for chain in self._get_chains():
            levels[chain.folder_id] = chain.get_level(
                uid, group_ids, default, fallback
            )[0]
        return levels

    @api.model
    def _get_chains(self, folder_ids=None):
        """Return the rights of each folder that has some, or of those given.

        :return: list of ``Chain``
        """
        self.flush_model(["parent_id", "acl_id", "inherit_rights", "is_confidential"])
        self.env["gck.carpeta.permiso"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT folder.id, above.acl_id, folder.inherit_rights,
                       folder.is_confidential
                  FROM gck_carpeta folder
             LEFT JOIN gck_carpeta above ON above.id = folder.parent_id
                 WHERE folder.acl_id = folder.id
                """
            )
        )
        grants = defaultdict(list)
        for row_id, folder_id, group_id, user_id, level in self.env.execute_query(
            SQL(
                "SELECT id, carpeta_id, group_id, user_id, level"
                " FROM gck_carpeta_permiso ORDER BY id"
            )
        ):
            grants[folder_id].append((row_id, group_id, user_id, level))
        above = {folder_id: parent for folder_id, parent, *_rest in rows}
        nodes = {
            folder_id: Node(folder_id, inherits, confidential, grants[folder_id])
            for folder_id, _parent, inherits, confidential in rows
        }
        chains = []
        for folder_id in nodes if folder_ids is None else folder_ids:
            chain, current = [], folder_id
            while current in nodes:
                chain.append(nodes[current])
                current = above[current]
            chains.append(Chain(folder_id, tuple(chain)))
        return chains

    def _check_level(self, level):
        """Check what the user may do in these folders.

        :param str level: the least that is asked for
        :raises AccessError: naming a folder in which the user may not
        """
        if self.env.su:
            return
        enough = LEVELS[LEVELS.index(level) :]
        # sudo: the level is the user's; a folder they do not see is refused, unnamed.
        for folder in self.sudo():
            if folder.user_level not in enough:
                name = folder.name if folder.user_level != "none" else f"#{folder.id}"
                labels = dict(self.env["gck.carpeta.permiso"]._selection_level())
                raise AccessError(
                    self.env._(
                        "In the folder «%(folder)s» this needs the right «%(needed)s», "
                        "and you have «%(level)s». Ask whoever manages the folder.",
                        folder=name,
                        needed=labels[level],
                        level=labels[folder.user_level],
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Make folders where the user may write."""
        self = self.browse()
        # Defaults of the client are checked like values.
        defaults = self.default_get(["parent_id", "inherit_rights", "is_confidential"])
        vals_list = [{**defaults, **vals} for vals in vals_list]
        parents = {vals.get("parent_id") for vals in vals_list}
        self.browse(filter(None, parents))._check_level("write")
        for vals in vals_list:
            if self._changes_rights(vals):
                self._check_may_manage(vals.get("parent_id"))
        folders = super().create(vals_list)
        if any(self._changes_rights(vals) for vals in vals_list):
            self._forget_levels()
        return folders

    def write(self, vals):
        """Move folders where the user may write; rights are for who manages them."""
        if vals.get("parent_id"):
            self.browse(vals["parent_id"])._check_level("write")
        rights = self._changes_rights(vals)
        if rights:
            self._check_level("manage")
        result = super().write(vals)
        if rights or "parent_id" in vals:
            self._forget_levels()
        return result

    @api.model
    def _has_field_access(self, field, operation):
        """Keep clients from writing what follows from the tree and its rights."""
        if operation == "write" and field.name in SYSTEM_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _check_may_manage(self, parent_id):
        """:raises AccessError: when rights below a folder are not the user's to set"""
        if parent_id:
            self.browse(parent_id)._check_level("manage")
        elif not self.env.su and self._get_user_levels()[False] != "manage":
            raise AccessError(
                self.env._("Only managers set the rights of folders at the top.")
            )

    def _changes_rights(self, vals):
        """Tell whether values are about who has access."""
        if self:
            return not {"inherit_rights", "is_confidential", "active"}.isdisjoint(vals)
        return bool(vals.get("is_confidential")) or not vals.get("inherit_rights", True)

    # ------------------------------------------------------------
    # Why somebody has access
    # ------------------------------------------------------------

    def action_view_accesos(self):
        """Show who can see the folder, what they may do, and why."""
        self.ensure_one()
        self.check_access("read")
        self.env["gck.carpeta.acceso"]._fill(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who can see «%s»", self.name),
            "res_model": "gck.carpeta.acceso",
            "view_mode": "list",
            "target": "new",
            "domain": [("carpeta_id", "=", self.id), ("create_uid", "=", self.env.uid)],
        }
