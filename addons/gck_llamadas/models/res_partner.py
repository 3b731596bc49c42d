from odoo import api, fields, models
from odoo.tools import groupby


class ResPartner(models.Model):
    """The calls with a customer or vendor, and the time they took."""

    _inherit = "res.partner"

    gck_llamada_count = fields.Integer(
        string="Calls",
        compute="_compute_gck_llamadas",
        groups="gck_llamadas.group_gck_llamada_user",
    )
    gck_llamada_hours = fields.Float(
        string="Time on the phone",
        compute="_compute_gck_llamadas",
        groups="gck_llamadas.group_gck_llamada_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_gck_llamadas(self):
        """Count those of the whole company, contacts included."""
        companies = self.commercial_partner_id
        counts = self.env["gck.llamada"]._count_with_hours(
            "commercial_partner_id", companies
        )
        for partner in self:
            count, hours = counts.get(partner.commercial_partner_id.id, (0, 0.0))
            partner.gck_llamada_count = count
            partner.gck_llamada_hours = hours

    def action_view_gck_llamadas(self):
        """Open the calls with the customer or vendor; a new one comes filled."""
        self.ensure_one()
        company = self.commercial_partner_id
        return self.env["gck.llamada"]._get_list_action(
            [("commercial_partner_id", "=", company.id)],
            {
                "default_partner_id": company.id,
                "default_contact_id": self.id if self != company else False,
                "default_direction": "out",
            },
        )

    @api.model
    def _gck_find_many_by_phone(self, numbers, company):
        """Return the one partner that has each of some numbers, in one query.

        The rule is that of ``_gck_find_by_phone``: a company is preferred to its
        contacts that share the number; several companies that do are none.

        :param list numbers: in E.164
        :param company: whose partners, with those of every company
        :return: ``{number: partner}`` of the numbers that are somebody's
        """
        partners = self.search(
            [
                ("phone_sanitized", "in", numbers),
                ("company_id", "in", [company.id, False]),
            ]
        )
        found = {}
        for number, group in groupby(partners, lambda p: p.phone_sanitized):
            same = self.browse(partner.id for partner in group)
            companies = same.commercial_partner_id
            if len(companies) == 1:
                found[number] = same if len(same) == 1 else companies
        return found
