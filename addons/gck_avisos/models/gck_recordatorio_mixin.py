import logging
from datetime import datetime, time, timedelta

from markupsafe import Markup
from pytz import UTC, timezone

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime, groupby

from .gck_bloque_mixin import COLLISIONS

_logger = logging.getLogger(__name__)

TASKS_SHOWN = 20
TRIES = 3


class GckTareaRecordatorioMixin(models.AbstractModel):
    """The daily reminder of late tasks: one message for each person (M-22).

    Part of ``gck.tarea``, whose fields it reads.
    """

    _name = "gck.tarea.recordatorio.mixin"
    _description = "Reminder of late tasks"

    date_reminded = fields.Datetime(
        string="Reminded on",
        readonly=True,
        copy=False,
        help="When the responsible was last told that the task is late.",
    )

    @api.model
    def _cron_remind_late(self):
        """Remind each person, where it is a working day for them, of their late tasks.

        A person at a time, each in a transaction of its own: one that fails does not
        stop the rest, and of two processes only one reminds.
        """
        cron = self.env["ir.cron"]
        ids_by_user = self._get_late_by_recipient()
        cron._commit_progress(remaining=len(ids_by_user))
        for user, ids in ids_by_user.items():
            self._remind_isolated(user, ids)
            if not cron._commit_progress(1):
                return

    def _remind_isolated(self, user, ids):
        """Remind a person; an error is logged and its changes are taken back."""
        for _attempt in range(TRIES):
            try:
                self._remind(user, ids)
                self.env.flush_all()
                return
            except COLLISIONS:
                self.env.cr.rollback()
            except Exception:
                self.env.cr.rollback()
                _logger.exception("User %s could not be reminded", user.id)
                return

    @api.model
    def _get_due_domain(self):
        """Return the domain of the tasks that somebody has to be reminded of."""
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
        """Return who is reminded today, and of which tasks.

        :return: ``{res.users: ids of tasks}``
        """
        groups = self._read_group(
            self._get_due_domain(),
            ["user_id", "company_id", "department_id"],
            ["id:array_agg"],
        )
        responsibles = self.env["res.users"].union(*(user for user, *_rest in groups))
        # The head of another company's department has no business with the task.
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
                _logger.warning(
                    "Nobody can be reminded of %s late tasks of user %s, department %s",
                    len(ids),
                    user.id,
                    department.id,
                )
        at_work = self._filter_at_work(self.env["res.users"].union(*ids_by_user))
        return {user: ids for user, ids in ids_by_user.items() if user in at_work}

    @api.model
    def _is_reachable(self, user):
        """Tell whether a message would ever reach a person."""
        return (
            user and user.active and (user.email or user.notification_type == "inbox")
        )

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
        """Send a person the digest of their late tasks and note that they were told.

        The claim is the first query of the transaction. Who gets the person's row
        later finds the tasks noted, or collides on them.
        """
        claim = SQL(
            "SELECT id FROM res_users WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED",
            user.id,
        )
        if not self.env.execute_query(claim):
            return
        query = self._search(Domain("id", "in", ids) & self._get_due_domain())
        # What somebody is changing right now is left for the next time.
        rows = self.env.execute_query(
            SQL("%s FOR NO KEY UPDATE OF gck_tarea SKIP LOCKED", query.select())
        )
        if not rows:
            return
        tareas = self.search([("id", "in", [row[0] for row in rows])])
        tareas._send_reminder(user)
        # Not through write(): a reminder is no change of the task.
        self.env.execute_query(
            SQL(
                "UPDATE gck_tarea SET date_reminded = %s WHERE id IN %s RETURNING id",
                fields.Datetime.now(),
                tuple(tareas.ids),
            )
        )
        tareas.invalidate_recordset(["date_reminded"])

    def _send_reminder(self, user):
        """Send the digest of these late tasks, in the person's language."""
        tareas = self.with_context(
            lang=user.lang or self.env.lang,
            tz=user.tz or "UTC",
            # Through the queue: what is taken back must not have been mailed.
            mail_notify_force_send=False,
        )
        env = tareas.env
        if len(tareas) == 1:
            subject = env._("%s is late", tareas.display_name)
        else:
            subject = env._("You have %s late tasks", len(tareas))
        items = Markup("").join(
            tarea._get_reminder_item(user) for tarea in tareas[:TASKS_SHOWN]
        )
        if len(tareas) > TASKS_SHOWN:
            items += Markup("<li>%s</li>") % env._(
                "… and %s more.", len(tareas) - TASKS_SHOWN
            )
        env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=Markup('<p>%s</p><ul>%s</ul><p><a href="/odoo/action-%s">%s</a></p>')
            % (
                env._("These tasks are past their deadline:"),
                items,
                "gck_avisos.action_gck_tarea_mine",
                env._("Open my tasks"),
            ),
            email_layout_xmlid="mail.mail_notification_light",
        )

    def _get_reminder_item(self, user):
        """Return the line of a late task: what, for whom, since when, whose."""
        details = [
            self.tercero,
            format_datetime(self.env, self.date_deadline, dt_format="short"),
        ]
        if self.user_id != user:
            details.append(self.user_id.name or self.env._("unassigned"))
        return Markup(
            '<li><a href="/mail/view?model=gck.tarea&amp;res_id=%s">%s</a> · %s</li>'
        ) % (self.id, self.display_name, " · ".join(filter(None, details)))
