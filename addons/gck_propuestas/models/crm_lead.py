from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# The methods of proposals carry this object in the context of their own writes. A
# client can put any value into a context, but never this object.
GATE = object()
MANAGER_GROUP = "gck_propuestas.group_gck_propuesta_manager"
# Written by the methods of proposals, never by a client.
SERVER_FIELDS = (
    "gck_propuesta_state",
    "gck_proposer_id",
    "gck_submitter_id",
    "gck_propuesta_company_id",
    "gck_date_submitted",
    "gck_validator_id",
    "gck_date_validated",
    "gck_reject_reason",
)


class CrmLead(models.Model):
    """No customer before its proposal is validated (O-32).

    Whatever makes a customer of an opportunity, or treats it as one, passes through
    the methods of this file. Where the company does not use proposals (O-33) they
    leave everything to Odoo.
    """

    _inherit = "crm.lead"

    gck_is_propuesta = fields.Boolean(
        string="Customer proposal",
        tracking=True,
        help="The customer is made only after its documents were validated.",
    )
    gck_propuesta_state = fields.Selection(
        selection=[
            ("collecting", "Collecting documents"),
            ("submitted", "To validate"),
            ("validated", "Approved"),
            ("rejected", "Rejected"),
        ],
        string="Proposal",
        copy=False,
        readonly=True,
        index="btree_not_null",
        tracking=True,
        group_expand=True,
    )
    gck_propuesta_company_id = fields.Many2one(
        "res.company",
        string="Company of the proposal",
        copy=False,
        readonly=True,
        help="Whose rules it follows, whatever company it is given later.",
    )
    gck_propuesta_enabled = fields.Boolean(compute="_compute_gck_propuesta_enabled")
    gck_is_gated = fields.Boolean(
        compute="_compute_gck_is_gated",
        help="Whether the customer cannot be made yet.",
    )

    # ------------------------------------------------------------
    # Who is gated
    # ------------------------------------------------------------

    def _gck_get_propuesta_company(self):
        """Return the company whose rules this lead follows, readable by anybody.

        :return: a ``res.company``
        """
        self.ensure_one()
        # sudo: a few parameters of the company are read, which say how it works.
        return (
            self.sudo().gck_propuesta_company_id or self.company_id or self.env.company
        ).sudo()

    @api.depends("company_id", "gck_propuesta_company_id")
    @api.depends_context("company")
    def _compute_gck_propuesta_enabled(self):
        for lead in self:
            company = lead._gck_get_propuesta_company()
            lead.gck_propuesta_enabled = company.gck_propuesta_enabled

    @api.depends("gck_is_propuesta", "gck_propuesta_state", "company_id")
    @api.depends_context("company")
    def _compute_gck_is_gated(self):
        gated = self._gck_filter_gated()
        gated.gck_is_gated = True
        (self - gated).gck_is_gated = False

    def _gck_filter_gated(self):
        """Return the proposals of which no customer may be made yet."""
        return self.filtered(
            lambda lead: (
                lead.gck_is_propuesta
                and lead.gck_propuesta_state != "validated"
                and lead._gck_get_propuesta_company().gck_propuesta_enabled
            )
        )

    def _gck_filter_unproposed(self):
        """Return those that need a proposal which nobody has made yet."""
        return self.filtered(
            lambda lead: (
                not lead.gck_is_propuesta
                and not lead.partner_id
                and lead._gck_get_propuesta_company().gck_propuesta_enabled
                and lead._gck_get_propuesta_company().gck_propuesta_all
            )
        )

    def _gck_check_may_have_customer(self):
        """Refuse what would make a customer before its proposal is validated.

        :raises UserError: naming the proposals and what they lack
        """
        gated = self._gck_filter_gated()
        if gated:
            raise UserError(gated._gck_get_gate_message())
        unproposed = self._gck_filter_unproposed()
        if unproposed:
            raise UserError(unproposed[0]._gck_get_unproposed_message())

    def _gck_get_unproposed_message(self):
        """Return what to do where new customers need a proposal."""
        self.ensure_one()
        return self.env._(
            "New customers need a validated proposal here. Mark the opportunity %s as "
            "a customer proposal, gather its documents and have them validated.",
            self.display_name,
        )

    def _gck_get_gate_message(self):
        """Return why these proposals are no customers yet, and what to do."""
        lead = self[0]
        if lead.gck_propuesta_state == "rejected":
            return self.env._(
                "The proposal %(lead)s was rejected, so it cannot become a customer: "
                "%(reason)s",
                lead=lead.display_name,
                reason=lead.gck_reject_reason or "",
            )
        missing = lead.gck_propuesta_line_ids.filtered(
            lambda line: line.is_required and line.state != "validated"
        )
        if missing:
            return self.env._(
                "%(lead)s is a proposal that is not validated yet, so it cannot be a "
                "customer. Still to validate: %(documents)s.",
                lead=lead.display_name,
                documents=", ".join(missing.tipo_id.mapped("name")),
            )
        return self.env._(
            "%s is a proposal that is not validated yet, so it cannot be a customer. "
            "Ask for its validation first.",
            lead.display_name,
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create leads; proposals begin without a customer, and with their list."""
        # Whole, since keys have to go: what a client proposes counts no more than what
        # it writes.
        # pylint: disable=context-overridden
        self = self.with_context(
            {
                key: value
                for key, value in self.env.context.items()
                if key.removeprefix("default_") not in SERVER_FIELDS
            }
        )
        for vals in vals_list:
            self._gck_check_server_fields(vals)
        leads = super().create(vals_list)
        propuestas = leads.filtered("gck_is_propuesta")
        if propuestas:
            propuestas._gck_check_no_customer()
            propuestas._gck_start()
            propuestas._gck_check_not_won()
        return leads

    def write(self, vals):
        """Change leads; what would make a customer waits for the validation.

        :raises UserError: when a proposal would get a customer, or be won, too early
        """
        if self.env.context.get("gck_propuesta_gate") is GATE:
            return super().write(vals)
        self._gck_check_server_fields(vals)
        if vals.get("partner_id"):
            gated = self._gck_filter_gated()
            if gated and self.env.context.get("gck_keep_without_customer"):
                rest = self - gated
                kept = {k: v for k, v in vals.items() if k != "partner_id"}
                if kept:
                    gated.write(kept)
                return rest.write(vals) if rest else True
            if gated:
                raise UserError(gated._gck_get_gate_message())
        if "gck_is_propuesta" in vals:
            self._gck_check_flag(vals["gck_is_propuesta"])
        started = self.browse()
        if vals.get("gck_is_propuesta"):
            started = self.filtered(lambda lead: not lead.gck_is_propuesta)
        before = {lead.id: lead.gck_cliente_clase_id for lead in self}
        unproposed = self.browse()
        if vals.get("partner_id"):
            unproposed = self._gck_filter_unproposed()
        result = super().write(vals)
        unproposed._gck_check_known_customer()
        if started:
            started._gck_start()
        if "stage_id" in vals:
            self._gck_check_not_won()
        if "gck_cliente_clase_id" in vals:
            self.filtered(
                lambda lead: lead.gck_cliente_clase_id != before[lead.id]
            )._gck_fill_checklist()
        if vals.get("partner_id"):
            self._gck_give_files_to_customer()
        return result

    @api.model
    def _gck_check_server_fields(self, vals):
        refused = [name for name in SERVER_FIELDS if name in vals]
        if refused and self.env.context.get("gck_propuesta_gate") is not GATE:
            raise UserError(
                self.env._(
                    "How far a proposal is, is changed with its buttons: ask for its "
                    "validation, validate, reject, reopen."
                )
            )

    def _gck_check_flag(self, flagged):
        """Let opportunities without a customer become proposals, and few stop it."""
        if flagged:
            self.filtered(
                lambda lead: not lead.gck_is_propuesta
            )._gck_check_no_customer()
        elif self._gck_filter_gated() and not (
            self.env.su or self.env.user.has_group(MANAGER_GROUP)
        ):
            raise AccessError(
                self.env._(
                    "Only a manager of proposals takes this mark away before the "
                    "proposal is validated."
                )
            )

    def _gck_check_no_customer(self):
        known = self.filtered("partner_id")
        if known:
            raise UserError(
                self.env._(
                    "%(lead)s already has the customer %(partner)s. A proposal is for "
                    "who is not one yet: take the customer away first.",
                    lead=known[0].display_name,
                    partner=known[0].partner_id.display_name,
                )
            )

    def _gck_check_known_customer(self):
        """Refuse customers made for an opportunity that needs a proposal.

        :raises UserError: when its customer is newer than the opportunity itself
        """
        for lead in self:
            # sudo: only when the contact was made; it may be of another salesperson.
            if lead.sudo().partner_id.create_date >= lead.create_date:
                raise UserError(lead._gck_get_unproposed_message())

    def _gck_check_not_won(self):
        won = self._gck_filter_gated().filtered(lambda lead: lead.stage_id.is_won)
        if won:
            raise UserError(won._gck_get_gate_message())

    # ------------------------------------------------------------
    # The ways to a customer
    # ------------------------------------------------------------

    def _handle_partner_assignment(
        self, force_partner_id=False, create_missing=True, with_parent=None
    ):
        """Refuse to assign customers to proposals that are not validated."""
        if force_partner_id:
            self._gck_filter_gated()._gck_check_may_have_customer()
        elif create_missing:
            self._gck_check_may_have_customer()
        return super()._handle_partner_assignment(
            force_partner_id=force_partner_id,
            create_missing=create_missing,
            with_parent=with_parent,
        )

    def _create_customer(self, with_parent=None):
        """Refuse to make customers of proposals that are not validated."""
        self._gck_check_may_have_customer()
        return super()._create_customer(with_parent=with_parent)

    def action_set_won(self):
        """Refuse to win proposals that are not validated."""
        self._gck_filter_gated()._gck_check_may_have_customer()
        return super().action_set_won()

    def _message_post_after_hook(self, message, msg_vals):
        # Odoo takes the addressee of a mail for the customer. That of a proposal
        # gets its mail, and is no customer for it.
        self = self.with_context(gck_keep_without_customer=True)
        return super()._message_post_after_hook(message, msg_vals)

    def _merge_get_fields_specific(self):
        """Keep what was merged a proposal while one of the merged is not validated."""
        return {
            **super()._merge_get_fields_specific(),
            "gck_is_propuesta": lambda name, leads: any(
                lead.gck_is_propuesta for lead in leads
            ),
        }

    def _merge_dependences(self, opportunities):
        """Bring the documents of merged proposals to the one that stays."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the leads may keep the files that hang from them.
        lines = opportunities.sudo().gck_propuesta_line_ids
        have = self.sudo().gck_propuesta_line_ids.tipo_id
        moved = lines.browse()
        for line in lines:
            if line.tipo_id not in have:
                have |= line.tipo_id
                moved |= line
        if moved:
            moved.with_context(gck_propuesta_gate=GATE).write({"lead_id": self.id})
        return result
