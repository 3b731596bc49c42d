from odoo import fields, models
from odoo.exceptions import UserError


class GckReclamacion(models.Model):
    """The labour of a claim: the hours logged on its tasks."""

    _inherit = "gck.reclamacion"

    def action_charge_hours(self):
        """Count the hours of the interventions of its tasks as labour of the claim.

        One line of the costs holds them: doing it again brings it up to date.

        :raises UserError: when there are no hours, or an hour costs nothing yet
        """
        self.ensure_one()
        self.check_access("write")
        self._check_not_locked()
        hours = self._get_logged_hours()
        line = self.coste_ids.filtered(
            lambda coste: coste.res_model == self._name and coste.res_id == self.id
        )
        if not hours and not line:
            raise UserError(
                self.env._("No hours are logged on the tasks of %s yet.", self.name)
            )
        if not hours:
            line.unlink()
            return True
        price = self._get_hour_cost(self.company_id)
        if not price:
            raise UserError(
                self.env._(
                    "Say first what an hour of work costs, in the parameters of the "
                    "company."
                )
            )
        vals = {
            "quantity": hours,
            "price_unit": price,
            "date": fields.Date.context_today(self),
        }
        if line:
            line.write(vals)
            return True
        self.env["gck.reclamacion.coste"].create(
            {
                **vals,
                "reclamacion_id": self.id,
                "concepto": "labour",
                "name": self.env._("Hours of its tasks"),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return True

    def _get_logged_hours(self):
        """Return the hours of all the interventions logged on the tasks of the claim."""
        self.ensure_one()
        # sudo: the total is the claim's, whoever logged them and may see them.
        [(hours,)] = (
            self.env["gck.intervencion"]
            .sudo()
            ._read_group(
                [("tarea_id.reclamacion_id", "=", self.id)],
                aggregates=["duration:sum"],
            )
        )
        return hours or 0.0
