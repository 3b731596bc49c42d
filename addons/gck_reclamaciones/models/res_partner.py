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
        company = self.commercial_partner_id
        if "supplier_rank" not in company._fields:
            return False
        # sudo: accounting's counts; only what they say of the partner is told.
        trusted = company.sudo()
        return bool(trusted.supplier_rank and not trusted.customer_rank)
