from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gck_avisos.models.gck_accion_mixin import _TRANSITION

NO_RECORDS = [fields.Command.set([])]


class GckEscrito(models.Model):
    """What an issued document is corrected by: a new version, which refers to it."""

    _name = "gck.escrito"
    _inherit = ["gck.escrito"]

    previous_id = fields.Many2one(
        "gck.escrito",
        string="Comes from",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    previous_relation = fields.Selection(
        selection=[("version", "New version"), ("renewal", "Renewal")],
        string="As",
        readonly=True,
        copy=False,
    )
    next_ids = fields.One2many("gck.escrito", "previous_id", string="Followed by")
    version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    replaced_by_id = fields.Many2one(
        "gck.escrito", string="Replaced by", compute="_compute_replaced_by_id"
    )

    @api.depends("next_ids.state")
    def _compute_replaced_by_id(self):
        """Find the issued version that counts instead of each document."""
        following = self.search(
            [
                ("previous_id", "in", self.ids),
                ("previous_relation", "=", "version"),
                ("state", "in", ("issued", "sent")),
            ],
            order="id",
        )
        by_previous = {doc.previous_id.id: doc for doc in following}
        for escrito in self:
            escrito.replaced_by_id = by_previous.get(escrito._origin.id)

    def action_new_version(self):
        """Write a new version of an issued document, as a draft that refers to it.

        :return: the action that opens the draft
        :raises UserError: when the document is a draft, or was replaced already
        """
        self.ensure_one()
        if not self.date_issued:
            raise UserError(self.env._("It is not issued yet: change it as it is."))
        drafts = self.next_ids.filtered(
            lambda doc: doc.previous_relation == "version" and doc.state != "cancel"
        )
        if drafts:
            return drafts[-1]._get_records_action()
        copy = self._copy_following(
            {
                "previous_id": self.id,
                "previous_relation": "version",
                "version": self.version + 1,
                **self._prepare_version_vals(),
            }
        )
        return copy._get_records_action()

    def _copy_following(self, vals):
        """Copy this document to one that refers to it, which no client may write."""
        self.ensure_one()
        copy = self.with_context(gck_transition=_TRANSITION).copy(vals)
        return self.browse(copy.id)

    def _prepare_version_vals(self):
        """Return what a new version keeps of this one that a copy does not."""
        self.ensure_one()
        return {
            "date_start": self.date_start,
            "date_renewal": self.date_renewal,
            "date_expiry": self.date_expiry,
        }

    def action_copy(self):
        """Write another document like this one, for anybody."""
        self.ensure_one()
        return self.copy()._get_records_action()

    def copy_data(self, default=None):
        """Copy the text with its merge fields, and what it is about."""
        vals_list = super().copy_data(default)
        for escrito, vals in zip(self, vals_list, strict=True):
            if escrito.date_issued and escrito.texto_id:
                # Issued, they name the customer that they were for.
                for name in ("salutation", "closing"):
                    vals.pop(name, None)
            for name in [name for name in vals if vals[name] == NO_RECORDS]:
                # To write none takes a right on tags or files all the same.
                del vals[name]
        return vals_list

    def copy(self, default=None):
        """Copy documents with their linked documents, which the text may name."""
        copies = super().copy(default)
        for source, copy in zip(self, copies, strict=True):
            # sudo: who has no right on links copies as well; only what the user may
            # read is linked.
            for link in source.sudo().vinculo_ids:
                if link.res_model in self.env:
                    document = self.env[link.res_model].browse(link.res_id).exists()
                    if document and document.has_access("read"):
                        self.env["gck.vinculo"].sudo()._link(copy, document)
        return copies
