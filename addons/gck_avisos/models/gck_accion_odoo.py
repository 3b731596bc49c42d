from datetime import datetime, time

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class GckAccion(models.Model):
    """The actions that are records of Odoo's own: appointments and activities."""

    _inherit = "gck.accion"

    @api.model
    def _get_kind_models(self):
        return {
            **super()._get_kind_models(),
            "cita": "calendar.event",
            "actividad": "mail.activity",
        }

    @api.model
    def _get_kind_numbers(self):
        return {**super()._get_kind_numbers(), "calendar.event": 3, "mail.activity": 4}

    @api.model
    def _get_creatable_kinds(self):
        return super()._get_creatable_kinds() | {"cita"}

    @api.model
    def _get_hidden_by_kind(self):
        hidden = self.env.companies.filtered(lambda c: not c.gck_pending_events)
        return {**super()._get_hidden_by_kind(), "cita": hidden}

    @api.model
    def _get_selects(self):
        selects = super()._get_selects() + self._build_cita_selects()
        if self.env.company.gck_pending_activities:
            selects.append(self._build_actividad_select())
        return selects

    @api.model
    def _build_cita_selects(self):
        """Return the branches of the appointments: those to come, those held.

        An appointment is pending until it ends and never late; nobody has to mark
        it. One of the whole day is pending that day, where the reader is. Of a
        colleague's private one nothing is shown here; archived ones are mostly what
        changes of a series left behind.
        """
        Event = self.env["calendar.event"]
        visible = Domain.TRUE if self.env.su else Event._gck_get_visible_domain()
        visible &= Domain("active", "=", True) & Domain(
            "gck_company_id", "in", [*self.env.companies.ids, False]
        )
        # Of the end of one of the whole day only the date means something.
        now = fields.Datetime.now()
        today = datetime.combine(fields.Date.context_today(self), time.min)
        ends = {
            operator: Domain("stop", operator, bound)
            & (
                Domain("allday", "=", False) & Domain("stop", operator, now)
                | Domain("allday", "=", True) & Domain("stop", operator, today)
            )
            # What both have in common is served by the index.
            for operator, bound in ((">=", min(now, today)), ("<", max(now, today)))
        }
        states = {"pending": ends[">="], "done": ends["<"]}
        start, stop = (
            Event._field_to_sql(Event._table, name) for name in ("start", "stop")
        )
        # It is due when it starts; one that has started, when it ends.
        due = SQL("CASE WHEN %s >= %s THEN %s ELSE %s END", start, now, start, stop)
        due_day = SQL(
            "(CASE WHEN %s >= %s THEN %s ELSE %s END)::date", start, today, start, stop
        )
        columns = {
            "subject": "name",
            "partner_id": "gck_partner_id",
            "commercial_partner_id": "gck_commercial_partner_id",
            "contact_id": "gck_contact_id",
            "user_id": "user_id",
            "requester_id": "gck_requester_id",
            "company_id": "gck_company_id",
            "date": "start",
            "date_deadline": SQL(
                "CASE WHEN %s THEN %s ELSE %s END",
                Event._field_to_sql(Event._table, "allday"),
                self._build_day_end(due_day),
                due,
            ),
            "priority": SQL("'0'"),
        }
        return [
            self._build_kind_select(
                Event,
                "cita",
                3,
                {**columns, "accion_state": SQL("%s", state)},
                visible & domain,
            )
            for state, domain in states.items()
        ]

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
                "date_deadline": self._build_day_end(deadline),
                "accion_state": SQL("'pending'"),
                "priority": SQL("'0'"),
            },
            Domain("active", "=", True) & readable,
        )

    @api.model
    def _build_day_end(self, day):
        """Return the last second of a day where the reader is, in UTC.

        :param SQL day: a date
        """
        return SQL(
            "((%s + 1)::timestamp AT TIME ZONE %s) AT TIME ZONE 'UTC'"
            " - interval '1 second'",
            day,
            self.env.tz.zone,
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
        # Once in a transaction: every query of the union asks for it.
        cache = self.env.cr.cache
        if "gck_activity_models" not in cache:
            # sudo: only the names of the models that have activities.
            groups = self.env["mail.activity"].sudo()._read_group([], ["res_model"])
            cache["gck_activity_models"] = [name for (name,) in groups]
        return own | Domain.OR(
            Domain("res_model", "=", name)
            & Domain("res_id", "in", self.env[name]._search([]))
            for name in cache["gck_activity_models"]
            if name in self.env and self.env[name].has_access("read")
        )

    def action_open(self):
        """Open the document of an activity rather than the activity."""
        if self.res_model == "mail.activity":
            activity = self.env["mail.activity"].browse(self.res_id).exists()
            if activity.res_model:
                return activity.action_open_document()
        return super().action_open()
