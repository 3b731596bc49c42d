from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .crm_lead import GATE

VALIDATOR_GROUP = "gck_propuestas.group_gck_propuesta_validator"
# Written by the methods of the checklist, never by a client.
SERVER_FIELDS = (
    "state",
    "documento_id",
    "date_requested",
    "date_received",
    "received_user_id",
    "date_validated",
    "validated_user_id",
    "reject_reason",
)
# What a validation was about.
PAPER_FIELDS = {"tipo_id", "date_document", "date_expiry", "validity_months"}


class GckPropuestaDocumento(models.Model):
    """A document that a prospect has to bring, and how far it is (O-31).

    The file itself is in the Documentador, where it passes to the customer.
    """

    _name = "gck.propuesta.documento"
    _description = "Document of a new-customer proposal"
    _order = "lead_id, sequence, id"
    _rec_name = "tipo_id"

    lead_id = fields.Many2one(
        "crm.lead", string="Proposal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="lead_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    tipo_id = fields.Many2one(
        "gck.documento.tipo",
        string="Document",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('company_id', 'in', [company_id, False])]",
    )
    is_required = fields.Boolean(string="Obligatory", default=True)
    validity_months = fields.Integer(string="Valid for (months)")
    note = fields.Char(string="Instructions")
    state = fields.Selection(
        selection=[
            ("pending", "To ask for"),
            ("requested", "Asked for"),
            ("received", "Received"),
            ("validated", "Validated"),
            ("rejected", "Not accepted"),
        ],
        default="pending",
        required=True,
        copy=False,
        index=True,
    )
    date_document = fields.Date(
        string="Day of the document",
        copy=False,
        help="The day it was issued; its validity counts from here.",
    )
    date_expiry = fields.Date(
        string="Expires on",
        compute="_compute_date_expiry",
        store=True,
        readonly=False,
        copy=False,
    )
    is_expired = fields.Boolean(
        compute="_compute_is_expired", search="_search_is_expired"
    )
    documento_id = fields.Many2one(
        "gck.documento", string="File", copy=False, index="btree_not_null"
    )
    upload = fields.Binary(
        compute="_compute_upload",
        inverse="_inverse_upload",
        help="The file that was received. A second one is a new version of it.",
    )
    upload_name = fields.Char(string="File name", store=False)
    date_requested = fields.Datetime(string="Asked for on", copy=False)
    date_received = fields.Datetime(string="Received on", copy=False)
    received_user_id = fields.Many2one(
        "res.users", string="Received by", copy=False, index="btree_not_null"
    )
    date_validated = fields.Datetime(string="Validated on", copy=False)
    validated_user_id = fields.Many2one(
        "res.users", string="Validated by", copy=False, index="btree_not_null"
    )
    reject_reason = fields.Char(string="Why it was not accepted", copy=False)
    is_locked = fields.Boolean(compute="_compute_is_locked")

    _tipo_uniq = models.UniqueIndex(
        "(lead_id, tipo_id)", "This document is already on the list of the proposal."
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("date_document", "validity_months")
    def _compute_date_expiry(self):
        for line in self:
            if line.date_document and line.validity_months:
                months = relativedelta(months=line.validity_months)
                line.date_expiry = line.date_document + months
            else:
                line.date_expiry = line.date_expiry

    @api.depends("date_expiry")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for line in self:
            line.is_expired = bool(line.date_expiry and line.date_expiry < today)

    @api.model
    def _search_is_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        if True in value:
            return [("date_expiry", "<", today)]
        return ["|", ("date_expiry", "=", False), ("date_expiry", ">=", today)]

    @api.depends("lead_id.gck_propuesta_state")
    def _compute_is_locked(self):
        for line in self:
            line.is_locked = line.lead_id.gck_propuesta_state == "validated"

    def _compute_upload(self):
        # Only to upload: the file is read through the Documentador.
        self.upload = False

    def _inverse_upload(self):
        for line in self.filtered("upload"):
            line._receive_file(line.upload_name, line.upload)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Add documents to lists; how far each is, its methods tell."""
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
        if not self.env.su:
            for vals in vals_list:
                self._check_server_fields(vals)
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        """Change documents of a list, unless their proposal is validated.

        :raises UserError: when the proposal is validated
        """
        self._check_server_fields(vals)
        if self.env.context.get("gck_propuesta_gate") is not GATE:
            self._check_open()
            self._check_same_paper(vals)
        return super().write(vals)

    def _check_same_paper(self, vals):
        """Refuse to make another document of one, or to move it to another proposal.

        :raises UserError: when it was validated, or would belong to somebody else
        """
        if "lead_id" in vals and self.filtered(
            lambda line: line.lead_id.id != vals["lead_id"]
        ):
            raise UserError(
                self.env._(
                    "A document stays with its proposal. Add it to the other one."
                )
            )
        validated = self.filtered(lambda line: line.state == "validated")
        if validated and not vals.keys().isdisjoint(PAPER_FIELDS):
            raise UserError(
                self.env._(
                    "%s is validated already. Whoever validates has to refuse it "
                    "before it is changed.",
                    validated[0].tipo_id.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_validated(self):
        if self.env.context.get("gck_propuesta_gate") is GATE:
            return
        self._check_open()
        if any(line.is_required for line in self) and not self.env.user.has_group(
            VALIDATOR_GROUP
        ):
            raise UserError(
                self.env._(
                    "Obligatory documents are taken off the list only by who "
                    "validates: %s.",
                    ", ".join(self.filtered("is_required").tipo_id.mapped("name")),
                )
            )

    @api.model
    def _check_server_fields(self, vals):
        if self.env.context.get("gck_propuesta_gate") is GATE:
            return
        if any(
            name in vals and not (name == "state" and vals[name] == "pending")
            for name in SERVER_FIELDS
        ):
            raise UserError(
                self.env._(
                    "How far a document is, is changed with its buttons: asked for, "
                    "received, validated, not accepted."
                )
            )
        if "is_required" in vals and not vals["is_required"] and self:
            self._check_validator()

    def _check_open(self):
        locked = self.filtered("is_locked").lead_id
        if locked:
            raise UserError(
                self.env._(
                    "The proposal %s is validated: its documents stay as they are. "
                    "Reopen it to change them.",
                    locked[:1].display_name,
                )
            )

    def _check_validator(self):
        """:raises AccessError: for who may not validate"""
        if not self.env.su and not self.env.user.has_group(VALIDATOR_GROUP):
            raise AccessError(
                self.env._(
                    "Only who validates proposals may do this. Ask one of them, or "
                    "an administrator for the right «Proposals: Validator»."
                )
            )

    def _gate_write(self, vals):
        return self.with_context(gck_propuesta_gate=GATE).write(vals)

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_request(self):
        """Note that the documents were asked for, in some other way than by mail."""
        self._check_open()
        self.filtered(lambda line: line.state in ("pending", "rejected"))._gate_write(
            {"state": "requested", "date_requested": fields.Datetime.now()}
        )
        return True

    def action_receive(self):
        """Note that the documents came, on paper or seen as originals."""
        self._check_open()
        lines = self.filtered(lambda line: line.state not in ("received", "validated"))
        lines._gate_write(lines._prepare_received_vals())
        return True

    def action_validate(self):
        """Accept documents (O-31).

        :raises AccessError: for who may not validate
        :raises UserError: when one was not received, has expired, or was brought by
            the same person
        """
        self._check_validator()
        self._check_open()
        lines = self.filtered(lambda line: line.state != "validated")
        missing = lines.filtered(lambda line: line.state != "received")
        if missing:
            raise UserError(
                self.env._(
                    "Not received yet: %s.", ", ".join(missing.tipo_id.mapped("name"))
                )
            )
        expired = lines.filtered("is_expired")
        if expired:
            raise UserError(
                self.env._(
                    "Expired: %s. Ask for a new one.",
                    ", ".join(expired.tipo_id.mapped("name")),
                )
            )
        own = lines.filtered(
            lambda line: (
                line.received_user_id == self.env.user
                and line.lead_id._gck_get_propuesta_company().gck_propuesta_two_people
            )
        )
        if own:
            raise UserError(
                self.env._(
                    "You brought these documents yourself, so that somebody else has "
                    "to validate them: %s.",
                    ", ".join(own.tipo_id.mapped("name")),
                )
            )
        lines._gate_write(
            {
                "state": "validated",
                "date_validated": fields.Datetime.now(),
                "validated_user_id": self.env.uid,
                "reject_reason": False,
            }
        )
        return True

    def action_reject(self):
        """Ask why the document is not accepted."""
        self._check_validator()
        self._check_open()
        return self.env["gck.propuesta.rechazar"]._get_action(self)

    def _reject(self, reason):
        """Refuse documents; they have to be asked for again.

        :param str reason: told to whoever asks for them
        """
        self._check_validator()
        self._check_open()
        self._gate_write(
            {
                "state": "rejected",
                "reject_reason": reason,
                "date_validated": False,
                "validated_user_id": False,
            }
        )
        for lead in self.lead_id:
            names = (self & lead.gck_propuesta_line_ids).tipo_id.mapped("name")
            lead._message_log(
                body=self.env._(
                    "Not accepted: %(documents)s. %(reason)s",
                    documents=", ".join(names),
                    reason=reason,
                )
            )

    def action_open_file(self):
        """Open the file of the document in the Documentador."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "gck.documento",
            "res_id": self.documento_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------
    # Files
    # ------------------------------------------------------------

    def _prepare_received_vals(self):
        return {
            "state": "received",
            "date_received": fields.Datetime.now(),
            "received_user_id": self.env.uid,
            "date_validated": False,
            "validated_user_id": False,
            "reject_reason": False,
        }

    def _receive_file(self, filename, content):
        """Keep a file that was received, a second one as a new version.

        :param str filename: of the file
        :param content: base64 of the file
        """
        self.ensure_one()
        self._check_open()
        attachment = self.env["ir.attachment"].create(
            {"name": filename or self.tipo_id.name, "datas": content}
        )
        vals = self._prepare_received_vals()
        if self.documento_id:
            self.documento_id._add_version(
                attachment.name, attachment=attachment, reason=self.tipo_id.name
            )
        else:
            vals["documento_id"] = self._store_file(attachment).id
        self._gate_write(vals)

    def _store_file(self, attachment):
        company = self.lead_id._gck_get_propuesta_company()
        carpeta = self.env["gck.carpeta"]._get_system("propuesta", company)
        return self.env["gck.documento"]._store_files(
            [
                {
                    "name": f"{self.tipo_id.name} · {self.lead_id.name}",
                    "attachment_id": attachment.id,
                    "tipo_id": self.tipo_id.id,
                    "partner_id": self.lead_id.partner_id.id,
                    "date": self.date_document or fields.Date.context_today(self),
                    "date_expiry": self.date_expiry,
                    "records": [self.lead_id],
                }
            ],
            carpeta_id=carpeta.id,
        )
