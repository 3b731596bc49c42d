from odoo import api, fields, models
from odoo.fields import Domain
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
    gck_on_staff = fields.Boolean(
        string="Works here",
        compute="_compute_gck_on_staff",
        search="_search_gck_on_staff",
        groups="gck_avisos.group_gck_aviso_user",
        help="Has an employee file in one of the active companies. In a company "
        "without files, everybody.",
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

    def _compute_gck_on_staff(self):
        staff = self.filtered_domain(self._search_gck_on_staff("in", [True]))
        for user in self:
            user.gck_on_staff = user in staff

    @api.model
    def _search_gck_on_staff(self, operator, value):
        """Find who can be given work: the people with an employee file (M-29).

        A company that keeps no files offers all of its users. The file that Odoo
        itself makes for its administrator does not count as keeping files.
        """
        if operator != "in":
            return NotImplemented
        # sudo: whoever hands out work need not see the files, only who has one.
        files = (
            self.env["hr.employee"]
            .sudo()
            ._read_group(
                [
                    ("user_id", "!=", False),
                    ("company_id", "in", self.env.companies.ids),
                ],
                ["company_id"],
                ["user_id:recordset"],
            )
        )
        admin = self.env.ref("base.user_admin", raise_if_not_found=False)
        keeping = {company for company, users in files if users != admin}
        staff_ids = {user.id for _company, users in files for user in users}
        staff = Domain("id", "in", list(staff_ids))
        for company in self.env.companies:
            if company not in keeping:
                staff |= Domain("company_ids", "in", company.ids)
        return staff if True in value else ~staff

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
