import ast

from odoo import api, fields, models


class GckAliasTipoMixin(models.AbstractModel):
    """A type with a mail address: what is mailed to it becomes an action of the type.

    The action's model inherits ``gck.correo.mixin`` (K-8, O-6).
    """

    _name = "gck.alias.tipo.mixin"
    _description = "GCK type with a mail address"
    _inherit = ["mail.alias.mixin.optional"]

    # Name of the model of what is made of the mails; a concrete model sets it.
    _alias_target = None

    ack_template_id = fields.Many2one(
        "mail.template",
        string="Acknowledgement",
        domain=lambda self: [("model", "=", self._alias_target)],
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
        values["alias_model_id"] = self.env["ir.model"]._get_id(self._alias_target)
        if self.id:
            defaults = ast.literal_eval(self.alias_defaults or "{}")
            values["alias_defaults"] = {**defaults, "tipo_id": self.id}
        return values

    def _get_mail_company(self):
        """Return the company where the mail to this type comes in."""
        self.ensure_one()
        # sudo: the mail domain is read, whoever opens the mail.
        companies = self.sudo().alias_domain_id.company_ids
        if self.company_id:
            return self.company_id
        if not companies or self.env.company in companies:
            return self.env.company
        return companies[0]
