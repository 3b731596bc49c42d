from odoo import api, fields, models
from odoo.fields import Domain


class GckReclamacionPlazosMixin(models.AbstractModel):
    """The deadlines of a claim: late evaluations, and what a new type changes (O-8).

    Part of ``gck.reclamacion``, whose fields it reads.
    """

    _name = "gck.reclamacion.plazos.mixin"
    _description = "Deadlines of a claim"

    is_evaluation_late = fields.Boolean(
        string="Evaluation late",
        compute="_compute_is_evaluation_late",
        search="_search_is_evaluation_late",
        help="It should have been evaluated by now.",
    )

    @api.depends(
        lambda self: ["state", "evaluation_deadline"] if "state" in self._fields else []
    )
    def _compute_is_evaluation_late(self):
        now = fields.Datetime.now()
        for reclamacion in self:
            reclamacion.is_evaluation_late = (
                reclamacion.state in ("draft", "open")
                and bool(reclamacion.evaluation_deadline)
                and reclamacion.evaluation_deadline < now
            )

    def _search_is_evaluation_late(self, operator, value):
        """Serve it from the index of what is not evaluated yet."""
        if operator != "in":
            return NotImplemented
        late = Domain("state", "in", ("draft", "open")) & Domain(
            "evaluation_deadline", "<", fields.Datetime.now()
        )
        return late if True in value else ~late

    def write(self, vals):
        """Write values; deadlines that nobody touched follow the new type.

        What a person or a document gave as deadline stays.
        """
        untouched = {}
        if "tipo_id" in vals:
            for name, hours_name in self._get_deadline_fields():
                if name not in vals:
                    untouched[name, hours_name] = self._get_untouched_deadlines(
                        name, hours_name
                    )
        result = super().write(vals)
        for (name, hours_name), reclamaciones in untouched.items():
            moved = reclamaciones.filtered(lambda r, h=hours_name: r.tipo_id[h])
            (reclamaciones - moved).write({name: False})
            moved._propose_deadlines(
                {reclamacion: reclamacion.tipo_id[hours_name] for reclamacion in moved},
                name,
            )
        return result

    @api.model
    def _get_deadline_fields(self):
        """Return pairs of a deadline and the field of the type that proposes it."""
        return (
            ("evaluation_deadline", "evaluation_hours"),
            ("resolution_deadline", "deadline_hours"),
        )

    def _get_untouched_deadlines(self, name, hours_name):
        """Return the pending claims whose deadline is what their type proposed.

        :param str name: the field of the deadline
        :param str hours_name: the field of the type
        """
        proposed = {
            (reclamacion, name): reclamacion.tipo_id[hours_name]
            for reclamacion in self._filter_pending()
            if reclamacion.tipo_id[hours_name] and reclamacion.date
        }
        planned = self._get_planned_deadlines(proposed)
        return self.browse(
            reclamacion.id
            for (reclamacion, _name), moment in planned.items()
            if reclamacion[name] == moment
        )
