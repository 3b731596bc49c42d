from datetime import datetime, time, timedelta

from pytz import UTC, timezone

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, groupby


class GckRecordatorioMixin(models.AbstractModel):
    """The daily reminder of what is late: one message for each person (M-22).

    For kinds of action, which say how their message is worded.
    """

    _name = "gck.recordatorio.mixin"
    _description = "Reminder of late actions"
    _inherit = ["gck.reparto.mixin"]

    # xml id of the action that the message leads to.
    _reminder_action = None

    date_reminded = fields.Datetime(
        string="Reminded on",
        readonly=True,
        copy=False,
        help="When the responsible was last told that it is late.",
    )

    @api.model
    def _cron_remind_late(self):
        """Remind each person, where it is a working day for them, of what is late."""
        self._tell_each(list(self._get_late_by_recipient().items()), "_remind")

    @api.model
    def _get_reminder_texts(self, env, records):
        """Return how the message is worded.

        :param env: in the language of the person
        :param records: what is late
        :return: ``subject``, ``title`` and ``link``
        """
        raise NotImplementedError

    @api.model
    def _get_due_domain(self):
        """Return the domain of what somebody has to be reminded of."""
        now = fields.Datetime.now()
        companies = self.env["res.company"].search([("gck_reminder", "=", True)])
        due = Domain.FALSE
        for days, group in groupby(companies, lambda c: c.gck_reminder_days):
            # Half a day less: a run some minutes earlier than the last is a new day.
            before = now - timedelta(days=days, hours=-12)
            due |= Domain("company_id", "in", [c.id for c in group]) & (
                Domain("date_reminded", "=", False)
                | Domain("date_reminded", "<", before)
            )
        return (
            due
            & Domain("accion_state", "=", "pending")
            & Domain("date_deadline", "<", now)
        )

    @api.model
    def _get_late_by_recipient(self):
        """Return who is reminded today, and of what.

        :return: ``{res.users: ids}``
        """
        groups = self._read_group(
            self._get_due_domain(),
            ["user_id", "company_id", "department_id"],
            ["id:array_agg"],
        )
        responsibles = self.env["res.users"].union(*(user for user, *_rest in groups))
        # The head of another company's department has no business with it.
        employees = self._get_employees(responsibles)
        ids_by_user = {}
        for user, company, department, ids in groups:
            employee = employees.get((user, company), self.env["hr.employee"])
            home = employee.department_id
            candidates = (user, department.manager_id.user_id, home.manager_id.user_id)
            recipient = next((u for u in candidates if self._is_reachable(u)), None)
            if recipient:
                ids_by_user.setdefault(recipient, []).extend(ids)
            else:
                self._log_unreachable(user, ids)
        at_work = self._filter_at_work(self.env["res.users"].union(*ids_by_user))
        return {user: ids for user, ids in ids_by_user.items() if user in at_work}

    @api.model
    def _get_employees(self, users):
        """Return the file that each person has in each company.

        :return: ``{(res.users, res.company): hr.employee}``
        """
        return {
            (employee.user_id, employee.company_id): employee
            for employee in self.env["hr.employee"].search(
                [("user_id", "in", users.ids)]
            )
        }

    @api.model
    def _filter_at_work(self, users):
        """Return those for whom today, where they are, is a working day.

        People without a calendar of their own follow their company's; without any,
        they work every day.
        """
        employees = self._get_employees(users)
        at_work = self.env["res.users"]

        def get_calendar(user):
            employee = employees.get((user, user.company_id))
            if employee:
                return employee.resource_calendar_id
            return user.company_id.resource_calendar_id

        for (calendar, tz), group in groupby(
            users, lambda user: (get_calendar(user), user.tz or "UTC")
        ):
            group = users.union(*group) & users
            if not calendar:
                at_work |= group
                continue
            today = datetime.now(timezone(tz)).date()
            start, stop = (
                timezone(tz).localize(datetime.combine(today, moment)).astimezone(UTC)
                for moment in (time.min, time.max)
            )
            resources = {
                user: employees[user, user.company_id].resource_id
                for user in group
                if (user, user.company_id) in employees
            }
            intervals = calendar._work_intervals_batch(
                start, stop, self.env["resource.resource"].union(*resources.values())
            )
            at_work |= group.filtered(
                lambda user, resources=resources, intervals=intervals: intervals[
                    resources[user].id if user in resources else False
                ]
            )
        return at_work

    def _remind(self, user, ids):
        """Send a person the digest of what is late and note that they were told."""
        records = self._lock_to_tell(user, ids, self._get_due_domain())
        if not records:
            return
        records._send_reminder(user)
        # Not through write(): a reminder is no change of the record.
        self.env.execute_query(
            SQL(
                "UPDATE %s SET date_reminded = %s WHERE id IN %s RETURNING id",
                SQL.identifier(self._table),
                fields.Datetime.now(),
                tuple(records.ids),
            )
        )
        records.invalidate_recordset(["date_reminded"])

    def _send_reminder(self, user):
        """Send the digest of what is late, in the person's language."""
        self._send_digest(user, self._get_reminder_texts, self._reminder_action)
