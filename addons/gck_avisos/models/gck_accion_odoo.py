from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class GckAccion(models.Model):
    """The actions that are records of Odoo's own: activities (M-17)."""

    _inherit = "gck.accion"

    @api.model
    def _get_kind_models(self):
        return {**super()._get_kind_models(), "actividad": "mail.activity"}

    @api.model
    def _get_kind_numbers(self):
        return {**super()._get_kind_numbers(), "mail.activity": 4}

    @api.model
    def _get_selects(self):
        selects = super()._get_selects()
        if self.env.company.gck_pending_activities:
            selects.append(self._build_actividad_select())
        return selects

    @api.model
    def _build_actividad_select(self):
        """Return the branch of Odoo's activities that are still to be done."""
        # Their own search would read all of them; what it allows is said below.
        Activity = self.env["mail.activity"].with_context(active_test=False)
        deadline = Activity._field_to_sql(Activity._table, "date_deadline")
        subject = SQL(
            "concat_ws(' · ', %s, %s)",
            Activity._field_to_sql(Activity._table, "summary"),
            Activity._field_to_sql(Activity._table, "res_name"),
        )
        readable = self._get_readable_activities()
        return self._build_kind_select(
            Activity.sudo(),
            "actividad",
            4,
            {
                "subject": subject,
                "user_id": "user_id",
                "requester_id": "create_uid",
                "date": "create_date",
                # Late once the day is over where the reader is.
                "date_deadline": SQL(
                    "((%s + 1)::timestamp AT TIME ZONE %s) AT TIME ZONE 'UTC'",
                    deadline,
                    self.env.tz.zone,
                ),
                "accion_state": SQL("'pending'"),
                "priority": SQL("'0'"),
            },
            Domain("active", "=", True) & readable,
        )

    @api.model
    def _get_readable_activities(self):
        """Return the domain of the activities that the user may read.

        One's own; for those who see everybody's matters, also those on documents
        that they may read.
        """
        if self.env.su:
            return Domain.TRUE
        own = Domain("user_id", "=", self.env.uid)
        if not self.env.user.has_group("gck_avisos.group_gck_aviso_all"):
            return own
        # sudo: only the names of the models that have activities.
        groups = self.env["mail.activity"].sudo()._read_group([], ["res_model"])
        return own | Domain.OR(
            Domain("res_model", "=", name)
            & Domain("res_id", "in", self.env[name]._search([]))
            for (name,) in groups
            if name in self.env and self.env[name].has_access("read")
        )

    def action_open(self):
        """Open the document of an activity rather than the activity."""
        if self.res_model == "mail.activity":
            activity = self.env["mail.activity"].browse(self.res_id).exists()
            if activity.res_model:
                return activity.action_open_document()
        return super().action_open()
