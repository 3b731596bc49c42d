from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize_all


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner"]

    @api.model
    def _gck_find_by_email(self, address, company):
        """Return the partner that has an address, the likeliest of several (K-8).

        Likeliest is the one with most notices, then most messages, then the person of
        a company; archived ones and those of other companies do not count.

        :param str address: normalised
        :param company: one ``res.company``
        :return: one ``res.partner``, or none
        """
        here = Domain("company_id", "in", [company.id, False])
        partners = self.search(here & Domain("email_normalized", "=", address))
        if not partners:
            # Of several addresses in one field only the first is the normal form.
            several = self.search(here & Domain("email", "ilike", address), limit=20)
            partners = several.filtered(
                lambda partner: address in email_normalize_all(partner.email)
            )
        if len(partners) <= 1:
            return partners
        # sudo: only how many there are counts, whoever may read them.
        avisos = self.env["gck.aviso"].sudo()
        messages = self.env["mail.message"].sudo()
        evidence = {partner.id: [0, 0] for partner in partners}
        for field_name in ("contact_id", "partner_id"):
            for partner, count in avisos._read_group(
                [(field_name, "in", partners.ids)], [field_name], ["__count"]
            ):
                evidence[partner.id][0] += count
        for partner, count in messages._read_group(
            [("author_id", "in", partners.ids)], ["author_id"], ["__count"]
        ):
            evidence[partner.id][1] += count
        return max(
            partners,
            key=lambda partner: (
                *evidence[partner.id],
                bool(partner.parent_id),
                -partner.id,
            ),
        )
