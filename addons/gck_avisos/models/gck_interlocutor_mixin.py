from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from .gck_accion_mixin import _TRANSITION, GckAccionMixin


class GckInterlocutorMixin(models.AbstractModel):
    """An action with somebody at the other end, on file or not (K-11, K-33).

    A customer or vendor, a prospect, or only a number and a name. Part of
    notices and calls.
    """

    _name = "gck.interlocutor.mixin"
    _description = "GCK action with somebody at the other end"
    _inherit = ["gck.accion.mixin"]

    _spawn_fields = {
        **GckAccionMixin._spawn_fields,
        "lead_id": "lead_id",
        "phone": "phone",
        "caller_name": "caller_name",
    }

    tercero = fields.Char(
        string="From",
        compute="_compute_tercero",
        help="The customer or vendor, else the lead or the caller.",
    )
    partner_id = fields.Many2one(
        compute="_compute_partner_id", store=True, readonly=False, precompute=True
    )
    lead_id = fields.Many2one(
        "crm.lead",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        tracking=True,
        help="A prospect that is not a customer yet. Once it is converted, the "
        "action shows the customer.",
    )
    phone = fields.Char(
        index="trigram",
        compute="_compute_phone",
        store=True,
        readonly=False,
        precompute=True,
        help="Number of the caller, or of the fax. Typing it proposes the partner.",
    )
    phone_sanitized = fields.Char(
        compute="_compute_phone_sanitized", store=True, index="trigram"
    )
    # Only while the number is typed: who was proposed for it, and not chosen.
    phone_proposal_id = fields.Many2one(
        "res.partner", store=False, export_string_translation=False
    )
    caller_name = fields.Char(
        string="Caller", help="Who called, when it is nobody on file."
    )

    # ------------------------------------------------------------
    # Computes and onchanges
    # ------------------------------------------------------------

    @api.depends("lead_id.partner_id")
    def _compute_partner_id(self):
        """Take the customer that the lead became (K-11); keep one already given."""
        for record in self:
            record.partner_id = record.partner_id or record.lead_id.partner_id

    @api.depends("partner_id", "lead_id", "caller_name")
    def _compute_tercero(self):
        for record in self:
            # sudo: a prospect's name is part of the record, whoever may open leads.
            record.tercero = (
                record.partner_id.display_name
                or record.sudo().lead_id.display_name
                or record.caller_name
            )

    @api.depends("partner_id", "contact_id", "lead_id")
    def _compute_phone(self):
        for record in self:
            former = record._origin
            if record.phone in (former.contact_id.phone, former.partner_id.phone):
                # It was taken from a customer that is being corrected.
                record.phone = False
            record.phone = (
                record.phone
                or record.contact_id.phone
                or record.partner_id.phone
                or record.lead_id.phone
            )

    @api.depends("phone", "partner_id.country_id")
    def _compute_phone_sanitized(self):
        for record in self:
            record.phone_sanitized = record.phone and record._phone_format(
                number=record.phone,
                country=record.partner_id.country_id or record.company_id.country_id,
            )

    @api.onchange("phone")
    def _onchange_phone(self):
        """Propose who is calling (K-33), without touching a choice already made.

        What was proposed for another number, a mistyped one, is none.
        """
        proposed = self.phone_proposal_id
        if proposed and proposed == (self.contact_id or self.partner_id):
            self.partner_id = self.contact_id = False
        self.phone_proposal_id = False
        if not self.phone or self.partner_id or self.lead_id:
            return
        partner = self.env["res.partner"]._gck_find_by_phone(
            self.phone, self.company_id or self.env.company
        )
        if partner:
            self.phone_proposal_id = partner
            if partner.parent_id:
                self.partner_id = partner.commercial_partner_id
                self.contact_id = partner
            else:
                self.partner_id = partner

    @api.onchange("contact_id")
    def _onchange_contact_id(self):
        """Take the company of a contact that was chosen first."""
        if self.contact_id and not self.partner_id:
            self.partner_id = self.contact_id.commercial_partner_id

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model
    def _prepare_accion_vals(self, vals):
        """Refuse a lead that somebody has deleted meanwhile, with clear words."""
        vals = super()._prepare_accion_vals(vals)
        lead_id = vals.get("lead_id")
        if lead_id and not self.env["crm.lead"].browse(lead_id).exists():
            raise UserError(
                self.env._(
                    "The lead has just been deleted by somebody else. "
                    "Choose another lead or leave it empty, and save again."
                )
            )
        return vals

    def _phone_get_number_fields(self):
        return ["phone"]

    def _gck_move_to_lead(self, lead):
        """Hang these records from another lead, closed ones included.

        :param lead: the ``crm.lead`` that stays after a merge
        """
        self.with_context(gck_transition=_TRANSITION).write({"lead_id": lead.id})

    @api.model
    def _count_by(self, field_name, records):
        """Count these of some records, in one query.

        :param str field_name: the many2one that points to them
        :param records: the records
        :return: ``{record id: (all, pending)}``, with every record
        """
        counts = dict.fromkeys(records.ids, (0, 0))
        for record, state, count in self._read_group(
            [(field_name, "in", records.ids)],
            [field_name, "accion_state"],
            ["__count"],
        ):
            total, pending = counts[record.id]
            pending += count if state == "pending" else 0
            counts[record.id] = (total + count, pending)
        return defaultdict(lambda: (0, 0), counts)

    @api.model
    def _gck_prepare_spawned_vals(self, values):
        """Hang what is generated from a lead from it (K-11)."""
        vals = super()._gck_prepare_spawned_vals(values)
        origin = values.get("origin")
        if origin is not None and origin._name == "crm.lead":
            vals["lead_id"] = origin.id
        return vals
