import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

PHONE_PATTERN = re.compile(r"^[\d\s()+./-]+$")
# Fewer digits than this match half of the country.
PHONE_MIN_DIGITS = 5


class ResPartner(models.Model):
    _inherit = "res.partner"

    gck_aviso_count = fields.Integer(
        string="Notices count",
        compute="_compute_gck_aviso_count",
        groups="gck_avisos.group_gck_aviso_user",
    )
    gck_aviso_open_count = fields.Integer(
        string="Open notices",
        compute="_compute_gck_aviso_count",
        groups="gck_avisos.group_gck_aviso_user",
    )

    gck_accion_count = fields.Integer(
        string="Actions count",
        compute="_compute_gck_accion_count",
        groups="gck_avisos.group_gck_aviso_user",
    )
    gck_accion_pending_count = fields.Integer(
        string="Pending actions",
        compute="_compute_gck_accion_count",
        groups="gck_avisos.group_gck_aviso_user",
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def unlink(self):
        """Leave the appointments with them without a partner, hence in-house."""
        # sudo: who may delete a partner need not see everybody's appointments.
        events = self.env["calendar.event"].sudo().with_context(active_test=False)
        events = events.search([("gck_partner_id", "in", self.ids)])
        if events:
            events.write({"gck_partner_id": False})
        return super().unlink()

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def _compute_gck_accion_count(self):
        """Count the actions of each partner, those of its contacts included.

        One query for the whole recordset (M-73, M-74).
        """
        counts = {}
        for company, state, count in self.env["gck.accion"]._read_group(
            [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
            ["commercial_partner_id", "accion_state"],
            ["__count"],
        ):
            total, pending = counts.get(company.id, (0, 0))
            counts[company.id] = (
                total + count,
                pending + (count if state == "pending" else 0),
            )
        for partner in self:
            partner.gck_accion_count, partner.gck_accion_pending_count = counts.get(
                partner.commercial_partner_id.id, (0, 0)
            )

    def action_view_gck_acciones(self):
        """Open every action of the partner and of its contacts (M-72, M-74)."""
        self.ensure_one()
        company = self.commercial_partner_id
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "gck_avisos.action_gck_accion"
            ),
            "name": self.env._("Actions of %s", company.display_name),
            "domain": [("commercial_partner_id", "=", company.id)],
            "context": {"gck_partner_id": self.id, "gck_date_field": "date"},
        }

    # ------------------------------------------------------------
    # Notices
    # ------------------------------------------------------------

    def _compute_gck_aviso_count(self):
        """Count the notices of each partner, those of its contacts included.

        One query for the whole recordset (K-10, K-14).
        """
        companies = self.commercial_partner_id
        counts = self.env["gck.aviso"]._count_by("commercial_partner_id", companies)
        for partner in self:
            partner.gck_aviso_count, partner.gck_aviso_open_count = counts[
                partner.commercial_partner_id.id
            ]

    def action_view_gck_avisos(self):
        """Open the notices of the partner; a new one comes filled from it."""
        self.ensure_one()
        company = self.commercial_partner_id
        return self.env["gck.aviso"]._get_list_action(
            [("commercial_partner_id", "=", company.id)],
            {
                "default_partner_id": company.id,
                "default_contact_id": self.id if self != company else False,
            },
        )

    # ------------------------------------------------------------
    # Who is calling
    # ------------------------------------------------------------

    @api.model
    def _search_display_name(self, operator, value):
        """Find partners by phone too where the field asks for it (K-33).

        ``gck_search_phone`` in the context switches it on, so that the searches of
        the rest of Odoo stay as they are.
        """
        domain = super()._search_display_name(operator, value)
        if (
            self.env.context.get("gck_search_phone")
            and operator in ("ilike", "=")
            and isinstance(value, str)
        ):
            phone_domain = self._gck_get_phone_domain(value)
            if phone_domain is not None:
                domain = Domain(domain) | phone_domain
        return domain

    @api.model
    def _gck_get_phone_domain(self, number):
        """Return the domain of the partners with a number, None if it is no number.

        «600 123 456», «+34 600 123 456» and «0034600123456» are the same number;
        a part of at least five digits matches too.
        """
        digits = re.sub(r"\D", "", number)
        if not PHONE_PATTERN.match(number) or len(digits) < PHONE_MIN_DIGITS:
            return None
        exact = self._phone_format(number=number, country=self.env.company.country_id)
        if exact:
            return Domain("phone_sanitized", "=", exact)
        # Part of a number, or one that no numbering plan knows, as an extension.
        return Domain("phone_sanitized", "like", digits.removeprefix("00")) | (
            Domain("phone_sanitized", "=", False)
            & Domain("phone", "ilike", number.strip())
        )

    @api.model
    def _gck_find_by_phone(self, number, company):
        """Return the one partner that has a phone number.

        A company is preferred to its contacts that share its number. None is
        returned when several companies share it: guessing would be worse.

        :param str number: in any usual form
        :param company: the ``res.company`` whose partners, with those of every company
        :return: one ``res.partner``, or none
        """
        domain = self._gck_get_phone_domain(number)
        if domain is None:
            return self.browse()
        domain &= Domain("company_id", "in", [company.id, False])
        partners = self.search(domain, limit=10)
        companies = partners.commercial_partner_id
        if len(companies) != 1:
            return self.browse()
        return partners if len(partners) == 1 else companies

    # ------------------------------------------------------------
    # A partner and its contact
    # ------------------------------------------------------------

    @api.model
    def _gck_fill_partner(self, vals_list, partner_field, contact_field):
        """Take the company of a contact that comes without it (M-26).

        :param list vals_list: values of records about to be created
        :param str partner_field: the field with the customer or vendor
        :param str contact_field: the field with the contact
        :return: the values, with the partner of those that had only a contact
        """
        contact_ids = {
            vals[contact_field]
            for vals in vals_list
            if vals.get(contact_field) and not vals.get(partner_field)
        }
        company_ids = {
            contact.id: contact.commercial_partner_id.id
            for contact in self.browse(contact_ids)
        }
        return [
            {**vals, partner_field: company_ids[vals[contact_field]]}
            if vals.get(contact_field) and not vals.get(partner_field)
            else vals
            for vals in vals_list
        ]

    def _gck_check_contact(self, contact):
        """Check that somebody is a contact of this partner (M-27).

        :raises ValidationError: naming both, when it is somebody else's
        """
        if contact and contact.commercial_partner_id != self.commercial_partner_id:
            raise ValidationError(
                self.env._(
                    "%(contact)s is not a contact of %(partner)s. Choose one of "
                    "its contacts, or create it from the field itself.",
                    contact=contact.display_name,
                    partner=self.display_name,
                )
            )
