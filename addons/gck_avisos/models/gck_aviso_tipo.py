from odoo import fields, models


class GckAvisoTipo(models.Model):
    """Classifies notices; proposes who answers them and by when (K-30).

    A type may have a mail address: what is mailed to it becomes a notice of the type
    (K-8), or a fax where its channel says so (K-9).
    """

    _name = "gck.aviso.tipo"
    _description = "Notice type"
    _inherit = ["gck.accion.tipo.mixin", "gck.alias.tipo.mixin"]
    _alias_target = "gck.aviso"

    alias_id = fields.Many2one(
        help="What is mailed to this address becomes a notice of the type, in "
        "Reception."
    )
    mail_procedencia_id = fields.Many2one(
        "gck.procedencia",
        string="Channel of what comes by mail",
        check_company=True,
        help="Leave it empty for e-mail. Choose the fax where a fax gateway or a "
        "scanner mails to this address.",
    )

    def _get_mail_procedencia(self, company):
        """Return the channel of what is mailed to this type in a company.

        :param company: one ``res.company``
        :return: one ``gck.procedencia``, or none
        """
        if self.mail_procedencia_id:
            return self.mail_procedencia_id
        return self.env["gck.aviso"].with_company(company)._get_procedencia("email")
