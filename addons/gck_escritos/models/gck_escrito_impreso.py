from odoo import models

TEMPLATES = {
    "memo": "gck_escritos.report_gck_escrito_memo",
    "procedimiento": "gck_escritos.report_gck_escrito_procedimiento",
}


class GckEscrito(models.Model):
    """The prints of memos and procedures; e-mails keep the message itself (M-65)."""

    _name = "gck.escrito"
    _inherit = ["gck.escrito"]

    def _get_report_template(self):
        self.ensure_one()
        return TEMPLATES.get(self.clase) or super()._get_report_template()

    def _freeze_pdf(self):
        """Make no PDF of e-mails: the exact copy of the message is filed."""
        printed = self.filtered(lambda escrito: escrito.clase != "correo")
        return super(GckEscrito, printed)._freeze_pdf()
