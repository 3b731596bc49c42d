import hashlib
import io

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.pdf import PdfFileReader, PdfReadError

from odoo.addons.gck_avisos.models.gck_accion_mixin import _TRANSITION

# Kept as they were sent, not as they are printed.
UNPRINTED_CLASES = ("correo",)
REPORT = "gck_escritos.action_report_gck_escrito"


class GckEscrito(models.Model):
    """The PDF of a written document: made once, on issue, and kept (M-57)."""

    _name = "gck.escrito"
    _inherit = ["gck.escrito"]

    with_logo = fields.Boolean(
        default=True, help="Print the logo and the letterhead of the company."
    )
    with_signature = fields.Boolean(
        string="With signature block",
        default=True,
        help="Print the name, the job and the signature of the sender.",
    )
    documento_id = fields.Many2one(
        "gck.documento",
        string="Filed document",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    version_id = fields.Many2one(
        "gck.documento.version",
        string="Issued file",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    pdf_sha256 = fields.Char(
        string="SHA-256",
        readonly=True,
        copy=False,
        help="Tells whether a file is the one that was issued.",
    )
    page_count = fields.Integer(string="Pages", readonly=True, copy=False)

    # ------------------------------------------------------------
    # Issue
    # ------------------------------------------------------------

    def _do_after_issue(self):
        """Make the PDF and file it."""
        self.filtered(lambda doc: doc.clase not in UNPRINTED_CLASES)._freeze_pdf()
        return super()._do_after_issue()

    def _freeze_pdf(self):
        """Make the PDF of each issued document, keep its hash and file it."""
        if not self:
            return
        raws = {escrito: escrito._render_pdf() for escrito in self}
        # sudo: who may issue the writing was checked; the folder that it is filed in
        # is for managers.
        documentos = (
            self.env["gck.documento"]
            .sudo()
            ._store_files(
                [
                    {
                        "name": escrito._get_pdf_name(),
                        "raw": raw,
                        "records": escrito._get_filed_records(),
                        **escrito._prepare_documento_vals(),
                    }
                    for escrito, raw in raws.items()
                ],
                keep_duplicates=True,
            )
        )
        for (escrito, raw), documento in zip(raws.items(), documentos, strict=True):
            escrito.with_context(gck_transition=_TRANSITION, mail_notrack=True).write(
                {
                    "documento_id": documento.id,
                    "version_id": documento.version_id.id,
                    "pdf_sha256": hashlib.sha256(raw).hexdigest(),
                    "page_count": self._count_pages(raw),
                }
            )

    def _prepare_documento_vals(self):
        """Return the values of the filed document."""
        self.ensure_one()
        folder = self.env["gck.carpeta"]._get_system(self.clase, self.company_id)
        return {
            "title": self.display_name,
            "carpeta_id": folder.id,
            "user_id": self.user_id.id,
            "date": self.date_document,
            "partner_id": self.partner_id.id,
            "reference": self.name,
        }

    def _get_filed_records(self):
        """Return what the filed document is linked with, a recordset for each."""
        self.ensure_one()
        records = [self, self.partner_id]
        # sudo: who has no right on links issues as well; the system files.
        for link in self.sudo().vinculo_ids:
            if link.res_model in self.env:
                records.append(self.env[link.res_model].browse(link.res_id).exists())
        return [record for record in records if record]

    def _get_pdf_name(self):
        """Return the name of the file: number and whom it is for."""
        self.ensure_one()
        parts = [self.name.replace("/", "-"), self.partner_id.name]
        return " ".join(filter(None, parts)) + ".pdf"

    def _count_pages(self, raw):
        """Return how many pages a PDF has."""
        try:
            return len(PdfFileReader(io.BytesIO(raw), strict=False).pages)
        except (PdfReadError, ValueError):
            return 0

    # ------------------------------------------------------------
    # Rendering
    # ------------------------------------------------------------

    def _render_pdf(self, with_logo=None, with_signature=None):
        """Return the PDF of this document, with the switches given (M-56).

        :param with_logo: print the letterhead; None: as the document says
        :param with_signature: print the signature block; None: as the document says
        """
        self.ensure_one()
        data = {
            "with_logo": self.with_logo if with_logo is None else with_logo,
            "with_signature": (
                self.with_signature if with_signature is None else with_signature
            ),
        }
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        raw, _extension = report._render_qweb_pdf(REPORT, self.ids, data=data)
        return raw

    def _get_report_template(self):
        """Return the xml id of the template that prints this document.

        A class with a print of its own extends it.
        """
        self.ensure_one()
        names = {
            "fax": "gck_escritos.report_gck_escrito_fax",
            "contrato": "gck_escritos.report_gck_escrito_contrato",
        }
        return names.get(self.clase, "gck_escritos.report_gck_escrito_carta")

    def _get_pdf(self):
        """Return the PDF: the very one that was issued, or that of the draft now.

        :raises UserError: when the issued file is not what it was
        """
        self.ensure_one()
        self.check_access("read")
        if not self.version_id:
            return self._render_pdf()
        # sudo: whoever may read the document may read its file, wherever it is filed.
        raw = self.sudo().version_id.attachment_id.raw or b""
        if hashlib.sha256(raw).hexdigest() != self.pdf_sha256:
            raise UserError(
                self.env._(
                    "The file of %s is not the one that was issued. Tell your "
                    "administrator; do not send it.",
                    self.name,
                )
            )
        return raw

    def action_print(self):
        """Ask how these are printed (M-56)."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Print"),
            "res_model": "gck.escrito.imprimir",
            "view_mode": "form",
            "target": "new",
            "context": {"default_escrito_ids": [fields.Command.set(self.ids)]},
        }

    def action_open_documento(self):
        """Open the document as it is filed; its PDF for whom the folder is closed."""
        self.ensure_one()
        self.check_access("read")
        if self.documento_id.has_access("read"):
            return self.documento_id._get_records_action()
        return {
            "type": "ir.actions.act_url",
            "url": f"/gck/escrito/{self.id}/documento.pdf",
            "target": "new",
        }

    def _get_place_and_date(self):
        """Return what a letter begins with: «Valencia, 1 de diciembre de 2026»."""
        self.ensure_one()
        date = format_date(self.env, self.date_document, date_format="long")
        # sudo: the city of the company is on its letterhead.
        return ", ".join(filter(None, [self.company_id.sudo().city, date]))

    def _get_firma(self):
        """Return the image of the sender's signature, where it may be put.

        A copy of what was issued keeps it: whoever prints it did not put it there.
        """
        self.ensure_one()
        if not self.user_id:
            return False
        issuer = self.done_user_id if self.date_issued else self.env.user
        return self.user_id.with_user(issuer)._gck_get_firma()
