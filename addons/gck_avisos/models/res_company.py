from bisect import bisect_right
from datetime import timedelta

from pytz import UTC

from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    gck_close_rule = fields.Selection(
        selection=[
            ("block", "Refuse"),
            ("warn", "Ask for confirmation"),
            ("allow", "Allow"),
        ],
        string="Closing with open tasks",
        default="block",
        required=True,
        help="What happens when somebody closes a notice that has open tasks.",
    )
    gck_motivo_required = fields.Boolean(
        string="Reason required", help="Notices cannot be saved without a reason."
    )
    gck_hours_mode = fields.Selection(
        selection=[
            ("working", "Working hours of the company"),
            ("calendar", "Calendar hours"),
        ],
        string="Deadlines count",
        default="working",
        required=True,
        help="How the hours of types and tasks are counted to propose a deadline.",
    )
    gck_tarea_hours = fields.Float(
        string="Hours to do a task",
        default=8.0,
        help="Proposed deadline of a task whose type and notice have none. Zero "
        "proposes none.",
    )

    gck_home = fields.Boolean(
        string="Pending matters as home page",
        help="Whoever logs in starts on the pending matters, except those who chose "
        "another home page.",
    )
    gck_pending_events = fields.Boolean(
        string="Appointments among pending matters", default=True
    )
    gck_pending_activities = fields.Boolean(
        string="Odoo's activities among pending matters"
    )

    gck_reminder = fields.Boolean(
        string="Remind of late tasks",
        default=True,
        help="On working days, each responsible gets one message with their late "
        "tasks.",
    )
    gck_reminder_days = fields.Integer(
        string="Days between reminders",
        default=1,
        help="A task that is still late is named again after so many days.",
    )

    gck_tarea_partner_required = fields.Boolean(
        string="Customer or vendor required",
        default=True,
        help="Tasks that come from no notice cannot be saved without a customer or "
        "vendor. For work of your own, choose your own company.",
    )

    _gck_reminder_days_positive = models.Constraint(
        "CHECK (gck_reminder_days BETWEEN 1 AND 365)",
        "The days between two reminders go from one to 365.",
    )
    _gck_tarea_hours_positive = models.Constraint(
        "CHECK (gck_tarea_hours BETWEEN 0 AND 87600)",
        "The hours to do a task go from zero to ten years.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give new companies the sequences that number their actions."""
        companies = super().create(vals_list)
        companies._gck_create_sequences()
        return companies

    def _gck_create_sequences(self):
        """Create the missing sequences of every numbered model, in one batch."""
        numbered = [
            self.env[name]
            for name in sorted(
                self.env.registry.descendants(["gck.numerado.mixin"], "_inherit")
            )
            if not self.env[name]._abstract
        ]
        series = {
            model._get_numero_code(serie): (model, serie)
            for model in numbered
            for serie in model._get_numero_all_series()
        }
        # sudo: companies are created by people without rights on sequences.
        Sequence = self.env["ir.sequence"].sudo()
        known = {
            (sequence.code, sequence.company_id.id)
            for sequence in Sequence.search(
                [("code", "in", list(series)), ("company_id", "in", self.ids)]
            )
        }
        Sequence.create(
            [
                model._prepare_numero_sequence_vals(company, serie)
                for company in self
                for code, (model, serie) in series.items()
                if (code, company.id) not in known
            ]
        )

    @api.model
    def _gck_create_missing_sequences(self):
        """Create the sequences of the companies that existed before the addon."""
        # pylint: disable=no-search-all
        self.search([])._gck_create_sequences()

    # ------------------------------------------------------------
    # Deadlines
    # ------------------------------------------------------------

    def _gck_plan_hours(self, requests):
        """Return when some hours will have passed, counted as the company wants.

        The working time is read once for all requests. Without a calendar, or beyond
        it, calendar hours are counted.

        :param requests: pairs of a start (naive UTC datetime) and hours (float)
        :return: ``{(start, hours): end}``, naive UTC datetimes
        """
        self.ensure_one()
        requests = set(requests)
        planned = {
            (start, hours): start + timedelta(hours=hours) for start, hours in requests
        }
        calendar = self.resource_calendar_id
        if self.gck_hours_mode == "calendar" or not calendar or not requests:
            return planned
        end = max(planned.values())
        longest = timedelta(hours=max(hours for _start, hours in requests))
        # First what an ordinary week needs, as most of the time goes into reading it.
        # Then far enough for days of a few hours, and two weeks more for holidays.
        for last in (
            end + longest * 4 + timedelta(days=3),
            end + longest * 6 + timedelta(days=14),
        ):
            requests = self._gck_plan_working_hours(requests, last, planned)
            if not requests:
                break
        return planned

    def _gck_plan_working_hours(self, requests, last, planned):
        """Plan what the working time until some moment suffices for.

        :param requests: as in ``_gck_plan_hours``
        :param datetime last: until when the working time is read, naive UTC
        :param dict planned: gets the moments
        :return: the requests that need more time
        """
        first = min(start for start, _hours in requests)
        intervals = [
            (
                start.astimezone(UTC).replace(tzinfo=None),
                stop.astimezone(UTC).replace(tzinfo=None),
            )
            for start, stop, _meta in self.resource_calendar_id._work_intervals_batch(
                UTC.localize(first), UTC.localize(last)
            )[False]
        ]
        stops = [stop for _start, stop in intervals]
        waiting = set()
        for start, hours in requests:
            left = timedelta(hours=hours)
            for opening, closing in intervals[bisect_right(stops, start) :]:
                opening = max(opening, start)
                if left <= closing - opening:
                    planned[start, hours] = opening + left
                    break
                left -= closing - opening
            else:
                waiting.add((start, hours))
        return waiting
