from odoo import fields, models

from odoo.addons.gck_avisos.models.gck_asignable_mixin import STAFF_DOMAIN


class ResCompany(models.Model):
    _inherit = "res.company"

    gck_reclamacion_hour_cost = fields.Monetary(
        string="Cost of an hour",
        help="What an hour of work on a claim costs. Proposed in its labour.",
    )
    gck_reclamacion_escalation_user_id = fields.Many2one(
        "res.users",
        string="Late claims escalate to",
        domain=STAFF_DOMAIN,
        help="Who is told of claims that are late, unless their type says otherwise. "
        "Empty: the manager of their department.",
    )
    gck_reclamacion_escalation_hours = fields.Float(
        string="Hours late to escalate",
        default=0.0,
        help="How late a claim is when it is escalated, in hours.",
    )

    gck_reclamacion_notify_partner = fields.Selection(
        selection=[
            ("none", "Nobody"),
            ("followers", "Whoever sent it in or follows it"),
            ("partner", "Besides, the contact of every claim"),
        ],
        string="Customers and vendors told",
        default="followers",
        required=True,
        help="Who outside the company is mailed when a claim is opened, closed, "
        "rejected or reopened, with the resolution in words.",
    )
    gck_reclamacion_portal_create = fields.Boolean(
        string="Claims raised in the portal",
        default=True,
        help="Customers with a portal user may raise claims there.",
    )

    _gck_reclamacion_positive = models.Constraint(
        "CHECK (gck_reclamacion_hour_cost >= 0"
        " AND gck_reclamacion_escalation_hours BETWEEN 0 AND 87600)",
        "The cost of an hour and the hours to escalate are not negative.",
    )
