from odoo import models


class GckCitaMixin(models.AbstractModel):
    """An appointment as a kind of action: generated, chained (M-38, M-39, O-44).

    Part of ``calendar.event``, whose fields it reads.
    """

    _name = "gck.cita.mixin"
    _description = "GCK appointment"
    _inherit = ["gck.cadena.mixin"]

    _spawn_fields = {
        "partner_id": "gck_partner_id",
        "contact_id": "gck_contact_id",
        "subject": "name",
        "company_id": "gck_company_id",
    }
