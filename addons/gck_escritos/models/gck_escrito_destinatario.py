from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, formataddr

# The delivery writes on recipients with this object in its context. A client can put
# any value into a context, but never this object.
_DELIVERY = object()
STATES = {
    "ready": "queued",
    "process": "queued",
    "pending": "sent",
    "sent": "sent",
    "bounce": "bounced",
    "exception": "failed",
    "canceled": "failed",
}
SERVER_FIELDS = ("state", "reason", "mail_id", "notification_id", "date_sent")


class GckEscritoDestinatario(models.Model):
    """Somebody whom an e-mail is for, and what became of it (M-43, M-44, M-48).

    Name and address are the partner's until the mail leaves, and stay as they were
    then, whatever happens to the partner afterwards.
    """

    _name = "gck.escrito.destinatario"
    _description = "Recipient of an e-mail"
    _order = "escrito_id, id"

    escrito_id = fields.Many2one(
        "gck.escrito", string="E-mail", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="escrito_id.company_id")
    origin = fields.Selection(
        selection=[
            ("partner", "Customer or vendor"),
            ("contact", "Contact"),
            ("staff", "Staff"),
        ],
        required=True,
        default="partner",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Recipient", index="btree_not_null", ondelete="set null"
    )
    name = fields.Char(compute="_compute_address", store=True)
    email = fields.Char(string="Address", compute="_compute_address", store=True)
    is_valid = fields.Boolean(string="Valid address", compute="_compute_is_valid")
    state = fields.Selection(
        selection=[
            ("draft", "Not sent"),
            ("queued", "Being sent"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("bounced", "Bounced"),
        ],
        string="Delivery",
        compute="_compute_state",
        store=True,
    )
    reason = fields.Text(compute="_compute_state", store=True)
    date_sent = fields.Datetime(string="Sent on", compute="_compute_state", store=True)
    mail_id = fields.Many2one(
        "mail.mail", string="Message", ondelete="set null", index="btree_not_null"
    )
    notification_id = fields.Many2one(
        "mail.notification", ondelete="set null", index="btree_not_null"
    )

    _partner_uniq = models.UniqueIndex(
        "(escrito_id, partner_id) WHERE partner_id IS NOT NULL",
        "This person is among the recipients already.",
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("partner_id.name", "partner_id.email", "state")
    def _compute_address(self):
        """Follow the partner until the mail leaves."""
        for line in self:
            # sudo: name and address are shown to whoever writes the mail.
            partner = line.partner_id.sudo()
            follows = partner and line.state in (False, "draft")
            line.name = partner.name if follows else line.name
            line.email = partner.email if follows else line.email

    @api.depends("email")
    def _compute_is_valid(self):
        for line in self:
            line.is_valid = bool(email_normalize(line.email))

    @api.depends(
        "notification_id.notification_status",
        "notification_id.failure_reason",
        "notification_id.failure_type",
    )
    def _compute_state(self):
        """Read what the mail system knows; it forgets sooner than we do."""
        now = fields.Datetime.now()
        for line in self:
            # sudo: only the delivery of this mail is read.
            notification = line.notification_id.sudo()
            if not notification:
                line.state = line.state or "draft"
                line.reason = line.reason
                line.date_sent = line.date_sent
                continue
            state = STATES.get(notification.notification_status, "queued")
            if state == "sent" and not line.date_sent:
                line.date_sent = now
            else:
                line.date_sent = line.date_sent
            line.state = state
            line.reason = (
                notification.failure_reason or notification.format_failure_reason()
                if state in ("failed", "bounced")
                else False
            )

    @api.depends("name", "email")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line._get_formatted()

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Add recipients to a mail that was not sent yet."""
        for vals in vals_list:
            self._check_server_fields(vals)
        lines = super().create(vals_list)
        lines._check_open()
        lines.partner_id.check_access("read")
        return lines

    def write(self, vals):
        """Change a recipient of a mail that was not sent yet."""
        if self.env.context.get("gck_delivery") is _DELIVERY:
            return super().write(vals)
        self._check_server_fields(vals)
        self._check_open()
        result = super().write(vals)
        # Moved into another e-mail, that one must not have left either.
        self._check_open()
        if "partner_id" in vals:
            self.partner_id.check_access("read")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._check_open()

    def _check_open(self):
        """:raises UserError: when the mail left already, to whom is on record"""
        self.escrito_id._check_pending()

    @api.model
    def _check_server_fields(self, vals):
        if any(vals.get(name) for name in SERVER_FIELDS):
            raise UserError(
                self.env._("What became of a mail is noted by the system, not written.")
            )

    # ------------------------------------------------------------
    # Delivery
    # ------------------------------------------------------------

    def _get_formatted(self):
        """Return name and address as a mail header has them."""
        self.ensure_one()
        address = email_normalize(self.email) or self.email or ""
        return formataddr((self.name or "", address)) if address else self.name or ""

    def _get_problem(self):
        """Return why nothing can be sent to this recipient, or nothing."""
        self.ensure_one()
        # sudo: whether the partner still exists is read, nothing else.
        partner = self.partner_id.sudo()
        if not partner:
            return self.env._("%s (deleted)", self.name or self.env._("unknown"))
        if not partner.active:
            return self.env._("%s (archived)", self.name)
        if not self.is_valid:
            return (
                self.env._(
                    "%(name)s («%(address)s»)", name=self.name, address=self.email
                )
                if self.email
                else self.env._("%s (none)", self.name)
            )
        return None

    def _write_delivery(self, vals):
        # sudo: the delivery is noted by the system, whoever sends.
        self.sudo().with_context(gck_delivery=_DELIVERY).write(vals)

    def _get_records_action(self, **kwargs):
        """Open the e-mail that somebody received."""
        return self.escrito_id._get_records_action(**kwargs)
