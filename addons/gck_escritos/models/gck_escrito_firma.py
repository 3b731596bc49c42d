import base64
import binascii
import io
import secrets
from datetime import timedelta

from markupsafe import Markup
from PIL import Image, UnidentifiedImageError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date, formataddr
from odoo.tools.pdf import merge_pdf

SIGNATURE_MAX_BYTES = 1_000_000
SIGNATURE_MAX_PIXELS = 4_000_000
NAME_MAX_LENGTH = 120
REASON_MAX_LENGTH = 2000
# For as long the link gives the signer their copy.
SIGNED_LINK_DAYS = 30


class GckEscritoFirma(models.Model):
    """A signature asked of somebody on an issued contract, by a link of their own.

    The link needs no login: whoever holds its token is whom it was sent to. What is
    signed is told by its hash. The signed PDF is a new version of the filed document.
    """

    _name = "gck.escrito.firma"
    _description = "Signature of a contract"
    _order = "escrito_id, id"
    _rec_name = "signer_name"

    escrito_id = fields.Many2one(
        "gck.escrito",
        string="Contract",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="escrito_id.company_id")
    role = fields.Selection(
        selection=[("customer", "Customer"), ("company", "Company")],
        string="For the",
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Signer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    signer_name = fields.Char(readonly=True, required=True)
    email = fields.Char(string="Address", readonly=True, required=True)
    access_token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups="base.group_system",
        default=lambda self: secrets.token_urlsafe(32),
    )
    date_limit = fields.Datetime(string="Valid until", required=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("signed", "Signed"),
            ("refused", "Refused"),
            ("cancel", "Cancelled"),
        ],
        string="Signature",
        default="waiting",
        required=True,
        readonly=True,
    )
    is_expired = fields.Boolean(string="Expired", compute="_compute_is_expired")
    sha256 = fields.Char(string="SHA-256 signed", readonly=True, required=True)
    date_accepted = fields.Datetime(string="Accepted on", readonly=True)
    date_signed = fields.Datetime(string="Signed on", readonly=True)
    signed_name = fields.Char(string="Signed as", readonly=True)
    signature = fields.Image(
        string="Drawing", readonly=True, max_width=1024, max_height=512
    )
    signed_version_id = fields.Many2one(
        "gck.documento.version",
        string="Signed file",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    ip = fields.Char(string="IP address", readonly=True)
    reason = fields.Text(string="Reason of the refusal", readonly=True)

    _token_uniq = models.UniqueIndex("(access_token)")

    @api.depends("date_limit", "state")
    def _compute_is_expired(self):
        now = fields.Datetime.now()
        for firma in self:
            firma.is_expired = firma.state == "waiting" and firma.date_limit < now

    # ------------------------------------------------------------
    # The link
    # ------------------------------------------------------------

    @api.model
    def _get_by_token(self, token):
        """Return the signature that a link is for, as superuser, or none."""
        if not token or len(token) > 100:
            return self.sudo().browse()
        # sudo: the token, which cannot be guessed, is the right to it.
        return self.sudo().search([("access_token", "=", token)], limit=1)

    def _get_url(self):
        """Return the address that is sent to the signer."""
        self.ensure_one()
        # sudo: the token is read to be sent to whom it is for.
        own = self.sudo()
        return f"{own.escrito_id.get_base_url()}/gck/firma/{own.access_token}"

    def _get_problem(self):
        """Return why this link does not sign any more, or nothing."""
        self.ensure_one()
        if self.state == "signed":
            return self.env._("This document was signed already.")
        if self.state == "refused":
            return self.env._("This document was refused.")
        if self.state == "cancel" or self.escrito_id.state not in ("issued", "sent"):
            return self.env._("This document is no longer to be signed.")
        if self.is_expired:
            return self.env._(
                "This link has expired. Ask whoever sent it to you for another one."
            )
        if self.escrito_id.pdf_sha256 != self.sha256:
            return self.env._("The document has changed since it was sent to you.")
        return None

    def _get_link_pdf(self):
        """Return the PDF that the link shows now, or nothing when it shows none.

        Of a signed one the file with the signatures, for as long as it is needed to
        keep a copy; what is filed later as a version is not the signer's.
        """
        self.ensure_one()
        if self.escrito_id.state not in ("issued", "sent") or self.is_expired:
            return None
        if self.state == "waiting":
            return self.escrito_id._get_pdf()
        limit = fields.Datetime.now() - timedelta(days=SIGNED_LINK_DAYS)
        if self.state != "signed" or self.date_signed < limit:
            return None
        return self._get_signed_version().attachment_id.raw

    def _get_signed_version(self):
        """Return the version with all the signatures that there are."""
        signed = self.escrito_id.firma_ids.signed_version_id
        return signed.sorted("number")[-1:]

    def _lock_open(self):
        """Hold this row, and check that it still signs.

        :raises UserError: saying why it does not
        """
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset()
        problem = self._get_problem()
        if problem:
            raise UserError(problem)

    def _accept(self):
        """Note that the signer ticked that they read and accept the document."""
        self._lock_open()
        self.date_accepted = fields.Datetime.now()

    # ------------------------------------------------------------
    # Signing
    # ------------------------------------------------------------

    def _sign(self, name, signature, ip):
        """Sign, once, and file the signed PDF as a new version.

        :param str name: as the signer writes it
        :param str signature: a picture in base64
        :param str ip: where it was signed from
        :raises UserError: saying what is missing
        """
        self._lock_open()
        name = " ".join((name or "").split())
        if not name or len(name) > NAME_MAX_LENGTH:
            raise UserError(self.env._("Write your full name."))
        if not self.date_accepted:
            raise UserError(
                self.env._("Tick that you have read the document and accept it.")
            )
        self.write(
            {
                "state": "signed",
                "signed_name": name,
                "signature": self._clean_signature(signature),
                "date_signed": fields.Datetime.now(),
                "ip": ip,
            }
        )
        self.signed_version_id = self.escrito_id._store_signed(self)
        self._tell_signed()

    @api.model
    def _clean_signature(self, signature):
        """Return a drawing as a picture of our own making, in base64.

        :raises UserError: when it is none
        """
        problem = self.env._("Draw or write your signature.")
        if not signature or len(signature) > SIGNATURE_MAX_BYTES:
            raise UserError(problem)
        try:
            raw = base64.b64decode(signature, validate=True)
            image = Image.open(io.BytesIO(raw), formats=["PNG", "JPEG"])
            if image.width * image.height > SIGNATURE_MAX_PIXELS:
                raise UserError(problem)
            image = image.convert("RGBA")
        except (binascii.Error, TypeError, ValueError, UnidentifiedImageError, OSError):
            raise UserError(problem) from None
        if not image.getbbox() or all(low == high for low, high in image.getextrema()):
            raise UserError(problem)
        stream = io.BytesIO()
        image.save(stream, "PNG")
        return base64.b64encode(stream.getvalue())

    def _refuse(self, reason, ip):
        """Refuse to sign, with a reason.

        :raises UserError: without one
        """
        self._lock_open()
        reason = (reason or "").strip()[:REASON_MAX_LENGTH]
        if not reason:
            raise UserError(self.env._("Write why you do not sign."))
        self.write({"state": "refused", "reason": reason, "ip": ip})
        escrito = self.escrito_id
        escrito._message_log(
            body=Markup("<b>%s</b><br/>%s")
            % (self.env._("%s does not sign", self.signer_name), reason)
        )
        escrito._accion_notify(
            escrito.user_id.partner_id,
            lambda env: env._("The signature of %s was refused"),
            note=reason,
        )
        self._send_mail(
            self.env._("You did not sign: %s", escrito.display_name),
            self.env._("You refused to sign this document. We have told the sender."),
        )

    def _tell_signed(self):
        """Tell both parties that somebody signed."""
        escrito = self.escrito_id
        name = self.signed_name
        escrito._message_log(
            body=self.env._(
                "Signed by %(name)s from %(ip)s", name=name, ip=self.ip or "?"
            )
        )
        escrito._accion_notify(
            escrito.user_id.partner_id,
            lambda env: env._("%s was signed"),
            note=name,
        )
        self._send_mail(
            self.env._("Signed: %s", escrito.display_name),
            self.env._("You signed this document. Here is your copy of it."),
            attach=True,
        )

    # ------------------------------------------------------------
    # Mails
    # ------------------------------------------------------------

    def _send_request(self):
        """Send each signer their link."""
        for firma in self:
            local = firma.with_context(lang=firma.partner_id.lang or self.env.lang)
            escrito = local.escrito_id
            local._send_mail(
                self.env._("To sign: %s", escrito.display_name),
                local.env._(
                    "%(company)s sends you a document to sign. The link is for you "
                    "alone and is valid until %(date)s.",
                    company=escrito.company_id.name,
                    date=format_date(local.env, local.date_limit),
                ),
                button=local.env._("Read and sign"),
            )

    def _send_mail(self, subject, text, button=None, attach=False):
        """Mail the signer, through the company's server.

        :param str button: label of the link to the document
        :param bool attach: send the signed document along
        """
        self.ensure_one()
        escrito = self.escrito_id
        body = Markup("<p>%s</p><p>%s</p><p><b>%s</b></p>") % (
            self.env._("Dear %s:", self.signer_name),
            text,
            escrito.display_name,
        )
        if button:
            body += Markup(
                '<p><a href="%s" style="background:#71639e;color:#fff;padding:8px 16px;'
                'border-radius:4px;text-decoration:none">%s</a></p>'
            ) % (self._get_url(), button)
        body += Markup("<p>%s<br/>%s</p>") % (
            escrito.user_id.name or "",
            escrito.company_id.name,
        )
        # sudo: nobody has rights on the mails in the queue; whoever signs is no user.
        own = escrito.sudo()
        attachments = []
        if attach:
            version = self.sudo()._get_signed_version()
            attachments = [(version.filename, version.attachment_id.raw)]
        mail = (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "model": escrito._name,
                    "res_id": escrito.id,
                    "subject": subject,
                    "body_html": body,
                    "email_from": own.user_id.email_formatted
                    or own.company_id.email_formatted,
                    "email_to": formataddr((self.signer_name, self.email)),
                    "mail_server_id": own.company_id._gck_get_mail_server().id,
                    "message_type": "email_outgoing",
                    "attachment_ids": [
                        fields.Command.create(
                            {"name": name, "raw": raw, "res_model": "mail.message"}
                        )
                        for name, raw in attachments
                    ],
                }
            )
        )
        mail.send_after_commit()

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_open_link(self):
        """Open the page of the signature; the company's own signer signs there.

        :raises UserError: when it is somebody else's to sign
        """
        self.ensure_one()
        self.check_access("read")
        if self.partner_id != self.env.user.partner_id:
            raise UserError(
                self.env._("Only %s signs here, by the link sent.", self.signer_name)
            )
        return {"type": "ir.actions.act_url", "url": self._get_url(), "target": "new"}

    def action_resend(self):
        """Send the link again, valid as long as at first."""
        self.escrito_id.check_access("write")
        waiting = self.filtered(lambda firma: firma.state == "waiting")
        for firma in waiting.filtered("is_expired"):
            # sudo: the limit is the system's; the user may write the contract.
            firma.sudo().date_limit = fields.Datetime.now() + timedelta(
                days=max((firma.date_limit - firma.create_date).days, 1)
            )
        waiting._send_request()
        return True

    def action_cancel(self):
        """Ask for no signature any more; the link stops working."""
        self.escrito_id.check_access("write")
        # sudo: the state is the system's; the user may write the contract.
        self.filtered(lambda f: f.state == "waiting").sudo().state = "cancel"
        return True


