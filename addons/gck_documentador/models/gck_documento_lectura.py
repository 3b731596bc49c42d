from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

# The pieces of one download, or a form that is loaded again, are one reading.
SAME_READING = timedelta(seconds=60)


class GckDocumentoLectura(models.Model):
    """Who read what of a confidential folder, when and how.

    Rows are only ever added; who manages the folder sees them.
    """

    _name = "gck.documento.lectura"
    _description = "Reading of a confidential document"
    _order = "date desc, id desc"
    _rec_name = "documento_name"
    _log_access = False

    documento_id = fields.Many2one(
        "gck.documento", string="Document", index="btree_not_null", ondelete="set null"
    )
    documento_name = fields.Char(string="Name", required=True)
    carpeta_id = fields.Many2one(
        "gck.carpeta", string="Folder", index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company")
    version_number = fields.Integer(string="Version", aggregator=None)
    user_id = fields.Many2one(
        "res.users", string="Who", required=True, ondelete="restrict"
    )
    date = fields.Datetime(required=True, string="When")
    how = fields.Selection(
        selection=[
            ("form", "Opened its page"),
            ("preview", "Preview"),
            ("download", "Download"),
            ("zip", "Export of the folder"),
            ("share", "Shared link"),
        ],
        required=True,
    )

    _reading_idx = models.Index("(documento_id, user_id, how, date)")

    # It is never written.
    # pylint: disable-next=method-required-super
    def write(self, vals):
        """Refuse every change."""
        raise UserError(self.env._("The log of readings is not changed."))

    @api.model
    def _log(self, documentos, how, versions=None):
        """Note down that the user reads documents, where their folder is confidential.

        :param str how: a value of ``how``
        :param dict versions: ``{document: gck.documento.version}`` that is read, the
            current one unless told
        """
        documentos = documentos._filter_confidential()
        if not documentos:
            return
        now = fields.Datetime.now()
        recent = {
            documento_id
            for (documento_id,) in self.env.execute_query(
                SQL(
                    "SELECT DISTINCT documento_id FROM gck_documento_lectura"
                    " WHERE documento_id IN %s AND user_id = %s AND how = %s"
                    " AND date > %s",
                    tuple(documentos.ids),
                    self.env.uid,
                    how,
                    now - SAME_READING,
                )
            )
        }
        # sudo: nobody writes the log but by reading.
        self.sudo().create(
            [
                {
                    "documento_id": documento.id,
                    "documento_name": documento.name,
                    "carpeta_id": documento.carpeta_id.id,
                    "company_id": documento.company_id.id,
                    "version_number": (versions or {})
                    .get(documento, documento.version_id)
                    .number,
                    "user_id": self.env.uid,
                    "date": now,
                    "how": how,
                }
                for documento in documentos
                if documento.id not in recent
            ]
        )


class GckDocumento(models.Model):
    """Documents of confidential folders, whose reading is logged."""

    _name = "gck.documento"
    _inherit = ["gck.documento"]

    is_confidential = fields.Boolean(
        string="Confidential", compute="_compute_is_confidential"
    )
    lectura_count = fields.Integer(string="Readings", compute="_compute_lectura_count")

    @api.depends("carpeta_id.acl_id")
    def _compute_is_confidential(self):
        confidential = self.env["gck.carpeta"]._get_confidential_ids()
        for documento in self:
            # sudo: which folder the rights come from; it may be out of reach.
            acl = documento.carpeta_id.sudo().acl_id
            documento.is_confidential = acl.id in confidential

    @api.depends_context("uid")
    def _compute_lectura_count(self):
        counts = dict(
            self.env["gck.documento.lectura"]._read_group(
                [("documento_id", "in", self.ids)], ["documento_id"], ["__count"]
            )
        )
        for documento in self:
            documento.lectura_count = counts.get(documento._origin, 0)

    def _filter_confidential(self):
        """Return those whose reading is logged."""
        if not self.env["gck.carpeta"]._get_confidential_ids():
            return self.browse()
        # sudo: only where they are.
        confidential = self.sudo().filtered("is_confidential")
        return confidential

    def _log_reads(self, how):
        """Note down that the user reads these, where that is logged.

        :param str how: a value of ``gck.documento.lectura.how``
        """
        self.env["gck.documento.lectura"]._log(self, how)

    def web_read(self, specification):
        """Log that somebody opens the page of a confidential document."""
        result = super().web_read(specification)
        if len(self) == 1 and "version_ids" in specification:
            self._log_reads("form")
        return result

    def action_view_lecturas(self):
        """Show who has read the document."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gck_documentador.action_gck_documento_lectura"
        )
        return {**action, "domain": [("documento_id", "=", self.id)]}


class GckDocumentoVersion(models.Model):
    """The reading of one version."""

    _name = "gck.documento.version"
    _inherit = ["gck.documento.version"]

    def _log_reads(self, how):
        """Note down that the user reads these versions, where that is logged.

        :param str how: a value of ``gck.documento.lectura.how``
        """
        self.env["gck.documento.lectura"]._log(
            # sudo: who gets a file without a right of their own, by a link, is logged.
            self.sudo().documento_id,
            how,
            {version.documento_id: version for version in self.sudo()},
        )


class GckCarpeta(models.Model):
    """Folders whose readings are logged."""

    _name = "gck.carpeta"
    _inherit = ["gck.carpeta"]

    @api.model
    @tools.ormcache()
    def _get_confidential_ids(self):
        """Return which folders with rights are confidential, or below one that is."""
        return frozenset(
            chain.folder_id
            for chain in self._get_chains()
            if any(node.is_confidential for node in chain.nodes)
        )

    def action_view_lecturas(self):
        """Show who has read what is in the folder and below it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gck_documentador.action_gck_documento_lectura"
        )
        return {**action, "domain": [("carpeta_id", "child_of", self.id)]}
