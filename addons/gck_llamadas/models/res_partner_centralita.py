from odoo import api, models
from odoo.tools import groupby


class ResPartner(models.Model):
    _inherit = "res.partner"

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


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _gck_find_open_by_phone(self, numbers, company):
        """Return the latest lead that is still open of each of some numbers.

        :param list numbers: in E.164
        :param company: whose leads, with those of every company
        :return: ``{number: lead}`` of the numbers that have one
        """
        if not numbers:
            return {}
        leads = self.search(
            [
                ("phone_sanitized", "in", numbers),
                ("company_id", "in", [company.id, False]),
                ("won_status", "=", "pending"),
            ],
            order="id",
        )
        return {lead.phone_sanitized: lead for lead in leads}
