from odoo import api, models
from odoo.tools import SQL


class IrAttachment(models.Model):
    """The bytes of the versions of documents."""

    _inherit = "ir.attachment"

    @api.model
    def _index(self, bin_data, file_type, checksum=None):
        """Leave what documents say to be read in the background."""
        if self.env.context.get("gck_no_index"):
            return None
        return super()._index(bin_data, file_type, checksum=checksum)

    def _gck_copy_content(self, source):
        """Take the content of another attachment, whatever its size.

        Nothing is read: of equal contents the file store keeps one.
        """
        self.ensure_one()
        self.flush_recordset()
        source.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE ir_attachment target
                   SET store_fname = source.store_fname,
                       db_datas = source.db_datas,
                       file_size = source.file_size,
                       checksum = source.checksum
                  FROM ir_attachment source
                 WHERE target.id = %s AND source.id = %s
                """,
                self.id,
                source.id,
            )
        )
        self.invalidate_recordset()

    def _to_http_stream(self):
        """Log who downloads what a confidential folder holds."""
        stream = super()._to_http_stream()
        if self.res_model == "gck.documento.version" and self.res_id:
            version = self.env["gck.documento.version"].browse(self.res_id)
            version._log_reads(self.env.context.get("gck_read_how", "download"))
        return stream
