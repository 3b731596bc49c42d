from odoo import api, models


class GckCadenaMixin(models.AbstractModel):
    """A record that is an action, part of a chain of them (M-38, M-39)."""

    _name = "gck.cadena.mixin"
    _description = "GCK record in a chain of actions"

    # What one action passes on to another, and the own field that holds it.
    _spawn_fields = {
        "partner_id": "partner_id",
        "contact_id": "contact_id",
        "subject": "subject",
        "company_id": "company_id",
    }
    # Where a new one opens, and the xml id of its form when it is not the usual one.
    _spawn_target = "current"
    _spawn_form = None

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

    def _gck_get_spawn_values(self):
        """Return what an action generated from this one takes from it (M-38)."""
        self.ensure_one()
        return {
            name: self._fields[own].convert_to_write(self[own], self)
            for name, own in self._spawn_fields.items()
        }

    @api.model
    def _gck_prepare_spawned_vals(self, values):
        """Return the values of an action of this kind generated from a record.

        :param dict values: from ``gck.accion._get_origin_values``
        """
        return {
            own: values[name]
            for name, own in self._spawn_fields.items()
            if values.get(name)
        }
