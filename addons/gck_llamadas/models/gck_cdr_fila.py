import re
from hashlib import sha256

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, groupby

from . import pbx_hechos
from .pbx_hechos import FactError

CHANNEL = re.compile(r"^[^/]+/([^/@;-]+)")
NAME = re.compile(r'^"?([^"<]*?)"?\s*<[^<>]*>$')


class GckCdrFila(models.Model):
    """A line of a file of calls: what became of it, else why not (O-47)."""

    _name = "gck.cdr.fila"
    _description = "Line of a file of calls"
    _inherit = ["gck.bloque.mixin"]
    _order = "importacion_id, line, id"
    _log_access = False

    _gck_bulk_methods = ("_bulk_import",)

    importacion_id = fields.Many2one(
        "gck.cdr.importacion",
        string="Import",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="importacion_id.company_id", store=True, precompute=True
    )
    line = fields.Integer(readonly=True, help="Number of the line in the file.")
    # A list of texts; empty where the quotes of the line do not match.
    cells = fields.Json(readonly=True)
    content = fields.Char(compute="_compute_content")
    state = fields.Selection(
        selection=[
            ("pending", "Waiting"),
            ("created", "New call"),
            ("repeated", "Known already"),
            ("ignored", "Internal"),
            ("failed", "Broken"),
        ],
        default="pending",
        required=True,
        readonly=True,
    )
    message = fields.Char(string="Reason", readonly=True)
    llamada_id = fields.Many2one(
        "gck.llamada", string="Call", readonly=True, ondelete="set null", index=True
    )

    _importacion_idx = models.Index("(importacion_id, state, line)")

    @api.depends("line")
    def _compute_display_name(self):
        for fila in self:
            fila.display_name = self.env._("Line %s", fila.line)

    @api.depends("cells")
    def _compute_content(self):
        for fila in self:
            fila.content = " | ".join(fila.cells or [])[:500]

    def _bulk_import(self):
        """Turn a chunk of lines into calls, each once.

        :return: ``{line: why it is broken}``
        """
        refused = {}
        # sudo: calls of an exchange are written by the system; who launched the
        # import manages it.
        trusted = self.sudo().filtered(lambda fila: fila.state in ("pending", "failed"))
        for importacion, group in groupby(trusted, lambda fila: fila.importacion_id):
            filas = trusted.browse(fila.id for fila in group)
            refused.update(filas._import_of(importacion))
        return {self.browse(fila.id): why for fila, why in refused.items()}

    def _import_of(self, importacion):
        """Turn lines of one file into calls; return those that are broken."""
        centralita = importacion.centralita_id
        rows, refused = {}, {}
        places = {
            column.meaning: column.position
            for column in importacion.columna_ids
            if column.meaning
        }
        tz = pytz.timezone(centralita.tz)
        for fila in self:
            try:
                rows[fila] = fila._read_values(places, tz)
            except FactError as error:
                refused[fila] = fila._get_error(error)
        extensions = centralita._get_extensions(
            {number for facts, ends in rows.values() for number in ends if number}
        )
        internal = self.browse()
        accepted = {}
        for fila, (facts, ends) in rows.items():
            try:
                fila._set_ends(facts, ends, extensions, centralita)
            except FactError as error:
                refused[fila] = fila._get_error(error)
                continue
            if facts["direction"] == "internal":
                internal += fila
            else:
                accepted[fila] = facts
        since = importacion.pending_since
        moment = since and fields.Datetime.to_datetime(since)
        Llamada = self.env["gck.llamada"]
        calls = Llamada._pbx_ingest(centralita, list(accepted.values()), moment)
        self._mark(accepted, calls, internal, refused)
        return refused

    def _mark(self, accepted, calls, internal, refused):
        """Write down what became of each line, in one query."""
        seen = set()
        rows = [(fila.id, "ignored", None, None) for fila in internal]
        rows += [(fila.id, "failed", why, None) for fila, why in refused.items()]
        for fila, facts in accepted.items():
            call, created = calls[facts["call_id"]]
            state = "created" if created and call not in seen else "repeated"
            seen.add(call)
            rows.append((fila.id, state, None, call.id))
        self.env.flush_all()
        ids, states, messages, call_ids = map(list, zip(*rows, strict=True))
        self.env.execute_query(
            SQL(
                """
                UPDATE gck_cdr_fila AS fila
                   SET state = result.state, message = result.message,
                       llamada_id = result.call_id
                  FROM unnest(%s::int[], %s::varchar[], %s::varchar[], %s::int[])
                    AS result (id, state, message, call_id)
                 WHERE fila.id = result.id
             RETURNING fila.id
                """,
                ids,
                states,
                messages,
                call_ids,
            )
        )
        self.invalidate_model(["state", "message", "llamada_id"])

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    def _read_values(self, places, tz):
        """Return the facts of a line, and the numbers that it is about.

        :param dict places: ``{meaning: place of the column}``
        :param tz: zone of its moments
        :return: facts, and the numbers (source, target, those of the channels)
        :raises FactError: when it is broken
        """
        cells = self.cells
        if not cells:
            raise FactError("broken_quotes")
        if len(cells) <= max(places.values()):
            raise FactError("too_few_columns", str(len(cells)))
        values = {name: cells[place] or None for name, place in places.items()}
        start = values.get("start")
        if start and values.get("time"):
            start = f"{start} {values['time']}"
        if not start:
            raise FactError("missing", "start")
        direction = (values.get("direction") or "").lower()
        facts = pbx_hechos.new_facts(
            call_id=self._read_uid(values, cells),
            phase="ended",
            direction=pbx_hechos.read_direction(direction or None),
            caller_name=self._read_name(values.get("caller_name")),
            extension=pbx_hechos.clean_number(values.get("extension")),
            outcome=pbx_hechos.read_outcome(values.get("outcome")),
            duration=pbx_hechos.read_duration(values.get("duration"), "duration"),
            recording_url=values.get("recording"),
            start=pbx_hechos.read_moment(start, "start", tz),
            answer=pbx_hechos.read_moment(values.get("answer"), "answer", tz),
            end=pbx_hechos.read_moment(values.get("end"), "end", tz),
        )
        if facts["duration"] == 0:
            # «Answered» by the exchange itself: nobody has spoken.
            facts["answer"] = None
            if facts["outcome"] == "answered":
                facts["outcome"] = None
        pbx_hechos.complete(facts)
        ends = (
            pbx_hechos.clean_number(values.get("source")),
            pbx_hechos.clean_number(values.get("target")),
            self._read_channel(values.get("channel")),
            self._read_channel(values.get("target_channel")),
            facts["extension"],
        )
        return facts, ends

    @api.model
    def _read_uid(self, values, cells):
        """Return the identity of the call: where it has none, that of its line."""
        uid = pbx_hechos.clean_text(values.get("uid"), "uid")
        return uid or "csv-" + sha256("\x1f".join(cells).encode()).hexdigest()[:40]

    @api.model
    def _read_name(self, value):
        """Return the name in «"Ana" <600123456>», None where it is a number."""
        text = pbx_hechos.clean_text(value)
        if not text:
            return None
        match = NAME.match(text)
        name = (match[1] if match else text).strip('" ')
        return name if name and not re.fullmatch(r"[+\d\s]*", name) else None

    @api.model
    def _read_channel(self, value):
        """Return the extension in «PJSIP/101-0000002a»."""
        match = CHANNEL.match(value or "")
        return match[1] if match else None

    def _set_ends(self, facts, ends, extensions, centralita):
        """Find out who was at the other end.

        Channels tell more than numbers: an extension calls out with the number of the
        company.
        """
        source, target, channel, target_channel, _extension = ends
        if channel in extensions:
            source = channel
        if target_channel in extensions and not facts["extension"]:
            if source in extensions:
                target = target_channel
            else:
                facts["extension"] = target_channel
        pbx_hechos.set_ends(
            facts, source, target, extensions, centralita.outside_prefix or ""
        )
        url = facts["recording_url"]
        if url and not centralita._is_recording_allowed(url):
            facts["recording_url"] = None

    def _get_error(self, error):
        """Return why the line is broken, in words.

        :param error: a ``FactError``
        """
        meanings = self.importacion_id.columna_ids._fields["meaning"]
        labels = dict(meanings._description_selection(self.env))
        column = labels.get(error.field, error.field)
        own = {
            "broken_quotes": self.env._("Its quotes do not match."),
            "too_few_columns": self.env._("It has only %s columns.", error.field),
            "missing": self.env._("It has no date."),
            "too_old": self.env._("Its date is before 1990."),
            "not_a_moment": self.env._("«%s» is no date with its hour.", column),
            "not_a_duration": self.env._(
                "«%s» is no duration: write seconds, or hours:minutes:seconds.", column
            ),
            "unknown_direction": self.env._(
                "Nothing tells whether it came in or went out: neither number is an "
                "extension of the exchange."
            ),
        }
        text = own.get(error.code)
        if text is None:
            Centralita = self.importacion_id.centralita_id
            text = Centralita._get_refusal_text(error.code, column)
        return text

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_open_llamada(self):
        """Open the call that the line became.

        :raises UserError: when it is none
        """
        self.ensure_one()
        if not self.llamada_id:
            raise UserError(self.env._("The line is no call: %s", self.message or ""))
        return self.llamada_id._get_records_action()
