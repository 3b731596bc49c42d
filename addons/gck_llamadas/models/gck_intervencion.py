from odoo import fields, models


class GckIntervencion(models.Model):
    """What was done on a task or notice by a call, logged by the call (K-40)."""

    _inherit = "gck.intervencion"

    llamada_id = fields.Many2one(
        "gck.llamada",
        string="Call",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The call that logged it when it was made.",
    )

    # A call is logged once, whoever marks it as made at the same time.
    _llamada_uniq = models.UniqueIndex(
        "(llamada_id) WHERE llamada_id IS NOT NULL",
        "The call is logged already.",
    )
