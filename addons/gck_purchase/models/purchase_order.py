from odoo import api, models


class PurchaseOrder(models.Model):
    """A request for quotation is an action of its buyer until it is decided (M-15)."""

    _name = "purchase.order"
    _inherit = ["purchase.order", "gck.documento.accion.mixin"]

    _accion_kind = "solicitud_compra"
    _accion_number = 6
    _accion_states = {
        "pending": ("draft", "sent", "to approve"),
        "done": ("purchase",),
        "cancel": ("cancel",),
    }
    _accion_reference_field = "partner_ref"

    _gck_pending_idx = models.Index(
        "(user_id, gck_date_deadline) WHERE state IN ('draft', 'sent', 'to approve')"
    )
    _gck_requester_idx = models.Index(
        "(create_uid) WHERE state IN ('draft', 'sent', 'to approve')"
    )
    _gck_partner_date_idx = models.Index(
        "(gck_commercial_partner_id, create_date DESC) INCLUDE (state, company_id)"
    )
    _gck_accion_id_idx = models.Index("((id::bigint * 32 + 6))")

    @api.depends("date_order", "company_id")
    def _compute_gck_date_deadline(self):
        return super()._compute_gck_date_deadline()

    def _gck_get_last_day(self):
        """Return the day by which it has to be an order: Purchase's own deadline.

        Not the expected arrival, which is about the goods and not about the decision.
        """
        self.ensure_one()
        return self.date_order and self._gck_get_day(self.date_order, self.company_id)

    @api.model
    def _gck_get_accion_columns(self, accion_state):
        columns = super()._gck_get_accion_columns(accion_state)
        columns["date"] = "create_date"
        columns["priority"] = "priority"
        if accion_state == "done":
            columns["date_done"] = "date_approve"
        return columns

    @api.model
    def _gck_prepare_spawned_vals(self, values):
        """Leave the vendor to be chosen when the action is about a customer."""
        vals = super()._gck_prepare_spawned_vals(values)
        partner = self.env["res.partner"].browse(vals.get("partner_id"))
        company = partner.commercial_partner_id
        if company.customer_rank and not company.supplier_rank:
            del vals["partner_id"]
        return vals
