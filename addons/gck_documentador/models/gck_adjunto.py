from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, groupby

FILES_MAX = 1000


class GckVinculoModelo(models.Model):
    """Kinds of documents whose attachments the store shows."""

    _name = "gck.vinculo.modelo"
    _inherit = ["gck.vinculo.modelo"]

    show_files = fields.Boolean(
        string="Files in the store",
        help="Shows the attachments of these records under «Attachments» in the "
        "Documentador, without copying them.",
    )


class GckAdjunto(models.Model):
    """The attachments of records of other apps, seen from the store.

    Nothing is copied: these are the rows of Odoo's attachments, of the models that the
    table of linkable documents says, to whoever may read their records.
    """

    _name = "gck.adjunto"
    _description = "Attachment of a record"
    _auto = False
    _log_access = False
    _order = "id desc"
    _rec_names_search = ["name"]

    name = fields.Char(string="File", readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record id", model_field="res_model", readonly=True
    )
    record_type = fields.Char(string="Type", compute="_compute_record")
    record_name = fields.Char(string="Record", compute="_compute_record")
    mimetype = fields.Char(string="Content type", readonly=True)
    file_size = fields.Integer(string="Size", readonly=True)
    date = fields.Datetime(readonly=True)
    user_id = fields.Many2one("res.users", string="Added by", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    is_filed = fields.Boolean(
        string="In the Documentador",
        compute="_compute_is_filed",
        help="Whether a document that you may read has the same content.",
    )

    @property
    def _table_query(self):
        names = tuple(self._get_enabled_models()) or ("",)
        return SQL(
            """
            SELECT id, name, res_model, res_id, mimetype, file_size,
                   create_date AS date, create_uid AS user_id, company_id, checksum
              FROM ir_attachment
             WHERE res_model IN %s AND res_id > 0 AND res_field IS NULL
               AND type = 'binary'
            """,
            names,
        )

    checksum = fields.Char(readonly=True)

    @api.model
    def _get_enabled_models(self):
        """Return the names of the models whose attachments are shown."""
        # sudo: which kinds are shown is the same for everybody.
        rows = self.env["gck.vinculo.modelo"].sudo().search([("show_files", "=", True)])
        return [
            name
            for name in rows.mapped("model")
            if name in self.env
            and not self.env[name]._abstract
            and not self.env[name]._transient
        ]

    # ------------------------------------------------------------
    # Access: that of the record
    # ------------------------------------------------------------

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        domain = Domain(domain)
        if not (self.env.su or bypass_access):
            domain &= Domain.OR(
                Domain("res_model", "=", name)
                & Domain(
                    "res_id",
                    "in",
                    self.env[name].with_context(active_test=False)._search([]),
                )
                for name in self._get_enabled_models()
                if self.env[name].has_access("read")
            )
        return super()._search(
            domain,
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self:
            return result
        allowed = set(self.search([("id", "in", self.ids)])._ids)
        forbidden = self.filtered(lambda adjunto: adjunto.id not in allowed)
        if not forbidden:
            return result
        if result:
            forbidden |= result[0]
        return forbidden, lambda: AccessError(
            self.env._("You may not read the record that this file belongs to.")
        )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "lang")
    def _compute_record(self):
        labels = self.env["gck.vinculo.modelo"]._get_labels()
        for name, rows in groupby(self, lambda adjunto: adjunto.res_model):
            records = self.env[name].browse({row.res_id for row in rows}).exists()
            names = {r.id: r.display_name for r in records._filtered_access("read")}
            for row in rows:
                row.record_type = labels.get(name) or name
                row.record_name = names.get(row.res_id) or self.env._("(deleted)")

    @api.depends("checksum")
    @api.depends_context("uid")
    def _compute_is_filed(self):
        known = {
            version.checksum
            for version in self.env["gck.documento.version"].search_fetch(
                [("checksum", "in", list(filter(None, self.mapped("checksum"))))],
                ["checksum"],
            )
        }
        for adjunto in self:
            adjunto.is_filed = adjunto.checksum in known

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_download(self):
        """Download the file."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.id}?download=true",
            "target": "download",
        }

    def action_open_record(self):
        """Open the record that the file belongs to."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_file(self):
        """Make documents of the files, linked with their records; no byte is copied.

        :return: the action that shows the documents
        """
        self.check_access("read")
        if len(self) > FILES_MAX:
            raise UserError(
                self.env._("Choose %s attachments at most at a time.", FILES_MAX)
            )
        files = []
        # sudo: the attachments of records that the user may read, as was just checked.
        sources = self.env["ir.attachment"].sudo().browse(self.ids)
        Documento = self.env["gck.documento"]
        targets = (
            self.env["ir.attachment"]
            .with_context(gck_no_index=True)
            .create(
                [
                    {"name": source.name, "mimetype": source.mimetype}
                    for source in sources
                ]
            )
        )
        for adjunto, source, target in zip(self, sources, targets, strict=True):
            target.sudo()._gck_copy_content(source)
            record = self.env[adjunto.res_model].browse(adjunto.res_id)
            file = {
                "name": source.name,
                "attachment": target,
                "records": [record],
                "date": fields.Date.context_today(self, source.create_date),
            }
            partner = self.env["gck.accion"]._get_partner(record)
            if partner:
                file["partner_id"] = partner.commercial_partner_id.id
            files.append(file)
        documentos, duplicates = Documento._store_files_report(files)
        # sudo: rows that nothing came to own, as the store has their content.
        targets.sudo().browse(targets[place].id for place in duplicates).unlink()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gck_documentador.action_gck_documento"
        )
        if len(documentos) == 1:
            return {**action, "res_id": documentos.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", documentos.ids)]}
