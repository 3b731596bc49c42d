from odoo import api, fields, models


class GckTipificadoMixin(models.AbstractModel):
    """An action whose type proposes who does it, in which department and until when.

    The kind declares ``tipo_id``, whose table has ``user_id``, ``department_id`` and
    ``deadline_hours``. What somebody chose is kept when the type changes.
    """

    _name = "gck.tipificado.mixin"
    _description = "GCK action with a type that makes proposals"
    _inherit = ["gck.accion.mixin"]

    user_id = fields.Many2one(
        compute="_compute_user_id", store=True, readonly=False, precompute=True
    )
    department_id = fields.Many2one(
        compute="_compute_department_id", store=True, readonly=False, precompute=True
    )
    date_deadline = fields.Datetime(
        compute="_compute_date_deadline", store=True, readonly=False, precompute=True
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("tipo_id")
    def _compute_user_id(self):
        for record in self:
            record.user_id = record.user_id or record._propose_user()

    @api.depends("tipo_id")
    def _compute_department_id(self):
        for record in self:
            record.department_id = record.department_id or record._propose_department()

    @api.depends("tipo_id")
    def _compute_date_deadline(self):
        hours_by_record = {
            record: record._propose_hours()
            for record in self
            if record.date and not record.date_deadline
        }
        self._propose_deadlines(
            {record: hours for record, hours in hours_by_record.items() if hours}
        )

    # ------------------------------------------------------------
    # What is proposed
    # ------------------------------------------------------------

    def _propose_user(self):
        """Return who does it when nobody was named, at most one user."""
        return self._get_proposed_user(self.tipo_id)

    def _propose_department(self):
        """Return the department when none was chosen, at most one."""
        return self.tipo_id.department_id

    def _propose_hours(self):
        """Return how many hours there are until the deadline, 0 for none."""
        return self.tipo_id.deadline_hours
