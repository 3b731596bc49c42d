from odoo import models


class GckCadenaMixin(models.AbstractModel):
    """A record that is an action, part of a chain of them (M-38, M-39)."""

    _name = "gck.cadena.mixin"
    _description = "GCK record in a chain of actions"

    def action_related(self):
        """Open the cycle: the whole family of the action as a tree (M-39)."""
        return self.env["gck.accion"]._get_cycle_action(self)

    def action_spawn(self, kind):
        """Open a new action of any kind, filled from this one (M-38).

        :param str kind: code of the kind, as in ``gck.accion.clase``
        :return: a window action
        :raises UserError: when the kind is not installed or not to be created
        """
        self.ensure_one()
        return self.env["gck.accion"].get_create_action(kind, self._name, self.id)
