from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gck_avisos.models.gck_accion_mixin import _TRANSITION
from odoo.addons.gck_avisos.models.gck_asignable_mixin import STAFF_DOMAIN

from ..tools.diferencias import compare_html

# Only the approval issues a procedure; see ``_get_issue_problems``.
_APPROVAL = object()
CONTENT_FIELDS = {
    "body", "subject", "title", "code", "procedimiento_tipo_id", "attachment_ids",
    "user_id", "texto_id", "date_document", "change_note",
}  # fmt: skip
SERVER_FIELDS = (
    "submitter_id", "date_submitted", "approved_by_id", "date_approved",
    "text_user_id", "date_ended",
)  # fmt: skip


class GckEscrito(models.Model):
    """Procedures of the company: one valid version of each (M-66, M-67).

    A version is written, submitted, and approved by somebody who did not write it.
    Then the one before is superseded, and is kept. Approval, withdrawal and the rest
    are methods that check who calls them; what was submitted cannot be changed.
    """

    _name = "gck.escrito"
    _inherit = ["gck.escrito"]

    state = fields.Selection(
        selection_add=[
            ("approval", "To approve"),
            ("valid", "Valid"),
            ("superseded", "Superseded"),
            ("withdrawn", "Withdrawn"),
        ],
        ondelete={
            "approval": "set default",
            "valid": "set default",
            "superseded": "set default",
            "withdrawn": "set default",
        },
    )
    code = fields.Char(copy=False, tracking=True, index="btree_not_null")
    procedimiento_tipo_id = fields.Many2one(
        "gck.procedimiento.tipo",
        string="Type",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        group_expand="_read_group_procedimiento_tipo_id",
    )
    change_note = fields.Char(
        string="What changes", copy=False, help="Against the version before."
    )
    approver_id = fields.Many2one(
        "res.users",
        domain=STAFF_DOMAIN,
        check_company=True,
        help="Is told when it is submitted. Managers approve as well, but nobody "
        "approves what they wrote.",
    )
    submitter_id = fields.Many2one(
        "res.users", string="Submitted by", readonly=True, copy=False
    )
    date_submitted = fields.Datetime(string="Submitted on", readonly=True, copy=False)
    text_user_id = fields.Many2one(
        "res.users", string="Text by", readonly=True, copy=False
    )
    approved_by_id = fields.Many2one(
        "res.users", string="Approved by", readonly=True, copy=False
    )
    date_approved = fields.Datetime(string="Approved on", readonly=True, copy=False)
    date_ended = fields.Datetime(
        string="No longer valid since", readonly=True, copy=False
    )
    reader_department_ids = fields.Many2many(
        "hr.department",
        relation="gck_escrito_lector_departamento_rel",
        string="Departments that read it",
        check_company=True,
    )
    reader_group_ids = fields.Many2many(
        "res.groups",
        relation="gck_escrito_lector_grupo_rel",
        string="Groups that read it",
    )
    reader_user_ids = fields.Many2many(
        "res.users",
        relation="gck_escrito_lector_rel",
        string="People who read it",
        domain=[("share", "=", False)],
    )
    may_approve = fields.Boolean(compute="_compute_may_approve")
    diff_html = fields.Html(
        string="Changes", compute="_compute_diff_html", sanitize=False
    )

    _valid_uniq = models.UniqueIndex(
        "(company_id, code) WHERE clase = 'procedimiento' AND state = 'valid'",
        "There is already a valid version of this procedure.",
    )
    _version_uniq = models.UniqueIndex(
        "(company_id, code, version) WHERE clase = 'procedimiento'"
        " AND code IS NOT NULL AND state != 'cancel'",
        "This code has been given to another procedure, or this version of it exists. "
        "Choose another code, or make a new version of the procedure.",
    )

    _accion_done_states = ("issued", "sent", "valid", "superseded")
    _accion_cancel_states = ("cancel", "withdrawn")

    @property
    def _accion_server_fields(self):
        return (*super()._accion_server_fields, *SERVER_FIELDS)

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.model
    def _read_group_procedimiento_tipo_id(self, tipos, domain):
        """Show the types in their own order."""
        return tipos.sorted("sequence")

    @api.depends("state", "submitter_id", "text_user_id", "user_id", "approver_id")
    @api.depends_context("uid")
    def _compute_may_approve(self):
        for escrito in self:
            escrito.may_approve = (
                escrito.clase == "procedimiento"
                and escrito.state == "approval"
                and not escrito._get_approval_refusal()
            )

    @api.depends("body", "body_issued", "previous_id.body_issued")
    def _compute_diff_html(self):
        """Show what changes against the version before."""
        for escrito in self:
            # sudo: the version before was in force, and read by everybody. It is the
            # stored one, whatever a form that is being edited says.
            own = escrito._origin.sudo()
            previous = own.previous_id
            follows = (
                own.clase == previous.clase == "procedimiento"
                and own.company_id == previous.company_id
                and own.code == previous.code
            )
            escrito.diff_html = follows and compare_html(
                previous.body_issued, escrito.body_issued or escrito.body
            )

    def get_formview_id(self, access_uid=None):
        """Open procedures on a form of their own."""
        if self and all(escrito.clase == "procedimiento" for escrito in self):
            return self.env.ref("gck_escritos.view_gck_procedimiento_form").id
        return super().get_formview_id(access_uid)

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Note who wrote the text of a procedure."""
        vals_list = [self._prepare_code_vals(vals) for vals in vals_list]
        records = super().create(vals_list)
        records.filtered(lambda r: r.clase == "procedimiento")._note_text_user()
        return records

    def write(self, vals):
        """Refuse changes of what is being approved, and note who wrote the text."""
        inside = self.env.context.get("gck_transition") is _TRANSITION
        if not inside and CONTENT_FIELDS & vals.keys():
            waiting = self.filtered(lambda escrito: escrito.state == "approval")
            if waiting:
                raise UserError(
                    self.env._(
                        "These wait for approval and cannot be changed: %s. Send them "
                        "back to draft first.",
                        self._accion_join_names(waiting),
                    )
                )
        vals = self._prepare_code_vals(vals)
        self._check_code_kept(vals)
        result = super().write(vals)
        if not inside and {"body", "attachment_ids"} & vals.keys():
            self.filtered(lambda r: r.clase == "procedimiento")._note_text_user()
        return result

    def _check_code_kept(self, vals):
        """:raises UserError: when a version would become one of another procedure"""
        versions = self.filtered(lambda r: r.clase == "procedimiento" and r.previous_id)
        if "code" in vals and any(r.code != vals["code"] for r in versions):
            raise UserError(
                self.env._(
                    "A new version keeps the code of its procedure. Write a new "
                    "procedure to give it another code."
                )
            )

    @api.model
    def _prepare_code_vals(self, vals):
        if "code" not in vals:
            return vals
        return {**vals, "code": (vals["code"] or "").strip() or False}

    def _note_text_user(self):
        """Note who wrote the text, who may not approve it then."""
        self.with_context(gck_transition=_TRANSITION, mail_notrack=True).write(
            {"text_user_id": self.env.uid}
        )

    @api.model
    def _accion_unlocked_fields(self):
        # Who is to read what is in force is decided while it is.
        return super()._accion_unlocked_fields() | {
            "reader_department_ids", "reader_group_ids", "reader_user_ids",
        }  # fmt: skip

    def _get_issue_problems(self):
        if self.clase != "procedimiento":
            return super()._get_issue_problems()
        if self.env.context.get("gck_approval") is not _APPROVAL:
            return [
                self.env._(
                    "A procedure is approved by a second person: submit it instead."
                )
            ]
        problems = super()._get_issue_problems()
        if not self.code:
            problems.append(self.env._("It has no code. Write one."))
        if not (self.subject or "").strip():
            problems.append(self.env._("It has no title. Write it."))
        if not self.procedimiento_tipo_id:
            problems.append(self.env._("It has no type. Choose one."))
        return problems

    def _check_procedures(self, states):
        """:raises UserError: unless these are procedures in one of some states"""
        labels = dict(self._fields["state"]._description_selection(self.env))
        wrong = self.filtered(
            lambda r: r.clase != "procedimiento" or r.state not in states
        )
        if wrong:
            raise UserError(
                self.env._(
                    "This is done with procedures in state «%(states)s»; these are "
                    "not: %(names)s.",
                    states="», «".join(labels[state] for state in states),
                    names=self._accion_join_names(wrong),
                )
            )

    def _get_approval_refusal(self):
        """Return why the user may not approve this procedure, or nothing."""
        self.ensure_one()
        # sudo: who wrote it is compared with the user, nothing else.
        own = self.sudo()
        writers = own.submitter_id | own.text_user_id | own.create_uid | own.user_id
        if self.env.user in writers:
            return self.env._(
                "%s has to be approved by somebody who did not write it.", self.code
            )
        if self.env.user != own.approver_id and not self._accion_is_manager():
            return self.env._(
                "%s is approved by the approver that it names, or by a manager.",
                self.code,
            )
        return None

    def _check_approver(self):
        """:raises AccessError: unless the user may approve all of these"""
        refusals = filter(None, (escrito._get_approval_refusal() for escrito in self))
        text = "\n".join(refusals)
        if text:
            raise AccessError(text)

    # ------------------------------------------------------------
    # Life of a procedure
    # ------------------------------------------------------------

    def action_submit(self):
        """Hand drafts to a second person, and hold the text meanwhile.

        :raises UserError: naming what each of them lacks
        """
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        self._check_procedures(["draft"])
        self.with_context(gck_approval=_APPROVAL)._check_issue()
        self._accion_transition(
            "approval",
            {"submitter_id": self.env.uid, "date_submitted": fields.Datetime.now()},
        )
        for escrito in self.filtered("approver_id"):
            escrito.message_subscribe(escrito.approver_id.partner_id.ids)
            escrito._accion_notify(
                escrito.approver_id.partner_id,
                lambda env: env._("You are asked to approve %s"),
            )
        return True

    def action_approve(self):
        """Put these procedures into force, and end the versions before them.

        :raises AccessError: for whoever wrote them
        """
        self.check_access("read")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        self._check_procedures(["approval"])
        self._check_approver()
        approval = self.with_context(gck_approval=_APPROVAL)
        approval._check_issue()
        for escrito in approval:
            # sudo: the approver need not be who may write it; what the approval
            # writes is all here, after the checks above.
            escrito.sudo()._end_previous()
            [number] = escrito.sudo()._draw_numeros(
                escrito.company_id, escrito.clase, 1
            )
            escrito.sudo()._accion_transition(
                "valid",
                {
                    **escrito._prepare_issue_vals(),
                    "name": number,
                    "approved_by_id": self.env.uid,
                    "date_approved": fields.Datetime.now(),
                },
            )
        self.sudo()._do_after_issue()
        return True

    def _end_previous(self):
        """End the version in force of this procedure; it is kept."""
        previous = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("code", "=", self.code),
                ("clase", "=", "procedimiento"),
                ("state", "=", "valid"),
            ]
        )
        if previous:
            previous._accion_transition(
                "superseded", {"date_ended": fields.Datetime.now()}
            )
            # Before the new one is valid: there is one at any time.
            previous.flush_recordset()

    def _do_after_issue(self):
        result = super()._do_after_issue()
        for escrito in self.filtered(lambda r: r.clase == "procedimiento"):
            escrito._tell_readers()
        return result

    def action_send_back(self):
        """Ask why, and give what waits for approval back to its author."""
        self._check_procedures(["approval"])
        return self._ask_reason("send_back")

    def _do_send_back(self, reason):
        self._check_procedures(["approval"])
        if self.env.user != self.submitter_id:
            self._check_approver()
        # sudo: whoever may approve may send back; only the state changes.
        self.sudo()._accion_transition("draft", reason=reason)
        self._accion_notify(
            self.submitter_id.partner_id - self.env.user.partner_id,
            lambda env: env._("%s was not approved"),
            note=reason,
        )

    def _do_cancel(self, text=None):
        """Cancel what is not in force yet; the rest is withdrawn by a manager."""
        self.filtered(
            lambda r: r.clase == "procedimiento" and r.state != "cancel"
        )._check_procedures(["draft", "approval"])
        return super()._do_cancel(text)

    def action_withdraw(self):
        """Ask why, and end a procedure that nothing follows."""
        self._check_procedures(["valid"])
        self._accion_check_manager()
        return self._ask_reason("withdraw")

    def _do_withdraw(self, reason):
        self._check_procedures(["valid"])
        self._accion_check_manager()
        self._accion_transition(
            "withdrawn", {"date_ended": fields.Datetime.now()}, reason=reason
        )

    def _ask_reason(self, transition):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reason"),
            "res_model": "gck.escrito.motivo",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_escrito_id": self.id,
                "default_transition": transition,
            },
        }

    def _prepare_version_vals(self):
        vals = super()._prepare_version_vals()
        if self.clase == "procedimiento":
            vals["code"] = self.code
        return vals

    def action_view_versions(self):
        """List every version of this procedure."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gck_escritos.action_gck_escrito_procedimiento"
        )
        return {
            **action,
            "domain": [
                ("clase", "=", "procedimiento"),
                ("code", "=", self.code),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {"default_clase": "procedimiento"},
        }

    # ------------------------------------------------------------
    # Read and understood
    # ------------------------------------------------------------

    def _get_readers(self):
        """Return the people of the company who are to read this procedure."""
        self.ensure_one()
        # sudo: who belongs to a department or a group is read, nothing else.
        own = self.sudo()
        departments = own.reader_department_ids
        members = self.env["hr.employee"].sudo()
        if departments:
            members = members.search([("department_id", "child_of", departments.ids)])
        users = (
            own.reader_user_ids | members.user_id | own.reader_group_ids.all_user_ids
        )
        return users.filtered(
            lambda user: (
                user.active and not user.share and self.company_id in user.company_ids
            )
        )

    def _tell_readers(self):
        self._assign_readers(
            self._get_readers(),
            lambda env: env._("Please read %s and confirm that you understood it"),
        )

    def action_assign_readers(self):
        """Ask those who were added to the lists of readers to read it."""
        self.check_access("write")
        self._check_procedures(["valid"])
        for escrito in self:
            escrito._tell_readers()
        return True
