"""Odoo's shell: let Odoo's own reports print where wkhtmltopdf is missing.

A quotation that is mailed from a task takes its PDF along; without that program there
would be none. An administrator does the same in the form of each report.
"""

import shutil

if not shutil.which("wkhtmltopdf"):
    reports = env["ir.actions.report"].search([("report_type", "=", "qweb-pdf")])
    reports.pdf_engine = "weasyprint"
    env.cr.commit()
