from datetime import datetime, time

from dateutil.relativedelta import relativedelta
from pytz import UTC

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# The bars that a block of the page shows.
MAX_BARS = 8
MAX_VENDORS = 10
TREND_MONTHS = 12
# From how many claims in the period on a vendor counts as repeating them.
REPEATED = 2

PERIOD_MONTHS = {"month": 1, "quarter": 3, "year": 12, "12months": 12}


class GckReclamacionPanelMixin(models.AbstractModel):
    """The figures of the quality dashboard (O-25).

    Each comes with the domain of what it counts, which its list opens with. All of
    them are read with the rights of the reader. Part of ``gck.reclamacion``.
    """

    _name = "gck.reclamacion.panel.mixin"
    _description = "Figures of claims"

    @api.readonly
    @api.model
    def get_quality_panel(self, period="month", direction=False):
        """Return what the quality dashboard shows, in a handful of grouped queries.

        What is open counts as it is now; the rest, in the period: claims by their
        date, closings by theirs, costs by theirs.

        :param str period: ``month``, ``quarter`` or ``year``, from their first day
            on, or ``12months``: this month and the eleven before
        :param str direction: only of this direction; false for all of them
        :return: dict that ``panel.js`` shows; amounts in the currency of the company
        :raises AccessError: for whoever has no rights on claims
        """
        self.check_access("read")
        if period not in PERIOD_MONTHS:
            period = "month"
        directions = dict(self._fields["direction"]._description_selection(self.env))
        if direction not in directions:
            direction = False
        scope = Domain("direction", "=", direction) if direction else Domain.TRUE
        start, end = self._get_panel_period(period)
        previous = start - relativedelta(months=PERIOD_MONTHS[period])
        during = scope & self._get_panel_range("date", start, end)
        return {
            "period": period,
            "direction": direction,
            "directions": self._get_panel_directions(directions),
            "start": fields.Date.to_string(start),
            "end": fields.Date.to_string(end - relativedelta(days=1)),
            "currency_id": self.env.company.currency_id.id,
            "has_claims": bool(self.search_count([], limit=1)),
            "now": self._get_panel_now(scope),
            "closed": self._get_panel_closed(scope, start, end, previous),
            "trend": self._get_panel_trend(scope),
            "cost": self._get_panel_cost(scope, start, end),
            "total": self._to_panel_figure(during, self.search_count(during)),
            "causes": self._get_panel_causes(during),
            "by_direction": self._get_panel_selection(during, "direction"),
            "by_severity": self._get_panel_selection(during, "severity"),
            "categories": self._get_panel_bars(during, "categoria_id"),
            "products": self._get_panel_products(during),
            "vendors": self._get_panel_vendors(during),
        }

    def _read_group_select(self, aggregate_spec, query):
        """Leave claims that have not ended, or never began, out of the mean of days."""
        if aggregate_spec == "days_to_close:avg":
            return SQL(
                "AVG(%s) FILTER (WHERE %s IS NOT NULL AND %s IS NOT NULL)",
                *(
                    self._field_to_sql(self._table, name, query)
                    for name in ("days_to_close", "date_open", "date_done")
                ),
            )
        return super()._read_group_select(aggregate_spec, query)

    # ------------------------------------------------------------
    # Period
    # ------------------------------------------------------------

    @api.model
    def _get_panel_period(self, period):
        """Return the first day of a period and the first day after it."""
        month = fields.Date.context_today(self).replace(day=1)
        months = PERIOD_MONTHS[period]
        if period == "12months":
            start = month - relativedelta(months=months - 1)
        else:
            start = month - relativedelta(months=(month.month - 1) % months)
        return start, start + relativedelta(months=months)

    @api.model
    def _get_panel_range(self, name, start, end):
        """Return the domain of a moment between two midnights of the reader.

        :param str name: a field that holds a moment
        :param start, end: days; the second one does not count
        """
        first, last = (
            fields.Datetime.to_string(
                self.env.tz.localize(datetime.combine(day, time.min)).astimezone(UTC)
            )
            for day in (start, end)
        )
        return Domain(name, ">=", first) & Domain(name, "<", last)

    @api.model
    def _get_panel_directions(self, directions):
        """Return the directions to choose from, none where there is only one.

        :param dict directions: ``{value: label}``
        """
        choices = [
            {"key": key, "label": directions[key]}
            for key in self._get_noted_directions()
        ]
        return choices if len(choices) > 1 else []

    # ------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------

    @api.model
    def _to_panel_figure(self, domain, count, **values):
        """Return a figure as the page gets it: what it counts and how many."""
        return {"count": count, "domain": list(Domain(domain)), **values}

    @api.model
    def _get_panel_now(self, scope):
        """Return what waits at this moment, whatever the period."""
        pending = scope & Domain("accion_state", "=", "pending")
        counts = dict(self._read_group(pending, ["state"], ["__count"]))
        late = pending & Domain("is_late", "=", True)
        unchecked = (
            scope
            & Domain("state", "=", "done")
            & Domain("efficacy", "=", False)
            & Domain("date_efficacy", "<=", fields.Date.context_today(self))
        )
        return {
            "draft": self._to_panel_figure(
                scope & Domain("state", "=", "draft"), counts.get("draft", 0)
            ),
            "open": self._to_panel_figure(
                scope & Domain("state", "in", ("open", "evaluated")),
                counts.get("open", 0) + counts.get("evaluated", 0),
            ),
            "to_evaluate": self._to_panel_figure(
                scope & Domain("state", "=", "open"), counts.get("open", 0)
            ),
            "late": self._to_panel_figure(late, self.search_count(late)),
            "efficacy": self._to_panel_figure(
                unchecked, self.env["gck.reclamacion.accion"].search_count(unchecked)
            ),
        }

    @api.model
    def _get_panel_closed(self, scope, start, end, previous):
        """Return how many were closed in the period and in the one before it."""
        closed = scope & Domain("state", "=", "done")
        before, now = (
            closed & self._get_panel_range("date_done", first, last)
            for first, last in ((previous, start), (start, end))
        )
        (before_count, before_days), (count, days) = (
            self._read_group(domain, [], ["__count", "days_to_close:avg"])[0]
            for domain in (before, now)
        )
        return self._to_panel_figure(
            now,
            count,
            days=days,
            previous=self._to_panel_figure(before, before_count, days=before_days),
        )

    @api.model
    def _get_panel_trend(self, scope):
        """Return the closings of the last twelve months and the days that they took."""
        start, end = self._get_panel_period("12months")
        closed = scope & Domain("state", "=", "done")
        groups = {
            (month.year, month.month): (count, days)
            for month, count, days in self.with_context(
                tz=self.env.tz.zone
            )._read_group(
                closed & self._get_panel_range("date_done", start, end),
                ["date_done:month"],
                ["__count", "days_to_close:avg"],
            )
        }
        trend = []
        for number in range(TREND_MONTHS):
            first = start + relativedelta(months=number)
            domain = closed & self._get_panel_range(
                "date_done", first, first + relativedelta(months=1)
            )
            count, days = groups.get((first.year, first.month), (0, 0.0))
            trend.append(
                self._to_panel_figure(
                    domain, count, days=days, month=fields.Date.to_string(first)
                )
            )
        return trend

    @api.model
    def _get_panel_cost(self, scope, start, end):
        """Return what the period cost by concept, and what was recovered of it.

        Those are costs, not claims: their domains are of ``gck.reclamacion.coste``.
        """
        Coste = self.env["gck.reclamacion.coste"]
        domain = (
            scope
            & Domain("date", ">=", fields.Date.to_string(start))
            & Domain("date", "<", fields.Date.to_string(end))
        )
        amounts = {}
        for concepto, company, amount in Coste._read_group(
            domain, ["concepto", "company_id"], ["amount:sum"]
        ):
            amounts[concepto] = amounts.get(concepto, 0.0) + self._to_panel_amount(
                amount, company
            )
        recovered = -amounts.get("recovery", 0.0)
        spent = sum(a for concepto, a in amounts.items() if concepto != "recovery")
        labels = Coste._fields["concepto"]._description_selection(self.env)
        return {
            "domain": list(Domain(domain)),
            "spent": spent,
            "recovered": recovered,
            "net": spent - recovered,
            "concepts": [
                {
                    "key": key,
                    "label": label,
                    "amount": amounts[key],
                    "domain": list(domain & Domain("concepto", "=", key)),
                }
                for key, label in labels
                if key in amounts
            ],
        }

    @api.model
    def _to_panel_amount(self, amount, company):
        """Return an amount of a company in the currency of the reader's company."""
        current = self.env.company
        # sudo: only the currency of the company is read.
        return company.sudo().currency_id._convert(
            amount, current.currency_id, current, fields.Date.context_today(self)
        )

    # ------------------------------------------------------------
    # Bars
    # ------------------------------------------------------------

    @api.model
    def _get_panel_causes(self, during):
        """Return the Pareto of the root causes: the vital few first.

        :return: dict with the ``bars``, each with its count, its cost and the share
            that it and those before it make of what has a cause, ``other`` (what the
            bars leave out) and ``without`` (what has no cause yet)
        """
        counts, costs = {}, {}
        for cause, company, count, cost in self._read_group(
            during, ["causa_id", "company_id"], ["__count", "cost_total:sum"]
        ):
            counts[cause] = counts.get(cause, 0) + count
            costs[cause] = costs.get(cause, 0.0) + self._to_panel_amount(cost, company)
        nothing = self.env["gck.reclamacion.causa"]
        without = counts.pop(nothing, 0)
        causes = nothing.union(*counts).sorted(lambda c: (-counts[c], -costs[c], c.id))
        total, sum_so_far, bars = sum(counts.values()), 0, []
        for cause in causes[:MAX_BARS]:
            sum_so_far += counts[cause]
            bars.append(
                self._to_panel_figure(
                    during & Domain("causa_id", "=", cause.id),
                    counts[cause],
                    id=cause.id,
                    label=cause.display_name,
                    cost=costs[cause],
                    percent=100.0 * sum_so_far / total,
                )
            )
        rest = causes[MAX_BARS:]
        return {
            "bars": bars,
            "total": total,
            "other": self._to_panel_figure(
                during & Domain("causa_id", "in", rest.ids),
                sum(counts[cause] for cause in rest),
            ),
            "without": self._to_panel_figure(
                during & Domain("causa_id", "=", False), without
            ),
        }

    @api.model
    def _get_panel_selection(self, during, name):
        """Return a bar for each value of a selection, in its order, those counted."""
        counts = dict(self._read_group(during, [name], ["__count"]))
        return [
            self._to_panel_figure(
                during & Domain(name, "=", value), counts[value], id=value, label=label
            )
            for value, label in self._fields[name]._description_selection(self.env)
            if value in counts
        ]

    @api.model
    def _get_panel_bars(self, during, name):
        """Return the records of a many2one that have most claims."""
        groups = self._read_group(
            during & Domain(name, "!=", False),
            [name],
            ["__count"],
            order=f"__count DESC, {name}",
            limit=MAX_BARS,
        )
        return [
            self._to_panel_figure(
                during & Domain(name, "=", record.id),
                count,
                id=record.id,
                # sudo: how it is called is part of the claims, which the reader sees.
                label=record.sudo().display_name,
            )
            for record, count in groups
        ]

    @api.model
    def _get_panel_products(self, during):
        """Return the products in most claims, wherever they stand in them."""
        groups = self.env["gck.reclamacion.linea"]._read_group(
            Domain("product_id", "!=", False) & Domain("reclamacion_id", "any", during),
            ["product_id"],
            ["reclamacion_id:count_distinct"],
            order="reclamacion_id:count_distinct DESC, product_id",
            limit=MAX_BARS,
        )
        return [
            self._to_panel_figure(
                during & Domain("linea_ids.product_id", "in", product.ids),
                count,
                id=product.id,
                # sudo: how it is called is part of the claims, which the reader sees.
                label=product.sudo().display_name,
            )
            for product, count in groups
        ]

    @api.model
    def _get_panel_vendors(self, during):
        """Return the vendors with several claims in the period, and what they cost."""
        claimed = during & Domain("direction", "=", "vendor")
        name = "commercial_partner_id"
        counts = dict(
            self._read_group(
                claimed & Domain(name, "!=", False),
                [name],
                ["__count"],
                having=[("__count", ">=", REPEATED)],
                order=f"__count DESC, {name}",
                limit=MAX_VENDORS,
            )
        )
        costs = dict.fromkeys(counts, 0.0)
        if counts:
            ids = [vendor.id for vendor in counts]
            for vendor, company, cost in self._read_group(
                claimed & Domain(name, "in", ids),
                [name, "company_id"],
                ["cost_total:sum"],
            ):
                costs[vendor] += self._to_panel_amount(cost, company)
        return [
            self._to_panel_figure(
                claimed & Domain(name, "=", vendor.id),
                count,
                id=vendor.id,
                # sudo: how it is called is part of the claims, which the reader sees.
                label=vendor.sudo().display_name,
                cost=costs[vendor],
            )
            for vendor, count in counts.items()
        ]
