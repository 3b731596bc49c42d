from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tools import format_date, format_datetime, format_time

# What a colleague's private appointment must not give away by being searched for; the
# calendar itself searches by the remaining fields to show when somebody is busy.
GUARDED_FIELDS = frozenset(
    {
        "name",
        "display_name",
        "description",
        "notes",
        "location",
        "videocall_location",
        "categ_ids",
        "gck_requester_id",
        "gck_partner_id",
        "gck_commercial_partner_id",
        "gck_contact_id",
        "gck_clase",
    }
)


class CalendarEvent(models.Model):
    """An appointment of the agenda (M-68…M-70): whose diary, for whom, with whom.

    The holder (titular) is Odoo's organizer, ``user_id``, and always an attendee.
    """

    _name = "calendar.event"
    _inherit = [
        "calendar.event",
        "gck.agenda.mixin",
        "gck.cita.mixin",
        "gck.vinculo.mixin",
    ]

    gck_requester_id = fields.Many2one(
        "res.users",
        string="Requested by",
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
        index="btree_not_null",
        help="Who asked for the appointment, when it is not its holder.",
    )
    gck_partner_id = fields.Many2one(
        "res.partner",
        string="Customer or vendor",
        index="btree_not_null",
        ondelete="set null",
    )
    gck_commercial_partner_id = fields.Many2one(
        "res.partner",
        related="gck_partner_id.commercial_partner_id",
        string="Company of the partner",
        store=True,
        precompute=True,
    )
    gck_contact_id = fields.Many2one(
        "res.partner",
        string="Attention of",
        compute="_compute_gck_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="[('commercial_partner_id', '=?', gck_commercial_partner_id)]",
        ondelete="set null",
        help="Only contacts of the partner can be chosen. Nobody outside is invited "
        "unless added to the attendees.",
    )
    gck_clase = fields.Selection(
        [("internal", "In-house"), ("client", "At client")],
        string="Class",
        compute="_compute_gck_clase",
        store=True,
        readonly=False,
        precompute=True,
    )
    gck_company_id = fields.Many2one(
        "res.company",
        string="Company",
        compute="_compute_gck_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
    )

    gck_shown_user_id = fields.Many2one(
        "res.users",
        string="Holder shown",
        compute="_compute_gck_shown_user_id",
        readonly=False,
        help="Who is among the attendees as holder while the form is being filled.",
    )

    _gck_user_stop_idx = models.Index("(user_id, stop)")
    _gck_partner_start_idx = models.Index(
        "(gck_commercial_partner_id, start DESC) "
        "WHERE gck_commercial_partner_id IS NOT NULL"
    )
    # The id of an appointment in the union of all actions.
    _gck_accion_id_idx = models.Index("((id::bigint * 32 + 3))")

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains("gck_clase", "gck_partner_id")
    def _check_gck_clase(self):
        for event in self:
            if event.gck_clase == "client" and not event.gck_partner_id:
                raise ValidationError(
                    self.env._(
                        "The appointment «%s» is at a client's: say which one, or "
                        "make it internal.",
                        event.name,
                    )
                )

    @api.constrains("gck_partner_id", "gck_contact_id", "gck_company_id")
    def _check_gck_partner_id(self):
        for event in self:
            partner = event.gck_partner_id
            partner._gck_check_contact(event.gck_contact_id)
            for company in (partner | event.gck_contact_id).company_id:
                if company != event.gck_company_id:
                    raise ValidationError(
                        self.env._(
                            "%(partner)s belongs to %(company)s and the appointment "
                            "to %(other)s.",
                            partner=partner.display_name,
                            company=company.name,
                            other=event.gck_company_id.name,
                        )
                    )

    @api.constrains("start", "stop", "start_date", "stop_date")
    def _check_closing_date(self):
        """Refuse what ends before it starts (M-68), in the hours of the reader.

        Odoo's own message gives the hours in UTC, which are not those on the screen.
        """
        for event in self.filtered(lambda event: not event.allday):
            if event.start and event.stop and event.stop < event.start:
                tz = self.env.tz.zone
                raise ValidationError(
                    self.env._(
                        "«%(name)s» ends before it starts: it starts on %(start)s and "
                        "ends on %(stop)s.",
                        name=event.name,
                        start=format_datetime(self.env, event.start, tz=tz),
                        stop=format_datetime(self.env, event.stop, tz=tz),
                    )
                )
        return super()._check_closing_date()

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("gck_partner_id")
    def _compute_gck_contact_id(self):
        """Empty the contact when it is not of the partner any more (M-27)."""
        for event in self:
            company = event.gck_partner_id.commercial_partner_id
            if event.gck_contact_id.commercial_partner_id != company:
                event.gck_contact_id = False

    @api.depends("gck_partner_id")
    def _compute_gck_clase(self):
        """Propose at the client's when there is one (O-39)."""
        for event in self:
            event.gck_clase = "client" if event.gck_partner_id else "internal"

    @api.depends("user_id")
    def _compute_gck_company_id(self):
        """Keep the company, else take the current one, where the holder works."""
        for event in self:
            # sudo: only in which companies a colleague works.
            holder = event.user_id.sudo()
            company = event.gck_company_id or self.env.company
            if holder and company not in holder.company_ids:
                company = holder.company_id
            event.gck_company_id = company

    def _compute_gck_shown_user_id(self):
        for event in self:
            event.gck_shown_user_id = event._origin.user_id or self.env.user

    @api.depends("gck_requester_id")
    def _compute_user_can_edit(self):
        """Let who asked for an appointment, and reception, move it (M-69)."""
        result = super()._compute_user_can_edit()
        sees_all = self.env.user.has_group("gck_avisos.group_gck_aviso_all")
        for event in self:
            if not event.user_can_edit and not event._check_private_event_conditions():
                event.user_can_edit = sees_all or (
                    event.gck_requester_id == self.env.user
                    and self.env.user.has_group("gck_avisos.group_gck_aviso_user")
                )
        return result

    # ------------------------------------------------------------
    # Onchanges
    # ------------------------------------------------------------

    @api.onchange("gck_contact_id")
    def _onchange_gck_contact_id(self):
        """Fill the partner of a contact that is chosen first."""
        if self.gck_contact_id and not self.gck_partner_id:
            self.gck_partner_id = self.gck_contact_id.commercial_partner_id

    @api.onchange("user_id")
    def _onchange_gck_user_id(self):
        """Show at once that the appointment goes from one diary to another (M-69)."""
        if not self._gck_concerns(self.user_id):
            return
        attendees = self.partner_ids._origin
        attendees -= self.gck_shown_user_id.partner_id
        self.partner_ids = self.user_id.partner_id | attendees
        self.gck_shown_user_id = self.user_id

    # ------------------------------------------------------------
    # Search: what is private stays so
    # ------------------------------------------------------------

    @api.model
    def _gck_get_visible_domain(self):
        """Return the domain of the appointments whose content the user may know.

        The rest, the private ones of colleagues, are only hours in which somebody is
        busy (O-40). The same rule as ``_check_private_event_conditions``.
        """
        # sudo: which colleagues keep their calendar private, of any of them.
        private = (
            self.env["res.users.settings"]
            .sudo()
            ._search([("calendar_default_privacy", "=", "private")])
        )
        return (
            Domain("user_id", "=", self.env.uid)
            | Domain("partner_ids", "in", self.env.user.partner_id.ids)
            | Domain("privacy", "in", ["public", "confidential"])
            | (
                Domain("privacy", "=", False)
                & Domain("user_id", "not in", private.subselect("user_id"))
            )
        )

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        """Find nobody's private appointment by what it says (O-40).

        Odoo masks it when it is read; finding it by its text would tell as much.
        """
        domain = Domain(domain)
        if not (self.env.su or bypass_access) and any(
            self._gck_is_guarded(condition) for condition in domain.iter_conditions()
        ):
            visible = self._gck_get_visible_domain()
            domain = domain.map_conditions(
                lambda condition: (
                    condition & visible
                    if self._gck_is_guarded(condition)
                    else condition
                )
            )
        return super()._search(
            domain,
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )

    @api.model
    def _gck_is_guarded(self, condition):
        """Return whether a condition of a domain reads what may be private."""
        return condition.field_expr.split(".")[0] in GUARDED_FIELDS

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Put appointments in the diary of their holder and tell them (M-69)."""
        vals_list = self.env["res.partner"]._gck_fill_partner(
            vals_list, "gck_partner_id", "gck_contact_id"
        )
        defaults = self.default_get(["user_id", "partner_ids"])
        vals_list = [self._gck_add_holder(vals, defaults) for vals in vals_list]
        events = super().create(vals_list)
        events._gck_tell_holders("new")
        return events

    def write(self, vals):
        """Keep appointments in the diary of their holder; tell of changes (M-69)."""
        if "user_id" in vals and len(self.user_id) > 1:
            # What leaves a diary depends on whose it was.
            for events in self.grouped("user_id").values():
                events.write(dict(vals))
            return True
        if vals.get("gck_contact_id") and not self.gck_partner_id:
            [vals] = self.env["res.partner"]._gck_fill_partner(
                [vals], "gck_partner_id", "gck_contact_id"
            )
        vals = self._gck_move_holder(vals)
        watched = self._gck_get_watched(vals)
        before = {event.id: event._gck_get_diary_values() for event in watched}
        result = super(CalendarEvent, self.with_context(gck_agenda_quiet=True)).write(
            vals
        )
        watched._gck_tell_changes(before)
        return result

    def unlink(self):
        """Tell the holders that their appointments are cancelled (M-69)."""
        notices = self.filtered("active")._gck_prepare_notices("cancelled")
        result = super(CalendarEvent, self.with_context(gck_agenda_quiet=True)).unlink()
        self._gck_send_notices(notices)
        return result

    # ------------------------------------------------------------
    # Diary
    # ------------------------------------------------------------

    def _gck_concerns(self, holder):
        """Return whether an appointment of a holder is GCK's: the user or they use it.

        Between two people who do not work with GCK the calendar stays as Odoo has it.
        """
        # sudo: only whether a colleague works with GCK.
        return bool(holder) and any(
            user.has_group("gck_avisos.group_gck_aviso_user")
            for user in (holder.sudo(), self.env.user)
        )

    @api.model
    def _gck_add_holder(self, vals, defaults):
        """Return the values of a new appointment with its holder as attendee.

        Attendees that a synchronised calendar brings are left as they come.
        """
        user_id = vals.get("user_id", defaults.get("user_id"))
        user = self.env["res.users"].browse(user_id)
        if vals.get("attendee_ids") or not self._gck_concerns(user):
            return vals
        # sudo: only which partner a colleague is.
        holder = user.sudo().partner_id
        commands = vals.get("partner_ids")
        if commands is None and user_id != self.env.uid:
            # Whoever writes it down does not take part in it.
            linked = self._gck_get_linked_ids(defaults.get("partner_ids") or [])
            attendee_ids = {holder.id, *linked} - {self.env.user.partner_id.id}
            return {**vals, "partner_ids": [Command.set(sorted(attendee_ids))]}
        if commands is None or holder.id in self._gck_get_linked_ids(commands):
            return vals
        return {**vals, "partner_ids": [*commands, Command.link(holder.id)]}

    def _gck_move_holder(self, vals):
        """Return the values of a change with the holder among the attendees."""
        user = self.env["res.users"].browse(vals.get("user_id") or [])
        if not self or not self._gck_concerns(user):
            return vals
        # sudo: only which partner a colleague is.
        holder = user.sudo().partner_id
        former = self.user_id.sudo().partner_id
        if "partner_ids" in vals:
            commands = vals["partner_ids"]
            if holder.id in self._gck_get_linked_ids(commands):
                return vals
            return {**vals, "partner_ids": [*commands, Command.link(holder.id)]}
        if former == holder:
            return vals
        commands = [Command.unlink(partner.id) for partner in former]
        return {**vals, "partner_ids": [*commands, Command.link(holder.id)]}

    @api.model
    def _gck_get_linked_ids(self, commands):
        """Return the ids that the commands of a many2many field end up linking."""
        linked = set()
        for command in commands:
            if isinstance(command, int):
                linked.add(command)
            elif command[0] == Command.SET:
                linked = set(command[2])
            elif command[0] == Command.LINK:
                linked.add(command[1])
        return linked

    @api.model
    def _get_contact_details_description(self, organizer, partners):
        """Write nobody's telephone in the description that only colleagues read."""
        if self._gck_concerns(organizer) and not any(partners.mapped("partner_share")):
            return Markup("")
        return super()._get_contact_details_description(organizer, partners)

    def _gck_get_when(self, lang=None, tz=None):
        """Return the day and hours of an appointment, as people write them.

        :param str lang: code of the language, that of the user by default
        :param str tz: name of the time zone, that of the user by default
        """
        self.ensure_one()
        start, stop = self._gck_get_local_range(tz)
        day = format_date(self.env, start, lang_code=lang)
        if self.allday and start == stop:
            return day
        hours = self._gck_get_hours(start, stop, lang)
        return f"{day}, {hours}" if start.date() == stop.date() else hours

    def _gck_get_hours(self, start, stop, lang=None):
        """Return the hours of an appointment, with its days when they are several.

        :param datetime start: its local start
        :param datetime stop: its local end
        :param str lang: code of the language, that of the user by default
        """
        self.ensure_one()
        moments = [start] if start == stop else [start, stop]
        several = start.date() != stop.date()
        if self.allday and not several:
            return self.env._("All day")
        texts = []
        for moment in moments:
            parts = []
            if several:
                parts.append(format_date(self.env, moment, lang_code=lang))
            if not self.allday:
                parts.append(
                    format_time(
                        self.env, moment.time(), time_format="short", lang_code=lang
                    )
                )
            texts.append(" ".join(parts))
        return (" – " if several else "–").join(texts)

    def _gck_get_local_range(self, tz=None):
        """Return the start and end as naive moments of a time zone.

        Those of an appointment of the whole day have no zone: its days count.

        :param str tz: name of the time zone, that of the user by default
        """
        self.ensure_one()
        if self.allday:
            return (
                fields.Datetime.to_datetime(self.start_date or self.start.date()),
                fields.Datetime.to_datetime(self.stop_date or self.stop.date()),
            )
        localized = self.with_context(tz=tz or self.env.tz.zone)
        return tuple(
            fields.Datetime.context_timestamp(localized, moment).replace(tzinfo=None)
            for moment in (self.start, self.stop)
        )
