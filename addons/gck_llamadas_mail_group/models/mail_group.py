from odoo import fields, models


class MailGroup(models.Model):
    """Mailing lists whose messages are registered as calls (O-49)."""

    _inherit = "mail.group"

    gck_llamada_tipo_id = fields.Many2one(
        "gck.llamada.tipo",
        string="Registered as calls",
        domain=[("mail_canal", "=", "list")],
        groups="gck_llamadas.group_gck_llamada_manager",
        help="Each message from outside becomes an incoming call of this type; the "
        "answers to it are kept with the call. Empty: none does.",
    )
