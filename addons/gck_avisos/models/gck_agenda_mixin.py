from markupsafe import Markup

from odoo import models
from odoo.tools import groupby

from .gck_asignable_mixin import NAMES_SHOWN

# Odoo's own keys that keep a change of the calendar quiet, and that of the outer call.
QUIET_KEYS = (
    "gck_agenda_quiet",
    "no_mail_to_attendees",
    "dont_notify",
    "skip_attendee_notification",
    "is_calendar_event_new",
)
TIME_FIELDS = ("start", "stop", "start_date", "stop_date", "allday")


class GckAgendaMixin(models.AbstractModel):
    """What the holder of a diary is told when somebody else changes it (M-69).

    Part of ``calendar.event``, whose fields it reads.
    """

    _name = "gck.agenda.mixin"
    _description = "GCK notices about a diary"

    # ------------------------------------------------------------
    # What has changed
    # ------------------------------------------------------------

    def _gck_get_watched(self, vals):
        """Return the appointments whose change is told, for a write of some values.

        Of a series, it is the one that stays when the rest are made anew.
        """
        if self._gck_is_quiet() or not {"user_id", "active", *TIME_FIELDS} & set(vals):
            return self.browse()
        update = vals.get("recurrence_update")
        if update == "all_events" and len(self) == 1 and self.recurrence_id:
            return self.recurrence_id.base_event_id or self
        return self

    def _gck_get_diary_values(self):
        """Return what the holder is told about when it changes."""
        self.ensure_one()
        # sudo: language and time zone of the holder, a colleague.
        partner = self.user_id.sudo().partner_id
        return {
            "user": self.user_id,
            "active": self.active,
            "range": self._gck_get_range(),
            "when": self._gck_get_when(partner.lang, partner.tz),
            "upcoming": self._gck_is_upcoming(),
        }

    def _gck_get_range(self):
        self.ensure_one()
        return self.start, self.stop, self.allday

    def _gck_tell_changes(self, before):
        """Tell the holders what was moved, cancelled or given to somebody else.

        :param dict before: ``{id: values}`` of ``_gck_get_diary_values``
        """
        events = self.exists()
        moved = given = cancelled = taken = self.browse()
        former = {}
        for event in events:
            old = before[event.id]
            if not (old["upcoming"] or event._gck_is_upcoming()):
                continue
            if event.active != old["active"]:
                cancelled |= event if old["active"] else self.browse()
                given |= event if event.active else self.browse()
            elif event.active and event.user_id != old["user"]:
                given |= event
                taken |= event
            elif event.active and old["range"] != event._gck_get_range():
                moved |= event
            former[event.id] = old
        holders = {event_id: old["user"] for event_id, old in former.items()}
        given._gck_tell_holders("new")
        notices = [
            *moved._gck_prepare_notices("moved", previous=former),
            *cancelled._gck_prepare_notices("cancelled", holders=holders),
            *taken._gck_prepare_notices("cancelled", holders=holders),
        ]
        self._gck_send_notices(notices)

    def _gck_is_upcoming(self):
        """Return whether an appointment is not over."""
        self.ensure_one()
        return not self._is_event_over()

    def _gck_is_quiet(self):
        """Return whether nobody is to be told of what is done now.

        A write within another tells nothing, nor do imports, synchronisations and the
        server itself.
        """
        if self.env.user._is_superuser():
            return True
        if any(self.env.context.get(key) for key in QUIET_KEYS):
            return True
        # sudo: a parameter of the calendar that stops all of its mail.
        parameters = self.env["ir.config_parameter"].sudo()
        return bool(parameters.get_param("calendar.block_mail"))

    def _gck_tells(self, holder):
        """Return whether GCK tells a holder what the user does in their diary."""
        return (
            holder != self.env.user
            and not self.env.user._is_superuser()
            and self._gck_concerns(holder)
        )

    # ------------------------------------------------------------
    # Messages
    # ------------------------------------------------------------

    def _gck_tell_holders(self, reason):
        """Tell each holder, once, about these appointments.

        :param str reason: ``new``, ``moved`` or ``cancelled``
        """
        self._gck_send_notices(self._gck_prepare_notices(reason))

    def _gck_prepare_notices(self, reason, holders=None, previous=None):
        """Return the messages to the holders, written before anything is deleted.

        :param str reason: ``new``, ``moved`` or ``cancelled``
        :param dict holders: ``{id: user}``, who held them when they no longer do
        :param dict previous: ``{id: values}`` of ``_gck_get_diary_values`` before
        :return: list of arguments of ``message_notify``
        """
        if not self or self._gck_is_quiet():
            return []
        notices = []
        groups = groupby(
            self.filtered(lambda event: event._gck_is_upcoming() or previous),
            lambda event: holders[event.id] if holders else event.user_id,
        )
        for holder, group in groups:
            if not self._gck_tells(holder):
                continue
            events = self.browse(event.id for event in group).sorted("start")
            notices.append(events._gck_prepare_notice(reason, holder, previous or {}))
        return notices

    def _gck_prepare_notice(self, reason, holder, previous):
        """Return one message about these appointments, in the holder's language."""
        # sudo: the holder, a colleague, reads their own appointments; theirs are the
        # language and the time zone too.
        partner = holder.sudo().partner_id
        events = self.sudo().with_context(lang=partner.lang or self.env.lang)
        env = events.env
        author = self.env.user.name
        subject = {
            "new": env._("%s has put an appointment in your diary", author),
            "moved": env._("%s has moved an appointment of your diary", author),
            "cancelled": env._("%s has cancelled an appointment of your diary", author),
        }[reason]
        lines = [
            event._gck_format_notice_line(reason, partner, previous.get(event.id))
            for event in events[:NAMES_SHOWN]
        ]
        if len(events) > NAMES_SHOWN:
            lines.append(
                Markup("<li>%s</li>") % env._("and %s more", len(events) - NAMES_SHOWN)
            )
        attachments = []
        if len(events) == 1 and reason != "cancelled":
            attachments = [
                ("invitation.ics", content)
                for content in events._get_ics_file().values()
            ]
        return {
            "partner_ids": partner.ids,
            "subject": f"{subject}: {events[0].name}",
            "body": Markup("<p>%s</p><ul>%s</ul>") % (subject, Markup("").join(lines)),
            "attachments": attachments,
            "email_layout_xmlid": "mail.mail_notification_light",
        }

    def _gck_format_notice_line(self, reason, partner, previous):
        """Return an appointment as an item of the list in a message."""
        self.ensure_one()
        name = Markup("<b>%s</b>") % self.name
        if reason != "cancelled":
            name = Markup('<a href="/mail/view?model=%s&amp;res_id=%s">%s</a>') % (
                self._name,
                self.id,
                name,
            )
        text = Markup("%s: %s") % (
            name,
            self._gck_get_when(partner.lang, partner.tz),
        )
        if previous:
            text += Markup(" (%s)") % self.env._("before: %s", previous["when"])
        details = [self.gck_partner_id.display_name, self.location]
        for detail in filter(None, details):
            text += Markup(" · %s") % detail
        return Markup("<li>%s</li>") % text

    def _gck_send_notices(self, notices):
        """Send messages that belong to no record, so that no chatter shows them.

        The chatter of an appointment may be read by more people than its content.
        """
        for notice in notices:
            self.env["mail.thread"].message_notify(**notice)
