from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_datetime, groupby

from .gck_asignable_mixin import NAMES_SHOWN


class GckTarea(models.Model):
    """A task: what somebody has to do, alone or for a notice (K-31, M-24…M-36).

    It ends with an intervention or a closing text (K-43). Without a responsible it
    waits for the manager of its department to hand it out (K-38).
    """

    _name = "gck.tarea"
    _description = "Task"
    _inherit = ["gck.tipificado.mixin", "gck.recordatorio.mixin"]
    _order = "date_deadline, priority desc, id desc"

    _numero_prefix = "TA"
    _accion_kind = "tarea"
    _accion_number = 2
    _parent_fields = ("aviso_id",)
    _accion_systray = True
    _accion_dated_done = True
    _accion_list_action = "gck_avisos.action_gck_tarea"

    state = fields.Selection(
        selection=[
            ("pending", "Pending"),
            ("done", "Finished"),
            ("cancel", "Called off"),
        ],
        default="pending",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    aviso_id = fields.Many2one(
        "gck.aviso",
        string="Notice",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    evento_id = fields.Many2one(
        "gck.evento", string="Event", check_company=True, index="btree_not_null"
    )
    tipo_id = fields.Many2one(
        "gck.tarea.tipo",
        string="Type",
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    tercero = fields.Char(
        string="For",
        compute="_compute_tercero",
        help="The customer or vendor, else whoever the notice is about.",
    )
    tipo_color = fields.Integer(related="tipo_id.color")
    partner_id = fields.Many2one(
        compute="_compute_partner_id", store=True, readonly=False, precompute=True
    )
    subject = fields.Char(
        compute="_compute_subject", store=True, readonly=False, precompute=True
    )
    partner_required = fields.Boolean(related="company_id.gck_tarea_partner_required")
    dispatcher_id = fields.Many2one(
        "res.users",
        string="Assigned by",
        compute="_compute_dispatcher_id",
        help="Manager of the department: hands out the tasks that are nobody's yet.",
    )
    is_unassigned = fields.Boolean(
        compute="_compute_is_unassigned", search="_search_is_unassigned"
    )
    intervencion_ids = fields.One2many(
        "gck.intervencion", "tarea_id", string="Interventions"
    )
    intervencion_count = fields.Integer(
        string="Intervention count", compute="_compute_intervenciones"
    )
    intervencion_hours = fields.Float(string="Hours", compute="_compute_intervenciones")

    _accion_id_idx = models.Index("((id::bigint * 32 + 2))")
    _deadline_idx = models.Index("(date_deadline, priority DESC, id DESC)")
    _unassigned_idx = models.Index(
        "(department_id) WHERE accion_state = 'pending' AND user_id IS NULL"
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("aviso_id.partner_id")
    def _compute_partner_id(self):
        """Take the partner of the notice, also when it becomes known later (K-36)."""
        for tarea in self:
            tarea.partner_id = tarea.partner_id or tarea.aviso_id.partner_id

    @api.depends("aviso_id.subject")
    def _compute_subject(self):
        for tarea in self:
            tarea.subject = tarea.subject or tarea.aviso_id.subject

    @api.depends("aviso_id")
    def _compute_department_id(self):
        return super()._compute_department_id()

    def _propose_department(self):
        return super()._propose_department() or self.aviso_id.department_id

    @api.depends("aviso_id")
    def _compute_date_deadline(self):
        """Propose the deadline: of the type, of the notice, of the company."""
        for tarea in self.filtered(lambda t: t.date and not t.date_deadline):
            if not tarea.tipo_id.deadline_hours and tarea.aviso_id.date_deadline:
                tarea.date_deadline = tarea.aviso_id.date_deadline
        return super()._compute_date_deadline()

    def _propose_hours(self):
        return super()._propose_hours() or self.company_id.gck_tarea_hours

    @api.depends("partner_id", "aviso_id")
    def _compute_contact_id(self):
        return super()._compute_contact_id()

    def _get_parent_contact(self):
        return self.aviso_id.contact_id

    @api.depends("partner_id", "aviso_id.tercero")
    def _compute_tercero(self):
        for tarea in self:
            # sudo: who the notice is about is part of the task.
            tarea.tercero = (
                tarea.partner_id.display_name or tarea.sudo().aviso_id.tercero
            )

    @api.depends("department_id")
    def _compute_dispatcher_id(self):
        for tarea in self:
            # sudo: users without HR rights need to know who hands out the work.
            tarea.dispatcher_id = tarea.sudo().department_id.manager_id.user_id

    @api.depends("user_id", "accion_state")
    def _compute_is_unassigned(self):
        for tarea in self:
            tarea.is_unassigned = tarea.accion_state == "pending" and not tarea.user_id

    def _search_is_unassigned(self, operator, value):
        if operator != "in":
            return NotImplemented
        unassigned = Domain("accion_state", "=", "pending") & Domain(
            "user_id", "=", False
        )
        return unassigned if True in value else ~unassigned

    @api.depends("intervencion_ids.duration")
    def _compute_intervenciones(self):
        data = {
            tarea.id: (count, hours)
            for tarea, count, hours in self.env["gck.intervencion"]._read_group(
                [("tarea_id", "in", self.ids)],
                ["tarea_id"],
                ["__count", "duration:sum"],
            )
        }
        for tarea in self:
            tarea.intervencion_count, tarea.intervencion_hours = data.get(
                tarea.id, (0, 0.0)
            )

    def _get_vinculos(self):
        """Add the documents linked from the interventions and the notice (K-36)."""
        result = super()._get_vinculos()
        intervenciones = self.env["gck.intervencion"].search(
            [("tarea_id", "in", self.ids)]
        )
        tareas_by_origin = {
            ("gck.aviso", aviso_id): [tarea.id for tarea in tareas]
            for aviso_id, tareas in groupby(self, lambda tarea: tarea.aviso_id.id)
            if aviso_id
        }
        for intervencion in intervenciones:
            tareas_by_origin["gck.intervencion", intervencion.id] = [
                intervencion.tarea_id.id
            ]
        links = self.env["gck.vinculo"]._get_of_origins(intervenciones, self.aviso_id)
        for link in links:
            for tarea_id in tareas_by_origin[link.origin_model, link.origin_id]:
                known = result.get(tarea_id, links.browse())
                if not known._find(link.res_model, link.res_id):
                    result[tarea_id] = known | link
        return result

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create tasks; notices that were waiting are under way from now on."""
        self._check_parents_access(vals_list)
        tareas = super().create(vals_list)
        tareas._check_partner_given()
        tareas.aviso_id._on_work_added()
        tareas._notify_dispatchers()
        return tareas

    def write(self, vals):
        """Write values; a task moved to another notice counts as work added."""
        self._check_parents_access([vals])
        result = super().write(vals)
        if "partner_id" in vals or "aviso_id" in vals:
            self._check_partner_given()
        if vals.get("aviso_id"):
            self.aviso_id._on_work_added()
        if "department_id" in vals or "user_id" in vals:
            self._notify_dispatchers()
        return result

    def _check_partner_given(self):
        """Ask for the customer or vendor of a free task, where it is wanted (M-26).

        Not a constraint: those always run as superuser, and what mail or the system
        creates on its own has nobody to ask.

        :raises ValidationError: naming the first task without
        """
        if self.env.su:
            return
        for tarea in self.filtered(lambda t: not t.partner_id and not t.aviso_id):
            if tarea.partner_required:
                raise ValidationError(
                    self.env._(
                        "Say whose task «%(subject)s» is: your company requires a "
                        "customer or vendor. For work of your own, choose your own "
                        "company.",
                        subject=tarea.subject or tarea.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed_aviso(self):
        closed = self.aviso_id.filtered("is_locked")
        if closed:
            raise UserError(
                self.env._(
                    "Tasks of a closed notice cannot be deleted: %s.",
                    self._accion_join_names(closed),
                )
            )

    def _notify_dispatchers(self):
        """Tell the managers of departments which tasks wait to be handed out."""
        waiting = self.filtered(
            lambda tarea: tarea.is_unassigned and tarea.dispatcher_id
        )
        for dispatcher, tareas in groupby(waiting, lambda tarea: tarea.dispatcher_id):
            if dispatcher == self.env.user:
                continue
            # sudo: partner_id of a colleague is read, nothing else.
            self.browse().union(*tareas)._accion_notify(
                dispatcher.sudo().partner_id,
                lambda env: env._("%s is waiting for you to assign it"),
            )

    @api.model
    def _gck_prepare_spawned_vals(self, values):
        """Hang a task generated within an open notice from that notice (K-36)."""
        vals = super()._gck_prepare_spawned_vals(values)
        origin = values.get("origin")
        if origin is None:
            return vals
        aviso = origin if origin._name == "gck.aviso" else self.env["gck.aviso"]
        if origin._name in ("gck.tarea", "gck.intervencion"):
            # A task may be within the user's reach and its notice not.
            aviso = origin.aviso_id._filtered_access("read")
        if aviso and not aviso.is_locked:
            vals = {**aviso._prepare_tarea_vals(), **vals}
        return vals

    # ------------------------------------------------------------
    # Life
    # ------------------------------------------------------------

    def action_done(self):
        """Finish tasks (K-43); asks for a closing text where nothing was logged.

        Many are finished in the background.

        :return: an action dictionary when the text is missing or something has to be
            told, else True
        """
        pending = self._filter_pending()
        if self and not pending:
            raise UserError(
                self.env._("Already finished: %s.", self._accion_join_names(self))
            )
        silent = pending._filter_silent()
        # As selected when many: what the list has beyond them belongs to it as well.
        tareas = self if self._gck_is_large() else pending
        if silent:
            return tareas._accion_ask(
                "done",
                self.env._(
                    "Nothing was logged on these tasks: %s. Say what was done.",
                    self._accion_join_names(silent),
                ),
            )
        notification = tareas._gck_bulk(
            "_bulk_transition",
            {"transition": "done"},
            title=self.env._("Finish tasks"),
            running=self.env._("%s tasks are being finished in the background."),
        )
        return notification or True

    def _filter_silent(self):
        """Return the tasks on which nobody logged anything."""
        # sudo: what a colleague logged counts, whoever may read it.
        logged = (
            self.env["gck.intervencion"]
            .sudo()
            ._read_group([("tarea_id", "in", self.ids)], ["tarea_id"])
        )
        return self - self.browse(tarea.id for (tarea,) in logged)

    def action_cancel(self):
        """Open the dialog that asks why tasks are cancelled."""
        return self._accion_ask("cancel")

    def action_reopen(self):
        """Set finished tasks back to pending (M-35).

        :raises UserError: when their notice is closed and blocks it
        """
        finished = self.filtered("is_locked")
        finished.aviso_id._on_work_added()
        finished._accion_transition("pending", self._accion_reopen_values())
        finished._notify_concerned(lambda env: env._("%s was reopened"))
        return True

    def action_done_dated(self):
        """Open the dialog that finishes tasks as of an earlier moment (M-35).

        :raises UserError: when they are all finished
        """
        pending = self._filter_pending()
        if not pending:
            raise UserError(
                self.env._("Already finished: %s.", self._accion_join_names(self))
            )
        return pending._accion_ask("done")

    def _do_done(self, text=None, date_done=None):
        """Finish pending tasks.

        :param str text: closing text; required where no intervention was logged
        :param datetime date_done: when they ended, naive UTC; now unless given
        :raises UserError: naming the tasks that have neither, or when the end lies
            in the future
        """
        pending = self._filter_pending()
        silent = pending._filter_silent()
        if silent and not (text or "").strip():
            raise UserError(
                self.env._(
                    "Log an intervention or write a closing text first: %s.",
                    self._accion_join_names(silent),
                )
            )
        if date_done and date_done > fields.Datetime.now():
            raise UserError(
                self.env._(
                    "A task ends now or earlier: %s is still to come.",
                    format_datetime(self.env, date_done),
                )
            )
        if pending:
            values = self._accion_finish_values(text)
            if date_done:
                values["date_done"] = date_done
            pending._accion_transition("done", values, text)
            pending._notify_concerned(lambda env: env._("%s is finished"), text)

    def _do_cancel(self, reason):
        """Cancel pending tasks for a reason."""
        pending = self._filter_pending()
        if pending:
            pending._accion_transition(
                "cancel", self._accion_finish_values(reason), reason
            )
            pending._notify_concerned(lambda env: env._("%s was cancelled"), reason)

    def _creation_message(self):
        return self.env._("Task created")

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def _prepare_intervencion_vals(self):
        """Return what an intervention logged on this task takes from it."""
        self.ensure_one()
        return {
            "tarea_id": self.id,
            "partner_id": self.partner_id.id,
            "contact_id": self.contact_id.id,
            "company_id": self.company_id.id,
        }

    def action_view_aviso(self):
        """Open the notice that the task was raised from."""
        return self.aviso_id._get_records_action()

    def action_log_intervencion(self):
        """Open the dialog that logs an intervention on the task (K-39)."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log intervention"),
            "res_model": "gck.intervencion",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": self._as_defaults(self._prepare_intervencion_vals()),
        }

    def action_send_email(self):
        """Open the composer on the task; sending logs the intervention (K-40).

        :raises UserError: when nobody to write to is known
        """
        self.ensure_one()
        recipient = self.contact_id or self.partner_id
        if not recipient:
            raise UserError(
                self.env._("Choose the customer or contact of the task first.")
            )
        if not recipient.email:
            raise UserError(
                self.env._(
                    "%s has no e-mail address. Fill it in on the contact.",
                    recipient.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send e-mail"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": recipient.ids,
                "default_subject": self.subject,
                "mail_post_autofollow": False,
            },
        }

    def _accion_log_email(self, message, partners):
        """Log an e-mail that was just sent as an intervention (K-40).

        :param message: the ``mail.message``
        :param partners: the outside ``res.partner`` it went to
        :return: the new ``gck.intervencion``, none when the task is closed
        """
        self.ensure_one()
        if self.accion_state != "pending":
            return self.env["gck.intervencion"]
        activity = self.env["gck.actividad.tipo"]._get_by_category(
            "email", self.company_id
        )
        now = fields.Datetime.now()
        intervencion = self.env["gck.intervencion"].create(
            {
                **self._prepare_intervencion_vals(),
                "activity_id": activity.id,
                "direction": "out",
                "date_start": now,
                "date_end": now,
                "subject": message.subject,
                "description": message.body,
                "result": self.env._(
                    "Sent to %s",
                    ", ".join(
                        partner.email_formatted or partner.display_name
                        for partner in partners[:NAMES_SHOWN]
                    ),
                ),
            }
        )
        intervencion._attach_copies(message.attachment_ids)
        return intervencion
