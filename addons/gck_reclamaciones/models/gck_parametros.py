from odoo import fields, models


class GckParametros(models.Model):
    _inherit = "gck.parametros"

    currency_id = fields.Many2one(related="company_id.currency_id")
    gck_reclamacion_hour_cost = fields.Monetary(
        related="company_id.gck_reclamacion_hour_cost", readonly=False
    )
    gck_reclamacion_escalation_user_id = fields.Many2one(
        related="company_id.gck_reclamacion_escalation_user_id", readonly=False
    )
    gck_reclamacion_escalation_hours = fields.Float(
        related="company_id.gck_reclamacion_escalation_hours", readonly=False
    )
    gck_reclamacion_notify_partner = fields.Selection(
        related="company_id.gck_reclamacion_notify_partner",
        readonly=False,
        required=True,
    )
    gck_reclamacion_portal_create = fields.Boolean(
        related="company_id.gck_reclamacion_portal_create", readonly=False
    )
