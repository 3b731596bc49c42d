from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_datetime

from odoo.addons.gck_avisos.models.gck_accion_mixin import _TRANSITION


class GckReclamacionAccion(models.Model):
    """A solution action of a claim: immediate, corrective or preventive (O-14)."""

    _name = "gck.reclamacion.accion"
    _description = "Solution action"
    _inherit = ["gck.reclamacion.parte.mixin", "gck.accion.mixin"]
    _order = "date_deadline, id"

    _numero_prefix = "AS"
    _accion_kind = "accion_solucion"
    _accion_number = 9
    _accion_systray = True
    _accion_dated_done = True
    _accion_list_action = "gck_reclamaciones.action_gck_reclamacion_accion"
    _parent_fields = ("reclamacion_id",)
    _parte_free_fields = frozenset(
        {"efficacy", "efficacy_text", "efficacy_user_id", "date_efficacy_done"}
    )

    state = fields.Selection(
        selection=[
            ("pending", "Pending"),
            ("done", "Done"),
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
    tipo = fields.Selection(
        selection=[
            ("immediate", "Immediate"),
            ("corrective", "Corrective"),
            ("preventive", "Preventive"),
        ],
        string="Kind",
        default="corrective",
        required=True,
        tracking=True,
        help="Immediate: contains the damage. Corrective: takes away its cause. "
        "Preventive: keeps it from happening elsewhere.",
    )
    direction = fields.Selection(
        related="reclamacion_id.direction", store=True, index=True
    )
    can_manage = fields.Boolean(compute="_compute_can_manage")
    partner_id = fields.Many2one(
        compute="_compute_partner_id", store=True, readonly=False, precompute=True
    )
    user_id = fields.Many2one(
        compute="_compute_user_id", store=True, readonly=False, precompute=True
    )
    date_efficacy = fields.Date(
        string="Check effectiveness on",
        copy=False,
        tracking=True,
        help="When it can be told whether the action worked.",
    )
    efficacy_checker_id = fields.Many2one(
        "res.users",
        string="Checked by",
        compute="_compute_efficacy_checker_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="Who checks whether it worked: the evaluator of the claim.",
    )
    needs_efficacy = fields.Boolean(compute="_compute_needs_efficacy")
    efficacy = fields.Selection(
        selection=[("effective", "Effective"), ("ineffective", "Not effective")],
        string="Effectiveness",
        readonly=True,
        copy=False,
        tracking=True,
    )
    efficacy_text = fields.Text(string="Evidence", readonly=True, copy=False)
    efficacy_user_id = fields.Many2one(
        "res.users", string="Effectiveness checked by", readonly=True, copy=False
    )
    date_efficacy_done = fields.Datetime(
        string="Effectiveness checked on", readonly=True, copy=False
    )

    _accion_id_idx = models.Index("((id::bigint * 32 + 9))")
    _deadline_idx = models.Index("(date_deadline, id)")
    _efficacy_idx = models.Index(
        "(date_efficacy) WHERE efficacy IS NULL AND date_efficacy IS NOT NULL"
    )

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.depends("reclamacion_id.partner_id")
    def _compute_partner_id(self):
        for accion in self:
            accion.partner_id = accion.partner_id or accion.reclamacion_id.partner_id

    @api.depends("reclamacion_id")
    def _compute_user_id(self):
        """Propose whoever solves the claim."""
        for accion in self:
            accion.user_id = accion.user_id or accion.reclamacion_id.solver_id

    @api.depends("reclamacion_id")
    def _compute_efficacy_checker_id(self):
        for accion in self:
            accion.efficacy_checker_id = (
                accion.efficacy_checker_id or accion.reclamacion_id.evaluator_id
            )

    @api.depends("direction")
    @api.depends_context("uid")
    def _compute_can_manage(self):
        """Tell whether the reader may reopen the action, as its claim (O-15)."""
        managed = self.env["gck.reclamacion"]._get_managed_directions()
        for accion in self:
            accion.can_manage = accion.direction in managed

    @api.depends("tipo", "date_efficacy")
    def _compute_needs_efficacy(self):
        """What only contains the damage has no effect to check, unless it is dated."""
        for accion in self:
            accion.needs_efficacy = bool(accion.date_efficacy) or (
                accion.tipo in ("corrective", "preventive")
            )

    @api.constrains("date", "reclamacion_id")
    def _check_date(self):
        """Refuse an action from before the claim was opened (O-14)."""
        for accion in self:
            opened = accion.reclamacion_id.date_open or accion.reclamacion_id.date
            if opened and accion.date < opened.replace(second=0, microsecond=0):
                raise ValidationError(
                    self.env._(
                        "%(action)s cannot be dated before the opening of its claim, "
                        "%(date)s.",
                        action=accion.display_name,
                        date=format_datetime(self.env, opened),
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Plan actions in the company of their claims."""
        self._check_parents_access(vals_list)
        companies = {
            reclamacion.id: reclamacion.company_id.id
            for reclamacion in self.env["gck.reclamacion"].browse(
                {vals.get("reclamacion_id") for vals in vals_list} - {None, False}
            )
        }
        return super().create(
            [
                {"company_id": companies.get(vals.get("reclamacion_id")), **vals}
                if companies.get(vals.get("reclamacion_id"))
                else vals
                for vals in vals_list
            ]
        )

    @api.model
    def _accion_is_manager(self):
        return self.env["gck.reclamacion"]._accion_is_manager()

    def _accion_check_manager(self):
        """:raises AccessError: unless the user manages the claims of these"""
        # sudo: only the direction of the claims is read.
        claims = self.sudo().reclamacion_id
        claims.with_env(self.env)._accion_check_manager()

    @api.model
    def _accion_unlocked_fields(self):
        return super()._accion_unlocked_fields() | self._parte_free_fields

    def _accion_check_write(self, vals):
        """Refuse to write what only the check of the effectiveness writes."""
        if not self._accion_may_set_state() and self._parte_free_fields & vals.keys():
            raise UserError(
                self.env._("The effectiveness is noted with its button, not written.")
            )
        return super()._accion_check_write(vals)

    @api.model
    def _gck_prepare_spawned_vals(self, values):
        """Hang an action generated from a claim from it."""
        vals = super()._gck_prepare_spawned_vals(values)
        origin = values.get("origin")
        if origin is None:
            return vals
        if origin._name == "gck.reclamacion":
            vals["reclamacion_id"] = origin.id
        elif "reclamacion_id" in origin._fields and origin.reclamacion_id:
            vals["reclamacion_id"] = origin.reclamacion_id.id
        return vals

    # ------------------------------------------------------------
    # Life
    # ------------------------------------------------------------

    def action_done(self):
        """Open the dialog that asks what was done, and when (O-14)."""
        self._check_pending()
        return self._accion_ask("done")

    def action_cancel(self):
        """Open the dialog that asks why actions are called off."""
        self._check_pending()
        return self._accion_ask("cancel")

    def action_reopen(self):
        """Open the dialog that asks a manager why actions are reopened."""
        self._accion_check_manager()
        return self._accion_ask("reopen")

    def _do_done(self, text=None, date_done=None):
        """Finish actions.

        :param str text: what was done
        :param date_done: when, not after now; the present moment without it
        :raises UserError: when it lies ahead, or actions have ended already
        """
        self._check_pending()
        now = fields.Datetime.now()
        if date_done and date_done > now:
            raise UserError(
                self.env._("What is done was done before now. Correct the date.")
            )
        values = self._accion_finish_values(text)
        self._accion_transition("done", {**values, "date_done": date_done or now}, text)
        self._plan_efficacy_checks()

    def _do_cancel(self, reason):
        """Call actions off.

        :raises UserError: naming those that have ended already
        """
        self._check_pending()
        self._accion_transition("cancel", self._accion_finish_values(reason), reason)

    def _do_reopen(self, reason):
        """Bring ended actions back to work, in claims that have not ended.

        :raises AccessError: unless the user is a manager
        """
        self._accion_check_manager()
        self.filtered("is_locked")._accion_transition(
            "pending",
            {
                **self._accion_reopen_values(),
                "efficacy": False,
                "efficacy_text": False,
                "efficacy_user_id": False,
                "date_efficacy_done": False,
            },
            reason,
        )

    # ------------------------------------------------------------
    # Effectiveness
    # ------------------------------------------------------------

    def action_check_efficacy(self):
        """Open the dialog that asks whether actions worked (O-14).

        :raises UserError: when one is not done yet
        """
        self._check_done()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check effectiveness"),
            "res_model": "gck.reclamacion.eficacia",
            "view_mode": "form",
            "target": "new",
            "context": {"default_accion_ids": self.ids},
        }

    def _do_check_efficacy(self, efficacy, text):
        """Note whether actions worked, also after their claim has ended.

        :param str efficacy: a value of the field
        :param str text: how it is known
        :raises UserError: when one is not done yet
        """
        self.check_access("write")
        self._check_done()
        labels = dict(self._fields["efficacy"]._description_selection(self.env))
        result = labels[efficacy]
        # Of a transition, but not one of state: the claim may have ended.
        self.with_context(gck_transition=_TRANSITION, mail_notrack=True).write(
            {
                "efficacy": efficacy,
                "efficacy_text": text,
                "efficacy_user_id": self.env.uid,
                "date_efficacy_done": fields.Datetime.now(),
            }
        )
        body = Markup("<b>%s</b><br/>%s") % (result, text)
        self._message_log_batch(dict.fromkeys(self.ids, body))
        self.activity_unlink(["gck_reclamaciones.mail_activity_efficacy"])
        for accion in self:
            # sudo: the claim may be closed, and is only told.
            accion.sudo().reclamacion_id.message_post(
                body=self.env._(
                    "Effectiveness of %(action)s: %(result)s. %(text)s",
                    action=accion.display_name,
                    result=result,
                    text=text,
                ),
                author_id=self.env.user.partner_id.id,
            )

    def _check_done(self):
        """:raises UserError: naming the actions that are not done"""
        undone = self.filtered(lambda accion: accion.state != "done")
        if undone:
            raise UserError(
                self.env._(
                    "Only what is done can be checked: %s.",
                    self._accion_join_names(undone),
                )
            )

    def _plan_efficacy_checks(self):
        """Remind whoever checks the effectiveness, on its day."""
        for accion in self.filtered(lambda a: a.date_efficacy and not a.efficacy):
            checker = accion.efficacy_checker_id or accion.user_id
            if checker:
                # sudo: the reminder of a colleague, on an action one may finish.
                accion.sudo().activity_schedule(
                    "gck_reclamaciones.mail_activity_efficacy",
                    date_deadline=accion.date_efficacy,
                    user_id=checker.id,
                )
