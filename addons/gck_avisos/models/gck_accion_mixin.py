from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_datetime, groupby

from .gck_asignable_mixin import NAMES_SHOWN
from .gck_cadena_mixin import GckCadenaMixin

# Transitions carry this object in the context of their own write(). A client can
# put any value into a context, but never this object.
_TRANSITION = object()

SUBJECT_MAX_LENGTH = 255
# Ten years: more is a slip of the keyboard, and leaves the calendar soon.
POSTPONE_MAX_HOURS = 87600
# Written by transitions and sequences, never by a client.
SERVER_FIELDS = ("name", "accion_state", "date_done", "done_user_id", "closing_text")


class GckAccionMixin(models.AbstractModel):
    """Something to do or done: about somebody, by somebody, by some time.

    Every kind of action of the suite inherits it. A kind defines its own ``state``;
    ``accion_state`` is the common reading of it, and transitions are methods:
    writing ``state`` directly is refused.
    """

    _name = "gck.accion.mixin"
    _description = "GCK action"
    _inherit = [
        "gck.numerado.mixin",
        "gck.tercero.mixin",
        "gck.vinculo.mixin",
        "gck.asignable.mixin",
        "gck.atraso.mixin",
        "gck.cadena.mixin",
        "gck.ficha.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _check_company_auto = True
    _mail_post_access = "read"

    # Code and number of the kind in the union of all actions (``gck.accion``). The
    # number is part of ids: each is used once, below 32, and has its index, as in
    # models.Index("((id::bigint * 32 + 1))").
    _accion_kind = None
    _accion_number = None
    # A model of several kinds names here, instead of ``_accion_kind``, the selection
    # that tells them apart: its values are their codes, and one number serves all.
    _accion_kind_field = None
    _spawn_fields = {**GckCadenaMixin._spawn_fields, "priority": "priority"}
    # Values of ``state`` that mean done and cancelled; the others are pending.
    _accion_done_states = ("done",)
    _accion_cancel_states = ("cancel",)
    # A kind with other such fields adds them.
    _accion_server_fields = SERVER_FIELDS
    # Whether the documents of what has ended are kept as they are.
    _accion_locks_links = True
    # Whether ``_do_done`` takes the moment of the end, so that its dialog asks for it.
    _accion_dated_done = False

    partner_id = fields.Many2one(tracking=True)
    subject = fields.Char(tracking=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now, copy=False)
    date_deadline = fields.Datetime(string="Deadline", copy=False, tracking=True)
    date_done = fields.Datetime(string="Done on", readonly=True, copy=False)
    done_user_id = fields.Many2one(
        "res.users", string="Done by", readonly=True, copy=False
    )
    closing_text = fields.Text(readonly=True, copy=False)
    accion_state = fields.Selection(
        selection=[
            ("pending", "Pending"),
            ("done", "Done"),
            ("cancel", "Cancelled"),
        ],
        string="Progress",
        compute="_compute_accion_state",
        store=True,
        precompute=True,
    )
    is_locked = fields.Boolean(compute="_compute_is_locked")
    priority = fields.Selection(
        selection=[("0", "Normal"), ("1", "High"), ("2", "Urgent")],
        default="0",
        tracking=True,
    )
    description = fields.Html()
    tag_ids = fields.Many2many("gck.etiqueta", string="Tags", check_company=True)
    _pending_idx = models.Index(
        "(user_id, date_deadline) WHERE accion_state = 'pending'"
    )
    # With what the counts of a partner need, so that they never touch the table.
    _partner_date_idx = models.Index(
        "(commercial_partner_id, date DESC) INCLUDE (accion_state, company_id)"
    )
    _state_company_idx = models.Index("(accion_state, company_id)")
    _date_idx = models.Index("(date DESC, id DESC)")

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends(lambda self: ["state"] if "state" in self._fields else [])
    def _compute_accion_state(self):
        progress = {
            **dict.fromkeys(self._accion_cancel_states, "cancel"),
            **dict.fromkeys(self._accion_done_states, "done"),
        }
        self._gck_set_by_value(
            "accion_state", lambda record: progress.get(record.state, "pending")
        )

    @api.depends("accion_state")
    def _compute_is_locked(self):
        for record in self:
            record.is_locked = record.accion_state != "pending"

    def _filter_pending(self):
        """Return those of these actions that are neither done nor cancelled."""
        return self.filtered(lambda record: not record.is_locked)

    def _propose_deadlines(self, hours_by_record, name="date_deadline"):
        """Set the deadlines that are still empty, counted as each company wants.

        :param dict hours_by_record: ``{record: hours from its date}``
        :param str name: the field that holds the deadline
        """
        planned = self._get_planned_deadlines(
            {(record, name): hours for record, hours in hours_by_record.items()}
        )
        for (record, _name), moment in planned.items():
            record[name] = moment

    @api.model
    def _get_planned_deadlines(self, hours_by_deadline):
        """Return when some hours will have passed, counted as each company wants.

        The working time is read once for all deadlines of a company.

        :param dict hours_by_deadline: ``{(record, name of the deadline): hours from the
            record's date}``
        :return: ``{(record, name of the deadline): moment}``
        """
        result = {}
        for company, deadlines in groupby(
            hours_by_deadline, lambda deadline: deadline[0].company_id
        ):
            wanted = {
                deadline: (deadline[0].date, hours_by_deadline[deadline])
                for deadline in deadlines
            }
            planned = company._gck_plan_hours(wanted.values())
            result.update((key, planned[request]) for key, request in wanted.items())
        return result

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains("date", "date_done")
    def _check_date_done(self):
        """Refuse an end before the date (M-35), to the minute that screens show."""
        for record in self:
            start = record.date and record.date.replace(second=0, microsecond=0)
            if record.date_done and start and record.date_done < start:
                raise ValidationError(
                    self.env._(
                        "%(action)s cannot be finished before its date, %(date)s.",
                        action=record.name,
                        date=format_datetime(self.env, record.date),
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create actions; followers and notices of assignment go in one batch."""
        vals_list = [self._prepare_accion_vals(vals) for vals in vals_list]
        context = {**self.env.context, "mail_notrack": True}
        creator = self._accion_get_creator()
        # All followers are subscribed together, below.
        context["mail_create_nosubscribe"] = True
        if self._accion_may_set_state():
            vals_list = [self._prepare_imported_vals(vals) for vals in vals_list]
        else:
            self._accion_check_create(vals_list)
            for name in ("state", *self._accion_server_fields):
                context.pop(f"default_{name}", None)
        # As a whole: keys have to go, not only to be added.
        # pylint: disable=context-overridden
        records = super(GckAccionMixin, self.with_context(context)).create(vals_list)
        records = self.browse(records.ids)
        records._accion_notify_assigned({}, creator)
        return records

    @api.model
    def _accion_get_creator(self):
        """Return the partner who follows what this environment creates, if anybody."""
        context = self.env.context
        user = self.env.user
        if context.get("mail_create_nosubscribe") or context.get("tracking_disable"):
            return None
        return user.partner_id if user.active and not user.share else None

    def write(self, vals):
        """Write values; the state only changes through its methods."""
        self._accion_check_write(vals)
        if len(self) > 1 and "description" not in vals and self._is_long_subject(vals):
            # What is cut off goes to a description that each has its own.
            for record in self:
                record.write(vals)
            return True
        vals = self._prepare_accion_vals(vals)
        previous = None
        if "user_id" in vals or "department_id" in vals or "tipo_id" in vals:
            previous = {record.id: record.user_id.id for record in self}
        result = super().write(vals)
        if previous is not None:
            self._accion_notify_assigned(previous)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_finished(self):
        finished = self.filtered(lambda record: record.accion_state == "done")
        if finished:
            raise UserError(
                self.env._(
                    "What was done stays on record and cannot be deleted: %s. "
                    "Reopen it first if it was a mistake.",
                    self._accion_join_names(finished),
                )
            )

    @api.model
    def _is_long_subject(self, vals):
        return len(vals.get("subject") or "") > SUBJECT_MAX_LENGTH

    def _prepare_accion_vals(self, vals):
        """Shorten a subject that no list could show, losing nothing of it.

        :param dict vals: values of a create, or of a write on the one record
        :return: new values; what was cut off opens the description
        """
        if not self._is_long_subject(vals):
            return vals
        subject = vals["subject"]
        description = vals.get("description", self.description)
        return {
            **vals,
            "subject": subject[: SUBJECT_MAX_LENGTH - 1] + "…",
            "description": Markup("<p>%s</p>") % subject + Markup(description or ""),
        }

    @api.model
    def _prepare_imported_vals(self, vals):
        """Return the values with what a finished action always has."""
        finished = {*self._accion_done_states, *self._accion_cancel_states}
        if vals.get("state") not in finished:
            return vals
        return {**self._accion_finish_values(), **vals}

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _accion_may_set_state(self):
        """Tell whether this environment may write ``state`` directly.

        True inside a transition, while data files are loaded, and for a manager
        who imports records.
        """
        context = self.env.context
        if context.get("gck_transition") is _TRANSITION:
            return True
        if self.env.su and context.get("install_mode"):
            return True
        return bool(context.get("import_file")) and self._accion_is_manager()

    @api.model
    def _accion_is_manager(self):
        """Tell whether the user manages this kind of action."""
        return self.env.user.has_group("gck_avisos.group_gck_aviso_manager")

    def _get_state_refusal(self):
        return self.env._(
            "The state is changed with the buttons, not written: use Close, "
            "Reopen or Cancel."
        )

    def _accion_check_create(self, vals_list):
        """Refuse actions that would be born finished, or with a number of their own.

        :raises UserError: naming what to do instead
        """
        finished = {*self._accion_done_states, *self._accion_cancel_states}
        for vals in vals_list:
            if vals.get("state") in finished:
                raise UserError(self._get_state_refusal())
            self._accion_check_server_fields(
                name
                for name in self._accion_server_fields
                if vals.get(name) and (name, vals[name]) != ("name", "/")
            )

    def _accion_check_server_fields(self, names):
        """:raises UserError: when one of the fields is never written by a client"""
        names = [name for name in names if name in self._accion_server_fields]
        if names:
            labels = self.fields_get(names, ["string"])
            raise UserError(
                self.env._(
                    "These are filled in by the system and cannot be written: %s.",
                    ", ".join(label["string"] for label in labels.values()),
                )
            )

    def _accion_check_write(self, vals):
        """Refuse a direct change of state, and any change of a finished action.

        :raises UserError: naming what to do instead
        """
        if self._accion_may_set_state():
            return
        if "state" in vals and any(record.state != vals["state"] for record in self):
            raise UserError(self._get_state_refusal())
        self._accion_check_server_fields(vals)
        free = self._accion_unlocked_fields()
        if all(
            name in free or name.startswith(("message_", "activity_")) for name in vals
        ):
            return
        self._check_pending()

    def _check_pending(self):
        """:raises UserError: naming those of these that have ended"""
        locked = self.filtered("is_locked")
        if locked:
            raise UserError(self._get_locked_refusal(locked))

    @api.model
    def _get_locked_refusal(self, locked):
        return self.env._(
            "These are closed and cannot be changed: %s. Reopen them first.",
            self._accion_join_names(locked),
        )

    @api.model
    def _accion_unlocked_fields(self):
        """Return the names of the fields that stay editable once closed."""
        return {"tag_ids", "state"}

    @api.model
    def _accion_join_names(self, records):
        """Return the numbers of some records as a text that stays readable."""
        names = records[:NAMES_SHOWN].mapped("name")
        text = ", ".join(names)
        if len(records) > NAMES_SHOWN:
            text = self.env._(
                "%(names)s and %(count)s more",
                names=text,
                count=len(records) - NAMES_SHOWN,
            )
        return text

    # ------------------------------------------------------------
    # Transitions
    # ------------------------------------------------------------

    def _accion_transition(self, state, values=None, reason=None, logged=True):
        """Change the state of all records at once and log who did it and why.

        Tracking would write one message per record at flush; the log is one batch.

        :param str state: the new state
        :param dict values: other values written along
        :param str reason: what the person gave as reason or closing text
        :param bool logged: whether the history tells it
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        bodies = {}
        for record in self:
            body = Markup("<b>%s → %s</b>") % (labels[record.state], labels[state])
            if reason:
                body += Markup("<br/>%s") % reason
            bodies[record.id] = body
        self.with_context(gck_transition=_TRANSITION, mail_notrack=True).write(
            {**(values or {}), "state": state}
        )
        if logged:
            self._message_log_batch(bodies)

    def _accion_write_logged(self, writes, note=None):
        """Write on many of these actions and log all the changes in one batch.

        Tracking would cost two queries for each of them.

        :param writes: pairs of actions and the values to write on them
        :param str note: what the person said about it
        """
        remark = Markup("<p>%s</p>") % note if note else Markup("")
        bodies = {}
        for records, vals in writes:
            before = {record.id: record._get_shown_values(vals) for record in records}
            records.with_context(mail_notrack=True).write(vals)
            for record in records:
                after = record._get_shown_values(vals)
                changes = self._format_changes(before[record.id], after)
                bodies[record.id] = changes + remark
        self._message_log_batch(bodies)

    def _filter_silent(self):
        """Return those that end only with a closing text: all, unless a kind knows."""
        return self

    def _accion_finish_values(self, text=None):
        """Return what the server writes when an action ends."""
        values = {
            "date_done": fields.Datetime.now(),
            "done_user_id": self.env.uid,
        }
        if text:
            values["closing_text"] = text
        return values

    @api.model
    def _accion_reopen_values(self):
        """Return what the server empties when an action is reopened (M-35)."""
        return {"date_done": False, "done_user_id": False, "closing_text": False}

    def _accion_check_manager(self):
        """:raises AccessError: unless the user manages this kind of action."""
        if not (self.env.su or self._accion_is_manager()):
            raise AccessError(
                self.env._("Only a manager may do this. Ask one of them to do it.")
            )

    def _accion_ask(self, transition, message=None):
        """Open the dialog that asks for the reason of a transition.

        :param str transition: a value of ``gck.accion.transicion.transition``
        :param str message: what the person has to know before confirming
        :return: an action dictionary
        """
        wizard = self.env["gck.accion.transicion"].create(
            {
                **self._gck_get_dialog_vals(),
                "transition": transition,
                "message": message,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": wizard._get_title(),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    # ------------------------------------------------------------
    # Postponing
    # ------------------------------------------------------------

    def action_postpone(self, hours=None):
        """Move the deadline, counted from the later of now and the planned moment.

        :param float hours: calendar hours; without it, a dialog asks for them
        :return: an action dictionary when the dialog opens, else True
        :raises UserError: when the hours make no sense or an action is closed
        """
        if hours is None:
            return self._accion_open_wizard(
                "gck.accion.posponer", self.env._("Postpone")
            )
        if not 0 < hours <= POSTPONE_MAX_HOURS:
            raise UserError(
                self.env._("Postpone by more than zero hours and at most ten years.")
            )
        now = fields.Datetime.now()
        delay = timedelta(hours=hours)
        by_deadline = groupby(
            self, lambda record: max(now, record.date_deadline or now) + delay
        )
        self._accion_write_logged(
            [
                (
                    self.browse(record.id for record in records),
                    {"date_deadline": moment},
                )
                for moment, records in by_deadline
            ]
        )
        return True

    def _accion_open_wizard(self, model, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {
                f"default_{name}": value
                for name, value in self._gck_get_dialog_vals().items()
            },
        }
