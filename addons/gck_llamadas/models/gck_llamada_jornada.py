from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# How far back the report of days goes.
DAYS = 92


class GckLlamadaJornada(models.Model):
    """A working day of somebody who registers their calls, with its calls (O-47).

    Days are those of the person's calendar, without holidays, in its time zone; they
    exist while the company says that all calls are registered.
    """

    _name = "gck.llamada.jornada"
    _description = "Working day on the phone"
    _auto = False
    _log_access = False
    _order = "day desc, user_id, id"
    _rec_name = "day"

    day = fields.Date(readonly=True)
    user_id = fields.Many2one("res.users", string="Who", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    call_count = fields.Integer(string="Calls", readonly=True)
    in_count = fields.Integer(string="Calls in", readonly=True)
    out_count = fields.Integer(string="Calls out", readonly=True)
    unexplained_count = fields.Integer(string="Without reason", readonly=True)
    duration = fields.Float(readonly=True)
    empty_count = fields.Integer(string="Days without calls", readonly=True)
    date_from = fields.Datetime(readonly=True)
    date_to = fields.Datetime(readonly=True)

    @property
    def _table_query(self):
        # Calls are grouped once, by the day that they were for who made them.
        return SQL(
            """
            WITH person AS (
                SELECT resource.id, resource.user_id, resource.company_id,
                       resource.calendar_id, calendar.two_weeks_calendar,
                       COALESCE(resource.tz, calendar.tz, 'UTC') AS tz
                  FROM resource_resource resource
                  JOIN res_company company ON company.id = resource.company_id
                  JOIN res_users users ON users.id = resource.user_id
                  JOIN resource_calendar calendar
                    ON calendar.id = resource.calendar_id
                 WHERE company.gck_llamada_policy AND resource.active AND users.active
                   AND (EXISTS (
                            SELECT FROM gck_llamada_policy_user_rel named
                             WHERE named.company_id = company.id
                               AND named.user_id = resource.user_id)
                        OR NOT EXISTS (
                            SELECT FROM gck_llamada_policy_user_rel named
                             WHERE named.company_id = company.id))
            ), working AS (
                SELECT person.id, person.user_id, person.company_id, person.tz,
                       moment::date AS day
                  FROM person
                 CROSS JOIN LATERAL generate_series(
                           (now() AT TIME ZONE person.tz)::date - %(days)s,
                           (now() AT TIME ZONE person.tz)::date,
                           interval '1 day') AS moment
                  JOIN LATERAL (
                       SELECT min(hour_from) AS first, max(hour_to) AS last
                         FROM resource_calendar_attendance attendance
                        WHERE attendance.calendar_id = person.calendar_id
                          AND attendance.display_type IS NULL
                          AND attendance.day_period != 'lunch'
                          AND attendance.dayofweek::int
                              = extract(isodow FROM moment)::int - 1
                          AND (person.two_weeks_calendar IS NOT TRUE
                               OR attendance.week_type IS NULL
                               OR attendance.week_type::int
                                  = (moment::date - date '0001-01-01') / 7 %% 2)
                  ) hours ON hours.first IS NOT NULL
                 WHERE NOT EXISTS (
                       SELECT FROM resource_calendar_leaves leaves
                        WHERE leaves.time_type = 'leave'
                          AND (leaves.resource_id = person.id
                               OR leaves.resource_id IS NULL
                              AND (leaves.calendar_id = person.calendar_id
                                   OR leaves.calendar_id IS NULL
                                  AND leaves.company_id = person.company_id))
                          AND leaves.date_from AT TIME ZONE 'UTC'
                              AT TIME ZONE person.tz
                              <= moment + hours.first * interval '1 hour'
                          AND leaves.date_to AT TIME ZONE 'UTC'
                              AT TIME ZONE person.tz
                              >= moment + hours.last * interval '1 hour'
                              - interval '1 minute')
            ), made AS (
                SELECT person.id,
                       (call.date_moment AT TIME ZONE 'UTC'
                        AT TIME ZONE person.tz)::date AS day,
                       count(*) AS calls,
                       count(*) FILTER (WHERE call.direction = 'in') AS incoming,
                       count(*) FILTER (WHERE call.motivo_id IS NULL) AS unexplained,
                       sum(call.duration) AS duration
                  FROM person
                  JOIN gck_llamada call ON call.user_id = person.user_id
                   AND call.company_id = person.company_id
                   AND call.accion_state != 'cancel'
                   AND call.date_moment
                       >= (now() AT TIME ZONE 'UTC')::date - %(days)s - 1
                 GROUP BY 1, 2
            )
            SELECT (working.day - date '2000-01-01')::bigint * 1000000 + working.id
                       AS id,
                   working.day, working.user_id, working.company_id,
                   COALESCE(made.calls, 0)::int AS call_count,
                   COALESCE(made.incoming, 0)::int AS in_count,
                   (COALESCE(made.calls, 0) - COALESCE(made.incoming, 0))::int
                       AS out_count,
                   COALESCE(made.unexplained, 0)::int AS unexplained_count,
                   COALESCE(made.duration, 0) AS duration,
                   (made.calls IS NULL)::int AS empty_count,
                   working.day::timestamp AT TIME ZONE working.tz
                       AT TIME ZONE 'UTC' AS date_from,
                   (working.day + 1)::timestamp AT TIME ZONE working.tz
                       AT TIME ZONE 'UTC' AS date_to
              FROM working
              LEFT JOIN made ON made.id = working.id AND made.day = working.day
            """,
            days=DAYS,
        )

    def _search(self, *args, **kwargs):
        """Let what is not written yet be counted."""
        self.env.flush_all()
        return super()._search(*args, **kwargs)

    def action_view_calls(self):
        """Open the calls of the person on that day."""
        self.ensure_one()
        action = self.env["gck.llamada"]._get_list_action(
            [
                ("user_id", "=", self.user_id.id),
                ("company_id", "=", self.company_id.id),
                ("accion_state", "!=", "cancel"),
                ("date_moment", ">=", self.date_from),
                ("date_moment", "<", self.date_to),
            ],
            {
                "default_user_id": self.user_id.id,
                "default_company_id": self.company_id.id,
            },
        )
        return {**action, "name": f"{self.user_id.name} · {self.day:%d/%m/%Y}"}

    @api.model
    def action_open(self):
        """Open the report, or say where the policy is switched on.

        :raises UserError: while no company of the user registers all its calls
        """
        # sudo: a setting of the user's own companies is read.
        if not any(self.env.companies.sudo().mapped("gck_llamada_policy")):
            raise UserError(
                self.env._(
                    "The policy is off. A manager switches on «All calls are "
                    "registered» in the parameters."
                )
            )
        return self.env["ir.actions.act_window"]._for_xml_id(
            "gck_llamadas.action_gck_llamada_jornada"
        )
