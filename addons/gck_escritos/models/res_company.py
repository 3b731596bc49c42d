import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

NUMBER = "{numero}"


class ResCompany(models.Model):
    """How faxes leave, and how long before their end contracts are told of."""

    _name = "res.company"
    _inherit = ["res.company"]

    gck_fax_gateway = fields.Char(
        string="Mail-to-fax address",
        help="Faxes are sent by e-mail to this address of your fax service, with "
        "{numero} for the number: {numero}@fax.example.com. Empty: faxes are printed.",
    )
    gck_contrato_days = fields.Integer(
        string="Days before a contract ends",
        default=30,
        help="So many days before it is renewed or expires, its sender gets an "
        "activity. Zero: never.",
    )

    _gck_contrato_days_positive = models.Constraint(
        "CHECK (gck_contrato_days BETWEEN 0 AND 3650)",
        "The days before a contract ends go from zero to ten years.",
    )

    @api.constrains("gck_fax_gateway")
    def _check_gck_fax_gateway(self):
        """Refuse an address that no mail could be sent to."""
        for company in self:
            gateway = (company.gck_fax_gateway or "").strip()
            local, _at, domain = gateway.rpartition("@")
            if gateway and (
                not re.fullmatch(r"[\w-]+(\.[\w-]+)+", domain, re.ASCII)
                or (local and local.count(NUMBER) != 1)
            ):
                raise ValidationError(
                    self.env._(
                        "«%s» is no mail-to-fax address. Write it as "
                        "{numero}@fax.example.com.",
                        gateway,
                    )
                )

    def _gck_get_fax_address(self, number):
        """Return the e-mail address that a fax to a number is sent to, else False.

        :param str number: as people write it
        """
        self.ensure_one()
        gateway = (self.gck_fax_gateway or "").strip()
        if not gateway:
            return False
        digits = re.sub(r"^\+", "00", re.sub(r"[^\d+]", "", number))
        local, _at, domain = gateway.rpartition("@")
        return f"{(local or NUMBER).replace(NUMBER, digits)}@{domain}"
