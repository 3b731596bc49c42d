from datetime import timedelta

from odoo import api, models


class SaleOrder(models.Model):
    """A quotation is an action of its salesperson until it is decided (M-15)."""

    _name = "sale.order"
    _inherit = ["sale.order", "gck.documento.accion.mixin"]

    _accion_kind = "presupuesto"
    _accion_number = 5
    _accion_states = {
        "pending": ("draft", "sent"),
        "done": ("sale",),
        "cancel": ("cancel",),
    }
    _accion_reference_field = "client_order_ref"

    _gck_pending_idx = models.Index(
        "(user_id, gck_date_deadline) WHERE state IN ('draft', 'sent')"
    )
    _gck_requester_idx = models.Index("(create_uid) WHERE state IN ('draft', 'sent')")
    _gck_partner_date_idx = models.Index(
        "(gck_commercial_partner_id, date_order DESC) INCLUDE (state, company_id)"
    )
    _gck_accion_id_idx = models.Index("((id::bigint * 32 + 5))")

    @api.depends("validity_date", "date_order", "company_id")
    def _compute_gck_date_deadline(self):
        return super()._compute_gck_date_deadline()

    def _gck_get_last_day(self):
        """Return the day of its validity; without it, some days after its date (M-21).

        The days are a parameter of the company; zero means never.
        """
        self.ensure_one()
        if self.validity_date:
            return self.validity_date
        days = self.company_id.gck_quote_days
        if not days or not self.date_order:
            return False
        return self._gck_get_day(self.date_order, self.company_id) + timedelta(
            days=days
        )

    @api.model
    def _gck_get_accion_columns(self, accion_state):
        columns = super()._gck_get_accion_columns(accion_state)
        columns["date"] = "date_order"
        if accion_state == "done":
            # Confirming writes the moment there.
            columns["date_done"] = "date_order"
        return columns

    @api.model
    def _gck_prepare_spawned_vals(self, values):
        """Keep the quotation with the opportunity that it comes from."""
        vals = super()._gck_prepare_spawned_vals(values)
        origin = values.get("origin")
        if "opportunity_id" in self._fields and origin and origin._name == "crm.lead":
            vals["opportunity_id"] = origin.id
        return vals
