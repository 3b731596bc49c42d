from datetime import datetime, time, timedelta

from pytz import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import format_date, groupby


class GckAgendaImprimir(models.TransientModel):
    """Asks whose agenda is printed, from when to when, and how (M-70)."""

    _name = "gck.agenda.imprimir"
    _description = "Print the agenda"

    user_ids = fields.Many2many(
        "res.users",
        string="Holders",
        required=True,
        domain="[('share', '=', False), ('company_ids', 'in', allowed_company_ids)]",
        default=lambda self: self.env.user,
    )
    date_from = fields.Date(
        string="From day", required=True, default=lambda self: self._get_week_start()
    )
    date_to = fields.Date(
        string="To day",
        required=True,
        default=lambda self: self._get_week_start() + timedelta(days=6),
    )
    print_type = fields.Selection(
        [("summary", "Brief"), ("detailed", "Detailed")],
        string="Type",
        required=True,
        default="summary",
        help="Brief: a line for each appointment. Detailed: everything about it.",
    )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for wizard in self:
            if wizard.date_to < wizard.date_from:
                raise ValidationError(
                    self.env._(
                        "The agenda cannot be printed from %(start)s to %(end)s: put "
                        "the earlier day first.",
                        start=format_date(self.env, wizard.date_from),
                        end=format_date(self.env, wizard.date_to),
                    )
                )

    @api.constrains("user_ids")
    def _check_user_ids(self):
        for wizard in self:
            # sudo: only in which companies somebody works.
            users = wizard.user_ids.sudo()
            strangers = users.filtered(
                lambda user: user.share or not user.company_ids & self.env.companies
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%s does not work in your company.",
                        ", ".join(strangers.mapped("name")),
                    )
                )

    @api.model
    def default_get(self, fields):
        """Take the holders and the days of the appointments selected in a list."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") != "calendar.event":
            return values
        events = self.env["calendar.event"].browse(
            self.env.context.get("active_ids") or []
        )
        events = events.exists()
        holders = events.user_id.filtered(
            lambda user: not user.share and user.company_ids & self.env.companies
        )
        if holders:
            ranges = [event._gck_get_local_range() for event in events]
            values["user_ids"] = [Command.set(holders.ids)]
            values["date_from"] = min(start for start, _stop in ranges).date()
            values["date_to"] = max(stop for _start, stop in ranges).date()
        return {name: value for name, value in values.items() if name in fields}

    @api.model
    def _get_week_start(self):
        """Return the first day of this week, in the language of the user."""
        today = fields.Date.context_today(self)
        first = int(self.env["res.lang"]._get_data(code=self.env.lang).week_start or 1)
        return today - timedelta(days=(today.isoweekday() - first) % 7)

    def action_print(self):
        """Print the agenda, that of each holder with its own heading and pages.

        :return: the report action
        :raises UserError: when there is nothing to print
        """
        self.ensure_one()
        if not any(self._get_events_by_user().values()):
            raise UserError(
                self.env._(
                    "There is no appointment from %(start)s to %(end)s in the agenda "
                    "of %(holders)s.",
                    start=format_date(self.env, self.date_from),
                    end=format_date(self.env, self.date_to),
                    holders=", ".join(self.user_ids.mapped("name")),
                )
            )
        report = self.env.ref("gck_avisos.action_report_gck_agenda")
        [values] = self.copy_data()
        return report.report_action(
            self.create([{**values, "user_ids": user.ids} for user in self.user_ids])
        )

    # ------------------------------------------------------------
    # Content of the print
    # ------------------------------------------------------------

    @api.model
    def _gck_get_print_kind(self):
        """Print as appointments do: their printer and their footer."""
        return "cita"

    def _get_title(self):
        """Return the range as it is printed under the title."""
        self.ensure_one()
        days = [format_date(self.env, self.date_from)]
        if self.date_to != self.date_from:
            days.append(format_date(self.env, self.date_to))
        return " – ".join(days)

    def _get_days(self):
        """Return what is printed, by day.

        :return: list of ``(day, lines)``, the lines those of ``_prepare_line``
        """
        self.ensure_one()
        events = self.env["calendar.event"].union(*self._get_events_by_user().values())
        lines = sorted(
            map(self._prepare_line, events),
            key=lambda line: (line["day"], not line["allday"], line["start"]),
        )
        return [
            (format_date(self.env, day, date_format="EEEE d MMMM y"), group)
            for day, group in groupby(lines, key=lambda line: line["day"])
        ]

    def _prepare_line(self, event):
        """Return what is printed of an appointment.

        Of a colleague's private one, only that somebody is busy (O-40).
        """
        start, stop = event._gck_get_local_range()
        line = {
            "event": event,
            # What began before the range is printed on its first day.
            "day": max(start.date(), self.date_from),
            "start": start,
            "allday": event.allday,
            "hours": event._gck_get_hours(start, stop),
            "busy": event._check_private_event_conditions(),
            "name": self.env._("Busy"),
            "partner": False,
            "contact": False,
        }
        if not line["busy"]:
            # sudo: the names of partners are part of the appointment, whoever may
            # open those records.
            partner = event.sudo().gck_partner_id
            contact = event.sudo().gck_contact_id - partner
            line.update(
                name=event.name, partner=partner.display_name, contact=contact.name
            )
        return line

    def _get_events_by_user(self):
        """Return the appointments in range of each holder: held or attended.

        Two queries, however many holders and appointments.

        :return: ``{user: calendar.event}`` in the order of the holders
        """
        self.ensure_one()
        Event = self.env["calendar.event"]
        in_range = self._get_range_domain()
        result = dict.fromkeys(self.user_ids, Event)
        held = Event._read_group(
            in_range & Domain("user_id", "in", self.user_ids.ids),
            ["user_id"],
            ["id:recordset"],
        )
        for user, events in held:
            result[user] |= events
        # sudo: which partner a colleague is, archived or not.
        user_by_partner = {user.sudo().partner_id: user for user in self.user_ids}
        attended = self.env["calendar.attendee"]._read_group(
            Domain("partner_id", "in", [partner.id for partner in user_by_partner])
            & Domain("state", "!=", "declined")
            & Domain("event_id", "any", in_range),
            ["partner_id"],
            ["event_id:recordset"],
        )
        for partner, events in attended:
            result[user_by_partner[partner]] |= events
        return result

    def _get_range_domain(self):
        """Return the domain of the appointments that touch the range of days.

        The days are those of the user's time zone; an appointment of the whole day has
        its own days, whatever the zone.
        """
        self.ensure_one()
        start, stop = (
            self.env.tz.localize(datetime.combine(day, time.min))
            .astimezone(UTC)
            .replace(tzinfo=None)
            for day in (self.date_from, self.date_to + timedelta(days=1))
        )
        whole_days = (
            Domain("allday", "=", True)
            & Domain("start_date", "<=", self.date_to)
            & Domain("stop_date", ">=", self.date_from)
        )
        hours = (
            Domain("allday", "=", False)
            & Domain("start", "<", stop)
            # An appointment that ends at midnight is not of the next day.
            & (Domain("stop", ">", start) | Domain("start", ">=", start))
        )
        # Said here because what is archived is found through its attendees.
        return Domain("active", "=", True) & (whole_days | hours)
