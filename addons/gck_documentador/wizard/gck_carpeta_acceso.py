from odoo import api, fields, models

from ..models.gck_carpeta_permiso import LEVELS


class GckCarpetaAcceso(models.TransientModel):
    """What one person may do in a folder, and why."""

    _name = "gck.carpeta.acceso"
    _description = "Access to a folder"
    _order = "level_order desc, user_name, id"

    carpeta_id = fields.Many2one(
        "gck.carpeta", string="Folder", required=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", string="Person", required=True, ondelete="cascade"
    )
    user_name = fields.Char()
    level = fields.Selection(
        selection=lambda self: self.env["gck.carpeta.permiso"]._selection_level(),
        string="Right",
        required=True,
    )
    level_order = fields.Integer()
    reason = fields.Char(string="Why")

    @api.model
    def _fill(self, folder):
        """Work out who has access to a folder and write it down for the user."""
        self.search(
            [("carpeta_id", "=", folder.id), ("create_uid", "=", self.env.uid)]
        ).unlink()
        # sudo: the rights and the groups of colleagues are looked at; who sees a
        # folder may know who else does.
        folder = folder.sudo()
        user_group, all_group, manager_group = (
            self.env.ref(f"gck_documentador.group_gck_documento_{name}").sudo()
            for name in ("user", "all", "manager")
        )
        users = user_group.all_user_ids.filtered(
            lambda user: (
                not user.share
                and user.active
                and (not folder.company_id or folder.company_id in user.company_ids)
            )
        )
        chain = self.env["gck.carpeta"]._get_chains([folder.acl_id.id])[0]
        rows = folder.env["gck.carpeta.permiso"].browse(
            row[0] for node in chain.nodes for row in node.rows
        )
        row_groups = {group: set(group.all_user_ids.ids) for group in rows.group_id}
        readers, managers = all_group.all_user_ids, manager_group.all_user_ids
        vals_list = []
        for user in users:
            groups = {g.id for g, members in row_groups.items() if user.id in members}
            level, row_id = chain.get_level(
                user.id,
                groups,
                "manage" if user in managers else "write",
                "read" if user in readers else "none",
            )
            if level == "none" and not row_id:
                continue
            vals_list.append(
                {
                    "carpeta_id": folder.id,
                    "user_id": user.id,
                    "user_name": user.name,
                    "level": level,
                    "level_order": LEVELS.index(level),
                    "reason": self._get_reason(
                        rows.browse(row_id or []), user in managers, level
                    ),
                }
            )
        return self.create(vals_list)

    @api.model
    def _get_reason(self, row, is_manager, level):
        """Say in words what gives, or denies, somebody the access."""
        if row.group_id:
            return self.env._(
                "The group «%(group)s» in «%(folder)s»",
                group=row.group_id.full_name,
                folder=row.carpeta_id.complete_name,
            )
        if row:
            return self.env._("By name in «%s»", row.carpeta_id.complete_name)
        if is_manager:
            return self.env._("Manager of the documents")
        if level == "read":
            return self.env._("User of all documents")
        return self.env._("No rights are set: everybody of the company")
