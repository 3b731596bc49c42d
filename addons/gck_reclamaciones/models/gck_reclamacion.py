from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.gck_avisos.models.gck_accion_mixin import SERVER_FIELDS
from odoo.addons.gck_avisos.models.gck_asignable_mixin import STAFF_DOMAIN


class GckReclamacion(models.Model):
    """A claim, incident or nonconformity (O-6): customer, vendor or internal (O-7).

    Two people answer for it: who evaluates it and who solves it (O-8). Whoever is up
    at the moment is its responsible, and the deadline of that stage is its deadline,
    so that lists of pending and late matters say whose turn it is.
    """

    _name = "gck.reclamacion"
    _description = "Claim"
    _inherit = [
        "gck.reclamacion.direccion.mixin",
        "gck.reclamacion.documento.mixin",
        "gck.reclamacion.trabajo.mixin",
        "gck.reclamacion.plazos.mixin",
        "gck.reclamacion.destinatarios.mixin",
        "gck.reclamacion.carta.mixin",
        "gck.reclamacion.panel.mixin",
        "gck.accion.mixin",
        "gck.correo.mixin",
        "portal.mixin",
    ]
    _order = "date desc, id desc"

    _numero_prefix = {"claim": "RE", "incident": "INC", "nonconformity": "NC"}
    _numero_series_field = "clase"
    _accion_kind = "reclamacion"
    _accion_number = 8
    _accion_systray = True
    _accion_list_action = "gck_reclamaciones.action_gck_reclamacion"
    _accion_cancel_states = ("rejected",)
    _accion_server_fields = (
        *SERVER_FIELDS,
        "date_open",
        "date_evaluated",
        "reopen_count",
        "merged_into_id",
        "date_escalated",
        "escalated_deadline",
    )
    _parent_fields = ("parent_id",)

    clase = fields.Selection(
        selection=[
            ("claim", "Claim"),
            ("incident", "Incident"),
            ("nonconformity", "Nonconformity"),
        ],
        string="Class",
        default="claim",
        required=True,
        index=True,
        help="Each class has its own numbers.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("open", "Open"),
            ("evaluated", "Evaluated"),
            ("done", "Closed"),
            ("rejected", "Rejected"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    # ------------------------------------------------------------
    # Who
    # ------------------------------------------------------------
    tercero = fields.Char(
        string="From",
        compute="_compute_tercero",
        help="The customer or vendor, else who sent the mail.",
    )
    phone = fields.Char(
        compute="_compute_phone", store=True, readonly=False, precompute=True
    )
    email = fields.Char(
        compute="_compute_email", store=True, readonly=False, precompute=True
    )
    user_id = fields.Many2one(
        compute="_compute_user_id",
        inverse="_inverse_user_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=False,
        help="Whose turn it is: the evaluator, then the solver.",
    )
    evaluator_id = fields.Many2one(
        "res.users",
        domain=STAFF_DOMAIN,
        compute="_compute_evaluator_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        tracking=True,
        help="Who finds out what happened and why.",
    )
    solver_id = fields.Many2one(
        "res.users",
        domain=STAFF_DOMAIN,
        compute="_compute_solver_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        tracking=True,
        help="Who sees to it that it is solved: the evaluator, unless somebody else.",
    )
    team_ids = fields.Many2many(
        "res.users",
        "gck_reclamacion_team_rel",
        check_company=True,
        help="Who works on it besides; the team of the 8D report.",
    )
    department_id = fields.Many2one(
        compute="_compute_department_id", store=True, readonly=False, precompute=True
    )
    # ------------------------------------------------------------
    # What
    # ------------------------------------------------------------
    tipo_id = fields.Many2one(
        "gck.reclamacion.tipo",
        string="Type",
        check_company=True,
        index="btree_not_null",
        tracking=True,
        domain="[('clase', 'in', (clase, False)),"
        " ('direction', 'in', (direction, False))]",
    )
    tipo_color = fields.Integer(related="tipo_id.color")
    categoria_id = fields.Many2one(
        "gck.reclamacion.categoria",
        string="Category",
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    severity = fields.Selection(
        selection=[("minor", "Minor"), ("major", "Major"), ("critical", "Critical")],
        default="minor",
        required=True,
        tracking=True,
    )
    properties = fields.Properties(
        string="Own fields", definition="tipo_id.properties_definition", copy=True
    )
    partner_ref = fields.Char(
        string="Their reference", help="How the customer or vendor calls the claim."
    )
    linea_ids = fields.One2many(
        "gck.reclamacion.linea", "reclamacion_id", string="What is claimed", copy=True
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The first product of what is claimed.",
    )
    merged_into_id = fields.Many2one(
        "gck.reclamacion",
        string="Merged into",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    # ------------------------------------------------------------
    # When
    # ------------------------------------------------------------
    date_deadline = fields.Datetime(
        compute="_compute_date_deadline",
        inverse="_inverse_date_deadline",
        store=True,
        readonly=False,
        precompute=True,
        tracking=False,
        help="That of the stage it is in: evaluation, then solution.",
    )
    evaluation_deadline = fields.Datetime(
        string="Evaluate by",
        compute="_compute_stage_deadlines",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        tracking=True,
    )
    resolution_deadline = fields.Datetime(
        string="Solve by",
        compute="_compute_stage_deadlines",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        tracking=True,
    )
    date_open = fields.Datetime(string="Opened on", readonly=True, copy=False)
    date_evaluated = fields.Datetime(string="Evaluated on", readonly=True, copy=False)
    days_to_close = fields.Float(
        compute="_compute_days_to_close",
        store=True,
        precompute=True,
        aggregator="avg",
        help="Calendar days from the opening to the end.",
    )
    reopen_count = fields.Integer(string="Times reopened", readonly=True, copy=False)
    no_calendar = fields.Boolean(compute="_compute_no_calendar")
    # ------------------------------------------------------------
    # Why, and what was done
    # ------------------------------------------------------------
    causa_id = fields.Many2one(
        "gck.reclamacion.causa",
        string="Root cause",
        check_company=True,
        index="btree_not_null",
        copy=False,
        tracking=True,
    )
    causa_ids = fields.Many2many(
        "gck.reclamacion.causa",
        string="Contributing causes",
        check_company=True,
        copy=False,
    )
    causa_text = fields.Html(string="Analysis", copy=False)
    resolution = fields.Text(copy=False, tracking=True)
    coste_ids = fields.One2many(
        "gck.reclamacion.coste", "reclamacion_id", string="Costs"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost_total = fields.Monetary(
        string="Cost",
        compute="_compute_cost_total",
        store=True,
        precompute=True,
        help="What the claim costs the company, less what was recovered.",
    )

    _accion_id_idx = models.Index("((id::bigint * 32 + 8))")
    _direction_state_idx = models.Index("(direction, state, company_id)")
    _evaluation_late_idx = models.Index(
        "(evaluation_deadline) WHERE state IN ('draft', 'open')"
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("partner_id", "email", "direction")
    def _compute_tercero(self):
        for reclamacion in self:
            # sudo: who the claim is about is part of it.
            reclamacion.tercero = (
                reclamacion.sudo().partner_id.display_name or reclamacion.email
            )

    @api.depends("partner_id", "contact_id")
    def _compute_phone(self):
        self._compute_from_partner("phone")

    @api.depends("partner_id", "contact_id")
    def _compute_email(self):
        self._compute_from_partner("email")

    def _compute_from_partner(self, name):
        """Take a value from contact or partner; keep what somebody wrote.

        In a form nobody knows any more which partner was there before: a value that
        is on file, as that one's was, gives way; one that is not was typed.
        """
        given = self.filtered(
            lambda r: (
                r[name] and r[name] not in (r.contact_id[name], r.partner_id[name])
            )
        )
        on_file = set()
        if given:
            Partner = self.env["res.partner"].with_context(active_test=False)
            values = list(set(given.mapped(name)))
            on_file.update(
                Partner.search_fetch([(name, "in", values)], [name]).mapped(name)
            )
        kept = given.filtered(lambda r: r[name] not in on_file)
        (self - kept)._gck_set_by_value(
            name, lambda r: r.contact_id[name] or r.partner_id[name]
        )
        # A compute has to set what it keeps as well.
        kept._gck_set_by_value(name, lambda r: r[name])

    @api.depends("tipo_id")
    def _compute_evaluator_id(self):
        self._gck_set_by_value(
            "evaluator_id",
            lambda r: r.evaluator_id or self._get_proposed_user(r.tipo_id),
        )

    @api.depends("tipo_id", "evaluator_id")
    def _compute_solver_id(self):
        def get_solver(reclamacion):
            if reclamacion.solver_id:
                return reclamacion.solver_id
            # sudo: whether a colleague is archived is read, nothing else.
            proposed = reclamacion.tipo_id.sudo().solver_id.filtered("active")
            return (
                reclamacion.tipo_id.solver_id & proposed
            ) or reclamacion.evaluator_id

        self._gck_set_by_value("solver_id", get_solver)

    @api.depends("evaluator_id", "solver_id", "state", "date_evaluated")
    def _compute_user_id(self):
        self._gck_set_by_value(
            "user_id", lambda r: r[r._get_turn_field("evaluator_id", "solver_id")]
        )

    def _inverse_user_id(self):
        """Hand the stage it is in to somebody (the dialog «Reassign»)."""
        for reclamacion in self:
            name = reclamacion._get_turn_field("evaluator_id", "solver_id")
            reclamacion[name] = reclamacion.user_id

    def _get_turn_field(self, evaluation, resolution):
        """Return which of two fields counts in the stage of the claim."""
        self.ensure_one()
        evaluating = self.state in ("draft", "open") or (
            self.is_locked and not self.date_evaluated
        )
        return evaluation if evaluating else resolution

    @api.depends("tipo_id")
    def _compute_department_id(self):
        self._gck_set_by_value(
            "department_id", lambda r: r.department_id or r.tipo_id.department_id
        )

    @api.depends("tipo_id")
    def _compute_stage_deadlines(self):
        """Propose both deadlines, in working hours from the date (O-8)."""
        planned = self._get_planned_deadlines(
            {
                (reclamacion, name): reclamacion.tipo_id[hours_name]
                for name, hours_name in self._get_deadline_fields()
                for reclamacion in self
                if reclamacion.tipo_id[hours_name]
                and reclamacion.date
                and not reclamacion[name]
            }
        )
        for (reclamacion, name), moment in planned.items():
            reclamacion[name] = moment

    @api.depends("evaluation_deadline", "resolution_deadline", "state")
    def _compute_date_deadline(self):
        self._gck_set_by_value("date_deadline", lambda r: r[r._get_turn_deadline()])

    def _inverse_date_deadline(self):
        """Move the deadline of the stage it is in (the dialog «Postpone»)."""
        for reclamacion in self:
            name = reclamacion._get_turn_deadline()
            reclamacion[name] = reclamacion.date_deadline

    def _get_turn_deadline(self):
        """Return the name of the deadline that counts in the stage of the claim."""
        name = self._get_turn_field("evaluation_deadline", "resolution_deadline")
        return name if self[name] else "resolution_deadline"

    @api.depends("date_open", "date_done")
    def _compute_days_to_close(self):
        ended = self.filtered(lambda r: r.date_open and r.date_done)
        (self - ended).days_to_close = 0.0
        for reclamacion in ended:
            duration = reclamacion.date_done - reclamacion.date_open
            reclamacion.days_to_close = duration.total_seconds() / 86400

    @api.depends("company_id.resource_calendar_id", "company_id.gck_hours_mode")
    def _compute_no_calendar(self):
        """Tell where deadlines count calendar hours for want of working hours."""
        for reclamacion in self:
            company = reclamacion.company_id
            reclamacion.no_calendar = (
                company.gck_hours_mode == "working" and not company.resource_calendar_id
            )

    @api.depends("linea_ids.product_id")
    def _compute_product_id(self):
        self._gck_set_by_value("product_id", lambda r: r.linea_ids.product_id[:1])

    @api.depends("coste_ids.amount")
    def _compute_cost_total(self):
        costly = self.filtered("coste_ids")
        (self - costly).cost_total = 0.0
        for reclamacion in costly:
            reclamacion.cost_total = sum(reclamacion.coste_ids.mapped("amount"))

    # ------------------------------------------------------------
    # Constraints and onchanges
    # ------------------------------------------------------------

    @api.constrains("evaluator_id", "solver_id")
    def _check_staff_active(self):
        """Refuse to name somebody who cannot log in any more."""
        for reclamacion in self.filtered(lambda r: r.accion_state == "pending"):
            # sudo: the names of archived users are only read for the message.
            trusted = reclamacion.sudo()
            for user in trusted.evaluator_id | trusted.solver_id:
                if not user.active:
                    raise ValidationError(
                        self.env._(
                            "%(user)s is archived and cannot evaluate or solve "
                            "%(claim)s. Choose an active user.",
                            user=user.name,
                            claim=reclamacion.name,
                        )
                    )

    @api.onchange("contact_id")
    def _onchange_contact_id(self):
        """Take the company of a contact that was chosen first."""
        if self.contact_id and not self.partner_id:
            self.partner_id = self.contact_id.commercial_partner_id

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        """Write values; who is up next is told.

        :raises AccessError: when the user may not note claims of the new direction
        """
        turned = self.filtered(
            lambda r: "direction" in vals and r.direction != vals["direction"]
        )
        previous = None
        # Where the responsible itself may change, whoever is given it is told below.
        told = {"user_id", "department_id", "tipo_id"} & vals.keys()
        if not told and {"evaluator_id", "solver_id", "state"} & vals.keys():
            previous = {reclamacion.id: reclamacion.user_id.id for reclamacion in self}
        result = super().write(vals)
        # Rules look at what was before: else sales could hand itself vendor claims.
        turned.check_access("create")
        if previous is not None:
            self._accion_notify_assigned(previous)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        begun = self.filtered("date_open")
        if begun:
            raise ValidationError(
                self.env._(
                    "These were opened and stay on record: %s. Reject them instead.",
                    self._accion_join_names(begun),
                )
            )

    def _creation_message(self):
        labels = dict(self._fields["clase"]._description_selection(self.env))
        return self.env._("%s created", labels[self.clase])

    @api.model
    def _get_hour_cost(self, company):
        """Return what an hour of work on claims costs a company."""
        return company.gck_reclamacion_hour_cost
