from odoo import api, fields, models


class GckTarea(models.Model):
    """A task may be part of the work on a claim, which closes after it."""

    _inherit = "gck.tarea"

    _parent_fields = ("aviso_id", "reclamacion_id")

    reclamacion_id = fields.Many2one(
        "gck.reclamacion",
        string="Claim",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create tasks; a claim that has ended takes none."""
        tareas = super().create(vals_list)
        tareas.reclamacion_id._on_part_changed()
        return tareas

    def write(self, vals):
        """Write values; a task hangs only from claims that have not ended."""
        result = super().write(vals)
        if vals.get("reclamacion_id") or vals.get("state") == "pending":
            self.reclamacion_id._on_part_changed()
        return result

    @api.model
    def _gck_prepare_spawned_vals(self, values):
        """Hang a task generated from a claim, or from one of its actions, from it."""
        vals = super()._gck_prepare_spawned_vals(values)
        origin = values.get("origin")
        if origin is None:
            return vals
        reclamacion = self.env["gck.reclamacion"]
        if origin._name == "gck.reclamacion":
            reclamacion = origin
        elif origin._name in ("gck.reclamacion.accion", "gck.tarea"):
            reclamacion = origin.reclamacion_id._filtered_access("read")
        if reclamacion and not reclamacion.is_locked:
            vals["reclamacion_id"] = reclamacion.id
        return vals
