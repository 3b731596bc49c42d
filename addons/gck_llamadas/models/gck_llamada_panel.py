from collections import defaultdict
from datetime import datetime, time

from dateutil.relativedelta import relativedelta
from pytz import UTC

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

PERIODS = ("today", "week", "month", "quarter", "year", "12months")
PERIOD_MONTHS = {"month": 1, "quarter": 3, "year": 12, "12months": 12}
# Of weeks that begin on Monday; PostgreSQL numbers days from Sunday on.
WEEKDAYS = (1, 2, 3, 4, 5, 6, 0)


class GckLlamada(models.Model):
    """The figures of calls: how many, when, by whom, and how many were answered.

    Each comes with the domain of what it counts, which its list opens with.
    """

    _name = "gck.llamada"
    _inherit = ["gck.llamada"]

    date_moment = fields.Datetime(
        string="Moment",
        compute="_compute_date_moment",
        store=True,
        index="btree_not_null",
        help="When the telephone rang: of calls to come, none.",
    )

    @api.depends("date", "date_start", "direction")
    def _compute_date_moment(self):
        for llamada in self:
            noted = llamada.date if llamada.direction == "in" else False
            llamada.date_moment = llamada.date_start or noted

    def _read_group_select(self, aggregate_spec, query):
        """Leave calls of which nobody noted the duration out of its mean."""
        if aggregate_spec in ("duration:avg", "duration:count"):
            return SQL(
                "%s(NULLIF(%s, 0))",
                SQL("AVG" if aggregate_spec == "duration:avg" else "COUNT"),
                self._field_to_sql(self._table, "duration", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    @api.readonly
    @api.model
    def get_call_panel(self, period="month", user_id=False, direction=False):
        """Return what the page of statistics shows, from one grouped query.

        What is to be called back counts as it is now, the rest in the period, by the
        hours of the reader's time zone and with the reader's rights.

        :param str period: ``today``, ``week``, ``month``, ``quarter``, ``year``, from
            their first day on, or ``12months``: this month and the eleven before
        :param int user_id: only of this person; false for all
        :param str direction: ``in``, ``out``, or false for both
        :return: dict that ``panel.js`` shows
        :raises AccessError: for whoever has no rights on calls
        """
        self.check_access("read")
        period = period if period in PERIODS else "month"
        direction = direction if direction in ("in", "out") else False
        user_id = user_id if isinstance(user_id, int) else False
        start, end = self._get_panel_period(period)
        whole = self._get_panel_range(start, end) & Domain(
            "accion_state", "!=", "cancel"
        )
        scope = Domain.TRUE
        if user_id:
            scope &= Domain("user_id", "=", user_id)
        if direction:
            scope &= Domain("direction", "=", direction)
        rows = self.with_context(tz=self.env.tz.zone)._read_group(
            whole,
            [
                "user_id",
                "direction",
                "outcome",
                "date_moment:day_of_week",
                "date_moment:hour_number",
            ],
            ["__count", "duration:sum", "duration:count"],
        )
        shown = [
            row
            for row in rows
            if (not user_id or row[0].id == user_id)
            and (not direction or row[1] == direction)
        ]
        during = whole & scope
        return {
            "period": period,
            "user_id": user_id,
            "direction": direction,
            "start": fields.Date.to_string(start),
            "end": fields.Date.to_string(end - relativedelta(days=1)),
            "people": self._get_panel_people(rows, user_id),
            "figures": self._get_panel_figures(during, shown),
            "callbacks": self._get_panel_callbacks(scope),
            "heat": self._get_panel_heat(during, shown),
            "users": self._get_panel_users(during, shown),
            "results": self._get_panel_results(during, shown),
        }

    @api.model
    def _get_callback_domain(self):
        """Return the domain of the calls that came in and are to be returned."""
        return Domain("direction", "=", "in") & Domain("accion_state", "=", "pending")

    # ------------------------------------------------------------
    # Period
    # ------------------------------------------------------------

    @api.model
    def _get_panel_period(self, period):
        """Return the first day of a period and the first day after it."""
        today = fields.Date.context_today(self)
        if period == "today":
            return today, today + relativedelta(days=1)
        if period == "week":
            start = today - relativedelta(days=today.weekday())
            return start, start + relativedelta(days=7)
        month = today.replace(day=1)
        months = PERIOD_MONTHS[period]
        if period == "12months":
            start = month - relativedelta(months=months - 1)
        else:
            start = month - relativedelta(months=(month.month - 1) % months)
        return start, start + relativedelta(months=months)

    @api.model
    def _get_panel_range(self, start, end):
        """Return the domain of the calls between two midnights of the reader."""
        first, last = (
            fields.Datetime.to_string(
                self.env.tz.localize(datetime.combine(day, time.min)).astimezone(UTC)
            )
            for day in (start, end)
        )
        return Domain("date_moment", ">=", first) & Domain("date_moment", "<", last)

    # ------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------

    @api.model
    def _to_call_figure(self, domain, rows):
        """Return what some groups of calls come to, with the domain of their list.

        :param rows: of the grouped query
        """
        timed = sum(row[7] for row in rows)
        hours = sum(row[6] or 0.0 for row in rows)
        count = sum(row[5] for row in rows)
        answered = sum(row[5] for row in rows if row[2] == "answered")
        return {
            "count": count,
            "answered": answered,
            "share": answered / count if count else 0.0,
            "hours": hours,
            "mean": hours / timed if timed else 0.0,
            "domain": list(domain),
        }

    @api.model
    def _get_panel_figures(self, during, rows):
        """Return all calls of the period, those in, those out, those answered."""
        answered = [row for row in rows if row[2] == "answered"]
        result = {
            "total": self._to_call_figure(during, rows),
            "answered": self._to_call_figure(
                during & Domain("outcome", "=", "answered"), answered
            ),
        }
        for key in ("in", "out"):
            result[key] = self._to_call_figure(
                during & Domain("direction", "=", key),
                [row for row in rows if row[1] == key],
            )
        return result

    @api.model
    def _get_panel_callbacks(self, scope):
        """Return what is to be called back at this moment."""
        domain = self._get_callback_domain() & scope
        return {"count": self.search_count(domain), "domain": list(domain)}

    @api.model
    def _get_panel_people(self, rows, user_id):
        """Return the people to choose from: who had calls, and who is chosen."""
        people = self.env["res.users"].union(*(row[0] for row in rows))
        people |= self.env["res.users"].browse(user_id or []).exists()
        # sudo: names of colleagues, which every employee sees, are read.
        return [{"id": u.id, "name": u.name} for u in people.sudo().sorted("name")]

    @api.model
    def _get_panel_heat(self, during, rows):
        """Return the calls by weekday and hour, as a grid of the hours that ring.

        :return: dict with ``hours`` and ``days``, each of these with its ``cells``
        """
        cells = defaultdict(list)
        for row in rows:
            cells[int(row[3]), int(row[4])].append(row)
        rung = [hour for _day, hour in cells]
        hours = list(range(min([8, *rung]), max([19, *rung]) + 1))
        days = []
        for weekday in WEEKDAYS:
            if weekday in (6, 0) and not any(day == weekday for day, _hour in cells):
                # Of weekends only those that somebody worked on.
                continue
            on_day = during & Domain("date_moment.day_of_week", "=", weekday)
            days.append(
                {
                    "weekday": weekday or 7,
                    "cells": [
                        {
                            "hour": hour,
                            **self._to_call_figure(
                                on_day & Domain("date_moment.hour_number", "=", hour),
                                cells.get((weekday, hour), []),
                            ),
                        }
                        for hour in hours
                    ],
                }
            )
        return {"hours": hours, "days": days}

    @api.model
    def _get_panel_users(self, during, rows):
        """Return the figures of each person, who has most calls first."""
        by_user = defaultdict(list)
        for row in rows:
            by_user[row[0]].append(row)
        figures = [
            {
                "id": user.id,
                # sudo: names of colleagues, which every employee sees, are read.
                "label": user.sudo().name or self.env._("Nobody in charge"),
                **self._to_call_figure(during & Domain("user_id", "=", user.id), group),
            }
            for user, group in by_user.items()
        ]
        return sorted(figures, key=lambda f: (-f["count"], f["label"]))

    @api.model
    def _get_panel_results(self, during, rows):
        """Return a bar for each outcome, in the order of the selection."""
        labels = self.env["gck.llamada.resultado"]._fields["outcome"]
        choices = [
            *labels._description_selection(self.env),
            (False, self.env._("Without result")),
        ]
        bars = []
        for value, label in choices:
            group = [row for row in rows if (row[2] or False) == value]
            if group:
                domain = during & Domain("outcome", "=", value)
                bars.append(
                    {
                        "id": value or "none",
                        "label": label,
                        **self._to_call_figure(domain, group),
                    }
                )
        return bars
