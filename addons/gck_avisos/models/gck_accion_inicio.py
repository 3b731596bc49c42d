from collections import defaultdict
from datetime import timedelta

from pytz import UTC

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# How many actions a section of the home page shows.
HOME_ROWS = 10


class GckAccionInicioMixin(models.AbstractModel):
    """What the home page shows of the user's matters (M-5, M-14, K-17)."""

    _name = "gck.accion.inicio.mixin"
    _description = "Home page of actions"

    @api.model
    @api.readonly
    def get_home(self):
        """Return what the home page shows of the user's matters (M-5, M-14).

        :return: dict with ``sections``, ``kinds``, ``create``, ``untreated`` (notices
            waiting in Recepción; False for whom it is no matter), ``user``,
            ``enabled`` and ``opt_out``
        """
        user = self.env.user
        creatable = [kind for kind in self.get_kinds() if kind["create"]]
        mine = Domain("is_pending", "=", True) & Domain("user_id", "=", user.id)
        asked = (
            Domain("is_pending", "=", True)
            & Domain("requester_id", "=", user.id)
            & Domain("user_id", "!=", user.id)
        )
        mine_ids, mine_counts = self._get_sections(mine, self._get_section_sql())
        asked_ids, asked_counts = self._get_sections(asked, SQL("'requested'::text"))
        ids, counts = {**mine_ids, **asked_ids}, {**mine_counts, **asked_counts}
        shown = self.browse(
            accion_id for section in ids.values() for accion_id in section
        )
        row_by_id = {row["id"]: row for row in shown._to_rows()}
        return {
            "sections": [
                {
                    "key": key,
                    "count": counts.get(key, 0),
                    "rows": [row_by_id[accion_id] for accion_id in ids.get(key, ())],
                }
                for key in ("late", "today", "week", "later", "requested")
            ],
            "kinds": self._get_tiles(mine, creatable),
            "create": creatable,
            "untreated": self._get_untreated_count(),
            "user": {"id": user.id, "name": user.name},
            "enabled": self.env.company.gck_home,
            "opt_out": user.gck_home_opt_out,
        }

    @api.model
    def _get_tiles(self, mine, creatable):
        """Return the kinds with how many are pending, and those that can be created.

        :param mine: domain of the pending matters of the user
        :param list creatable: the kinds that the user may create
        :return: as ``_get_kind_counts``
        """
        counted = {kind["code"]: kind for kind in self._get_kind_counts(mine)}
        offered = {kind["code"] for kind in creatable}
        return [
            counted.get(code) or {**kind, "count": 0, "late": 0}
            for code, kind in self.env["gck.accion.clase"]._get_kinds().items()
            if code in counted or code in offered
        ]

    @api.model
    def _get_untreated_count(self):
        """Return how many notices nobody has dealt with yet (K-17).

        For whoever sees them all, as reception does; False for the others.
        """
        if not self.env.user.has_group("gck_avisos.group_gck_aviso_all"):
            return False
        return self.env["gck.aviso"].search_count([("state", "=", "new")])

    @api.model
    def _get_section_sql(self):
        """Return the SQL that tells to which section of the home page a row goes."""
        now = fields.Datetime.now()
        midnight = fields.Datetime.context_timestamp(self, now).replace(
            hour=0, minute=0, second=0, microsecond=0, tzinfo=None
        )
        # The clock may change in between: each midnight is taken to UTC by itself.
        tomorrow, next_week = (
            self.env.tz.localize(midnight + timedelta(days=days))
            .astimezone(UTC)
            .replace(tzinfo=None)
            for days in (1, 7)
        )
        deadline = SQL.identifier(self._table, "date_deadline")
        return SQL(
            "CASE WHEN %(deadline)s < %(now)s THEN 'late'"
            " WHEN %(deadline)s < %(tomorrow)s THEN 'today'"
            " WHEN %(deadline)s < %(next_week)s THEN 'week' ELSE 'later' END",
            deadline=deadline,
            now=now,
            tomorrow=tomorrow,
            next_week=next_week,
        )

    @api.model
    def _get_sections(self, domain, section):
        """Return the first actions of each section and how many there are, at once.

        :param domain: which actions
        :param SQL section: the section of each
        :return: ``({section: ids}, {section: count})``
        """
        query = self._search(domain)
        numbered = query.select(
            SQL.identifier(self._table, "id"),
            SQL("%s AS section", section),
            SQL(
                "row_number() OVER (PARTITION BY %s ORDER BY %s) AS place",
                section,
                SQL(
                    "%s, %s DESC, %s",
                    SQL.identifier(self._table, "date_deadline"),
                    SQL.identifier(self._table, "priority"),
                    SQL.identifier(self._table, "id"),
                ),
            ),
            SQL("count(*) OVER (PARTITION BY %s)", section),
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT * FROM (%s) numbered WHERE place <= %s ORDER BY place",
                numbered,
                HOME_ROWS,
            )
        )
        ids, counts = defaultdict(list), {}
        for accion_id, key, _place, count in rows:
            ids[key].append(accion_id)
            counts[key] = count
        return ids, counts

    @api.model
    def _get_kind_counts(self, domain):
        """Count actions by kind, late ones apart, in one query.

        :return: dicts ``id``, ``code``, ``name``, ``icon``, ``count`` and ``late``
        """
        query = self._search(domain)
        kind = SQL.identifier(self._table, "kind_id")
        query.groupby = kind
        rows = self.env.execute_query(
            query.select(
                kind,
                SQL("count(*)"),
                SQL(
                    "count(*) FILTER (WHERE %s = 'pending' AND %s < %s)",
                    SQL.identifier(self._table, "accion_state"),
                    SQL.identifier(self._table, "date_deadline"),
                    fields.Datetime.now(),
                ),
            )
        )
        counts = {kind_id: (count, late) for kind_id, count, late in rows}
        return [
            {
                "id": kind["id"],
                "code": code,
                "name": kind["name"],
                "icon": kind["icon"],
                "count": counts[kind["id"]][0],
                "late": counts[kind["id"]][1],
            }
            for code, kind in self.env["gck.accion.clase"]._get_kinds().items()
            if kind["id"] in counts
        ]

    @api.model
    @api.readonly
    def get_people(self):
        """Return whose matters the user may choose to see (M-18), oneself first.

        Everybody of the company for those who see everything, else only oneself.

        :return: a list of dicts ``id`` and ``name``
        """
        user = self.env.user
        people = user
        if user.has_group("gck_avisos.group_gck_aviso_all"):
            # sudo: names of colleagues, which every employee sees, are read.
            people += user.sudo().search(
                Domain("share", "=", False)
                & Domain("company_ids", "in", self.env.companies.ids)
                & Domain("id", "!=", user.id),
                order="name",
            )
        return [{"id": person.id, "name": person.name} for person in people]
