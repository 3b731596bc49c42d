from odoo import api, fields, models


class GckReclamacionDireccionMixin(models.AbstractModel):
    """Whose a claim is, and which of them a user may deal with (O-7, O-24).

    Part of ``gck.reclamacion``.
    """

    _name = "gck.reclamacion.direccion.mixin"
    _description = "Direction of a claim"

    direction = fields.Selection(
        selection=[
            ("customer", "Customer"),
            ("vendor", "Vendor"),
            ("internal", "Internal"),
        ],
        default=lambda self: self._default_direction(),
        required=True,
        index=True,
        tracking=True,
        help="Of a customer to us, of us to a vendor, or within the company.",
    )
    can_manage = fields.Boolean(compute="_compute_can_manage")

    @api.model
    def _default_direction(self):
        """Propose the direction that the user may deal with: customers' first."""
        return next(iter(self._get_own_directions()), "customer")

    @api.model
    def _get_own_directions(self):
        """Return the directions whose claims the user sees all of."""
        user = self.env.user
        if user.has_group("gck_reclamaciones.group_gck_reclamacion_all"):
            return ["customer", "vendor", "internal"]
        return [
            direction
            for direction in ("customer", "vendor")
            if user.has_group(f"gck_reclamaciones.group_gck_reclamacion_{direction}")
        ]

    @api.model
    def _get_noted_directions(self):
        """Return the directions in which the user may note a claim down."""
        if self.env.user.has_group("gck_reclamaciones.group_gck_reclamacion_user"):
            return ["customer", "vendor", "internal"]
        return self._get_own_directions()

    @api.model
    def _propose_direction(self, partner):
        """Return the direction of a claim about a partner: as it buys or sells.

        That of the user's own area for who does both, or neither, and where the user
        notes no claims of the other direction.

        :param partner: the ``res.partner``
        """
        direction = partner._gck_get_claim_direction()
        if direction in self._get_noted_directions():
            return direction
        return self._default_direction()

    @api.model
    def _get_managed_directions(self):
        """Return the directions whose claims the user manages (O-24)."""
        if self.env.su or self._accion_is_manager():
            return {"customer", "vendor", "internal"}
        return {
            direction
            for direction in ("customer", "vendor")
            if self.env.user.has_group(
                f"gck_reclamaciones.group_gck_reclamacion_{direction}_manager"
            )
        }

    @api.depends("direction")
    @api.depends_context("uid")
    def _compute_can_manage(self):
        """Tell whether the reader may reopen the claim (O-15)."""
        managed = self._get_managed_directions()
        for reclamacion in self:
            reclamacion.can_manage = reclamacion.direction in managed
