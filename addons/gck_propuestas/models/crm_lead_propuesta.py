from odoo import api, fields, models
from odoo.exceptions import UserError

from .crm_lead import GATE


class CrmLead(models.Model):
    """A proposal of a new customer, from its first document to its validation."""

    _name = "crm.lead"
    _inherit = ["crm.lead"]

    gck_cliente_clase_id = fields.Many2one(
        "gck.cliente.clase",
        string="Customer class",
        check_company=True,
        index="btree_not_null",
        tracking=True,
        help="Says which documents have to be brought.",
    )
    gck_propuesta_line_ids = fields.One2many(
        "gck.propuesta.documento", "lead_id", string="Documents to bring"
    )
    gck_propuesta_progress = fields.Float(
        string="Validated (%)",
        compute="_compute_gck_propuesta_progress",
        store=True,
        aggregator="avg",
        help="How many of the obligatory documents are validated.",
    )
    gck_propuesta_missing = fields.Integer(
        string="Documents missing",
        compute="_compute_gck_propuesta_progress",
        store=True,
    )
    gck_proposer_id = fields.Many2one(
        "res.users",
        string="Proposed by",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )
    gck_submitter_id = fields.Many2one(
        "res.users",
        string="Validation asked by",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )
    gck_date_submitted = fields.Datetime(
        string="To validate since", copy=False, readonly=True
    )
    gck_validator_id = fields.Many2one(
        "res.users",
        string="Validated by",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )
    gck_date_validated = fields.Datetime(
        string="Validated on", copy=False, readonly=True
    )
    gck_reject_reason = fields.Char(string="Why rejected", copy=False, readonly=True)

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("gck_propuesta_line_ids.state", "gck_propuesta_line_ids.is_required")
    def _compute_gck_propuesta_progress(self):
        for lead in self:
            required = lead.gck_propuesta_line_ids.filtered("is_required")
            done = required.filtered(lambda line: line.state == "validated")
            lead.gck_propuesta_missing = len(required) - len(done)
            if required:
                lead.gck_propuesta_progress = 100 * len(done) / len(required)
            else:
                lead.gck_propuesta_progress = 0

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _gck_set_state(self, state, **vals):
        self.with_context(gck_propuesta_gate=GATE).write(
            {"gck_propuesta_state": state, **vals}
        )

    def _gck_start(self):
        """Begin to collect the documents of new proposals."""
        for company, leads in self.grouped(
            lambda lead: lead.company_id or self.env.company
        ).items():
            leads._gck_set_state(
                "collecting",
                gck_proposer_id=self.env.uid,
                gck_propuesta_company_id=company.id,
            )
        self._gck_fill_checklist()

    def _gck_fill_checklist(self):
        """Put the documents of the class on the list; what is there stays."""
        vals_list = []
        for lead in self.filtered(
            lambda lead: (
                lead.gck_is_propuesta and lead.gck_propuesta_state != "validated"
            )
        ):
            # What nobody asked for belonged to the class before.
            have = lead.gck_propuesta_line_ids
            wanted = lead.gck_cliente_clase_id.documento_ids
            stale = have.filtered(
                lambda line, wanted=wanted: (
                    line.state == "pending"
                    and line.tipo_id not in wanted.tipo_id
                    and not line.documento_id
                )
            )
            stale.with_context(gck_propuesta_gate=GATE).unlink()
            vals_list += [
                {"lead_id": lead.id, **document._prepare_checklist_vals()}
                for document in wanted
                if document.tipo_id not in (have - stale).tipo_id
            ]
        self.env["gck.propuesta.documento"].create(vals_list)

    def action_gck_propose(self):
        """Make a proposal of an opportunity that has no customer."""
        self.write({"gck_is_propuesta": True})
        return True

    def action_gck_submit(self):
        """Ask for the validation of proposals whose documents have come (O-32).

        :raises UserError: naming the obligatory documents that are not here
        """
        for lead in self:
            lead._gck_check_state("collecting")
            if not lead.gck_cliente_clase_id:
                lead._gck_check_complete()
            absent = lead.gck_propuesta_line_ids.filtered(
                lambda line: (
                    line.is_required and line.state not in ("received", "validated")
                )
            )
            if absent:
                raise UserError(
                    self.env._(
                        "Before %(lead)s is validated these have to be received: "
                        "%(documents)s.",
                        lead=lead.display_name,
                        documents=", ".join(absent.tipo_id.mapped("name")),
                    )
                )
        self._gck_set_state(
            "submitted",
            gck_submitter_id=self.env.uid,
            gck_date_submitted=fields.Datetime.now(),
            gck_reject_reason=False,
        )
        for lead in self:
            validator = lead._gck_get_propuesta_company().gck_propuesta_validator_id
            if validator.active and validator != self.env.user:
                lead.activity_schedule(
                    "gck_propuestas.mail_activity_type_validate",
                    user_id=validator.id,
                    summary=self.env._("Validate the proposal of a new customer"),
                )
        return True

    def action_gck_validate(self):
        """Accept proposals, of which the customer can be made from now on (O-32).

        :raises AccessError: for who may not validate
        :raises UserError: when documents lack, or the same person proposed it
        """
        self.env["gck.propuesta.documento"]._check_validator()
        for lead in self:
            lead._gck_check_state("submitted")
            lead._gck_check_complete()
            company = lead._gck_get_propuesta_company()
            if company.gck_propuesta_two_people and self.env.user in (
                lead.gck_proposer_id
                | lead.gck_submitter_id
                | lead.user_id
                | lead.create_uid
            ):
                raise UserError(
                    self.env._(
                        "You proposed %s yourself, or are its salesperson: somebody "
                        "else has to validate it.",
                        lead.display_name,
                    )
                )
        self._gck_set_state(
            "validated",
            gck_validator_id=self.env.uid,
            gck_date_validated=fields.Datetime.now(),
            gck_reject_reason=False,
        )
        self.activity_feedback(
            ["gck_propuestas.mail_activity_type_validate"],
            feedback=self.env._("Validated"),
        )
        return True

    def _gck_check_complete(self):
        """:raises UserError: naming the obligatory documents that do not count"""
        self.ensure_one()
        if not self.gck_cliente_clase_id:
            raise UserError(
                self.env._(
                    "Choose the customer class of %s: it says which documents are "
                    "needed.",
                    self.display_name,
                )
            )
        lines = self.gck_propuesta_line_ids.filtered("is_required")
        missing = lines.filtered(lambda line: line.state != "validated")
        if missing:
            raise UserError(
                self.env._(
                    "Of %(lead)s these documents are not validated yet: %(documents)s.",
                    lead=self.display_name,
                    documents=", ".join(missing.tipo_id.mapped("name")),
                )
            )
        expired = lines.filtered("is_expired")
        if expired:
            raise UserError(
                self.env._(
                    "Of %(lead)s these documents have expired: %(documents)s. Ask for "
                    "new ones.",
                    lead=self.display_name,
                    documents=", ".join(expired.tipo_id.mapped("name")),
                )
            )

    def action_gck_reject(self):
        """Ask why the proposals are rejected."""
        self.env["gck.propuesta.documento"]._check_validator()
        return self.env["gck.propuesta.rechazar"]._get_action(self)

    def _gck_reject(self, reason):
        """Reject proposals; who proposed them reads why.

        :param str reason: why
        :raises AccessError: for who may not validate
        """
        self.env["gck.propuesta.documento"]._check_validator()
        for lead in self:
            lead._gck_check_state("collecting", "submitted")
        self._gck_set_state("rejected", gck_reject_reason=reason)
        for lead in self:
            lead.message_post(
                body=self.env._("Proposal rejected: %s", reason),
                partner_ids=(lead.gck_proposer_id | lead.user_id).partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )

    def action_gck_reopen(self):
        """Collect documents again of what was rejected or validated.

        :raises AccessError: when a validated one is reopened by who may not validate
        :raises UserError: when its customer exists already
        """
        for lead in self:
            lead._gck_check_state("rejected", "validated", "submitted")
            if lead.gck_propuesta_state == "validated":
                self.env["gck.propuesta.documento"]._check_validator()
            if lead.partner_id:
                raise UserError(
                    self.env._(
                        "%s is a customer already.", lead.partner_id.display_name
                    )
                )
        self._gck_set_state(
            "collecting",
            gck_validator_id=False,
            gck_date_validated=False,
            gck_date_submitted=False,
        )
        return True

    def _gck_check_state(self, *states):
        """:raises UserError: when the proposal is at another step"""
        self.ensure_one()
        if not self.gck_is_propuesta:
            raise UserError(
                self.env._("%s is no customer proposal.", self.display_name)
            )
        if self.gck_propuesta_state not in states:
            labels = dict(
                self._fields["gck_propuesta_state"]._description_selection(self.env)
            )
            raise UserError(
                self.env._(
                    "%(lead)s is «%(state)s» already. Somebody else may have changed "
                    "it meanwhile: load the page again.",
                    lead=self.display_name,
                    state=labels[self.gck_propuesta_state],
                )
            )

    # ------------------------------------------------------------
    # The customer
    # ------------------------------------------------------------

    def action_gck_create_customer(self):
        """Make the customer of a validated proposal and open it (O-32).

        A contact with the same address becomes the customer instead of a second one.
        """
        self.ensure_one()
        self._gck_check_state("validated")
        self._gck_check_may_have_customer()
        if not self.partner_id:
            self._handle_partner_assignment(
                force_partner_id=self._find_matching_partner().id
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.commercial_partner_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _gck_give_files_to_customer(self):
        """File the documents of proposals with the customers that they became."""
        for lead in self.filtered(
            lambda lead: lead.gck_is_propuesta and lead.partner_id
        ):
            customer = lead.partner_id.commercial_partner_id
            # sudo: the files belong to the proposal that whoever makes the customer
            # may write; their folder may be out of reach.
            documents = lead.sudo().gck_propuesta_line_ids.documento_id
            if documents:
                documents.write({"partner_id": customer.id})
                documents._link_records(customer)
            if lead.gck_cliente_clase_id:
                # sudo: the class was validated with the proposal, and whoever makes
                # the customer may have no right on the classes of others.
                customer.sudo().gck_cliente_clase_id = lead.gck_cliente_clase_id

    # ------------------------------------------------------------
    # Asking for the documents
    # ------------------------------------------------------------

    def _gck_get_lines_to_request(self):
        """Return the documents that the prospect still has to send."""
        return self.gck_propuesta_line_ids.filtered(
            lambda line: (
                line.state in ("pending", "requested", "rejected")
                or (line.is_expired and line.state != "validated")
            )
        )

    def action_gck_request_documents(self):
        """Write a mail to the prospect with the documents that are missing.

        :raises UserError: when nothing is missing, or there is no address
        """
        self.ensure_one()
        if not self._gck_get_lines_to_request():
            raise UserError(
                self.env._("Nothing is missing: all documents have been received.")
            )
        if not self.email_normalized:
            raise UserError(
                self.env._(
                    "%s has no valid e-mail address. Enter it first.",
                    self.display_name,
                )
            )
        template = self.env.ref("gck_propuestas.mail_template_request")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for documents"),
            "res_model": "gck.propuesta.pedir",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_lead_id": self.id,
                "default_subject": template._render_field("subject", self.ids)[self.id],
                "default_body": template._render_field("body_html", self.ids)[self.id],
            },
        }

    @api.model
    def _gck_post_request(self, lead, subject, body):
        """Send the mail that asks for documents, and note that they were asked for.

        The prospect is no contact yet, and none is made for the mail.

        :param lead: the proposal
        :param str subject: of the mail
        :param body: its HTML, sanitised
        """
        message = lead.message_post(
            subject=subject,
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            outgoing_email_to=lead.email_normalized,
        )
        lead._gck_get_lines_to_request().filtered(
            lambda line: line.state != "requested"
        ).action_request()
        return message
