from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.gck_avisos.models.gck_accion_mixin import _TRANSITION
from odoo.addons.gck_avisos.models.gck_bloque_mixin import get_active_ids_limit

from .gck_texto import CLASES

CLASES_ENVIO = ("carta", "fax", "contrato")
# A PDF takes a tenth of a second: so many are made and saved at a time.
ISSUE_CHUNK = 20
WRITE_CHUNK = 100
KEEP_DAYS = 7
# Of a recipient: written by the selection and by the job.
LINE_SERVER_FIELDS = {"escrito_id", "res_id", "message"}


class GckEscritoEnvio(models.Model):
    """The same text to many: letters, faxes or contracts for a selection.

    The letters are made and issued by bulk jobs, a recipient at a time: one that
    fails is named and the others go on, and none is written to twice.
    """

    _name = "gck.escrito.envio"
    _description = "Bulk letters"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    clase = fields.Selection(
        selection=[row for row in CLASES if row[0] in CLASES_ENVIO],
        string="Class",
        required=True,
        default="carta",
    )
    texto_id = fields.Many2one(
        "gck.texto",
        string="Standard text",
        check_company=True,
        ondelete="restrict",
        domain="[('clase', '=', clase)]",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Sender",
        required=True,
        domain="[('share', '=', False)]",
        default=lambda self: self.env.user,
        check_company=True,
    )
    date_document = fields.Date(
        string="Date", required=True, default=fields.Date.context_today
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    res_model = fields.Char(string="Chosen among", readonly=True, required=True)
    lote_id = fields.Many2one(
        "gck.lote", string="Job that writes", readonly=True, ondelete="set null"
    )
    issue_lote_id = fields.Many2one(
        "gck.lote", string="Job that issues", readonly=True, ondelete="set null"
    )
    linea_ids = fields.One2many(
        "gck.escrito.envio.linea", "envio_id", string="Recipients"
    )
    escrito_ids = fields.One2many("gck.escrito", "envio_id", string="Documents")
    recipient_count = fields.Integer(string="Recipients", compute="_compute_counts")
    written_count = fields.Integer(string="Written", compute="_compute_counts")
    failed_count = fields.Integer(string="Not written", compute="_compute_counts")
    issued_count = fields.Integer(string="Issued", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")
    issue_progress = fields.Float(compute="_compute_counts")

    @api.depends("texto_id", "date_document")
    def _compute_name(self):
        for envio in self:
            parts = [envio.texto_id.name, str(envio.date_document or "")]
            envio.name = " · ".join(filter(None, parts))

    @api.depends("linea_ids.escrito_id", "linea_ids.message", "escrito_ids.state")
    def _compute_counts(self):
        lines = {
            envio: (count, written, failed)
            for envio, count, written, failed in self.env[
                "gck.escrito.envio.linea"
            ]._read_group(
                [("envio_id", "in", self.ids)],
                ["envio_id"],
                ["__count", "escrito_id:count", "message:count"],
            )
        }
        issued = dict(
            self.env["gck.escrito"]._read_group(
                [("envio_id", "in", self.ids), ("date_issued", "!=", False)],
                ["envio_id"],
                ["__count"],
            )
        )
        for envio in self:
            count, written, failed = lines.get(envio._origin, (0, 0, 0))
            envio.recipient_count = count
            envio.written_count = written
            envio.failed_count = failed
            envio.issued_count = issued.get(envio._origin, 0)
            envio.progress = 100.0 * (written + failed) / count if count else 0
            envio.issue_progress = (
                100.0 * envio.issued_count / written if written else 0
            )

    # ------------------------------------------------------------
    # Recipients
    # ------------------------------------------------------------

    @api.model
    def create_from_selection(self, res_model, ids, domain=None, clase="carta"):
        """Open bulk letters to what was selected in a list.

        :param str res_model: partners, or documents that have one
        :param list ids: of the records
        :param list domain: of the list, when more than the client hands over
        :return: the action that opens them
        :raises UserError: when nobody could be written to
        """
        if domain and len(ids) >= get_active_ids_limit(self.env):
            wanted = Domain(domain)
        else:
            wanted = Domain("id", "in", ids)
        path = self._get_partner_path(res_model)
        envio = self.create({"res_model": res_model, "clase": clase})
        envio._insert_lines(wanted, path)
        if not envio.recipient_count:
            raise UserError(
                self.env._("Nobody to write to: the selection has no customers.")
            )
        return envio._get_records_action()

    @api.model
    def _get_partner_path(self, res_model):
        """Return the field that says whom the records of a model are about.

        :raises UserError: when they are about nobody
        """
        if res_model == "res.partner":
            return "id"
        name = self.env["gck.vinculo.modelo"]._get_models().get(res_model)
        model = self.env.get(res_model)
        field = model is not None and model._fields.get(name or "")
        if not field or field.type != "many2one" or not field.store:
            raise UserError(self.env._("Letters cannot be written from this list."))
        return name

    def _insert_lines(self, domain, path):
        """Add the recipients of a selection, in one query however many they are.

        Of a company and its contacts each is a recipient of its own.
        """
        self.ensure_one()
        model = self.env[self.res_model]
        query = model._search(domain & Domain(path, "!=", False))
        partner = (
            SQL.identifier(query.table, "id")
            if path == "id"
            else model._field_to_sql(query.table, path, query)
        )
        document = SQL("0") if path == "id" else SQL.identifier(query.table, "id")
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                """
                INSERT INTO gck_escrito_envio_linea
                       (envio_id, partner_id, res_id, create_uid, create_date)
                %s ON CONFLICT DO NOTHING RETURNING id
                """,
                query.select(
                    SQL("%s", self.id),
                    partner,
                    document,
                    SQL("%s", self.env.uid),
                    SQL("now() at time zone 'utc'"),
                ),
            )
        )
        self.env["gck.escrito.envio.linea"].invalidate_model()
        self.invalidate_recordset()

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_write(self):
        """Write the letters that are missing, in the background.

        :raises UserError: when no text was chosen
        """
        self.ensure_one()
        self.check_access("write")
        if not self.texto_id:
            raise UserError(self.env._("Choose the standard text first."))
        lines = Domain("envio_id", "=", self.id) & Domain("escrito_id", "=", False)
        lote = self.env["gck.lote"]._create_over(
            "gck.escrito.envio.linea",
            lines,
            "_bulk_write",
            title=self.env._("Write: %s", self.name),
            key=f"gck.escrito.envio.write.{self.id}",
            chunk_size=WRITE_CHUNK,
        )
        self.lote_id = lote
        return lote._get_started_notification(
            self.env._("%s documents are being written in the background.")
        )

    def action_issue(self):
        """Issue the drafts, in the background."""
        self.ensure_one()
        self.check_access("write")
        drafts = Domain("envio_id", "=", self.id) & Domain("state", "=", "draft")
        lote = self.env["gck.lote"]._create_over(
            "gck.escrito",
            drafts,
            "_bulk_issue",
            title=self.env._("Issue: %s", self.name),
            key=f"gck.escrito.envio.issue.{self.id}",
            chunk_size=ISSUE_CHUNK,
        )
        self.issue_lote_id = lote
        return lote._get_started_notification(
            self.env._("%s documents are being issued in the background.")
        )

    def action_print(self):
        """Print what was issued, all in one file."""
        self.ensure_one()
        issued = self.escrito_ids.filtered("version_id")
        if not issued:
            raise UserError(self.env._("Nothing was issued yet: issue it first."))
        return issued.action_print()

    def action_view_escritos(self):
        """List the documents that were written."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "gck_escritos.action_gck_escrito"
            ),
            "domain": [("envio_id", "=", self.id)],
        }

    def action_view_lines(self):
        """List the recipients, those that failed first when asked for."""
        self.ensure_one()
        context = {"default_envio_id": self.id}
        if self.env.context.get("failed_only"):
            context["search_default_failed"] = 1
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "gck_escritos.action_gck_escrito_envio_linea"
            ),
            "domain": [("envio_id", "=", self.id)],
            "context": context,
        }

    def action_view_lotes(self):
        """Show the jobs that write and issue."""
        self.ensure_one()
        lotes = self.lote_id | self.issue_lote_id
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "gck_avisos.action_gck_lote"
            ),
            "domain": [("id", "in", lotes.ids)],
            "context": {},
        }

    def _prepare_escrito_vals(self, linea):
        """Return the values of the document for a recipient."""
        self.ensure_one()
        company = linea.partner_id.commercial_partner_id
        return {
            "envio_id": self.id,
            "clase": self.clase,
            "texto_id": self.texto_id.id,
            "user_id": self.user_id.id,
            "date_document": self.date_document,
            "company_id": self.company_id.id,
            "partner_id": company.id
            if linea.partner_id.type == "contact"
            else (linea.partner_id.id),
            "contact_id": (
                linea.partner_id.id
                if linea.partner_id != company and linea.partner_id.type == "contact"
                else False
            ),
        }

    @api.autovacuum
    def _gc_empty(self):
        """Delete what nobody made letters of."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search(
            [
                ("lote_id", "=", False),
                ("escrito_ids", "=", False),
                ("create_date", "<", limit),
            ],
            limit=100,
        ).unlink()


