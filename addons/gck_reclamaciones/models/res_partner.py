from odoo import api, fields, models


class ResPartner(models.Model):
    """The claims of a customer or vendor, on its form (H-27)."""

    _inherit = "res.partner"

    gck_reclamacion_count = fields.Integer(
        string="Claims",
        compute="_compute_gck_reclamacion_count",
        groups="gck_avisos.group_gck_aviso_user",
    )
    gck_reclamacion_pending_count = fields.Integer(
        string="Pending claims",
        compute="_compute_gck_reclamacion_count",
        groups="gck_avisos.group_gck_aviso_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_gck_reclamacion_count(self):
        """Count those of the whole company that the reader may see."""
        counts = {}
        Reclamacion = self.env["gck.reclamacion"]
        if Reclamacion.has_access("read"):
            companies = self.commercial_partner_id
            for company, state, count in Reclamacion._read_group(
                [("commercial_partner_id", "in", companies.ids)],
                ["commercial_partner_id", "accion_state"],
                ["__count"],
            ):
                counts[company.id, state] = count
        for partner in self:
            company_id = partner.commercial_partner_id.id
            pending = counts.get((company_id, "pending"), 0)
            partner.gck_reclamacion_pending_count = pending
            partner.gck_reclamacion_count = pending + sum(
                counts.get((company_id, state), 0) for state in ("done", "cancel")
            )

    def action_view_gck_reclamaciones(self):
        """Open the claims of the customer or vendor."""
        self.ensure_one()
        company = self.commercial_partner_id
        return self.env["gck.reclamacion"]._get_list_action(
            [("commercial_partner_id", "=", company.id)],
            self.action_create_gck_incidencia()["context"],
        )

    def action_create_gck_incidencia(self):
        """Open a new incident of the customer or vendor (H-27)."""
        self.ensure_one()
        action = self.env["gck.accion"].get_create_action(
            "reclamacion", partner_id=self.id
        )
        action["context"]["default_clase"] = "incident"
        return action

    def _gck_prepare_reclamacion_vals(self):
        """Return what a claim raised from the partner takes: no subject (H-27).

        Its name would say nothing of what is wrong.
        """
        return {"subject": False}

    def _gck_is_only_vendor(self):
        """Tell whether a company sells to us and never bought from us."""
        return self._gck_get_claim_direction() == "vendor"

    def _gck_get_claim_direction(self):
        """Return the direction of the claims of a company that only sells or buys.

        :return: ``vendor`` or ``customer``, None for who does both, or neither yet
        """
        # sudo: what we trade may be out of reach; only whether we do is told.
        company = self.commercial_partner_id.sudo()
        sells = bool(company) and company._gck_sells_to_us()
        buys = bool(company) and company._gck_buys_from_us()
        if sells == buys:
            return None
        return "vendor" if sells else "customer"

    def _gck_sells_to_us(self):
        """Tell whether we buy from a company. Other apps add what they know of it."""
        self.ensure_one()
        return "supplier_rank" in self._fields and self.supplier_rank > 0

    def _gck_buys_from_us(self):
        """Tell whether we sell to a company. Other apps add what they know of it."""
        self.ensure_one()
        return "customer_rank" in self._fields and self.customer_rank > 0
