from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class GckLlamada(models.Model):
    """Calls of unknown numbers, to be matched later (O-42)."""

    _name = "gck.llamada"
    _inherit = ["gck.llamada"]

    _gck_bulk_methods = ("_bulk_identify", "_bulk_identify_by_number")

    _unidentified_idx = models.Index(
        "(company_id, phone_sanitized) WHERE partner_id IS NULL AND lead_id IS NULL"
        " AND phone_sanitized IS NOT NULL"
    )

    @api.model
    def _get_unidentified_domain(self):
        """Return the domain of the calls of nobody on file."""
        return Domain("partner_id", "=", False) & Domain("lead_id", "=", False)

    def _bulk_identify(self, partner_id=False, lead_id=False):
        """Give a chunk of calls, made ones too, to who they were with.

        :param int partner_id: a customer, vendor or contact of one
        :param int lead_id: a prospect
        """
        calls = self.filtered_domain(self._get_unidentified_domain())
        partner = self.env["res.partner"].browse(partner_id or [])
        company = partner.commercial_partner_id
        calls.write(
            {
                "lead_id": lead_id,
                **({"partner_id": company.id} if partner else {}),
                **({"contact_id": partner.id} if partner != company else {}),
            }
        )

    def _bulk_identify_by_number(self):
        """Give a chunk of calls to who has their numbers by now."""
        numbered = self.filtered("phone_sanitized")
        for company, group in numbered.grouped("company_id").items():
            owners = self.env["res.partner"]._gck_find_many_by_phone(
                group.mapped("phone_sanitized"), company
            )
            for number, calls in group.grouped("phone_sanitized").items():
                if number in owners:
                    calls._bulk_identify(owners[number].id)

    def action_identify(self):
        """Open the dialog that says whose the number of a call is.

        :raises UserError: when the call is of somebody already, or has no number
        """
        self.ensure_one()
        if self.partner_id or self.lead_id:
            raise UserError(self.env._("It is known already whose this call is."))
        if not self.phone_sanitized:
            raise UserError(
                self.env._(
                    "The number was hidden: write on the call itself who it was."
                )
            )
        return self._get_identify_action(
            self.phone, self.phone_sanitized, self.company_id
        )

    @api.model
    def _get_identify_action(self, phone, sanitized, company, partner=None):
        """Return the dialog for a number, with a proposal where there is one."""
        if partner is None:
            owners = self.env["res.partner"]._gck_find_many_by_phone(
                [sanitized], company
            )
            partner = owners.get(sanitized)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Whose number is %s?", phone),
            "res_model": "gck.llamada.identificar",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_phone": phone,
                "default_phone_sanitized": sanitized,
                "default_company_id": company.id,
                "default_partner_id": partner.id if partner else False,
            },
        }


class GckLlamadaNumero(models.Model):
    """A number that nobody on file has, with its calls (O-42)."""

    _name = "gck.llamada.numero"
    _description = "Unidentified number"
    _auto = False
    _log_access = False
    _order = "date_last desc, id desc"
    _rec_name = "phone"

    phone = fields.Char(string="Number", readonly=True)
    phone_sanitized = fields.Char(string="International number", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    caller_name = fields.Char(string="Said to be", readonly=True)
    call_count = fields.Integer(string="Calls", readonly=True)
    in_count = fields.Integer(string="Calls in", readonly=True)
    pending_count = fields.Integer(string="Pending", readonly=True)
    date_first = fields.Datetime(string="First call", readonly=True)
    date_last = fields.Datetime(string="Last call", readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Proposal",
        compute="_compute_partner_id",
        search="_search_partner_id",
        help="Who has this number by now.",
    )

    @property
    def _table_query(self):
        # The number stands for itself: with several companies, the least call of it.
        return SQL(
            """
            SELECT min(id) AS id,
                   (array_agg(phone ORDER BY date DESC, id DESC))[1] AS phone,
                   phone_sanitized,
                   company_id,
                   (array_agg(caller_name ORDER BY date DESC, id DESC)
                    FILTER (WHERE caller_name IS NOT NULL))[1] AS caller_name,
                   count(*)::int AS call_count,
                   (count(*) FILTER (WHERE direction = 'in'))::int AS in_count,
                   (count(*) FILTER (WHERE accion_state = 'pending'))::int
                       AS pending_count,
                   min(date) AS date_first,
                   max(date) AS date_last
              FROM gck_llamada
             WHERE partner_id IS NULL AND lead_id IS NULL
               AND phone_sanitized IS NOT NULL
             GROUP BY company_id, phone_sanitized
            """
        )

    def _search(self, *args, **kwargs):
        """Let what is not written yet be counted."""
        self.env["gck.llamada"].flush_model()
        return super()._search(*args, **kwargs)

    @api.depends("phone_sanitized", "company_id")
    def _compute_partner_id(self):
        for company, numbers in self.grouped("company_id").items():
            owners = self.env["res.partner"]._gck_find_many_by_phone(
                numbers.mapped("phone_sanitized"), company
            )
            for number in numbers:
                number.partner_id = owners.get(number.phone_sanitized)

    def _search_partner_id(self, operator, value):
        """Find the numbers that somebody has by now, or nobody."""
        if operator not in ("in", "not in") or any(value):
            return NotImplemented
        rows = self.search_fetch([], ["phone_sanitized"])
        found = rows.filtered("partner_id")
        return Domain("id", "not in" if operator == "in" else "in", found.ids)

    def action_identify(self):
        """Open the dialog that says whose number it is."""
        self.ensure_one()
        return self.env["gck.llamada"]._get_identify_action(
            self.phone, self.phone_sanitized, self.company_id, self.partner_id
        )

    def action_accept_proposals(self):
        """Give the calls of the selected numbers to who has them by now.

        :raises UserError: when nobody has any of them
        """
        proposed = self.filtered("partner_id")
        if not proposed:
            raise UserError(
                self.env._(
                    "Nobody on file has these numbers. Identify them one by one."
                )
            )
        Llamada = self.env["gck.llamada"]
        calls = Llamada.search(
            Llamada._get_unidentified_domain()
            & Domain("phone_sanitized", "in", proposed.mapped("phone_sanitized"))
            & Domain("company_id", "in", proposed.company_id.ids)
        )
        count = len(calls)
        notification = calls._gck_bulk(
            "_bulk_identify_by_number",
            title=self.env._("Identify numbers"),
            running=self.env._("%s calls are being identified in the background."),
        )
        return notification or calls._gck_get_notification(
            self.env._("Calls identified: %s", count), "success"
        )

    def action_view_calls(self):
        """Open the calls of the number."""
        self.ensure_one()
        Llamada = self.env["gck.llamada"]
        action = Llamada._get_list_action(
            list(
                Llamada._get_unidentified_domain()
                & Domain("phone_sanitized", "=", self.phone_sanitized)
                & Domain("company_id", "=", self.company_id.id)
            ),
            {"create": False},
        )
        return {**action, "name": self.phone}
