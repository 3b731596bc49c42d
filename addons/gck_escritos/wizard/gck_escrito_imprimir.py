import io
from base64 import b64encode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

# More than these are not composed anew while somebody waits.
RENDER_MAX = 200


class GckEscritoImprimir(models.TransientModel):
    """Asks how documents are printed: with logo, with signature block (M-56).

    What was issued and is printed as it was issued is the very file that was kept;
    other switches give a copy on paper of the same content, which is not kept.
    """

    _name = "gck.escrito.imprimir"
    _description = "Print written documents"

    escrito_ids = fields.Many2many(
        "gck.escrito", string="Written documents", required=True
    )
    escrito_count = fields.Integer(string="Documents", compute="_compute_escrito_count")
    with_logo = fields.Boolean(
        compute="_compute_switches",
        store=True,
        readonly=False,
        help="Without it the room of the letterhead stays empty: for preprinted paper.",
    )
    with_signature = fields.Boolean(
        string="With signature block",
        compute="_compute_switches",
        store=True,
        readonly=False,
        help="Name, job and signature of the sender, or the places to sign.",
    )
    is_copy = fields.Boolean(
        string="Differs from what was issued", compute="_compute_is_copy"
    )
    pdf = fields.Binary(readonly=True, attachment=True)
    filename = fields.Char(readonly=True)

    @api.depends("escrito_ids")
    def _compute_escrito_count(self):
        for wizard in self:
            wizard.escrito_count = len(wizard.escrito_ids)

    @api.depends("escrito_ids")
    def _compute_switches(self):
        """Propose how the documents were made."""
        for wizard in self:
            for name in ("with_logo", "with_signature"):
                wizard[name] = all(wizard.escrito_ids.mapped(name))

    @api.depends("escrito_ids", "with_logo", "with_signature")
    def _compute_is_copy(self):
        for wizard in self:
            wizard.is_copy = bool(wizard._get_differing())

    def _get_differing(self):
        """Return the issued documents whose switches were others than these."""
        return self.escrito_ids.filtered(
            lambda doc: (
                doc.version_id
                and (doc.with_logo, doc.with_signature)
                != (self.with_logo, self.with_signature)
            )
        )

    def action_print(self):
        """Print the documents, all in one file.

        :raises UserError: when too many would have to be composed anew
        """
        self.ensure_one()
        if not self.escrito_ids:
            raise UserError(self.env._("There is nothing to print that you may read."))
        documents = self.escrito_ids.sorted(lambda doc: (doc.name, doc.id))
        kept = documents.filtered("version_id") - self._get_differing()
        if len(documents - kept) > RENDER_MAX:
            raise UserError(
                self.env._(
                    "These are too many to compose now: print them as they were "
                    "issued, or fewer than %s at a time.",
                    RENDER_MAX,
                )
            )
        raws = [
            doc._get_pdf()
            if doc in kept
            else doc._render_pdf(self.with_logo, self.with_signature)
            for doc in documents
        ]
        filename = (
            documents._get_pdf_name()
            if len(documents) == 1
            else self.env._("%s documents.pdf", len(documents))
        )
        return self._deliver(self._merge_pdf(raws), filename)

    def _deliver(self, raw, filename):
        """Hand the PDF over: to the printer of its kind, else it opens (M-3, M-57).

        :return: an action
        """
        report = self.env.ref("gck_escritos.action_report_gck_escrito")
        name = filename.removesuffix(".pdf")
        if sent := report._send_pdf(self.escrito_ids, name, raw):
            return sent
        self.write({"pdf": b64encode(raw), "filename": filename})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/pdf?filename_field=filename",
            "target": "new",
        }

    @api.model
    def _merge_pdf(self, raws):
        """Return some PDFs as one, in their order."""
        if len(raws) == 1:
            return raws[0]
        writer = PdfFileWriter()
        for raw in raws:
            reader = PdfFileReader(io.BytesIO(raw), strict=False)
            for page in reader.pages:
                writer.addPage(page)
        with io.BytesIO() as merged:
            writer.write(merged)
            return merged.getvalue()
