from odoo import api, fields, models


class GckAviso(models.Model):
    """A call about a problem becomes a claim with one click (K-6)."""

    _inherit = "gck.aviso"

    reclamacion_count = fields.Integer(
        string="Claim count", compute="_compute_reclamacion_count"
    )
    tipo_reclamacion = fields.Boolean(related="tipo_id.reclamacion")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_reclamacion_count(self):
        claims = self._get_reclamaciones()
        for aviso in self:
            aviso.reclamacion_count = len(claims.get(aviso.id, ()))

    def _get_reclamaciones(self):
        """Return the claims raised from notices: ``{notice id: set of claim ids}``."""
        return self.env["gck.reclamacion"]._get_linked(self, "origin")

    def action_create_reclamacion(self):
        """Open a new claim filled from the notice and linked to it (K-6)."""
        return self.action_spawn("reclamacion")

    def action_view_reclamaciones(self):
        """Open the claims raised from the notice."""
        self.ensure_one()
        return self.env["gck.reclamacion"]._get_linked_action(
            self._get_reclamaciones().get(self.id, ()),
            self.action_create_reclamacion()["context"],
        )

    def _on_reclamacion_created(self):
        """Leave Recepción: the notice is being dealt with (K-6, K-17)."""
        # sudo: whoever may read a notice may raise a claim from it, and that is all
        # that is written.
        waiting = self.sudo().filtered(lambda aviso: aviso.state == "new")
        if waiting:
            waiting._accion_transition("open")

    def _gck_prepare_reclamacion_vals(self):
        """Return what a claim raised from the notice takes from it (K-6)."""
        self.ensure_one()
        return {
            "description": self.description,
            "priority": self.priority,
            "phone": self.phone,
            "department_id": self.department_id.id,
        }
