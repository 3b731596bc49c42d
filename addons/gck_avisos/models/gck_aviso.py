from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import is_html_empty


class GckAviso(models.Model):
    """A notice: anything that reaches the company (K-1, K-5, K-30).

    It is tied to a customer or vendor, a lead, or to nobody outside (an internal
    notice), spawns tasks, and closes only when they are done (K-44).
    """

    _name = "gck.aviso"
    _description = "Notice"
    _inherit = ["gck.tipificado.mixin", "gck.interlocutor.mixin"]
    _order = "date desc, id desc"

    _numero_prefix = "AV"
    _accion_kind = "aviso"
    _accion_number = 1
    _accion_systray = True
    _accion_list_action = "gck_avisos.action_gck_aviso"
    # One of these is enough to know what a notice without description is about.
    _saying_fields = (
        "subject",
        "partner_id",
        "contact_id",
        "lead_id",
        "caller_name",
        "phone",
        "tipo_id",
        "motivo_id",
    )

    state = fields.Selection(
        selection=[
            ("new", "Open"),
            ("open", "In progress"),
            ("done", "Closed"),
            ("cancel", "Cancelled"),
        ],
        default="new",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    procedencia_id = fields.Many2one(
        "gck.procedencia",
        string="Channel",
        default=lambda self: self._default_procedencia_id(),
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    tipo_id = fields.Many2one(
        "gck.aviso.tipo",
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
    )
    motivo_required = fields.Boolean(related="company_id.gck_motivo_required")
    comercial_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        domain=[("share", "=", False)],
        compute="_compute_comercial_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    tarea_ids = fields.One2many("gck.tarea", "aviso_id", string="Tasks")
    tarea_count = fields.Integer(string="Task count", compute="_compute_tareas")
    tarea_done_count = fields.Integer(string="Tasks done", compute="_compute_tareas")
    tarea_progress = fields.Char(
        string="Task progress",
        compute="_compute_tareas",
        help="Tasks done of all that were raised, cancelled ones apart.",
    )
    intervencion_ids = fields.One2many(
        "gck.intervencion", "aviso_id", string="Interventions"
    )
    intervencion_hours = fields.Float(
        string="Hours", compute="_compute_intervencion_hours"
    )

    _accion_id_idx = models.Index("((id::bigint * 32 + 1))")
    _untreated_idx = models.Index("(date DESC, id DESC) WHERE state = 'new'")

    # ------------------------------------------------------------
    # Defaults and computes
    # ------------------------------------------------------------

    @api.model
    def _default_procedencia_id(self):
        """Return the first phone channel: reception answers the phone."""
        return self._get_procedencia("call")

    @api.model
    def _get_procedencia(self, channel):
        """Return the first active channel row of a kind in the current company.

        :param str channel: a value of ``gck.procedencia.channel``
        :return: one ``gck.procedencia``, or none
        """
        domain = [
            ("channel", "=", channel),
            ("company_id", "in", [self.env.company.id, False]),
        ]
        return self.env["gck.procedencia"].search(domain, limit=1)

    @api.depends("partner_id", "lead_id")
    def _compute_comercial_id(self):
        for aviso in self:
            aviso.comercial_id = (
                aviso.partner_id.user_id
                or aviso.partner_id.commercial_partner_id.user_id
                or aviso.lead_id.user_id
                or aviso.comercial_id
            )

    @api.depends("tarea_ids.accion_state")
    def _compute_tareas(self):
        # sudo: the progress is the notice's, whichever tasks the reader may open.
        Tarea = self.env["gck.tarea"].sudo()
        counts = {}
        for aviso, state, count in Tarea._read_group(
            [("aviso_id", "in", self.ids)], ["aviso_id", "accion_state"], ["__count"]
        ):
            counts[aviso.id, state] = count
        for aviso in self:
            done = counts.get((aviso.id, "done"), 0)
            total = done + counts.get((aviso.id, "pending"), 0)
            aviso.tarea_count = total
            aviso.tarea_done_count = done
            aviso.tarea_progress = f"{done}/{total}" if total else ""

    @api.depends("intervencion_ids.duration")
    def _compute_intervencion_hours(self):
        hours = dict(
            self.env["gck.intervencion"]._read_group(
                [("aviso_id", "in", self.ids)], ["aviso_id"], ["duration:sum"]
            )
        )
        for aviso in self:
            aviso.intervencion_hours = hours.get(aviso, 0.0)

    def _get_vinculos(self):
        """Add the documents linked from the tasks and interventions (K-41)."""
        tareas = self.env["gck.tarea"].search([("aviso_id", "in", self.ids)])
        intervenciones = self.env["gck.intervencion"].search(
            [("aviso_id", "in", self.ids)]
        )
        aviso_by_origin = {("gck.aviso", aviso.id): aviso.id for aviso in self}
        for records in (tareas, intervenciones):
            for record in records:
                aviso_by_origin[record._name, record.id] = record.aviso_id.id
        links = self.env["gck.vinculo"]._get_of_origins(self, tareas, intervenciones)
        result = {}
        seen = set()
        for link in links:
            aviso_id = aviso_by_origin[link.origin_model, link.origin_id]
            key = (aviso_id, link.res_model, link.res_id)
            if key not in seen:
                seen.add(key)
                result[aviso_id] = result.get(aviso_id, link) | link
        return result

    @api.model
    def _get_linked_domain(self):
        """Count the documents of tasks and interventions as the notice's."""
        return Domain.OR(
            [
                super()._get_linked_domain(),
                Domain("tarea_ids", "any", self.env["gck.tarea"]._get_linked_domain()),
                Domain(
                    "intervencion_ids",
                    "any",
                    self.env["gck.intervencion"]._get_linked_domain(),
                ),
            ]
        )

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains("motivo_id", "company_id")
    def _check_motivo_id(self):
        """Ask for the reason where the company wants it (K-35)."""
        for aviso in self:
            if aviso.company_id.gck_motivo_required and not aviso.motivo_id:
                raise ValidationError(
                    self.env._(
                        "Give the reason of notice %s: your company requires it.",
                        aviso.name,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create notices; one without a subject takes it from what is known."""
        self._check_not_empty(vals_list)
        vals_list = self._prepare_procedencias(vals_list)
        proposed = self.env.context.get("default_subject")
        return super().create(
            [
                vals if vals.get("subject", proposed) else self._prepare_subject(vals)
                for vals in vals_list
            ]
        )

    @api.model
    def _check_not_empty(self, vals_list):
        """Refuse notices that say nothing.

        Odoo saves the untouched form of a new record when its page is left.

        :raises UserError: when one has neither subject, third party nor classifier
        """
        for vals in vals_list:
            said = [
                vals.get(name, self.env.context.get(f"default_{name}"))
                for name in self._saying_fields
            ]
            if not any(said) and is_html_empty(vals.get("description")):
                raise UserError(
                    self.env._(
                        "Write at least who calls or what it is about: an empty "
                        "notice is not saved."
                    )
                )

    @api.model
    def _prepare_procedencias(self, vals_list):
        """Return the values with the proposed channel where none was given.

        Once for each company: a default would be searched again for every row, in
        the company on top.
        """
        default_company_id = self._get_default_company_id()
        proposed = {}
        result = []
        for vals in vals_list:
            if "procedencia_id" not in vals:
                company_id = vals.get("company_id") or default_company_id
                if company_id not in proposed:
                    Aviso = self.with_company(company_id)
                    proposed[company_id] = Aviso.default_get(["procedencia_id"])
                vals = {**proposed[company_id], **vals}
            result.append(vals)
        return result

    @api.model
    def _prepare_subject(self, vals):
        """Return the values with a subject made of description or classifiers."""
        subject = self._get_first_line(vals.get("description"))
        for field_name in ("motivo_id", "tipo_id", "procedencia_id"):
            if not subject and vals.get(field_name):
                comodel = self._fields[field_name].comodel_name
                subject = self.env[comodel].browse(vals[field_name]).name
        return {**vals, "subject": subject} if subject else vals

    def _creation_message(self):
        return self.env._("Notice created")

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def _prepare_tarea_vals(self):
        """Return what a task raised from this notice takes from it (K-36)."""
        self.ensure_one()
        return {
            "aviso_id": self.id,
            "partner_id": self.partner_id.id,
            "contact_id": self.contact_id.id,
            "subject": self.subject,
            "department_id": self.department_id.id,
            "priority": self.priority,
            "company_id": self.company_id.id,
        }

    def _prepare_intervencion_vals(self):
        """Return what an intervention logged on this notice takes from it."""
        self.ensure_one()
        return {
            "aviso_id": self.id,
            "partner_id": self.partner_id.id,
            "contact_id": self.contact_id.id,
            "company_id": self.company_id.id,
        }

    def action_create_tarea(self):
        """Open a new task filled from the notice."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New task"),
            "res_model": "gck.tarea",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": self._as_defaults(self._prepare_tarea_vals()),
        }

    def action_view_tareas(self):
        """Open the tasks of the notice."""
        self.ensure_one()
        return self.env["gck.tarea"]._get_list_action(
            [("aviso_id", "=", self.id)],
            self._as_defaults(self._prepare_tarea_vals()),
        )
