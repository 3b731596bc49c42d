from odoo import fields, models


class GckLlamadaTipo(models.Model):
    """Classifies calls; proposes who makes them and by when (M-40).

    A type may have a mail address: what is mailed to it becomes an incoming call of
    the type, a voice message (O-48) or a message to a list (O-49).
    """

    _name = "gck.llamada.tipo"
    _description = "Call type"
    _inherit = ["gck.accion.tipo.mixin", "gck.alias.tipo.mixin"]
    _alias_target = "gck.llamada"

    alias_id = fields.Many2one(
        help="What is mailed to this address becomes an incoming call of the type."
    )
    mail_canal = fields.Selection(
        selection=[("voicemail", "Voicemail"), ("list", "Mailing list")],
        string="What comes by mail",
        default="list",
        required=True,
        help="Voicemail: the address to which the telephone exchange mails its voice "
        "messages; the caller is found by the number. Mailing list: an address that is "
        "given to customers; the sender is whoever wrote.",
    )
