from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

OPEN_STATES = ("pending", "running")
CHUNK_SIZE = 200
LINES_SHOWN = 80
KEEP_DAYS = 90
VACUUM_BATCH = 10
WORKERS = ("ir_cron_gck_lote_1", "ir_cron_gck_lote_2", "ir_cron_gck_lote_3")


class GckLote(models.Model):
    """A job in bulk: one thing done with each of many records (design §2).

    Any number of processes work on it at once, in chunks: each claims some lines that
    nobody else holds, does them and commits. What a process has claimed and not
    committed when it dies is free again at that moment. The work runs with the rights,
    companies, language and time zone of who launched it.
    """

    _name = "gck.lote"
    _description = "Bulk job"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Launched by",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    company_ids = fields.Json(
        string="Companies", readonly=True, export_string_translation=False
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    model_name = fields.Char(string="Kind of record", compute="_compute_model_name")
    method = fields.Char(required=True, readonly=True)
    params = fields.Json(string="Parameters", readonly=True)
    key = fields.Char(
        readonly=True, help="While a job is open there is no other with its key."
    )
    chunk_size = fields.Integer(
        default=CHUNK_SIZE,
        required=True,
        readonly=True,
        help="How many records are done and saved at a time.",
    )
    state = fields.Selection(
        selection=[
            ("pending", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancel", "Stopped"),
        ],
        default="pending",
        required=True,
        readonly=True,
    )
    date_start = fields.Datetime(string="Started", readonly=True)
    date_end = fields.Datetime(string="Ended", readonly=True)
    message = fields.Text(string="What happened", readonly=True)
    total = fields.Integer(string="Records", readonly=True)
    # What the job ended with; while it runs, the lines are counted.
    final_counts = fields.Json(readonly=True, export_string_translation=False)
    done_count = fields.Integer(string="Records done", compute="_compute_counts")
    failed_count = fields.Integer(string="Failures", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", help="Percentage dealt with.")
    may_control = fields.Boolean(compute="_compute_may_control")
    linea_ids = fields.Many2many(
        "gck.lote.linea",
        string="First records",
        compute="_compute_linea_ids",
        help="What failed comes first.",
    )

    _key_uniq = models.UniqueIndex(
        "(key) WHERE state IN ('pending', 'running') AND key IS NOT NULL",
        "This is already being done.",
    )
    _open_idx = models.Index("(id) WHERE state IN ('pending', 'running')")
    _chunk_positive = models.Constraint(
        "CHECK (chunk_size BETWEEN 1 AND 10000)",
        "A chunk has from 1 to 10,000 records.",
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("res_model")
    def _compute_model_name(self):
        for lote in self:
            # sudo: the name of a kind of record is no secret.
            model = self.env["ir.model"].sudo()._get(lote.res_model)
            lote.model_name = model.name or lote.res_model

    @api.depends("state", "total", "final_counts")
    def _compute_counts(self):
        """Count the lines of the jobs that are not over; two indexes hold the answer.

        No process writes a counter while it works: they would wait for each other.
        """
        live = self.filtered(lambda lote: not lote.final_counts)
        Line = self.env["gck.lote.linea"]
        waiting, failed = (
            dict(
                Line._read_group(
                    [("lote_id", "in", live.ids), ("state", "=", state)],
                    ["lote_id"],
                    ["__count"],
                )
            )
            for state in ("pending", "failed")
        )
        for lote in self:
            if lote.final_counts:
                lote.done_count = lote.final_counts["done"]
                lote.failed_count = lote.final_counts["failed"]
            else:
                lote.failed_count = failed.get(lote, 0)
                lote.done_count = lote.total - lote.failed_count - waiting.get(lote, 0)
            dealt = lote.done_count + lote.failed_count
            lote.progress = 100.0 * dealt / lote.total if lote.total else 100.0

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_may_control(self):
        manager = self._is_manager()
        for lote in self:
            lote.may_control = manager or lote.user_id == self.env.user

    @api.depends("state", "final_counts")
    def _compute_linea_ids(self):
        """Show the first lines, failures first: a screen never reads a million."""
        Line = self.env["gck.lote.linea"]
        for lote in self:
            domain = Domain("lote_id", "=", lote.id)
            failed = Domain("state", "=", "failed")
            lines = Line.search(domain & failed, limit=LINES_SHOWN)
            if len(lines) < LINES_SHOWN:
                lines += Line.search(domain & ~failed, limit=LINES_SHOWN - len(lines))
            lote.linea_ids = lines

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_cancel(self):
        """Stop jobs; the chunks that are being done are still finished.

        :raises AccessError: unless the user launched them or is a manager
        """
        lotes = self._get_controlled().filtered(lambda lote: lote.state in OPEN_STATES)
        lotes.write({"state": "cancel", "date_end": fields.Datetime.now()})
        return True

    def action_resume(self):
        """Go on with jobs that were stopped.

        :raises AccessError: unless the user launched them or is a manager
        """
        self._get_controlled().filtered(lambda lote: lote.state == "cancel")._reopen()
        return True

    def action_retry(self):
        """Try again what failed in jobs that are over.

        :raises AccessError: unless the user launched them or is a manager
        """
        over = self._get_controlled().filtered(
            lambda lote: lote.state not in OPEN_STATES
        )
        if over:
            # What was done has been told already: the end tells of the rest.
            told = over.filtered(lambda lote: lote.state == "done" and not lote.message)
            told.date_start = False
            self.env.execute_query(
                SQL(
                    "UPDATE gck_lote_linea SET state = 'pending', message = NULL"
                    " WHERE lote_id IN %s AND state = 'failed' RETURNING id",
                    tuple(over.ids),
                )
            )
            self.env["gck.lote.linea"].invalidate_model()
            over._reopen()
        return True

    def action_view_lines(self):
        """List all records of the job, or those that failed (``failed_only``)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gck_avisos.action_gck_lote_linea"
        )
        context = {}
        if self.env.context.get("failed_only"):
            context["search_default_failed"] = 1
        return {**action, "domain": [("lote_id", "=", self.id)], "context": context}

    @api.model
    def _is_manager(self):
        return self.env.user.has_group("gck_avisos.group_gck_aviso_manager")

    def _get_controlled(self):
        """Return the jobs as superuser, once it is clear that the user may.

        :raises AccessError: unless the user launched them or is a manager
        """
        self.check_access("read")
        if any(not lote.may_control for lote in self):
            raise AccessError(self.env._("Only who launched a job may do this."))
        # sudo: nobody writes on jobs; the methods that do have checked who asks.
        return self.sudo()

    def _reopen(self):
        """Let the workers go on with jobs that were over."""
        if self:
            self.write(
                {
                    "state": "pending",
                    "date_end": False,
                    "final_counts": False,
                    "message": False,
                }
            )
            self._wake_workers()

    # ------------------------------------------------------------
    # Creation
    # ------------------------------------------------------------

    @api.model
    def _create_over(
        self, model, domain, method, params=None, title=None, key=None, chunk_size=None
    ):
        """Create the job that does something with the records of a domain.

        The records are those that the user sees, whatever their number: the database
        copies them without a single id coming to Python.

        :param str model: name of the model, which declares the method as bulk-able
        :param domain: which records
        :param str method: see ``gck.bloque.mixin``
        :param dict params: keyword arguments of the method, which JSON can hold
        :param str title: what the job is called
        :param str key: while a job with this key is open it is returned instead
        :param int chunk_size: records done and saved at a time
        :return: the ``gck.lote``
        :raises UserError: when the method is none that runs in bulk
        :raises ConcurrencyError: when another transaction creates it just now
        """
        Model = self.env[model]
        Model.check_access("read")
        if not self._is_allowed(Model, method):
            raise UserError(self.env._("%s cannot be done in bulk.", method))
        # sudo: jobs are created by the methods that need them, never by a client;
        # which records they hold is searched with the user's own rights below.
        Lote = self.sudo()
        if key and (lote := Lote._find_open(key)):
            return lote.sudo(False)
        vals = {
            "name": title or Model._description,
            "user_id": self.env.uid,
            "company_id": self.env.company.id,
            "company_ids": self.env.companies.ids,
            "res_model": model,
            "method": method,
            "params": params or {},
            "key": key,
            "chunk_size": chunk_size or CHUNK_SIZE,
        }
        try:
            with self.env.cr.savepoint():
                lote = Lote.create(vals)
        except psycopg2.errors.UniqueViolation as error:
            # Committed by somebody else since this transaction began, which cannot
            # see it; tried again, it does.
            raise ConcurrencyError(str(error)) from error
        lote.total = lote._insert_lines(Model._search(domain))
        lote._wake_workers()
        return lote.sudo(False)

    @api.model
    def _find_open(self, key):
        return self.search([("key", "=", key), ("state", "in", OPEN_STATES)], limit=1)

    @api.model
    def _is_allowed(self, model, method):
        """Tell whether a method is declared as one to run in bulk."""
        check = getattr(model, "_gck_is_bulk_method", None)
        return bool(check and check(method))

    def _insert_lines(self, query):
        """Insert a line for each record of a query; return how many there are."""
        query.order = SQL.identifier(query.table, "id")
        rows = self.env.execute_query(
            SQL(
                """
                WITH inserted AS (
                    INSERT INTO gck_lote_linea (lote_id, res_id, state)
                    SELECT %s, source.id, 'pending' FROM (%s) AS source (id)
                    ON CONFLICT DO NOTHING
                    RETURNING 1
                )
                SELECT count(*) FROM inserted
                """,
                self.id,
                query.select(),
            )
        )
        self.env["gck.lote.linea"].invalidate_model()
        return rows[0][0]

    @api.model
    def _wake_workers(self):
        """Let every worker run as soon as the transaction is committed."""
        for name in WORKERS:
            cron = self.env.ref(f"gck_avisos.{name}", raise_if_not_found=False)
            if cron:
                # sudo: who launches a job has no rights on scheduled actions.
                cron.sudo()._trigger()

    def _get_started_notification(self, text=None):
        """Return the notification that says what goes on in the background.

        :param str text: with ``%s`` for the number of records
        """
        self.ensure_one()
        text = text or self.env._("%s records are being processed in the background.")
        message = (text % self.total).replace("%", "%%")
        action = self.env["gck.bloque.mixin"]._gck_get_notification(
            f"{message} %s", "info"
        )
        link = {
            "label": self.env._("See how it goes"),
            "url": f"/odoo/action-gck_avisos.action_gck_lote/{self.id}",
        }
        action["params"]["links"] = [link]
        return action

    # ------------------------------------------------------------
    # Housekeeping
    # ------------------------------------------------------------

    @api.autovacuum
    def _gc_lotes(self):
        """Delete the jobs that have been over for three months, with their lines."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        domain = [("state", "not in", OPEN_STATES), ("date_end", "<", limit)]
        lotes = self.search(domain, limit=VACUUM_BATCH)
        lotes.unlink()
        return len(lotes), self.search_count(domain, limit=1)
