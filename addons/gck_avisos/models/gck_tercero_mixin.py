from odoo import api, fields, models


class GckTerceroMixin(models.AbstractModel):
    """A record about a customer or vendor and one of its contacts (M-26, M-27)."""

    _name = "gck.tercero.mixin"
    _description = "GCK record about a partner"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer or vendor",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        related="partner_id.commercial_partner_id",
        string="Company of the partner",
        store=True,
        precompute=True,
    )
    contact_id = fields.Many2one(
        "res.partner",
        string="Attention of",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        domain="[('commercial_partner_id', '=?', commercial_partner_id)]",
        ondelete="restrict",
        help="Only contacts of the partner can be chosen.",
    )

    @api.depends("partner_id")
    def _compute_contact_id(self):
        """Keep the contact within the partner (M-27); else take the parent's (K-36)."""
        for record in self:
            company = record.partner_id.commercial_partner_id
            if record.contact_id.commercial_partner_id != company:
                record.contact_id = False
            proposed = record._get_parent_contact()
            if not record.contact_id and proposed.commercial_partner_id == company:
                record.contact_id = proposed

    def _get_parent_contact(self):
        """Return the contact of the record that this one hangs from, if any."""
        return self.env["res.partner"]

    @api.model_create_multi
    def create(self, vals_list):
        """Take the company of a contact that comes without it."""
        return super().create(
            self.env["res.partner"]._gck_fill_partner(
                vals_list, "partner_id", "contact_id"
            )
        )

    @api.constrains("partner_id", "contact_id")
    def _check_contact_id(self):
        for record in self:
            record.partner_id._gck_check_contact(record.contact_id)
