from datetime import timedelta

from markupsafe import Markup
from pytz import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime, html_sanitize, is_html_empty


class GckIntervencion(models.Model):
    """The register of activities: what was done, a line at a time (M-71).

    A line is who, for whom, which activity, from when to when; it may hang from a
    task or a notice, or from nothing.
    """

    _inherit = "gck.intervencion"

    date_start = fields.Datetime(default=lambda self: self._default_date_start())
    duration = fields.Float(default=lambda self: self._default_duration())
    can_edit = fields.Boolean(compute="_compute_can_edit")

    # ------------------------------------------------------------
    # Defaults
    # ------------------------------------------------------------

    @api.model
    def _default_date_start(self):
        """Return now; in the register, when the user's last activity of today ended."""
        now = fields.Datetime.now()
        if not self.env.context.get("gck_registro"):
            return now
        return self._get_last_end() or now.replace(second=0)

    @api.model
    def _default_duration(self):
        """Return no hours; in the register, those since the last activity of today."""
        last_end = self.env.context.get("gck_registro") and self._get_last_end()
        if not last_end:
            return 0.0
        elapsed = fields.Datetime.now().replace(second=0) - last_end
        return max(elapsed.total_seconds(), 0) / 3600

    @api.model
    def _get_last_end(self):
        """Return when the user's last activity of today ended, none without one.

        :return: naive UTC datetime, or False
        """
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        start, end = (
            self.env.tz.localize(moment).astimezone(UTC).replace(tzinfo=None)
            for moment in (midnight, midnight + timedelta(days=1))
        )
        domain = Domain("user_id", "=", self.env.uid)
        domain &= Domain("date_start", ">=", start) & Domain("date_end", "<", end)
        return self.search(domain, order="date_end desc", limit=1).date_end

    # ------------------------------------------------------------
    # Computes and onchanges
    # ------------------------------------------------------------

    @api.depends_context("uid")
    @api.depends("user_id", "tarea_id", "aviso_id")
    def _compute_can_edit(self):
        """Tell which lines the user may change: their own, of work still open."""
        stored = self._origin
        editable = stored._filtered_access("write")._filter_parent_open()
        for record in self:
            record.can_edit = not record._origin or record._origin in editable

    def _filter_parent_open(self):
        """Return those of these that hang from no work that is closed for good."""

        def is_open(record):
            aviso = record.aviso_id
            return not record.tarea_id.is_locked and not (
                aviso.is_locked and aviso.company_id.gck_close_rule == "block"
            )

        # sudo: only the state of the parent decides, whoever may see it.
        return self.browse(self.sudo().filtered(is_open).ids)

    def _compute_has_overlap(self):
        """Look for overlaps of a line that is being typed as well."""
        result = super()._compute_has_overlap()
        for record in self.filtered(lambda record: not record.id):
            record.has_overlap = bool(record._find_overlaps(limit=1))
        return result

    def _find_overlaps(self, limit=None):
        """Return what the same person did while this one was being done (K-25).

        :param int limit: how many are enough
        :return: ``gck.intervencion`` that the user may read
        """
        self.ensure_one()
        if not (self.user_id and self.date_start and self.date_end):
            return self.browse()
        domain = Domain("user_id", "=", self.user_id.id)
        domain &= Domain("id", "!=", self._origin.id)
        domain &= Domain("date_start", "<", self.date_end)
        domain &= Domain("date_end", ">", self.date_start)
        return self.search(domain, limit=limit)

    @api.onchange("user_id", "date_start", "date_end", "duration")
    def _onchange_overlap(self):
        """Warn of hours that are taken; saving stays possible (M-71)."""
        other = self._find_overlaps(limit=1)
        if not other:
            return None
        return {
            "warning": {
                "type": "notification",
                "title": self.env._("Another activity at the same time"),
                "message": self.env._(
                    "%(activity)s, from %(start)s to %(end)s",
                    activity=other.display_name,
                    start=format_datetime(self.env, other.date_start),
                    end=format_datetime(self.env, other.date_end),
                ),
            }
        }

    # ------------------------------------------------------------
    # Texts
    # ------------------------------------------------------------

    @api.model
    def _prepare_subject(self, vals):
        """Take the text of a line from its summary, and that from its activity.

        :raises UserError: when it says nothing at all
        """
        vals = super()._prepare_subject(vals)

        def get(name):
            return vals.get(name, self.env.context.get(f"default_{name}"))

        if not is_html_empty(get("description")):
            return vals
        activity = self.env["gck.actividad.tipo"].browse(get("activity_id") or ())
        subject = get("subject") or activity.name
        if not subject:
            raise UserError(
                self.env._("Say what was done: write it, or choose the activity.")
            )
        description = self._get_subject_description(subject)
        return {**vals, "subject": subject, "description": description}

    @api.model
    def _get_subject_description(self, subject):
        return html_sanitize(Markup("<p>%s</p>") % subject)

    def write(self, vals):
        """Write values; a text that was taken from the summary follows it."""
        subject = vals.get("subject")
        if not subject or "description" in vals:
            return super().write(vals)
        following = self.filtered(
            lambda record: (
                record.description == self._get_subject_description(record.subject)
            )
        )
        if following:
            description = self._get_subject_description(subject)
            super(GckIntervencion, following).write(
                {**vals, "description": description}
            )
        return super(GckIntervencion, self - following).write(vals)

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_view_overlaps(self):
        """Open this activity and those of the same person at the same time."""
        lines = self | self._find_overlaps()
        return lines._get_records_action(name=self.env._("At the same time"))
