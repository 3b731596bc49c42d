from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.gck_avisos.models.gck_accion_mixin import SERVER_FIELDS

# Written by the telephone exchange alone.
PBX_FIELDS = (
    "centralita_id",
    "pbx_call_id",
    "pbx_phase",
    "extension",
    "extension_unknown",
    "date_answer",
    "date_end",
    "recording_url",
)
# A longer call is a slip of the keyboard.
DURATION_MAX_HOURS = 24
# An incoming call that is dealt with no later was noted while it lasted.
NOTED_WITHIN = timedelta(minutes=1)
# What the system writes of a call list, never a client.
CAMPANA_FIELDS = ("campana_id", "campana_key", "campana_claim", "campana_skip")


class GckLlamada(models.Model):
    """A call, in or out: received, made, or still to be made (M-40, M-41, O-41).

    ``date`` is when it was noted, ``date_deadline`` when it is to be made,
    ``date_start`` when it was, ``duration`` how long it took, in hours.
    """

    _name = "gck.llamada"
    _description = "Call"
    _inherit = [
        "gck.llamada.cadena.mixin",
        "gck.llamada.intervencion.mixin",
        "gck.tipificado.mixin",
        "gck.interlocutor.mixin",
    ]
    _order = "date desc, id desc"

    _numero_prefix = "LL"
    _accion_kind = "llamada"
    _accion_number = 10
    _accion_systray = True
    _accion_list_action = "gck_llamadas.action_gck_llamada"
    _accion_server_fields = (
        *SERVER_FIELDS,
        "attempts",
        *PBX_FIELDS,
        *CAMPANA_FIELDS,
    )
    # What is known of a call only afterwards can be noted, and linked, afterwards.
    _accion_locks_links = False
    # It is noted down without leaving the page.
    _spawn_target = "new"
    _spawn_form = "gck_llamadas.view_gck_llamada_form_quick"

    direction = fields.Selection(
        selection=[("in", "Incoming"), ("out", "Outgoing")],
        default="out",
        required=True,
        index=True,
        tracking=True,
    )
    canal = fields.Selection(
        selection=[
            ("phone", "Phone"),
            ("voicemail", "Voicemail"),
            ("list", "Mailing list"),
        ],
        string="Channel",
        default="phone",
        required=True,
        index=True,
    )
    # Written as any field (M-42): the write becomes a transition.
    state = fields.Selection(
        selection=[
            ("pending", "Pending"),
            ("done", "Made"),
            ("cancel", "Cancelled"),
        ],
        default="pending",
        required=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    tipo_id = fields.Many2one(
        "gck.llamada.tipo",
        string="Type",
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    tipo_color = fields.Integer(related="tipo_id.color")
    motivo_id = fields.Many2one(
        "gck.motivo",
        string="Reason",
        check_company=True,
        index="btree_not_null",
        tracking=True,
        help="Why it is made. Outgoing calls need one.",
    )
    lead_name = fields.Char(related="lead_id.name", string="Opportunity")
    agenda_name = fields.Char(
        compute="_compute_agenda_name", export_string_translation=False
    )
    subject = fields.Char(
        compute="_compute_subject", store=True, readonly=False, precompute=True
    )
    resultado_id = fields.Many2one(
        "gck.llamada.resultado",
        string="Result",
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    outcome = fields.Selection(related="resultado_id.outcome", store=True)
    date_deadline = fields.Datetime(string="Planned for")
    date_start = fields.Datetime(string="Start", copy=False, index="btree_not_null")
    duration = fields.Float(
        copy=False, help="How long it took, in hours and minutes.", aggregator="sum"
    )
    attempts = fields.Integer(readonly=True, copy=False)

    _accion_id_idx = models.Index("((id::bigint * 32 + 10))")
    _direction_idx = models.Index("(direction, date DESC, id DESC)")
    # Lists grouped by state are counted from it alone, the company's rule included.
    _group_state_idx = models.Index("(state, company_id)")
    _lead_date_idx = models.Index("(lead_id, date DESC) WHERE lead_id IS NOT NULL")
    _duration_range = models.Constraint(
        f"CHECK (duration BETWEEN 0 AND {DURATION_MAX_HOURS})",
        "A call lasts between zero and 24 hours.",
    )

    # ------------------------------------------------------------
    # Computes, constraints and onchanges
    # ------------------------------------------------------------

    @api.depends("motivo_id")
    def _compute_subject(self):
        for llamada in self:
            llamada.subject = llamada.subject or llamada.motivo_id.name

    @api.depends("tercero", "phone", "subject", "name")
    def _compute_agenda_name(self):
        """Say in the calendar whom to call and why, as far as it is known."""
        for llamada in self:
            parts = (llamada.tercero or llamada.phone, llamada.subject)
            llamada.agenda_name = " · ".join(filter(None, parts)) or llamada.name

    def _propose_user(self):
        """Propose whom the type names, else who notes the call."""
        return super()._propose_user() or self._get_own_user()

    @api.model
    def _get_own_user(self):
        """Return the user, unless it is the system itself."""
        user = self.env.user
        return user if user.active and not user.share else user.browse()

    @api.depends("partner_id", "contact_id", "lead_id")
    def _compute_phone(self):
        """Keep a number that was told, whoever it turns out to be."""
        told = self.filtered(lambda call: call.phone and call._is_number_told())
        for llamada in told:
            llamada.phone = llamada.phone
        return super(GckLlamada, self - told)._compute_phone()

    def _is_number_told(self):
        """Tell whether the number is that of the call, not of who is on file."""
        self.ensure_one()
        return False

    @api.constrains("direction", "motivo_id")
    def _check_motivo_id(self):
        """Ask for the reason of outgoing calls that somebody notes (O-45)."""
        for llamada in self.filtered(lambda call: call.direction == "out"):
            if not llamada.motivo_id and not llamada._is_logged_by_system():
                raise ValidationError(
                    self.env._(
                        "Say why %s is made: outgoing calls need a reason.",
                        llamada.tercero or llamada.phone or llamada.name,
                    )
                )

    def _is_logged_by_system(self):
        """Tell whether the call came in by itself, so that nobody gave a reason."""
        self.ensure_one()
        return False

    @api.constrains("duration")
    def _check_duration(self):
        """Refuse a slip of the keyboard before anything is made of it."""
        if any(not 0 <= llamada.duration <= DURATION_MAX_HOURS for llamada in self):
            raise ValidationError(self.env._("A call lasts between zero and 24 hours."))

    @api.constrains("date_start", "date_done", "state")
    def _check_end(self):
        """Refuse an end before the start."""
        for llamada in self:
            start, end = llamada.date_start, llamada.date_done
            if start and end and end < start.replace(second=0, microsecond=0):
                raise ValidationError(
                    self.env._(
                        "%s ends before it starts. Correct the start.",
                        llamada.display_name,
                    )
                )

    def _compute_is_locked(self):
        """Lock what has ended, not what is being marked as made right now (M-42).

        A form leaves out of what it saves the fields that turned read-only.
        """
        for llamada in self:
            state = llamada._origin.accion_state
            llamada.is_locked = bool(state) and state != "pending"

    def _check_date_done(self):
        """A call may be noted after it was made, so that its date says nothing."""
        return None

    def _get_moments(self, now, returned=True):
        """Return when a call that is made began and ended.

        Without a start it ends now, and began as long ago as it lasted. What came in
        and waited began when it rang, and ends when it is returned.

        :param datetime now: the present moment
        :param bool returned: whether the call was pending, not noted as made
        """
        self.ensure_one()
        length = timedelta(hours=self.duration)
        if self.direction == "in" and self._is_logged_by_system():
            return self.date_start or self.date, now
        if not self.date_start:
            rang = self.date if self.direction == "in" else now
            if rang < now - length - NOTED_WITHIN:
                return rang, now if returned else rang + length
            return now - length, now
        return self.date_start, max(self.date_start, min(now, self.date_start + length))

    def _creation_message(self):
        return self.env._("Call noted")
