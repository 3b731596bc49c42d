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
        """Return the claims raised from notices, those within reach.

        :return: ``{notice id: set of claim ids}``
        """
        Reclamacion = self.env["gck.reclamacion"]
        if not self.ids or not Reclamacion.has_access("read"):
            return {}
        links = (
            self.env["gck.vinculo"]
            # sudo: only which claims; those out of reach drop out below.
            .sudo()
            .search(
                [
                    ("origin_model", "=", "gck.reclamacion"),
                    ("res_model", "=", "gck.aviso"),
                    ("res_id", "in", self.ids),
                    ("relation", "=", "origin"),
                ]
            )
        )
        readable = set(
            Reclamacion.search([("id", "in", links.mapped("origin_id"))]).ids
        )
        result = {}
        for link in links:
            if link.origin_id in readable:
                result.setdefault(link.res_id, set()).add(link.origin_id)
        return result

    def action_create_reclamacion(self):
        """Open a new claim filled from the notice and linked to it (K-6)."""
        return self.action_spawn("reclamacion")

    def action_view_reclamaciones(self):
        """Open the claims raised from the notice."""
        self.ensure_one()
        ids = sorted(self._get_reclamaciones().get(self.id, ()))
        action = self.env["gck.reclamacion"]._get_list_action(
            [("id", "in", ids)], self.action_create_reclamacion()["context"]
        )
        if len(ids) == 1:
            action.update(views=[(False, "form")], res_id=ids[0])
        return action

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
        vals = {
            "description": self.description,
            "priority": self.priority,
            "phone": self.phone,
            "department_id": self.department_id.id,
        }
        # A vendor who is no customer claims nothing from us: we claim from them.
        if self.partner_id._gck_is_only_vendor():
            vals["direction"] = "vendor"
        elif self.partner_id or self.lead_id:
            vals["direction"] = "customer"
        return vals
