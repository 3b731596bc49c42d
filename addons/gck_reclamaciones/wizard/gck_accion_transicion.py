from odoo import fields, models


class GckAccionTransicion(models.TransientModel):
    _inherit = "gck.accion.transicion"

    transition = fields.Selection(
        selection_add=[("reject", "Reject")], ondelete={"reject": "cascade"}
    )
