from odoo import fields, models
from odoo.tools import SQL


class GckDocumentoDuplicado(models.Model):
    """Contents that are stored as more than one document, of those the user sees.

    Equal contents share one file on the disk; what they waste is the work of whoever
    keeps several documents of the same thing.
    """

    _name = "gck.documento.duplicado"
    _description = "Duplicated content"
    _auto = False
    _log_access = False
    _order = "wasted_size desc, id"
    _rec_name = "name"

    name = fields.Char(string="Document", readonly=True)
    sha256 = fields.Char(string="SHA-256", readonly=True)
    file_size = fields.Integer(string="Size (bytes)", readonly=True)
    documento_count = fields.Integer(string="Copies", readonly=True, aggregator="sum")
    folder_count = fields.Integer(string="Folders", readonly=True, aggregator=None)
    wasted_size = fields.Float(
        string="Repeated (bytes)", readonly=True, digits=(16, 0), aggregator="sum"
    )
    folder_names = fields.Char(string="Where they are", compute="_compute_folders")

    @property
    def _table_query(self):
        """Group the documents that the user may read by their content."""
        documentos = self.env["gck.documento"]._search([("sha256", "!=", False)])
        return SQL(
            """
            SELECT min(doc.id) AS id,
                   min(doc.name) AS name,
                   doc.sha256 AS sha256,
                   doc.file_size AS file_size,
                   count(*)::int AS documento_count,
                   count(DISTINCT doc.carpeta_id)::int AS folder_count,
                   (count(*) - 1)::float * doc.file_size AS wasted_size
              FROM gck_documento doc
             WHERE doc.id IN %s
               AND doc.file_size > 0
          GROUP BY doc.sha256, doc.file_size
            HAVING count(*) > 1
            """,
            documentos.subselect(),
        )

    def _compute_folders(self):
        """Name the folders in which the copies are."""
        groups = self.env["gck.documento"]._read_group(
            [("sha256", "in", self.mapped("sha256"))],
            ["sha256"],
            ["carpeta_id:recordset"],
        )
        folders = dict(groups)
        for row in self:
            names = folders.get(row.sha256, self.env["gck.carpeta"]).mapped(
                "complete_name"
            )
            row.folder_names = "; ".join(names[:5]) + ("…" if len(names) > 5 else "")

    def action_view_documentos(self):
        """Open the documents that have the content."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gck_documentador.action_gck_documento"
        )
        return {
            **action,
            "display_name": self.env._("Copies of «%s»", self.name),
            "domain": [("sha256", "=", self.sha256)],
            "context": {"search_default_group_carpeta": 1},
        }
