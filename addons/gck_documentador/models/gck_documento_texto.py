import logging
import os
import time

from psycopg2 import Error as DatabaseError

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.consulta import to_plural
from ..tools.extract import extract

_logger = logging.getLogger(__name__)

# Files larger than this are found by name only.
INDEX_BYTES = 100 << 20
# Of a text, what is kept and searched. PostgreSQL takes words up to a megabyte.
TEXT_CHARS = 500_000
# How many files one worker claims at a time, and for how long it works. Each is
# committed by itself: a bad one takes nothing along that was read before it.
BATCH = 1
SECONDS = 60
CONFIGURATION = "gck_es"
FALLBACK = "spanish"
WORKERS = ("ir_cron_gck_documento_texto_1", "ir_cron_gck_documento_texto_2")


class GckDocumentoTexto(models.Model):
    """What a content says, for finding it. Equal contents are read once.

    The text is read in the background, by a process of its own with limits of time and
    memory; one bad file never blocks the rest.
    """

    _name = "gck.documento.texto"
    _description = "Text of documents"
    _log_access = False
    _rec_name = "sha256"

    sha256 = fields.Char(string="SHA-256", required=True)
    content = fields.Text(prefetch=False)

    _sha256_uniq = models.UniqueIndex("(sha256)")

    def init(self):
        """Make what the search needs and the ORM has no words for."""
        self._make_configuration()
        cr = self.env.cr
        cr.execute(
            "ALTER TABLE gck_documento_texto ADD COLUMN IF NOT EXISTS words tsvector"
        )
        cr.execute(
            "CREATE INDEX IF NOT EXISTS gck_documento_texto_words"
            " ON gck_documento_texto USING gin (words) WITH (fastupdate = off)"
        )
        # Texts are kept apart from their rows, of which a search reads very many.
        cr.execute("ALTER TABLE gck_documento_texto SET (toast_tuple_target = 128)")

    @api.model
    def _make_configuration(self):
        """Make the text search configuration of Spanish without accents.

        Accents are ignored with the extension ``unaccent``, which the owner of a
        database may add; without it words are still found by their Spanish stem.
        """
        cr = self.env.cr
        cr.execute(SQL("SELECT 1 FROM pg_ts_config WHERE cfgname = %s", CONFIGURATION))
        if not cr.fetchone():
            try:
                with cr.savepoint(), tools.mute_logger("odoo.sql_db"):
                    cr.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
                    cr.execute(
                        SQL(
                            "CREATE TEXT SEARCH CONFIGURATION %s (COPY = spanish)",
                            SQL.identifier(CONFIGURATION),
                        )
                    )
                    cr.execute(
                        SQL(
                            "ALTER TEXT SEARCH CONFIGURATION %s ALTER MAPPING FOR"
                            " hword, hword_part, word WITH unaccent, spanish_stem",
                            SQL.identifier(CONFIGURATION),
                        )
                    )
            except DatabaseError as error:
                _logger.warning(
                    "Accents will count in the search of documents: %s", error
                )
            self.env.registry.clear_cache()

    @api.model
    @tools.ormcache()
    def _get_configuration(self):
        """Return the name of the text search configuration of the database."""
        found = self.env.execute_query(
            SQL("SELECT 1 FROM pg_ts_config WHERE cfgname = %s", CONFIGURATION)
        )
        return CONFIGURATION if found else FALLBACK

    # ------------------------------------------------------------
    # In the background
    # ------------------------------------------------------------

    @api.model
    def _wake_worker(self, name=WORKERS[0]):
        """Let a worker run as soon as the transaction is committed."""
        cron = self.env.ref(f"gck_documentador.{name}", raise_if_not_found=False)
        if cron:
            # sudo: that there is something to read is no secret.
            cron.sudo()._trigger()

    @api.model
    def _cron_index(self):
        """Read what waits to be read, in small portions, each committed."""
        cron = self.env["ir.cron"]
        until = time.monotonic() + SECONDS
        is_alone = True
        while time.monotonic() < until:
            versions = self._claim()
            if not versions:
                break
            for version in versions:
                version._index_text()
            waiting = self.env["gck.documento.version"].search_count(
                [("index_state", "=", "pending")], limit=1
            )
            if waiting and is_alone:
                # There is enough for two.
                is_alone = False
                for name in WORKERS[1:]:
                    self._wake_worker(name)
            if not cron._commit_progress(len(versions), remaining=waiting):
                break

    @api.model
    def _claim(self, limit=BATCH):
        """Return some versions that nobody else is reading."""
        self.env["gck.documento.version"].flush_model(["index_state"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM gck_documento_version WHERE index_state = 'pending'"
                " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED",
                limit,
            )
        )
        return self.env["gck.documento.version"].browse(row[0] for row in rows)

    @api.autovacuum
    def _gc_unused(self):
        """Delete what was said by contents that are destroyed by now."""
        self.env["gck.documento.version"].flush_model(["sha256", "texto_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM gck_documento_texto text
                 WHERE NOT EXISTS (
                           SELECT 1 FROM gck_documento_version version
                            WHERE version.texto_id = text.id
                       )
                   AND NOT EXISTS (
                           SELECT 1 FROM gck_documento documento
                            WHERE documento.texto_id = text.id
                       )
                """
            )
        )
        self.browse(row[0] for row in rows).unlink()

    @api.model
    def _store_text(self, sha256, text):
        """Keep what a content says.

        :return: the ``gck.documento.texto``
        """
        text = text.replace("\x00", " ")[:TEXT_CHARS]
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO gck_documento_texto (sha256, content, words)
                     VALUES (%(sha256)s, %(text)s, to_tsvector(%(config)s, %(words)s))
                ON CONFLICT (sha256) DO UPDATE
                        SET content = EXCLUDED.content, words = EXCLUDED.words
                  RETURNING id
                """,
                sha256=sha256,
                text=text,
                config=self._get_configuration(),
                words=to_plural(text),
            )
        )
        return self.browse(rows[0])