class GckEscrito(models.Model):
    """Contracts that are signed by a link."""

    _name = "gck.escrito"
    _inherit = ["gck.escrito"]

    firma_ids = fields.One2many(
        "gck.escrito.firma", "escrito_id", string="Signatures", readonly=True
    )
    signature_state = fields.Selection(
        selection=[
            ("waiting", "Waiting for signature"),
            ("partial", "Partly signed"),
            ("signed", "Signed"),
            ("refused", "Refused"),
        ],
        compute="_compute_signature_state",
        store=True,
        string="Signature",
    )

    @api.depends("firma_ids.state")
    def _compute_signature_state(self):
        for escrito in self:
            states = set(escrito.firma_ids.mapped("state")) - {"cancel"}
            if "refused" in states:
                escrito.signature_state = "refused"
            elif states == {"signed"}:
                escrito.signature_state = "signed"
            elif states == {"waiting"}:
                escrito.signature_state = "waiting"
            else:
                escrito.signature_state = "partial" if states else False

    def action_request_signature(self):
        """Ask who is to sign this contract, and until when.

        :raises UserError: unless it is an issued contract
        """
        self.ensure_one()
        self._check_signable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send to sign"),
            "res_model": "gck.escrito.firmar",
            "view_mode": "form",
            "target": "new",
            "context": {"default_escrito_id": self.id},
        }

    def _check_signable(self):
        """:raises UserError: unless this is an issued contract nobody is signing"""
        self.check_access("write")
        if self.clase != "contrato" or self.state not in ("issued", "sent"):
            raise UserError(self.env._("Only issued contracts are sent to be signed."))
        if any(firma.state in ("waiting", "signed") for firma in self.firma_ids):
            raise UserError(
                self.env._(
                    "%s was sent to be signed already. Cancel that first.", self.name
                )
            )

    def _request_signatures(self, signers, date_limit):
        """Send links to sign this contract.

        :param signers: pairs of a role and a ``res.partner``
        :param date_limit: until when they are valid
        :return: the ``gck.escrito.firma``
        :raises UserError: naming who has no valid address
        """
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset(["state", "firma_ids"])
        self._check_signable()
        wrong = [p.name or "" for _role, p in signers if not email_normalize(p.email)]
        if wrong:
            raise UserError(
                self.env._(
                    "These signers have no valid e-mail address: %s. Put it on their "
                    "file.",
                    ", ".join(wrong),
                )
            )
        # sudo: signatures are the system's; the user may write the contract.
        firmas = (
            self.env["gck.escrito.firma"]
            .sudo()
            .create(
                [
                    {
                        "escrito_id": self.id,
                        "role": role,
                        "partner_id": partner.id,
                        "signer_name": partner.name,
                        "email": email_normalize(partner.email),
                        "date_limit": date_limit,
                        "sha256": self.pdf_sha256,
                    }
                    for role, partner in signers
                ]
            )
        )
        firmas._send_request()
        if self.state == "issued":
            self.action_sent()
        return firmas.sudo(self.env.su)

    def _store_signed(self, firma):
        """File the contract with its signatures as a new version of the document.

        The issued PDF goes first, as it is; a page with the signatures follows.

        :return: the new ``gck.documento.version``
        """
        self.ensure_one()
        issued = self._get_pdf()
        report = self.env["ir.actions.report"].with_context(
            force_report_rendering=True, lang=self.partner_id.lang or self.env.lang
        )
        page, _extension = report._render_qweb_pdf(
            "gck_escritos.action_report_gck_escrito_firma", self.ids
        )
        # sudo: the token of the link is the right to sign; the folder that the contract
        # is filed in is for managers.
        return self.sudo().documento_id._add_version(
            self.version_id.filename,
            raw=merge_pdf([issued, page]),
            reason=self.env._("Signed by %s", firma.signed_name),
        )
