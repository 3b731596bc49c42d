from odoo import api, fields, models


class GckReclamacion(models.Model):
    """Claims that arrive by mail, at the address of their type (O-6, O-12)."""

    _name = "gck.reclamacion"
    _inherit = ["gck.reclamacion"]
    _incoming_proposed_fields = (
        "evaluator_id",
        "solver_id",
        "department_id",
        "requester_id",
    )
    _remitente_field = "reclamacion_id"

    arrival = fields.Selection(
        selection=[("mail", "Mail address"), ("portal", "Portal")],
        string="Came in by",
        readonly=True,
        copy=False,
        help="Empty when a colleague wrote the claim.",
    )

    # ------------------------------------------------------------
    # Gateway
    # ------------------------------------------------------------

    @api.model
    def _prepare_incoming_vals(self, msg_dict, tipo):
        """Add the class and the direction: of the type, else as the sender is."""
        vals = super()._prepare_incoming_vals(msg_dict, tipo)
        partner = self.env["res.partner"].browse(vals.get("partner_id"))
        direction = "vendor" if partner._gck_is_only_vendor() else "customer"
        vals["direction"] = tipo.direction or direction
        if tipo.clase:
            vals["clase"] = tipo.clase
        return vals

    @api.model
    def _prepare_unknown_vals(self, name, address):
        """Keep the address, to which answers go until somebody says who it is."""
        return {
            **super()._prepare_unknown_vals(name, address),
            "email": address or name,
        }
