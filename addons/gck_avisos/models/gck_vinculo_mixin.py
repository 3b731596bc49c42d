from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import groupby


class GckVinculoMixin(models.AbstractModel):
    """A record that ERP documents can be linked to (K-3, K-41)."""

    _name = "gck.vinculo.mixin"
    _description = "GCK record with linked documents"

    vinculo_ids = fields.Many2many(
        "gck.vinculo",
        string="Linked documents",
        compute="_compute_vinculo_ids",
        groups="gck_avisos.group_gck_aviso_user",
    )
    vinculo_count = fields.Integer(
        string="Documents",
        compute="_compute_vinculo_ids",
        search="_search_vinculo_count",
        groups="gck_avisos.group_gck_aviso_user",
    )

    @api.depends_context("uid")
    def _compute_vinculo_ids(self):
        links_by_record = self._get_vinculos()
        for record in self:
            links = links_by_record.get(record.id, self.env["gck.vinculo"])
            record.vinculo_ids = links
            record.vinculo_count = len(links)

    def _search_vinculo_count(self, operator, value):
        """Support «without document» (K-5) and its opposite."""
        if operator == "in" and set(value) == {0}:
            return ~self._get_linked_domain()
        if operator == "not in" and set(value) == {0}:
            return self._get_linked_domain()
        if operator == ">" and value == 0:
            return self._get_linked_domain()
        return NotImplemented

    @api.model
    def _get_linked_domain(self):
        """Return the domain of the records that have a document linked."""
        # Links have the access of their actions, which this domain filters already.
        links = self.env["gck.vinculo"]._search(
            [("origin_model", "=", self._name), ("relation", "=", "document")],
            bypass_access=True,
        )
        return Domain("id", "in", links.subselect("gck_vinculo.origin_id"))

    def _get_vinculos(self):
        """Return the document links of each record.

        A kind that shows the links of what hangs from it (K-41) extends this.

        :return: ``{record id: gck.vinculo}``, each document once
        """
        links = self.env["gck.vinculo"]._get_of_origins(self)
        return {
            origin_id: self.env["gck.vinculo"].union(*group)
            for origin_id, group in groupby(links, lambda link: link.origin_id)
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Create actions, linked to what they were generated from (M-38)."""
        records = super().create(vals_list)
        self.env["gck.vinculo"]._link_spawned(records)
        return records

    def unlink(self):
        """Delete the actions and their links; linked documents stay (K-41)."""
        result = super().unlink()
        self.env["gck.vinculo"]._unlink_of(self)
        return result

    def action_link_document(self):
        """Open the dialog that links an ERP document to this action (K-15)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Link document"),
            "res_model": "gck.vinculo.crear",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_origin_model": self._name,
                "default_origin_id": self.id,
            },
        }
