from odoo import models


class GckCicloMixin(models.AbstractModel):
    """A record that came from others and that others come from (M-39)."""

    _name = "gck.ciclo.mixin"
    _description = "GCK record with a cycle"

    def action_related(self):
        """Open the cycle: the whole family of the record as a tree (M-39)."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "gck_ciclo",
            "target": "new",
            "name": self.env._("Cycle of %s", self.display_name),
            "params": {"res_model": self._name, "res_id": self.id},
            # The tree needs no buttons: each row is one.
            "context": {"footer": False},
        }
