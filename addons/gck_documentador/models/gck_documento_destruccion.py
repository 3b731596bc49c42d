from odoo import api, fields, models
from odoo.exceptions import UserError


class GckDocumentoDestruccion(models.Model):
    """What was destroyed: its name, its content's checksum, when and by which rule."""

    _name = "gck.documento.destruccion"
    _description = "Destroyed document"
    _order = "date desc, id desc"
    _log_access = False

    name = fields.Char(string="Document", required=True)
    folder_name = fields.Char(string="Folder")
    type_name = fields.Char(string="Type")
    partner_name = fields.Char(string="Customer or vendor")
    company_id = fields.Many2one("res.company", index="btree_not_null")
    author_name = fields.Char(string="Author")
    document_date = fields.Date(string="Date of the document")
    version_count = fields.Integer(string="Versions", aggregator=None)
    file_size = fields.Integer(string="Size", aggregator="sum")
    sha256 = fields.Char(string="SHA-256")
    user_id = fields.Many2one("res.users", string="By", ondelete="restrict")
    date = fields.Datetime(string="Destroyed on", required=True)
    rule = fields.Char()

    # It is never written.
    # pylint: disable-next=method-required-super
    def write(self, vals):
        """Refuse every change."""
        raise UserError(self.env._("The log of what was destroyed is not changed."))

    @api.model
    def _log(self, documentos, rule=None):
        """Note down documents that are about to be destroyed."""
        now = fields.Datetime.now()
        counts = dict(
            self.env["gck.documento.version"]
            .sudo()
            ._read_group(
                [("documento_id", "in", documentos.ids)], ["documento_id"], ["__count"]
            )
        )
        # sudo: nobody writes the log but by destroying; all of a document is named.
        documentos = documentos.sudo()
        self.sudo().create(
            [
                {
                    "name": documento.name,
                    "folder_name": documento.carpeta_id.complete_name,
                    "type_name": documento.tipo_id.name,
                    "partner_name": documento.partner_id.display_name,
                    "company_id": documento.company_id.id,
                    "author_name": documento.user_id.name,
                    "document_date": documento.date,
                    "version_count": counts.get(documento, 0),
                    "file_size": documento.file_size,
                    "sha256": documento.sha256,
                    "user_id": (
                        self.env.uid
                        if rule
                        else documento.deleted_by_id.id or self.env.uid
                    ),
                    "date": now,
                    "rule": rule
                    or documento.deleted_rule
                    or self.env._("In the bin for as long as it stays there"),
                }
                for documento in documentos
            ]
        )
