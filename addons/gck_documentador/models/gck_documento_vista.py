import base64
import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.http import Stream, content_disposition, request
from odoo.tools import SQL, html_sanitize

from ..tools import extract, office

# What a browser shows without running anything of it. SVG is no image here.
IMAGES = frozenset(
    f"image/{name}"
    for name in ("png", "jpeg", "gif", "bmp", "x-ms-bmp", "webp", "x-icon", "avif")
)
AUDIO = frozenset(
    f"audio/{name}"
    for name in ("mpeg", "ogg", "wav", "x-wav", "webm", "mp4", "aac", "flac", "x-flac")
)
VIDEO = frozenset(f"video/{name}" for name in ("mp4", "webm", "ogg", "x-matroska"))
TEXTS = frozenset(
    (
        "application/json",
        "application/javascript",
        "application/xml",
        "application/xhtml+xml",
        "application/x-yaml",
        "application/sql",
        "image/svg+xml",
    )
)
TEXT_EXTENSIONS = frozenset(["txt", "csv", "tsv", "md", "log", "ini", "cfg", "py"])
TEXT_BYTES = 1 << 20
# Sandboxed: what might come through as a page has no origin and runs nothing.
CSP = "default-src 'none'; sandbox"
REMOTE = re.compile(
    r"""(?:(?:src|background)\s*=|url\()\s*["']?\s*(?:https?:)?//""", re.IGNORECASE
)
CID = re.compile(r"cid:([^\"'\s)>]+)", re.IGNORECASE)
INLINE_PARTS = 20
INLINE_BYTES = 4 << 20
# How many files of Office are converted at once, in all the processes.
OFFICE_SLOTS = 2
OFFICE_LOCK = 0x47434B
OFFICE_BYTES = 64 << 20


class GckDocumentoVista(models.Model):
    """The PDF of a file of Office, made once for each content."""

    _name = "gck.documento.vista"
    _description = "Preview of a document"
    _rec_name = "checksum"

    checksum = fields.Char(required=True, readonly=True)
    pdf = fields.Binary(attachment=True, readonly=True)
    is_failed = fields.Boolean(readonly=True)

    _checksum_uniq = models.UniqueIndex("(checksum)", "This preview exists already.")

    @api.autovacuum
    def _gc_unused(self):
        """Remove the previews of contents that no version has any more."""
        unused = self.env.execute_query(
            SQL(
                """
                SELECT id FROM gck_documento_vista vista
                 WHERE NOT EXISTS (SELECT FROM gck_documento_version version
                                    WHERE version.checksum = vista.checksum)
                """
            )
        )
        self.browse(row[0] for row in unused).unlink()


