from odoo import models

# What a claim on a lot takes from the transfer that says whose it is.
TRANSFER_VALUES = (
    "direction",
    "partner_id",
    "contact_id",
    "evaluator_id",
    "company_id",
)


class StockLot(models.Model):
    """A lot shows what was claimed of it, and claims are raised from it (O-5)."""

    _name = "stock.lot"
    _inherit = ["stock.lot", "gck.reclamable.mixin"]

    def _gck_get_reclamaciones(self):
        """Return the claims raised from each lot, and those with a line about it."""
        result = super()._gck_get_reclamaciones()
        lines = self.env["gck.reclamacion.linea"]._get_claims_by("lot_id", self)
        for lot_id, ids in lines.items():
            result[lot_id] = result.get(lot_id, set()) | ids
        return result

    def _gck_get_reclamacion_partner(self):
        """Return nobody: whoever got or sent any of the lot may claim about it."""
        return self.env["res.partner"]

    def _gck_prepare_reclamacion_vals(self):
        """Return the values of a claim raised from the lot: it is what is claimed."""
        vals = super()._gck_prepare_reclamacion_vals()
        line = {"product_id": self.product_id.id, "lot_id": self.id}
        return {
            **vals,
            **self._gck_get_transfer_vals(),
            "subject": self.env._(
                "Problem with %(product)s, lot %(lot)s",
                product=self.product_id.display_name,
                lot=self.name,
            ),
            "linea_ids": [(0, 0, line)],
        }

    def _gck_get_transfer_vals(self):
        """Return whose the claim is: nobody's if the transfers leave any doubt."""
        transfer = self._gck_get_claimed_transfer()
        vals = transfer._gck_prepare_reclamacion_vals() if transfer else {}
        return {
            "partner_id": False,
            "contact_id": False,
            **{name: vals[name] for name in TRANSFER_VALUES if name in vals},
        }

    def _gck_get_claimed_transfer(self):
        """Return the last transfer of the lot with the only company that may claim.

        The customer who got it; else the vendor who sent it, for whoever may note
        claims to vendors. None where several did.

        :return: one ``stock.picking`` at most
        """
        self.ensure_one()
        Picking = self.env["stock.picking"]
        if not Picking.has_access("read"):
            return Picking
        noted = self.env["gck.reclamacion"]._get_noted_directions()
        for direction, field, usage in (
            ("customer", "location_dest_id", "customer"),
            ("vendor", "location_id", "supplier"),
        ):
            if direction not in noted:
                continue
            # The last one of each address: a lot may have gone out many times.
            rows = Picking._read_group(
                [
                    ("state", "=", "done"),
                    (f"{field}.usage", "=", usage),
                    ("move_line_ids.lot_id", "=", self.id),
                ],
                ["partner_id"],
                ["id:max"],
            )
            if len({partner.commercial_partner_id for partner, _id in rows}) != 1:
                continue
            pickings = Picking.browse(picking_id for _partner, picking_id in rows)
            companies = {
                picking._gck_get_reclamacion_partner().commercial_partner_id
                for picking in pickings
            }
            if len(companies) == 1 and all(companies):
                return pickings.sorted("id")[-1:]
        return Picking
