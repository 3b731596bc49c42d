import hashlib
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import UserError

from .gck_documento import format_size

CHUNK = 1 << 20


class GckDocumentoVersion(models.Model):
    """One content that a document has had: who stored it, when and why."""

    _name = "gck.documento.version"
    _description = "Version of a document"
    _order = "documento_id, number desc"
    _rec_name = "filename"

    documento_id = fields.Many2one(
        "gck.documento", string="Document", required=True, ondelete="cascade"
    )
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    filename = fields.Char(string="File", required=True, readonly=True)
    attachment_id = fields.Many2one("ir.attachment", readonly=True, ondelete="restrict")
    # The bytes, by the attachment of this field, so that Odoo's own ways to them work.
    content = fields.Binary(attachment=True, readonly=True)
    file_size = fields.Integer(string="Size", readonly=True, aggregator="sum")
    size_text = fields.Char(string="Size (text)", compute="_compute_size_text")
    checksum = fields.Char(string="SHA-1", readonly=True, index="btree_not_null")
    sha256 = fields.Char(string="SHA-256", readonly=True)
    mimetype = fields.Char(string="Content type", readonly=True)
    user_id = fields.Many2one("res.users", string="Stored by", readonly=True)
    date = fields.Datetime(readonly=True)
    reason = fields.Char(readonly=True)
    is_current = fields.Boolean(string="Current", compute="_compute_is_current")

    _number_uniq = models.UniqueIndex(
        "(documento_id, number)", "Two versions of a document got the same number."
    )

    @api.depends("documento_id.version_id")
    def _compute_is_current(self):
        for version in self:
            version.is_current = version.documento_id.version_id == version

    @api.depends("filename", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(file)s (version %(number)s)",
                file=version.filename,
                number=version.number,
            )

    @api.depends("file_size")
    @api.depends_context("lang")
    def _compute_size_text(self):
        for version in self:
            version.size_text = format_size(self.env, version.file_size)

    def _get_download_url(self):
        """Return the address at which the file is downloaded as it was stored."""
        self.ensure_one()
        return f"/gck/documento/{self.id}/{quote(self.filename, safe='')}"

    def action_open_file(self):
        """Download the file.

        :return: the action that opens its address
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": self._get_download_url(),
            "target": "new",
        }

    def action_restore(self):
        """Store the content of an earlier version as the newest one.

        :return: the notification that says so
        """
        self.ensure_one()
        documento = self.documento_id
        if self.is_current:
            raise UserError(
                self.env._("Version %s is the current one already.", self.number)
            )
        version = documento._add_version(
            self.filename,
            version=self,
            reason=self.env._("Version %s restored", self.number),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Version %(old)s is now version %(new)s of «%(document)s».",
                    old=self.number,
                    new=version.number,
                    document=documento.name,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def write(self, vals):
        """Refuse to change what was stored."""
        if not self.env.su:
            raise UserError(
                self.env._("A version is never changed: store a new one instead.")
            )
        return super().write(vals)

    @api.model
    def _get_sha256(self, attachment):
        """Return the SHA-256 of an attachment's content, which may be large."""
        digest = hashlib.sha256()
        if attachment.store_fname:
            with open(attachment._full_path(attachment.store_fname), "rb") as content:
                while chunk := content.read(CHUNK):
                    digest.update(chunk)
        else:
            digest.update(attachment.raw or b"")
        return digest.hexdigest()
