from odoo import api, fields, models
from odoo.fields import Domain


class GckAtrasoMixin(models.AbstractModel):
    """What is pending and was due before now is late (M-22).

    For models with ``accion_state`` and ``date_deadline``.
    """

    _name = "gck.atraso.mixin"
    _description = "GCK record that may be late"

    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )

    @api.depends("accion_state", "date_deadline")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for record in self:
            record.is_late = (
                record.accion_state == "pending"
                and bool(record.date_deadline)
                and record.date_deadline < now
            )

    def _search_is_late(self, operator, value):
        """Serve «Late» from the indexes of what is pending."""
        if operator != "in":
            return NotImplemented
        late = Domain("accion_state", "=", "pending") & Domain(
            "date_deadline", "<", fields.Datetime.now()
        )
        return late if True in value else ~late
