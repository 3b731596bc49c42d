import ast

from odoo import api, fields, models


class GckAvisoTipo(models.Model):
    """Classifies notices; proposes who answers them and by when (K-30).

    A type may have a mail address: what is mailed to it becomes a notice of the type
    (K-8), or a fax where its channel says so (K-9).
    """

    _name = "gck.aviso.tipo"
    _description = "Notice type"
    _inherit = ["gck.accion.tipo.mixin", "mail.alias.mixin.optional"]

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
    ack_template_id = fields.Many2one(
        "mail.template",
        string="Acknowledgement",
        domain=[("model", "=", "gck.aviso")],
        help="Sent to whoever mails to this address. Empty sends none. Automatic "
        "mails are never answered.",
    )
    alias_hint = fields.Boolean(
        string="Mail domain missing", compute="_compute_alias_hint"
    )

    @api.depends("alias_name", "alias_domain_id")
    def _compute_alias_hint(self):
        """Tell which types have an address that is not complete yet."""
        for tipo in self:
            tipo.alias_hint = bool(tipo.alias_name and not tipo.alias_domain_id)

    @api.model_create_multi
    def create(self, vals_list):
        """Create types; an alias without a domain is known by its local part."""
        tipos = super().create(vals_list)
        tipos._update_alias_local()
        return tipos

    def write(self, vals):
        """Write values; an alias without a domain is known by its local part."""
        # The mixin leaves out in silence what the user may not write.
        self.check_access("write")
        result = super().write(vals)
        if "alias_name" in vals or "alias_domain_id" in vals:
            self._update_alias_local()
        return result

    def _update_alias_local(self):
        """Let mail in also where no mail domain has been set up."""
        # sudo: the alias belongs to the type, which the user may write.
        for alias in self.sudo().alias_id:
            local = not alias.alias_domain_id
            if alias.alias_incoming_local != local:
                alias.alias_incoming_local = local

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("gck.aviso")
        if self.id:
            defaults = ast.literal_eval(self.alias_defaults or "{}")
            values["alias_defaults"] = {**defaults, "tipo_id": self.id}
        return values

    def _get_mail_company(self):
        """Return the company whose notices the mail to this type becomes."""
        self.ensure_one()
        # sudo: the mail domain is read, whoever opens the mail.
        companies = self.sudo().alias_domain_id.company_ids
        if self.company_id:
            return self.company_id
        if not companies or self.env.company in companies:
            return self.env.company
        return companies[0]

    def _get_mail_procedencia(self, company):
        """Return the channel of what is mailed to this type in a company.

        :param company: one ``res.company``
        :return: one ``gck.procedencia``, or none
        """
        if self.mail_procedencia_id:
            return self.mail_procedencia_id
        return self.env["gck.aviso"].with_company(company)._get_procedencia("email")
