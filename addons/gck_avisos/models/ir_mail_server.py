from odoo import models


class IrMailServer(models.Model):
    _name = "ir.mail_server"
    _inherit = ["ir.mail_server"]

    def _active_usages_compute(self):
        """Name the companies whose mails a server sends, so that none archives it."""
        usages = super()._active_usages_compute()
        # sudo: which companies use a server is read, nothing else.
        companies = (
            self.env["res.company"]
            .sudo()
            .search([("gck_mail_server_id", "in", self.ids)])
        )
        for company in companies:
            usages.setdefault(company.gck_mail_server_id.id, []).append(
                self.env._("%s (parameters of GCK)", company.name)
            )
        return usages
