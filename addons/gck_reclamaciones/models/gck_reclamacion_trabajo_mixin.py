from odoo import api, fields, models
from odoo.exceptions import ValidationError


class GckReclamacionTrabajoMixin(models.AbstractModel):
    """What hangs from a claim: solution actions, tasks, and claims raised from it.

    Part of ``gck.reclamacion``.
    """

    _name = "gck.reclamacion.trabajo.mixin"
    _description = "Work on a claim"

    parent_id = fields.Many2one(
        "gck.reclamacion",
        string="Comes from",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="The claim that this nonconformity, say, was raised from (O-25).",
    )
    child_ids = fields.One2many("gck.reclamacion", "parent_id", string="Raised from it")
    child_count = fields.Integer(
        string="Raised from it count", compute="_compute_counts"
    )
    accion_ids = fields.One2many(
        "gck.reclamacion.accion", "reclamacion_id", string="Solution actions"
    )
    accion_count = fields.Integer(
        string="Solution action count", compute="_compute_acciones"
    )
    accion_done_count = fields.Integer(
        string="Solution actions done", compute="_compute_acciones"
    )
    accion_progress = fields.Char(
        string="Action progress",
        compute="_compute_acciones",
        help="Solution actions done of all that were planned, cancelled ones apart.",
    )
    tarea_ids = fields.One2many("gck.tarea", "reclamacion_id", string="Tasks")
    tarea_count = fields.Integer(string="Task count", compute="_compute_counts")

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.depends("accion_ids.accion_state")
    def _compute_acciones(self):
        # sudo: the progress is the claim's, whichever actions the reader may open.
        counts = {
            (reclamacion.id, state): count
            for reclamacion, state, count in self.env["gck.reclamacion.accion"]
            .sudo()
            ._read_group(
                [("reclamacion_id", "in", self.ids)],
                ["reclamacion_id", "accion_state"],
                ["__count"],
            )
        }
        for reclamacion in self:
            done = counts.get((reclamacion.id, "done"), 0)
            total = done + counts.get((reclamacion.id, "pending"), 0)
            reclamacion.accion_count = total
            reclamacion.accion_done_count = done
            reclamacion.accion_progress = f"{done}/{total}" if total else ""

    @api.model
    def _gck_get_counted(self):
        return {
            **super()._gck_get_counted(),
            "tarea_count": ("gck.tarea", "reclamacion_id"),
            "child_count": ("gck.reclamacion", "parent_id"),
        }

    @api.depends("tarea_ids", "child_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_counts(self):
        """Count what hangs from the claim, of what the reader may see."""
        self._gck_compute_counts()

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A claim cannot come from itself. Choose another one.")
            )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_view_tareas(self):
        """Open the tasks of the claim; a new one hangs from it."""
        self.ensure_one()
        return self.env["gck.tarea"]._get_list_action(
            [("reclamacion_id", "=", self.id)], self.action_spawn("tarea")["context"]
        )

    def action_view_children(self):
        """Open the claims raised from this one (O-25)."""
        self.ensure_one()
        return self._get_list_action(
            [("parent_id", "=", self.id)], self.action_spawn("reclamacion")["context"]
        )
