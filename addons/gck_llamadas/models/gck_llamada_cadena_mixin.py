from odoo import api, models
from odoo.exceptions import UserError


class GckLlamadaCadenaMixin(models.AbstractModel):
    """What follows from a call: an opportunity, the next call, a meeting (O-43, O-44).

    Part of ``gck.llamada``, whose fields it reads.
    """

    _name = "gck.llamada.cadena.mixin"
    _description = "What follows from a call"

    def action_create_opportunity(self):
        """Open a new opportunity filled from the call and tied to it (O-43).

        :return: a window action
        :raises UserError: when the call is about a prospect already
        """
        self.ensure_one()
        if self.lead_id:
            raise UserError(
                self.env._("The call is about %s already.", self.lead_id.display_name)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New opportunity"),
            "res_model": "crm.lead",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                **self._as_defaults(self._prepare_opportunity_vals()),
                "gck_llamada_id": self.id,
            },
        }

    def _prepare_opportunity_vals(self):
        """Return the values of an opportunity that comes from the call."""
        self.ensure_one()
        return {
            "type": "opportunity",
            "name": self.subject or self.tercero or self.phone or self.display_name,
            "partner_id": (self.contact_id or self.partner_id).id,
            "contact_name": not self.partner_id and self.caller_name,
            "phone": self.phone,
            "description": self.description,
            "company_id": self.company_id.id,
        }

    def action_open_lead(self):
        """Open the opportunity that the call is about, or a new one (O-43)."""
        self.ensure_one()
        if not self.lead_id:
            return self.action_create_opportunity()
        return self.lead_id._get_records_action()

    def action_next_call(self):
        """Open the next outgoing call, filled from this one (O-44)."""
        return self.action_spawn("llamada")

    def action_create_meeting(self):
        """Open a meeting filled from the call (O-44)."""
        return self.action_spawn("cita")

    @api.model
    def _gck_prepare_spawned_vals(self, values):
        """Return the values of a call that follows from something.

        What follows from an action has still to be made; on a customer or a document
        one notes the call that has just ended.
        """
        vals = super()._gck_prepare_spawned_vals(values)
        origin = values.get("origin")
        follows = self.env["gck.accion"]._get_mixin_kinds().values()
        if origin is None or origin._name not in follows:
            vals["state"] = "done"
        if origin is not None:
            vals["direction"] = "out"
            if "motivo_id" in origin._fields and origin.motivo_id:
                vals["motivo_id"] = origin.motivo_id.id
            if origin._name == "res.partner":
                # Who it is says nothing about what for.
                vals.pop("subject", None)
        return vals

    @api.model
    def _count_with_hours(self, field_name, records):
        """Count calls and the time spent on them, in one query.

        :param str field_name: the many2one of calls that points to the records
        :param records: the records
        :return: ``{record id: (count, hours)}``, of those that have any
        """
        if not self.has_access("read"):
            return {}
        return {
            record.id: (count, hours)
            for record, count, hours in self._read_group(
                [(field_name, "in", records.ids)],
                [field_name],
                ["__count", "duration:sum"],
            )
        }
