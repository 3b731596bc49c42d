from odoo import api, models
from odoo.exceptions import UserError

# What makes a file another one, or somebody else's.
CONTENT_FIELDS = {
    "raw", "datas", "db_datas", "store_fname", "name", "mimetype", "url", "type",
    "res_model", "res_id", "res_field", "public",
}  # fmt: skip


class IrAttachment(models.Model):
    """The files of written documents that were issued, or wait for approval."""

    _name = "ir.attachment"
    _inherit = ["ir.attachment"]

    def write(self, vals):
        """Write values; the files of a document that is fixed stay as they are."""
        if CONTENT_FIELDS & vals.keys():
            self._gck_check_escritos()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_escritos(self):
        self._gck_check_escritos()

    def _gck_check_escritos(self):
        """:raises UserError: naming the fixed documents that have one of these"""
        if self.env.su or not self.ids:
            return
        # sudo: whether a document has the file, whoever may read the document.
        escritos = self.env["gck.escrito"].sudo()
        fixed = escritos.search([("attachment_ids", "in", self.ids)]).filtered(
            lambda doc: doc.is_locked or doc.state == "approval"
        )
        if fixed:
            raise UserError(
                self.env._(
                    "The files of what was issued or waits for approval cannot be "
                    "changed or deleted: %s.",
                    escritos._accion_join_names(fixed),
                )
            )
