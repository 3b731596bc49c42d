from odoo import api, models


class GckCitaMixin(models.AbstractModel):
    """An appointment as a kind of action: generated, chained (M-38, M-39, O-44).

    Part of ``calendar.event``, whose fields it reads.
    """

    _name = "gck.cita.mixin"
    _description = "GCK appointment"
    _inherit = ["gck.cadena.mixin"]

    def _gck_get_spawn_values(self):
        """Return what an action generated from this appointment takes from it."""
        self.ensure_one()
        return {
            "partner_id": self.gck_partner_id.id,
            "contact_id": self.gck_contact_id.id,
            "subject": self.name,
            "company_id": self.gck_company_id.id,
        }

    @api.model
    def _gck_prepare_spawned_vals(self, values):
        """Return the values of an appointment generated from a record.

        :param dict values: from ``gck.accion._get_origin_values``
        """
        names = {
            "name": "subject",
            "gck_partner_id": "partner_id",
            "gck_contact_id": "contact_id",
            "gck_company_id": "company_id",
        }
        return {
            name: values[source] for name, source in names.items() if values.get(source)
        }
