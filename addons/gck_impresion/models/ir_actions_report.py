import io
import logging

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError

from ..tools.document import make_pdf
from ..tools.engine import EngineMissing, borrow_engine
from ..tools.resources import ResourceResolver

_logger = logging.getLogger(__name__)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    pdf_engine = fields.Selection(
        [("odoo", "Odoo (wkhtmltopdf)"), ("weasyprint", "WeasyPrint")],
        string="PDF Engine",
        default="odoo",
        required=True,
        help="Program that turns this report into a PDF. WeasyPrint gives every "
        "page its header, footer and number whatever wkhtmltopdf is installed.",
    )
    pdf_joined = fields.Boolean(
        "One Document for All Records",
        help="Print the selected records as one document, numbered throughout, as a "
        "list needs. Otherwise each record is a document of its own.",
    )

    # === Actions ===

    def _get_readable_fields(self):
        # The web client has to know the engine before it asks for the PDF.
        return super()._get_readable_fields() | {"pdf_engine"}

    def report_action(self, docids, data=None, config=True):
        """Return the action that prints ``docids``; see Odoo's own method.

        The action says which engine prints it, because the web client would ask
        for wkhtmltopdf otherwise.
        """
        action = super().report_action(docids, data=data, config=config)
        if action["type"] == self._name:
            action["pdf_engine"] = self.pdf_engine
        return action

    def _action_configure_external_report_layout(self, report_action, *args, **kwargs):
        report_action["pdf_engine"] = self.pdf_engine
        return super()._action_configure_external_report_layout(
            report_action, *args, **kwargs
        )

    # === Rendering ===

    def _uses_weasyprint(self):
        """Return whether the PDF being made is one of WeasyPrint's."""
        return self.env.context.get("gck_pdf_engine") == "weasyprint"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Return the PDF streams of ``res_ids``, one per record.

        Reports of WeasyPrint go through Odoo's own method record by record, so that
        attachments are read and kept as always while each record is a document of
        its own, with its own page numbers.
        """
        report = self._get_report(report_ref)
        if report.pdf_engine != "weasyprint":
            # A report printed from inside another one keeps its own engine.
            self = self.with_context(gck_pdf_engine=False)
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        res_ids = list(res_ids or ())
        self = self.with_context(
            gck_pdf_engine="weasyprint", gck_print_ids=tuple(res_ids)
        )
        if report.pdf_joined and len(set(res_ids)) > 1:
            return self._prepare_joined_stream(report.id, data, res_ids)
        # A copy of data each time: rendering adds to it.
        prepared = [
            super(
                IrActionsReport, self.with_context(gck_print_current=ids)
            )._render_qweb_pdf_prepare_streams(report.id, dict(data or {}), ids)
            for ids in [[res_id] for res_id in res_ids] or [[]]
        ]
        if len(set(res_ids)) == len(res_ids):
            return {
                key: value for streams in prepared for key, value in streams.items()
            }
        # As Odoo does: a record asked for twice is printed twice and not filed.
        merged = self._merge_pdfs(
            [value["stream"] for streams in prepared for value in streams.values()]
        )
        return {False: {"stream": merged, "attachment": None}}

    def _prepare_joined_stream(self, report_id, data, res_ids):
        """Return the only stream of a report that is one document for all records."""
        data = {"report_type": "pdf", "debug": False, **(data or {})}
        html = self.with_context(debug=False)._render_qweb_html(
            report_id, res_ids, data=data
        )[0]
        pdf = self._run_weasyprint(html, self._get_report(report_id))
        return {False: {"stream": io.BytesIO(pdf), "attachment": None}}

    def _get_rendering_context(self, report, docids, data):
        values = super()._get_rendering_context(report, docids, data)
        docs = values.get("docs")
        if (
            self._uses_weasyprint()
            and isinstance(docs, models.BaseModel)
            and docs._name == report.model
        ):
            # Rendered one at a time, but read from the database together.
            values["docs"] = docs.with_prefetch(self.env.context["gck_print_ids"])
        return values

    @api.model
    def get_wkhtmltopdf_state(self):
        """Return "ok" while WeasyPrint prints, the state of wkhtmltopdf otherwise."""
        if self._uses_weasyprint():
            return "ok"
        return super().get_wkhtmltopdf_state()

    def _prepare_html(self, html, report_model=False):
        if not self._uses_weasyprint():
            return super()._prepare_html(html, report_model=report_model)
        # WeasyPrint lays out the document whole: it is not taken to pieces.
        return [html], self.env.context["gck_print_current"], "", "", {}

    @api.model
    def _run_wkhtmltopdf(self, bodies, report_ref=False, *args, **kwargs):
        if not self._uses_weasyprint():
            return super()._run_wkhtmltopdf(bodies, report_ref, *args, **kwargs)
        return self._run_weasyprint(bodies[0], self._get_report(report_ref))

    def _run_weasyprint(self, html, report):
        """Return the PDF of the HTML of a report.

        :param html: the whole HTML document, str or bytes
        :param report: the ``ir.actions.report`` that it was rendered from
        :return: the PDF, as bytes
        :raises UserError: if WeasyPrint is not installed, or the text cannot be
            laid out
        """
        if isinstance(html, bytes):
            html = html.decode()
        # Relative addresses need something to be relative to.
        base_url = report.get_base_url() or "http://localhost"

        def paperformat_of(company_id):
            # sudo: the size of the paper is no secret, and a portal user prints too
            company = self.env["res.company"].sudo().browse(company_id)
            try:
                own = company.paperformat_id
            except MissingError:
                own = False
            return (
                report.paperformat_id or own or self.env.company.sudo().paperformat_id
            )

        try:
            with borrow_engine() as engine:
                return make_pdf(
                    engine,
                    html,
                    base_url=base_url,
                    resolver=ResourceResolver(self.env, base_url),
                    bundle_sheet=self._get_bundle_sheet,
                    paperformat_of=paperformat_of,
                    landscape=bool(self.env.context.get("landscape")),
                )
        except EngineMissing as error:
            _logger.error("WeasyPrint cannot be used: %s", error)
            raise UserError(self._get_engine_missing_message(error.missing)) from error
        except RecursionError as error:
            raise UserError(
                self.env._("The document is nested too deeply to be printed.")
            ) from error

    def _get_engine_missing_message(self, missing):
        """Return what to tell the user when the engine cannot be used."""
        if missing == "pango":
            return self.env._(
                "This report is printed with WeasyPrint, which needs the Pango "
                "libraries. Ask your administrator to install them on the server: "
                "the packages libpango-1.0-0, libpangoft2-1.0-0 and "
                "libharfbuzz-subset0 in Debian and Ubuntu."
            )
        return self.env._(
            "This report is printed with WeasyPrint, version 68 or later, which is "
            "not installed on the server. Ask your administrator to install it: "
            "pip install weasyprint"
        )

    def _get_bundle_sheet(self, engine, path):
        """Return the parsed stylesheet of an asset bundle of Odoo's.

        :param Engine engine: keeps it
        :param str path: the address that the document links to
        :return: the stylesheet, or None if ``path`` is no asset bundle
        """
        if not path.startswith("/web/assets/"):
            return None
        bundle_name = self.env["ir.asset"]._parse_bundle_name(
            path.rpartition("/")[2], False
        )[0]
        bundle = self.env["ir.qweb"]._get_asset_bundle(bundle_name, js=False)
        # sudo: bundles are public, but their attachments belong to the superuser
        attachment = bundle.css().sudo()
        return engine.bundle_sheet(
            bundle_name, attachment.checksum, lambda: attachment.raw.decode()
        )
