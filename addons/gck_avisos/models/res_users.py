from odoo import api, fields, models
from odoo.modules.module import get_module_icon


class ResUsers(models.Model):
    _inherit = "res.users"

    gck_aviso_comercial_count = fields.Integer(
        string="Notices as salesperson",
        compute="_compute_gck_aviso_comercial_count",
        groups="gck_avisos.group_gck_aviso_user",
    )

    gck_home_opt_out = fields.Boolean(
        string="Keep my own home page",
        help="Do not start on the pending matters, although the company does.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["gck_home_opt_out"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["gck_home_opt_out"]

    @api.model
    def gck_set_home_opt_out(self, opt_out):
        """Choose whether to start on the pending matters where the company does.

        :param bool opt_out: True to start on one's own home page
        """
        # sudo: a preference of the user, about nobody else.
        self.env.user.sudo().gck_home_opt_out = bool(opt_out)
        return True

    def _compute_gck_aviso_comercial_count(self):
        """Count the pending notices of each salesperson (K-12)."""
        counts = self.env["gck.aviso"]._count_by("comercial_id", self)
        for user in self:
            _total, user.gck_aviso_comercial_count = counts[user.id]

    def action_view_gck_avisos_comercial(self):
        """Open the notices of a salesperson."""
        self.ensure_one()
        return self.env["gck.aviso"]._get_list_action(
            [("comercial_id", "=", self.id)],
            {"default_comercial_id": self.id, "search_default_pending": 1},
        )

    @api.model
    def _get_activity_groups(self):
        """Add what is assigned to the user to the systray, as calendar does.

        A count per kind costs far less than a native activity per task, and is not
        deleted when it grows old.
        """
        groups = super()._get_activity_groups()
        for name in self.env["gck.accion.mixin"]._get_systray_models():
            model = self.env[name]
            if not model.has_access("read"):
                continue
            counts = model._accion_systray_counts()
            if not any(counts.values()):
                continue
            action = self.env["ir.actions.act_window"]._for_xml_id(
                model._accion_list_action
            )
            groups.append(
                {
                    "id": self.env["ir.model"]._get_id(name),
                    "name": self.env._("%s assigned to me", action["name"]),
                    "model": name,
                    "type": "activity",
                    "gck_assigned": True,
                    "gck_action": model._accion_list_action,
                    "icon": get_module_icon(model._original_module),
                    "domain": [],
                    "total_count": counts["overdue_count"] + counts["today_count"],
                    "view_type": "list",
                    **counts,
                }
            )
        return groups
