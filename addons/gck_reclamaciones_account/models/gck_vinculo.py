from odoo import api, models


class GckVinculo(models.Model):
    """A credit note linked to a claim is among its costs."""

    _inherit = "gck.vinculo"

    @api.model_create_multi
    def create(self, vals_list):
        """Link documents; credit notes linked to claims enter their costs."""
        links = super().create(vals_list)
        links._gck_get_claimed_moves()._gck_update_reclamacion_costes()
        return links

    def unlink(self):
        """Remove links; what was linked to a claim costs it nothing any more."""
        moves = self._gck_get_claimed_moves()
        result = super().unlink()
        moves.exists()._gck_update_reclamacion_costes()
        return result

    def _gck_get_claimed_moves(self):
        """Return the entries that these links tie to claims (sudo)."""
        # sudo: the costs follow the links, whoever may see the books.
        return (
            self.env["account.move"]
            .sudo()
            .browse(
                link.res_id
                for link in self.sudo()
                if link.origin_model == "gck.reclamacion"
                and link.res_model == "account.move"
                and link.relation == "document"
            )
        )
