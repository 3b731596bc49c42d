from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .gck_documento_tipo import REQUIRED


class GckDocumento(models.Model):
    """What the type of a document asks for, proposes and rules."""

    _name = "gck.documento"
    _inherit = ["gck.documento"]

    legal_hold = fields.Boolean(
        string="Legal hold",
        tracking=True,
        copy=False,
        help="The document is kept whatever the rule of retention of its type says.",
    )
    date_retention = fields.Date(
        string="Kept until",
        compute="_compute_date_retention",
        store=True,
        precompute=True,
        help="By the rule of its type. After that day it goes to the bin.",
    )
    date_warning = fields.Date(
        string="Warned on",
        compute="_compute_date_warning",
        store=True,
        precompute=True,
        help="The day on which its author is told that it expires.",
    )
    is_warned = fields.Boolean(
        string="Told",
        readonly=True,
        copy=False,
        help="Whether somebody has been told that it expires on this date.",
    )

    _retention_idx = models.Index("(date_retention) WHERE active IS TRUE")
    _warning_idx = models.Index(
        "(date_warning) WHERE active IS TRUE AND is_warned IS NOT TRUE"
    )
    _expiry_idx = models.Index("(date_expiry) WHERE state = 'valid'")

    def write(self, vals):
        """Write values; only who manages the folder ends a legal hold."""
        if not self.env.su:
            self._get_released(vals).carpeta_id._check_level("manage")
        return super().write(vals)

    def _get_released(self, vals):
        """Return those whose legal hold some values would end."""
        released = self.browse()
        if not vals.get("legal_hold", True):
            released |= self.filtered("legal_hold")
        if "tipo_id" in vals:
            # sudo: only whether the type is held; which types there are is no secret.
            tipo = self.env["gck.documento.tipo"].sudo().browse(vals["tipo_id"] or [])
            if not tipo.legal_hold:
                released |= self.filtered(lambda d: d.tipo_id.legal_hold)
        return released

    @api.depends("tipo_id.retention_months", "tipo_id.legal_hold", "date", "legal_hold")
    def _compute_date_retention(self):
        for documento in self:
            tipo = documento.tipo_id
            months = tipo.retention_months
            held = documento.legal_hold or tipo.legal_hold
            documento.date_retention = (
                fields.Date.add(documento.date, months=months)
                if months and documento.date and not held
                else False
            )

    @api.depends("tipo_id.warning_days", "date_expiry")
    def _compute_date_warning(self):
        for documento in self:
            days = documento.tipo_id.warning_days if documento.tipo_id else 30
            documento.date_warning = documento.date_expiry and fields.Date.subtract(
                documento.date_expiry, days=days
            )

    @api.constrains("tipo_id", *REQUIRED.values())
    def _check_required(self):
        for documento in self.filtered("tipo_id"):
            missing = [
                self._fields[name]._description_string(self.env)
                for name in documento.tipo_id._get_required_fields()
                if not documento[name]
            ]
            if missing:
                raise ValidationError(
                    self.env._(
                        "A document of type «%(type)s» says more: fill in "
                        "%(missing)s for «%(document)s».",
                        type=documento.tipo_id.name,
                        missing=", ".join(missing),
                        document=documento.name,
                    )
                )