class GckDocumentoVersion(models.Model):
    """How the text of a version gets into the search."""

    _name = "gck.documento.version"
    _inherit = ["gck.documento.version"]

    index_state = fields.Selection(
        selection=[
            ("pending", "Waiting"),
            ("done", "Read"),
            ("empty", "Without text"),
            ("too_large", "Too large"),
            ("failed", "Could not be read"),
        ],
        string="Text",
        default="pending",
        readonly=True,
        help="Whether what it says is found by the search.",
    )
    index_error = fields.Char(string="Why it could not be read", readonly=True)
    texto_id = fields.Many2one(
        "gck.documento.texto", readonly=True, index="btree_not_null"
    )

    _pending_idx = models.Index("(id) WHERE index_state = 'pending'")

    @api.model_create_multi
    def create(self, vals_list):
        """Create versions, which are read in the background."""
        versions = super().create(vals_list)
        if versions:
            self.env["gck.documento.texto"]._wake_worker()
        return versions

    def action_reindex(self):
        """Read the text once more, after a failure.

        :raises UserError: when it is waiting to be read already
        """
        # sudo: when it is read again is no change of the version.
        versions = self.sudo().filtered(lambda v: v.index_state != "pending")
        if not versions:
            raise UserError(self.env._("It is waiting to be read already."))
        self.check_access("read")
        versions.write({"index_state": "pending", "index_error": False})
        self.env["gck.documento.texto"]._wake_worker()

    def _index_text(self):
        """Read the text of one version; whatever happens is noted down on it."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                state, error, texto = self._read_into_index()
        except Exception as failure:
            if isinstance(failure, DatabaseError) and failure.pgcode == "40001":
                # Somebody else changes the same rows: tried again by the next run.
                raise
            _logger.info("Version %s could not be indexed", self.id, exc_info=True)
            state, error, texto = "failed", str(failure)[:500], None
        self.write(
            {
                "index_state": state,
                "index_error": error,
                "texto_id": texto.id if texto else False,
            }
        )
        if texto and self.documento_id.version_id == self:
            self.documento_id.texto_id = texto

    def _read_into_index(self):
        """Return state, error and text of one version.

        :return: a value of ``index_state``, a text or False, ``gck.documento.texto``
            or None
        """
        Texto = self.env["gck.documento.texto"]
        known = Texto.search([("sha256", "=", self.sha256)], limit=1)
        if known:
            return "done", False, known
        attachment = self.attachment_id
        if not attachment or not self.file_size:
            return "empty", False, None
        limit = self._get_index_limit()
        if self.file_size > limit:
            return (
                "too_large",
                self.env._("Only files up to %s MB are read.", limit >> 20),
                None,
            )
        text, error = self._extract_text()
        if error and not text.strip():
            return "failed", error, None
        if not text.strip():
            return "empty", False, None
        return "done", error, Texto._store_text(self.sha256, text)

    @api.model
    def _get_index_limit(self):
        # sudo: a number that only administrators change is read.
        parameters = self.env["ir.config_parameter"].sudo()
        return int(
            parameters.get_param("gck_documentador.index_max_bytes") or INDEX_BYTES
        )

    def _extract_text(self):
        """Return the text of the file, and what stopped its reading, if anything."""
        attachment = self.attachment_id
        source = attachment.raw if attachment.db_datas else None
        if attachment.store_fname:
            source = attachment._full_path(attachment.store_fname)
            if not os.path.exists(source):
                return "", self.env._("The file is missing in the file store.")
        text, status = extract(source, self.filename, self.mimetype or "")
        reasons = {
            "timeout": self.env._("It takes too long to read."),
            "refused": self.env._("It unfolds into more than can be read."),
            "failed": self.env._("The file is damaged or protected."),
        }
        return text, reasons.get(status, False)
