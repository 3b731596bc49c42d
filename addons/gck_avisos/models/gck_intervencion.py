from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

# A year: more is a slip of the keyboard.
DURATION_MAX_HOURS = 8784


class GckIntervencion(models.Model):
    """What somebody did for somebody: a call, a mailing, a visit (K-39, K-40).

    It hangs from a task, from a notice, or from nothing at all. Only the
    description is mandatory. It has no chatter of its own: what is changed in it
    is logged on the task or notice that people follow.
    """

    _name = "gck.intervencion"
    _description = "Intervention"
    _inherit = [
        "gck.numerado.mixin",
        "gck.tercero.mixin",
        "gck.vinculo.mixin",
        "gck.cadena.mixin",
    ]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    _numero_prefix = "IN"
    _parent_fields = ("tarea_id", "aviso_id")
    # What was done is noted down without leaving the page.
    _spawn_target = "new"
    # Changes of these are logged on the parent with old and new value (K-1).
    _logged_fields = (
        "user_id",
        "activity_id",
        "date_start",
        "date_end",
        "duration",
        "result",
    )

    tarea_id = fields.Many2one(
        "gck.tarea",
        string="Task",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    aviso_id = fields.Many2one(
        "gck.aviso",
        string="Notice",
        compute="_compute_aviso_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        compute="_compute_partner_id", store=True, readonly=False, precompute=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Done by",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        check_company=True,
        index=True,
    )
    employee_id = fields.Many2one(
        "hr.employee",
        compute="_compute_employee_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_employee_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    activity_id = fields.Many2one(
        "gck.actividad.tipo",
        check_company=True,
        index="btree_not_null",
    )
    category = fields.Selection(related="activity_id.category")
    direction = fields.Selection(
        selection=[("in", "Incoming"), ("out", "Outgoing")],
        help="For calls and e-mails: who addressed whom.",
    )
    date_start = fields.Datetime(
        string="Start", required=True, default=fields.Datetime.now
    )
    date_end = fields.Datetime(
        string="End",
        compute="_compute_date_end",
        inverse="_inverse_date_end",
        store=True,
        precompute=True,
        readonly=False,
    )
    duration = fields.Float(
        help="In hours. Changing it, or the start, moves the end.",
    )
    subject = fields.Char(string="Summary")
    description = fields.Html(required=True)
    result = fields.Char(help="What came of it: reached, sent, agreed, no answer…")
    date_next = fields.Datetime(
        string="Next action", help="Proposes the new deadline of the task."
    )
    has_overlap = fields.Boolean(compute="_compute_has_overlap")
    attachment_ids = fields.Many2many("ir.attachment", string="Attachments")
    attachment_count = fields.Integer(compute="_compute_attachment_count")

    _accion_id_idx = models.Index("((id::bigint * 32 + 7))")
    _user_dates_idx = models.Index("(user_id, date_start, date_end)")
    _partner_date_idx = models.Index(
        "(commercial_partner_id, date_start DESC) INCLUDE (company_id)"
    )
    _date_idx = models.Index("(date_start DESC, id DESC)")

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    # Not one method with the partner: a partner given by the context would keep it
    # from filling the notice of a new intervention.
    @api.depends("tarea_id.aviso_id")
    def _compute_aviso_id(self):
        for record in self:
            record.aviso_id = record.tarea_id.aviso_id or record.aviso_id

    @api.depends("tarea_id.partner_id", "aviso_id")
    def _compute_partner_id(self):
        for record in self:
            record.partner_id = (
                record.partner_id
                or record.tarea_id.partner_id
                or record.aviso_id.partner_id
            )

    @api.depends("partner_id", "tarea_id", "aviso_id")
    def _compute_contact_id(self):
        return super()._compute_contact_id()

    def _get_parent_contact(self):
        return (self.tarea_id or self.aviso_id).contact_id

    @api.depends("user_id", "company_id")
    def _compute_employee_id(self):
        # sudo: users without HR rights log what they do under their own employee.
        employees = {
            (employee.user_id.id, employee.company_id.id): employee
            for employee in self.env["hr.employee"]
            .sudo()
            .search([("user_id", "in", self.user_id.ids)])
        }
        for record in self:
            employee = employees.get(
                (record.user_id.id, record.company_id.id), self.env["hr.employee"]
            )
            record.employee_id = employee.id
            record.department_id = employee.department_id.id

    @api.depends("date_start", "duration")
    def _compute_date_end(self):
        for record in self:
            record.date_end = record.date_start and record._get_date_end()

    def _get_date_end(self):
        """Return when the intervention ends by its duration.

        :raises ValidationError: when no calendar holds such a duration
        """
        self.ensure_one()
        if not -DURATION_MAX_HOURS <= self.duration <= DURATION_MAX_HOURS:
            raise ValidationError(
                self.env._("The duration is in hours, and cannot exceed a year.")
            )
        return self.date_start + timedelta(hours=self.duration)

    def _inverse_date_end(self):
        """Read the duration off the dates."""
        for record in self:
            delta = (record.date_end or record.date_start) - record.date_start
            record.duration = delta.total_seconds() / 3600

    @api.depends("user_id", "date_start", "date_end")
    def _compute_has_overlap(self):
        """Tell which interventions run while the same person did another (K-25)."""
        self.has_overlap = False
        stored = self.filtered("id")
        if not stored:
            return
        self.env["gck.intervencion"].flush_model(["user_id", "date_start", "date_end"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT one.id
                  FROM gck_intervencion one
                  JOIN gck_intervencion other
                    ON other.user_id = one.user_id
                   AND other.id != one.id
                   AND other.date_start < one.date_end
                   AND other.date_end > one.date_start
                 WHERE one.id IN %s
                """,
                tuple(stored.ids),
            )
        )
        self.browse(record_id for (record_id,) in rows).has_overlap = True

    @api.depends("attachment_ids")
    def _compute_attachment_count(self):
        for record in self:
            record.attachment_count = len(record.attachment_ids)

    # ------------------------------------------------------------
    # Constraints and onchanges
    # ------------------------------------------------------------

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for record in self:
            if record.date_end and record.date_end < record.date_start:
                raise ValidationError(
                    self.env._("The intervention cannot end before it starts.")
                )

    @api.onchange("date_end")
    def _onchange_date_end(self):
        if self.date_start and self.date_end:
            self._inverse_date_end()

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Log interventions; the deadline of a task follows the next action."""
        self._check_parents_access(vals_list)
        records = super().create([self._prepare_subject(vals) for vals in vals_list])
        records._check_parent_open()
        records.aviso_id._on_work_added()
        records._claim_attachments()
        records._propose_deadline()
        return records

    def write(self, vals):
        """Write values and log on the task or notice what was changed (K-1)."""
        self._check_parents_access([vals])
        self._check_parent_open()
        before = {
            record.id: record._get_shown_values(self._logged_fields) for record in self
        }
        result = super().write(vals)
        if "tarea_id" in vals or "aviso_id" in vals:
            self._check_parent_open()
            self.aviso_id._on_work_added()
        self._log_changes(before)
        if "attachment_ids" in vals:
            self._claim_attachments()
        if vals.get("date_next"):
            self._propose_deadline()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed_parent(self):
        self._check_parent_open()

    @api.model
    def _prepare_subject(self, vals):
        """Return the values with a one-line summary taken from the description."""
        if vals.get("subject"):
            return vals
        subject = self._get_first_line(vals.get("description"))
        return {**vals, "subject": subject} if subject else vals

    @api.model
    def _gck_prepare_spawned_vals(self, values):
        """Return the values of an intervention logged from a record.

        On a task or notice that is still open it is theirs.

        :param dict values: from ``gck.accion._get_origin_values``
        """
        origin = values.get("origin")
        parents = ("gck.tarea", "gck.aviso")
        if origin is not None and origin._name in parents and not origin.is_locked:
            return origin._prepare_intervencion_vals()
        # What was done is said anew: it is not what the origin is about.
        return super()._gck_prepare_spawned_vals({**values, "subject": False})

    def _check_parent_open(self):
        """:raises UserError: naming the finished tasks or notices"""
        # sudo: only the state of the parent decides, whoever may see it.
        parents = self.sudo()
        closed = parents.tarea_id.filtered("is_locked")
        if closed:
            raise UserError(
                self.env._(
                    "These tasks are finished: %s. Reopen them to change what was "
                    "done on them.",
                    closed._accion_join_names(closed),
                )
            )
        closed = parents.aviso_id.filtered("is_locked")
        if closed and any(
            aviso.company_id.gck_close_rule == "block" for aviso in closed
        ):
            raise UserError(closed._get_work_refusal(closed))

    def _propose_deadline(self):
        """Move the deadline of a task to the next action that was agreed."""
        for record in self:
            # What was agreed for a moment already past makes nobody late.
            if record.date_next and record.date_next > fields.Datetime.now():
                record.tarea_id.date_deadline = record.date_next

    def _claim_attachments(self):
        """Hang uploaded files from their intervention, so that its readers see them.

        What the form uploads belongs to nothing, and only its author could open it.
        """
        for record in self:
            loose = record.attachment_ids.filtered(
                lambda attachment: not attachment.res_id
            )
            loose.write({"res_model": self._name, "res_id": record.id})

    def _attach_copies(self, attachments):
        """Keep the files of a message with the intervention, for good.

        :param attachments: ``ir.attachment`` of the message
        """
        self.ensure_one()
        self.attachment_ids |= self.env["ir.attachment"].union(
            *(
                attachment.copy({"res_model": self._name, "res_id": self.id})
                for attachment in attachments
            )
        )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    # ------------------------------------------------------------
    # History
    # ------------------------------------------------------------

    def _log_changes(self, before):
        """Log changed values, old and new, on the task or notice."""
        if self.env.context.get("mail_notrack"):
            return
        for record in self:
            parent = record.tarea_id or record.aviso_id
            after = record._get_shown_values(self._logged_fields)
            changes = self._format_changes(before[record.id], after)
            if changes and parent:
                title = Markup("<p>%s</p>") % record.display_name
                parent._message_log_batch({parent.id: title + changes})