class GckEscritoEnvioLinea(models.Model):
    """A recipient of bulk letters, once for each document it is written about."""

    _name = "gck.escrito.envio.linea"
    _description = "Recipient of bulk letters"
    _inherit = ["gck.bloque.mixin"]
    _order = "id"
    _rec_name = "partner_id"

    _gck_bulk_methods = ("_bulk_write",)

    envio_id = fields.Many2one(
        "gck.escrito.envio", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="envio_id.company_id")
    partner_id = fields.Many2one(
        "res.partner", string="Recipient", required=True, ondelete="cascade", index=True
    )
    res_id = fields.Integer(string="Document", default=0)
    escrito_id = fields.Many2one(
        "gck.escrito",
        string="Written document",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    message = fields.Char(string="Why not written", readonly=True)

    _recipient_uniq = models.UniqueIndex(
        "(envio_id, partner_id, res_id)", "This recipient is on the list already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Add recipients; what is written to them is the job's to say."""
        for vals in vals_list:
            self._check_server_fields(vals)
        clean = self.with_context(
            **{f"default_{name}": False for name in LINE_SERVER_FIELDS}
        )
        return self.browse(super(GckEscritoEnvioLinea, clean).create(vals_list).ids)

    def write(self, vals):
        """Change recipients; what is written to them is the job's to say."""
        self._check_server_fields(vals)
        return super().write(vals)

    def _check_server_fields(self, vals):
        if not self.env.su and LINE_SERVER_FIELDS & vals.keys():
            raise UserError(
                self.env._(
                    "What a recipient is written about, and what became of it, is "
                    "noted by the system."
                )
            )

    def _bulk_write(self):
        """Write the document of each recipient that has none yet.

        :return: ``{line: why it was left}``
        """
        missing = self.filtered(lambda linea: not linea.escrito_id)
        left = {linea: linea._get_problem() for linea in missing}
        left = {linea: problem for linea, problem in left.items() if problem}
        ready = missing.filtered(lambda linea: linea not in left)
        # No client may write which bulk letters a document belongs to.
        escritos = (
            self.env["gck.escrito"]
            .with_context(gck_transition=_TRANSITION)
            .create([linea.envio_id._prepare_escrito_vals(linea) for linea in ready])
        )
        # sudo: the lines tell what became of them; people do not write that.
        for linea, escrito in zip(ready.sudo(), escritos, strict=True):
            linea.write({"escrito_id": escrito.id, "message": False})
        for linea, problem in left.items():
            linea.sudo().message = problem
        ready._link_documents()
        return left

    def _link_documents(self):
        """Link each document with what it is written about."""
        pairs = {}
        for linea in self.filtered("res_id"):
            res_model = linea.envio_id.res_model
            document = self.env[res_model].browse(linea.res_id)
            pairs.setdefault(res_model, []).append((linea.escrito_id, document))
        for model_pairs in pairs.values():
            self.env["gck.vinculo"]._link_pairs(model_pairs)

    def _get_problem(self):
        """Return why nobody can write to a recipient, None when it can be done."""
        self.ensure_one()
        sample = self.env["gck.escrito"].new(self.envio_id._prepare_escrito_vals(self))
        return sample._get_recipient_problem()
