from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.gck_avisos.models.gck_asignable_mixin import STAFF_DOMAIN

NAMES_SHOWN = 10


class GckLlamadaCampanaGenerar(models.TransientModel):
    """Makes a call list of what was selected, or adds it to one (O-45)."""

    _name = "gck.llamada.campana.generar"
    _description = "Make a call list"

    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(readonly=True)
    # Of all records of a list that has more than the client hands over as ids.
    res_domain = fields.Json(readonly=True, export_string_translation=False)
    campana_id = fields.Many2one(
        "gck.llamada.campana",
        string="Add to",
        domain="[('state', '=', 'open'), ('company_id', '=', company_id)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    name = fields.Char()
    motivo_id = fields.Many2one(
        "gck.motivo",
        string="Reason",
        domain="[('company_id', 'in', [company_id, False])]",
    )
    tipo_id = fields.Many2one(
        "gck.llamada.tipo",
        string="Type",
        domain="[('company_id', 'in', [company_id, False])]",
    )
    reparto = fields.Selection(
        selection=lambda self: (
            self.env["gck.llamada.campana"]
            ._fields["reparto"]
            ._description_selection(self.env)
        ),
        string="Who calls",
        default="turns",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="People",
        domain=STAFF_DOMAIN,
        default=lambda self: self.env.user,
    )
    date_end = fields.Date(string="Until")
    guion = fields.Html(string="Script")
    record_count = fields.Integer(string="Selected", compute="_compute_summary")
    unreachable_count = fields.Integer(
        string="Without a number", compute="_compute_summary"
    )
    unreachable_names = fields.Char(
        string="Without a number, left out", compute="_compute_summary"
    )

    @api.model
    def default_get(self, fields_list):
        """Take what is selected in the list from which the dialog is opened."""
        values = super().default_get(fields_list)
        context = self.env.context
        values.setdefault("res_model", context.get("active_model"))
        values.setdefault("res_ids", context.get("active_ids") or [])
        values.setdefault("res_domain", context.get("active_domain"))
        return values

    @api.depends("res_model", "res_ids")
    def _compute_summary(self):
        for wizard in self:
            records = wizard._get_records()
            selected = Domain("id", "in", records.ids)
            if domain := records._gck_get_list_domain():
                selected = Domain(domain)
            without = selected & records._get_campana_unreachable_domain()
            wizard.record_count = records.search_count(selected)
            wizard.unreachable_count = records.search_count(without)
            shown = records.search(without, limit=NAMES_SHOWN)
            names = ", ".join(shown.mapped("display_name"))
            if wizard.unreachable_count > NAMES_SHOWN:
                names = self.env._(
                    "%(names)s and %(count)s more",
                    names=names,
                    count=wizard.unreachable_count - NAMES_SHOWN,
                )
            wizard.unreachable_names = names

    def _get_records(self):
        """Return the selected records.

        :raises UserError: when they are of no model that call lists are made of
        """
        self.ensure_one()
        kinds = self.env.registry.descendants(["gck.campana.origen.mixin"], "_inherit")
        if self.res_model not in kinds or self.env[self.res_model]._abstract:
            raise UserError(self.env._("Choose who is to be called first."))
        records = self.env[self.res_model].browse(self.res_ids or [])
        return records.with_context(
            active_model=self.res_model, active_domain=self.res_domain
        )

    def action_confirm(self):
        """Make the list and its calls, many in the background.

        :return: the list, after a notification of what was added and what left out
        :raises UserError: when nothing is selected, or the list says too little
        """
        records = self._get_records()
        if not records:
            raise UserError(self.env._("Choose who is to be called first."))
        campana = self.campana_id or self._create_campana()
        campana._check_open()
        campana._tell_people()
        params = {"campana_id": campana.id}
        if records._gck_is_large():
            notification = records._gck_bulk(
                "_bulk_add_to_campana",
                params,
                title=self.env._("Call list: %s", campana.name),
                running=self.env._("%s calls are being prepared in the background."),
            )
        else:
            before = campana.call_count
            failures, _error = records.exists()._gck_run_isolated(
                "_bulk_add_to_campana", params
            )
            campana.invalidate_recordset(["call_count"])
            notification = self._get_notification(
                records, campana.call_count - before, failures
            )
        notification["params"]["next"] = {
            "type": "ir.actions.act_window",
            "res_model": campana._name,
            "res_id": campana.id,
            "views": [(False, "form")],
        }
        return notification

    def _create_campana(self):
        """Create the list that the dialog describes."""
        missing = [
            self._fields[name]._description_string(self.env)
            for name in ("name", "motivo_id", "user_ids")
            if not self[name]
        ]
        if missing:
            raise UserError(
                self.env._("A new call list needs: %s.", ", ".join(missing))
            )
        return self.env["gck.llamada.campana"].create(self._prepare_campana_vals())

    def _prepare_campana_vals(self):
        """Return the values of the new list."""
        return {
            "name": self.name,
            "company_id": self.company_id.id,
            "motivo_id": self.motivo_id.id,
            "tipo_id": self.tipo_id.id,
            "reparto": self.reparto,
            "user_ids": [fields.Command.set(self.user_ids.ids)],
            "date_end": self.date_end,
            "guion": self.guion,
        }

    def _get_notification(self, records, added, failures):
        """Return what is said at the end: how many calls, and who was left out."""
        lines = [self.env._("Calls added to the list: %s", added)]
        called = records.exists().filtered(lambda record: record.id not in failures)
        already = len({record._get_campana_key() for record in called}) - added
        if already > 0:
            lines.append(self.env._("Already in it: %s", already))
        if failures:
            lines.append(self.env._("Left out:"))
            lines += records.browse(failures)._gck_get_failure_lines(failures)
        return records._gck_get_notification(
            "\n".join(lines), "warning" if failures else "success"
        )
