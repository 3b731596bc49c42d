from odoo import api, fields, models
from odoo.tools.safe_eval import safe_eval, time


class IrActionsReport(models.Model):
    """Which printer a report goes to (M-3)."""

    _name = "ir.actions.report"
    _inherit = ["ir.actions.report"]

    gck_impresora_id = fields.Many2one(
        "gck.impresora",
        string="Printer",
        company_dependent=True,
        help="Where this report is printed. Empty: the printer of its kind of action, "
        "if it has one; otherwise the PDF opens in the browser.",
    )
    gck_impresora_fixed = fields.Boolean(
        string="For Everybody",
        help="Also for people who have chosen a printer of their own, as for labels "
        "or preprinted paper.",
    )

    @api.model
    def print_to_printer(self, report_name, res_ids=None, data=None):
        """Print a report on the printer where it goes, if it goes to any.

        The PDF is made now, with the rights of the user; it leaves for the printer
        when this request is over.

        :param str report_name: technical name of the report
        :param list res_ids: ids of the records
        :param dict data: options, from a dialog
        :return: what to tell the user, False to open the PDF in the browser
        """
        report = self._get_report(report_name)
        if report.report_type != "qweb-pdf":
            return False
        data = dict(data or {})
        res_ids = [int(res_id) for res_id in res_ids or []]
        records = self.env[report.model].browse(res_ids)
        impresora = report._get_impresora(records)
        if not impresora:
            return False
        pdf = self._render_qweb_pdf(report_name, res_ids, data=data)[0]
        trabajo = impresora._print(report._get_print_name(records), pdf)
        return trabajo._get_sent_values()

    def _send_pdf(self, records, name, pdf):
        """Send a PDF that was made before to the printer where this report goes.

        :param records: what is in the PDF
        :param str name: what it is called
        :param bytes pdf: the document
        :return: the action that tells so; None where it goes to no printer, and the
            caller opens it
        """
        impresora = self._get_impresora(records)
        if not impresora:
            return None
        return impresora._print(name, pdf)._get_sent_action()

    def _get_impresora(self, records):
        """Return the printer where this report goes, none to open it in the browser.

        The user's own comes first, unless the report has one for everybody; then that
        of the report, then what ``_get_default_impresora`` says.

        :param records: what is printed
        """
        self.ensure_one()
        # sudo: one's own printer and that of a report are preferences, used here only
        # to choose; which of them the user may use is checked below.
        report, user = self.sudo(), self.env.user.sudo()
        report_printer = report.with_company(self.env.company).gck_impresora_id
        if report.gck_impresora_fixed:
            candidates = [report_printer, user.gck_impresora_id]
        else:
            candidates = [user.gck_impresora_id, report_printer]
        candidates.append(report._get_default_impresora(records))
        for impresora in candidates:
            if (
                impresora.active
                and impresora.company_id <= self.env.company
                and impresora.with_env(self.env).has_access("read")
            ):
                if impresora.kind == "browser":
                    break
                return impresora.with_env(self.env)
        return self.env["gck.impresora"]

    def _get_default_impresora(self, records):
        """Return the printer of what is printed, when nobody chose another."""
        return self.env["gck.impresora"]

    def _get_print_name(self, records):
        """Return what the print of some records is called, as its file would be."""
        self.ensure_one()
        if len(records) == 1 and self.print_report_name:
            return str(
                safe_eval(self.print_report_name, {"object": records, "time": time})
            )
        if len(records) > 1:
            return self.env._(
                "%(report)s (%(count)s records)", report=self.name, count=len(records)
            )
        return self.name
