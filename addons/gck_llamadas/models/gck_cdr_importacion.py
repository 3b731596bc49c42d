import base64
import binascii
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import split_every

from . import csv_llamadas

FILE_MAX_BYTES = 64 * 1024 * 1024
ROWS_MAX = 200_000
STAGED_AT_ONCE = 1000
PENDING_DAYS = 7
KEEP_DAYS = 90
VACUUM_BATCH = 5
MEANINGS = [
    ("uid", "Unique ID"),
    ("start", "Start"),
    ("time", "Time of the start"),
    ("answer", "Answered on"),
    ("end", "Hung up on"),
    ("duration", "Duration spoken"),
    ("source", "Number that calls"),
    ("target", "Number that is called"),
    ("caller_name", "Name of the caller"),
    ("direction", "Incoming or outgoing"),
    ("extension", "Extension"),
    ("outcome", "Result"),
    ("recording", "Link of the recording"),
    ("channel", "Channel"),
    ("target_channel", "Channel that is called"),
]


class GckCdrImportacion(models.Model):
    """A file of calls of an exchange, brought in once (O-47).

    Its lines are staged first, and become calls in the background, in bounded chunks.
    """

    _name = "gck.cdr.importacion"
    _description = "Import of calls"
    _order = "id desc"
    _rec_name = "file_name"
    _check_company_auto = True

    centralita_id = fields.Many2one(
        "gck.centralita",
        string="Exchange",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self._get_default_centralita(),
    )
    company_id = fields.Many2one(
        related="centralita_id.company_id", store=True, index=True
    )
    file = fields.Binary(attachment=True, required=True)
    file_name = fields.Char(string="File name", default="Master.csv")
    layout = fields.Selection(
        selection=[("asterisk", "Asterisk (cdr_csv)"), ("generic", "Any CSV")],
        compute="_compute_layout",
        store=True,
        readonly=False,
        required=True,
    )
    encoding = fields.Selection(
        selection=[
            ("auto", "As it looks"),
            ("utf-8", "UTF-8"),
            ("latin-1", "Latin-1 (Windows)"),
        ],
        default="auto",
        required=True,
    )
    separator = fields.Selection(
        selection=[
            ("auto", "As it looks"),
            ("comma", "Comma"),
            ("semicolon", "Semicolon"),
            ("tab", "Tab"),
        ],
        default="auto",
        required=True,
    )
    header = fields.Boolean(
        string="First line has the names",
        compute="_compute_columns",
        store=True,
        readonly=False,
    )
    columna_ids = fields.One2many(
        "gck.cdr.columna",
        "importacion_id",
        string="Columns",
        compute="_compute_columns",
        store=True,
        readonly=False,
    )
    pending_since = fields.Date(
        string="Missed calls to return since",
        default=lambda self: (
            fields.Date.context_today(self) - timedelta(days=PENDING_DAYS)
        ),
        help="Missed calls from this day on are left pending, to be returned. Older "
        "ones are only kept.",
    )
    fila_ids = fields.One2many("gck.cdr.fila", "importacion_id", string="Lines")
    lote_id = fields.Many2one(
        "gck.lote", string="Job", readonly=True, copy=False, ondelete="set null"
    )
    state = fields.Selection(
        selection=[
            ("draft", "To import"),
            ("running", "Importing"),
            ("done", "Imported"),
        ],
        compute="_compute_state",
    )
    progress = fields.Float(compute="_compute_counts", help="Percentage dealt with.")
    total = fields.Integer(string="Lines of the file", readonly=True, copy=False)
    created_count = fields.Integer(string="New calls", compute="_compute_counts")
    repeated_count = fields.Integer(string="Known already", compute="_compute_counts")
    ignored_count = fields.Integer(string="Internal", compute="_compute_counts")
    failed_count = fields.Integer(string="Broken lines", compute="_compute_counts")

    # ------------------------------------------------------------
    # Defaults and computes
    # ------------------------------------------------------------

    @api.model
    def _get_default_centralita(self):
        """Return the exchange, where the company has one."""
        found = self.env["gck.centralita"].search(
            [("company_id", "=", self.env.company.id)], limit=2
        )
        return found if len(found) == 1 else found.browse()

    @api.depends("file")
    def _compute_layout(self):
        """Take what looks like the file of Asterisk for it."""
        for record in self:
            first = next(
                (cells for _number, cells in record._read_sample() if cells), []
            )
            asterisk = not first or csv_llamadas.is_asterisk(first)
            record.layout = "asterisk" if asterisk else "generic"

    @api.depends("file", "layout", "encoding", "separator")
    def _compute_columns(self):
        """Name the columns of the file, and guess what each of them holds."""
        for record in self:
            rows = record._read_sample()
            first = next((cells for _number, cells in rows if cells), [])
            record.header = csv_llamadas.has_header(first)
            samples = [cells for _number, cells in rows if cells][record.header :]
            sample = samples[0] if samples else []
            record.columna_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "position": position,
                            "name": name,
                            "meaning": meaning,
                            "sample": (sample[position : position + 1] or [""])[0][:80],
                        }
                    )
                    for position, name, meaning in record._guess_columns(first)
                ),
            ]

    def _guess_columns(self, first):
        """Return place, name and meaning of each column."""
        if self.layout == "asterisk" and not self.header:
            return [
                (position, *csv_llamadas.ASTERISK_COLUMNS[position])
                if position < len(csv_llamadas.ASTERISK_COLUMNS)
                else (position, self._get_letter(position), None)
                for position in range(len(first))
            ]
        columns, taken = [], {None}
        known = dict(csv_llamadas.ASTERISK_COLUMNS)
        for position, cell in enumerate(first):
            meaning = None
            if self.header:
                meaning = csv_llamadas.guess_meaning(cell)
                if self.layout == "asterisk":
                    meaning = known.get(cell.lower(), meaning)
            # Of two columns that could be the same the first is taken.
            meaning = None if meaning in taken else meaning
            taken.add(meaning)
            name = cell[:60] if self.header and cell else self._get_letter(position)
            columns.append((position, name, meaning))
        return columns

    @api.model
    def _get_letter(self, position):
        """Return the letters that spreadsheets call a column by."""
        letters = ""
        position += 1
        while position:
            position, rest = divmod(position - 1, 26)
            letters = chr(65 + rest) + letters
        return letters

    @api.depends("lote_id.state")
    def _compute_state(self):
        for record in self:
            # sudo: the job is its launcher's, the import is the company's.
            lote = record.sudo().lote_id
            if lote:
                over = lote.state in ("done", "cancel")
                record.state = "done" if over else "running"
            else:
                record.state = "done" if record.total else "draft"

    @api.depends("total", "fila_ids.state")
    def _compute_counts(self):
        counts = {}
        for record, state, count in self.env["gck.cdr.fila"]._read_group(
            [("importacion_id", "in", self.ids)],
            ["importacion_id", "state"],
            ["__count"],
        ):
            counts[record.id, state] = count
        for record in self:
            for state in ("created", "repeated", "ignored", "failed"):
                record[f"{state}_count"] = counts.get((record.id, state), 0)
            waiting = counts.get((record.id, "pending"), 0)
            record.progress = (
                100.0 * (record.total - waiting) / record.total if record.total else 0.0
            )

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    def _read_sample(self):
        """Return the first lines of the file, none where it cannot be read."""
        try:
            text = self._get_text()
        except UserError:
            return []
        lines = "\n".join(text.splitlines()[: csv_llamadas.SAMPLE_LINES])
        return list(csv_llamadas.read_rows(lines, self._get_separator(lines)))

    def _get_text(self):
        """Return the text of the file.

        :raises UserError: when it is empty, too large, or in another encoding
        """
        self.ensure_one()
        try:
            content = base64.b64decode(self.with_context(bin_size=False).file or b"")
            text = csv_llamadas.decode(content, self.encoding)
        except (UnicodeDecodeError, binascii.Error) as error:
            raise UserError(
                self.env._("The file is not in this encoding. Choose another one.")
            ) from error
        if len(content) > FILE_MAX_BYTES:
            raise UserError(self.env._("The file is larger than 64 MB. Split it."))
        if not text.strip():
            raise UserError(self.env._("The file is empty."))
        return text

    def _get_separator(self, text):
        if self.separator != "auto":
            return csv_llamadas.SEPARATORS[self.separator]
        return csv_llamadas.guess_separator(text)

    # ------------------------------------------------------------
    # Importing
    # ------------------------------------------------------------

    def action_import(self):
        """Stage the lines of the file and bring them in, in the background.

        :return: a notification that leads to the job
        :raises UserError: when the file or its columns do not do
        """
        self.ensure_one()
        self.check_access("write")
        if not self.try_lock_for_update() or self.total:
            raise UserError(self.env._("This file has been imported already."))
        self._check_columns()
        text = self._get_text()
        rows = list(csv_llamadas.read_rows(text, self._get_separator(text)))
        rows = rows[1:] if self.header else rows
        if not rows:
            raise UserError(self.env._("The file has no calls."))
        if len(rows) > ROWS_MAX:
            raise UserError(
                self.env._(
                    "The file has %(rows)s lines, more than %(limit)s. Split it.",
                    rows=len(rows),
                    limit=ROWS_MAX,
                )
            )
        # sudo: lines are staged and marked by the import alone, which was checked.
        Fila = self.env["gck.cdr.fila"].sudo()
        for some in split_every(STAGED_AT_ONCE, rows):
            Fila.create(
                [
                    {"importacion_id": self.id, "line": number, "cells": cells}
                    for number, cells in some
                ]
            )
        self.total = len(rows)
        self.lote_id = self.env["gck.lote"]._create_over(
            Fila._name,
            [("importacion_id", "=", self.id)],
            "_bulk_import",
            title=self.env._("Import of calls: %s", self.file_name or ""),
        )
        return self.lote_id._get_started_notification(
            self.env._("Calls being imported in the background: %s")
        )

    def _check_columns(self):
        """:raises UserError: when it is not said where the number or the moment is"""
        meanings = [c.meaning for c in self.columna_ids if c.meaning]
        labels = dict(
            self.columna_ids._fields["meaning"]._description_selection(self.env)
        )
        twice = {meaning for meaning in meanings if meanings.count(meaning) > 1}
        if twice:
            raise UserError(
                self.env._(
                    "Two columns hold the same: %s.",
                    ", ".join(labels[meaning] for meaning in sorted(twice)),
                )
            )
        missing = {"start", "source", "target"} - set(meanings)
        if missing:
            raise UserError(
                self.env._(
                    "Say in the columns which one holds: %s.",
                    ", ".join(labels[meaning] for meaning in sorted(missing)),
                )
            )

    def action_view_filas(self):
        """List the lines of the file; ``fila_state`` in the context says which."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gck_llamadas.action_gck_cdr_fila"
        )
        domain = [("importacion_id", "=", self.id)]
        if state := self.env.context.get("fila_state"):
            domain += [("state", "=", state)]
        return {**action, "domain": domain, "context": {}}

    @api.autovacuum
    def _gc_importaciones(self):
        """Delete the lines of files that were imported long ago; the calls stay."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        old = self.search(
            [("create_date", "<", limit), ("lote_id", "=", False)], limit=VACUUM_BATCH
        )
        old.unlink()
        return len(old), len(old) == VACUUM_BATCH


class GckCdrColumna(models.Model):
    """What a column of a file of calls holds (O-47)."""

    _name = "gck.cdr.columna"
    _description = "Column of a file of calls"
    _order = "position, id"

    importacion_id = fields.Many2one(
        "gck.cdr.importacion",
        string="Import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    position = fields.Integer(readonly=True)
    name = fields.Char(string="Column", readonly=True)
    sample = fields.Char(string="First value", readonly=True)
    meaning = fields.Selection(selection=MEANINGS, string="Holds")