class GckDocumentoVersion(models.Model):
    """How a version is shown without downloading it."""

    _name = "gck.documento.version"
    _inherit = ["gck.documento.version"]

    # ------------------------------------------------------------
    # What the client asks
    # ------------------------------------------------------------

    def get_preview(self):
        """Return how the version is shown.

        :return: dict with ``kind`` (image, pdf, text, audio, video, mail, office or
            none), ``name``, ``size``, ``mimetype``, ``url`` and ``download_url``; of
            e-mails, ``mail`` as well
        """
        self.ensure_one()
        self.check_access("read")
        kind = self._get_preview_kind()
        result = {
            "id": self.id,
            "kind": kind,
            "name": self.filename,
            "size": self.file_size,
            "mimetype": self.mimetype,
            "url": f"/gck/documento/vista/{self.id}/{kind}",
            "download_url": self._get_download_url(),
        }
        if kind == "mail":
            mail = self._read_mail()
            if mail:
                result["mail"] = self._prepare_mail(mail)
                self.with_context(gck_read_how="preview")._log_reads("preview")
            else:
                result["kind"] = "none"
        elif kind == "office":
            result["url"] = f"/gck/documento/vista/{self.id}/pdf"
        return result

    def prepare_office_preview(self):
        """Turn a file of Office into a PDF, unless that was done before.

        :return: ``"done"``, ``"busy"`` when others are being converted and it is to be
            asked again, or ``"failed"``
        """
        self.ensure_one()
        self.check_access("read")
        if self._get_preview_kind() != "office":
            return "failed"
        vista = self._get_vista()
        if vista:
            return "failed" if vista.is_failed else "done"
        if not any(
            self.env.execute_query(
                SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", OFFICE_LOCK, slot)
            )[0][0]
            for slot in range(OFFICE_SLOTS)
        ):
            return "busy"
        try:
            pdf = office.to_pdf(self._get_source(), self._get_extension())
        except office.ConversionError:
            pdf = None
        # Somebody else may have been faster; theirs is as good.
        self.env.cr.execute(
            SQL(
                "INSERT INTO gck_documento_vista"
                " (checksum, is_failed, create_uid, create_date, write_uid, write_date)"
                " VALUES (%s, %s, 1, now(), 1, now())"
                " ON CONFLICT (checksum) DO NOTHING RETURNING id",
                self.checksum,
                pdf is None,
            )
        )
        row = self.env.cr.fetchone()
        if row and pdf:
            # sudo: what is shown of a version that the user may read.
            vista = self.env["gck.documento.vista"].sudo().browse(row[0])
            vista.with_context(gck_no_index=True).pdf = base64.b64encode(pdf)
        return "done" if pdf else "failed"

    # ------------------------------------------------------------
    # Kinds
    # ------------------------------------------------------------

    def _get_extension(self):
        self.ensure_one()
        return (self.filename or "").lower().rpartition(".")[2]

    def _get_preview_kind(self):
        """Return what the version is shown as."""
        self.ensure_one()
        mimetype = (self.mimetype or "").lower()
        extension = self._get_extension()
        if extension in ("eml", "msg") or mimetype == "message/rfc822":
            return "mail"
        if mimetype == "application/pdf":
            return "pdf"
        for kind, mimetypes in (("image", IMAGES), ("audio", AUDIO), ("video", VIDEO)):
            if mimetype in mimetypes:
                return kind
        if extension in office.EXTENSIONS:
            fits = self.file_size <= OFFICE_BYTES
            return "office" if fits and office.get_program() else "none"
        if (
            mimetype.startswith("text/")
            or mimetype in TEXTS
            or extension in TEXT_EXTENSIONS
        ):
            return "text"
        return "none"

    def _get_vista(self):
        # sudo: what is shown of a version that the user may read.
        return (
            self.env["gck.documento.vista"]
            .sudo()
            .search([("checksum", "=", self.checksum)], limit=1)
        )

    def _get_source(self):
        """Return where the content is: a path, or the bytes from the database."""
        # sudo: the attachment of a version that the user may read.
        attachment = self.sudo().attachment_id
        if attachment.store_fname:
            return attachment._full_path(attachment.store_fname)
        return attachment.raw or b""

    # ------------------------------------------------------------
    # Responses
    # ------------------------------------------------------------

    def _get_file_response(self):
        """Return the file as it was stored, to be saved and never to be shown."""
        self.ensure_one()
        # sudo: the attachment of a version that the user may read.
        stream = self.sudo().attachment_id._to_http_stream()
        stream.download_name = self.filename
        stream.mimetype = self.mimetype or "application/octet-stream"
        stream.public = False
        return stream.get_response(as_attachment=True, content_security_policy=CSP)

    def _get_preview_response(self, kind):
        """Return the version to be shown, None when it is not shown as that.

        :param str kind: image, pdf, text, audio or video
        """
        self.ensure_one()
        own = self._get_preview_kind()
        if kind == "pdf" and own == "office":
            vista = self._get_vista()
            if not vista or not vista.pdf:
                return None
            self._log_reads("preview")
            stream = request.env["ir.binary"].sudo()._get_stream_from(vista, "pdf")
            stream.download_name = f"{self.filename}.pdf"
            stream.mimetype = "application/pdf"
            return stream.get_response(as_attachment=False, content_security_policy=CSP)
        if kind != own or kind in ("mail", "office", "none"):
            return None
        # sudo: the attachment of a version that the user may read.
        attachment = self.sudo().with_context(gck_read_how="preview").attachment_id
        stream = attachment._to_http_stream()
        stream.mimetype = self.mimetype
        stream.public = False
        if kind == "text":
            stream = self._get_text_stream(stream)
        stream.download_name = self.filename
        return stream.get_response(as_attachment=False, content_security_policy=CSP)

    def _get_text_stream(self, stream):
        """Return the beginning of a text, written as browsers read it."""
        if stream.type == "path":
            with open(stream.path, "rb") as file:
                data = file.read(TEXT_BYTES)
        else:
            data = stream.data[:TEXT_BYTES]
        content = extract.decode(data).encode()
        return Stream(
            type="data",
            data=content,
            etag=f"{self.checksum}-text",
            mimetype="text/plain",
            size=len(content),
        )

    # ------------------------------------------------------------
    # E-mails
    # ------------------------------------------------------------

    def _read_mail(self):
        if self.file_size > 64 << 20:
            return None
        return extract.read_mail(self._get_source(), self.filename)

    def _prepare_mail(self, mail):
        """Return what the client shows of an e-mail."""
        date = self.env["gck.documento"]._parse_mail_date(mail["date"])
        inline = {cid.lower() for cid in CID.findall(mail["html"])}
        return {
            **{name: mail[name] for name in ("subject", "from", "to", "cc")},
            "date": date.strftime("%d/%m/%Y %H:%M") if date else "",
            "body_url": f"/gck/documento/correo/{self.id}/cuerpo",
            "has_remote": bool(REMOTE.search(mail["html"])),
            "files": [
                {
                    "name": file["name"] or self.env._("Attachment %s", file["part"]),
                    "size": file["size"],
                    "url": f"/gck/documento/correo/{self.id}/{file['part']}",
                }
                for file in mail["files"]
                if not file["cid"] or file["cid"].lower() not in inline
            ],
        }

    def _get_mail_page(self):
        """Return the text of an e-mail as a page without anything that runs."""
        self.ensure_one()
        if self._get_preview_kind() != "mail":
            return None
        mail = self._read_mail()
        if mail is None:
            return None
        if mail["html"].strip():
            body = html_sanitize(
                self._embed_images(mail),
                sanitize_attributes=True,
                sanitize_style=True,
                strip_classes=True,
            )
        else:
            body = (
                Markup('<pre style="white-space:pre-wrap;font:inherit">%s</pre>')
                % (mail["plain"])
            )
        return Markup(
            '<!DOCTYPE html><html><head><meta charset="utf-8"/><base target="_blank"/>'
            "<style>body{font:14px sans-serif;margin:12px;overflow-wrap:anywhere}"
            "img{max-width:100%%;height:auto}</style></head><body>%s</body></html>"
        ) % Markup(body)

    def _embed_images(self, mail):
        """Return the HTML of an e-mail with the pictures that came with it."""
        wanted = {cid.lower() for cid in CID.findall(mail["html"])}
        pictures = {}
        source = self._get_source()
        for file in mail["files"]:
            cid = file["cid"].lower()
            if (
                cid in wanted
                and len(pictures) < INLINE_PARTS
                and file["size"] <= INLINE_BYTES
            ):
                data = extract.read_mail_part(source, self.filename, file["part"])
                mimetype = self.env["gck.documento"]._guess_mimetype(file["name"])
                if file["mimetype"] in IMAGES:
                    mimetype = file["mimetype"]
                if data and mimetype in IMAGES:
                    content = base64.b64encode(data).decode()
                    pictures[cid] = f"data:{mimetype};base64,{content}"
        return CID.sub(
            lambda match: pictures.get(match.group(1).lower(), match.group()),
            mail["html"],
        )

    def _get_mail_part_response(self, part):
        """Return a file that came with an e-mail, to be saved."""
        self.ensure_one()
        mail = self._read_mail() if self._get_preview_kind() == "mail" else None
        if mail is None or part >= len(mail["files"]):
            return None
        data = extract.read_mail_part(self._get_source(), self.filename, part)
        if data is None:
            return None
        self._log_reads("download")
        name = mail["files"][part]["name"] or f"{part}.bin"
        return request.make_response(
            data,
            headers=[
                ("Content-Type", "application/octet-stream"),
                ("Content-Disposition", content_disposition(name)),
                ("Content-Security-Policy", CSP),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
