from odoo import api, fields, models


class GckReclamadoMixin(models.AbstractModel):
    """What lines of claims are about: a product, a lot. It shows its claims (O-5)."""

    _name = "gck.reclamado.mixin"
    _description = "What is claimed"

    gck_reclamacion_count = fields.Integer(
        string="Claims",
        compute="_compute_gck_reclamacion_count",
        groups="base.group_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_gck_reclamacion_count(self):
        """Count the claims that the reader may see; zero for whoever sees none."""
        claims = self._gck_get_reclamaciones()
        for record in self:
            record.gck_reclamacion_count = len(claims.get(record.id, ()))

    def _gck_get_reclamaciones(self):
        """Return the claims about each record: ``{id: set of claim ids}``."""
        return {}

    def action_view_gck_reclamaciones(self):
        """Open the claims about these."""
        ids = sorted(set().union(*self._gck_get_reclamaciones().values()))
        return self.env["gck.reclamacion"]._get_list_action(
            [("id", "in", ids)], {"create": False}
        )
