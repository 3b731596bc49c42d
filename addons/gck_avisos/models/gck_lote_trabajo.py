import logging
import random
import time

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from .gck_asignable_mixin import NAMES_SHOWN
from .gck_bloque_mixin import COLLISIONS, TRANSACTION_ERRORS
from .gck_lote import CHUNK_SIZE, OPEN_STATES

_logger = logging.getLogger(__name__)

# How often a chunk that collided with somebody else's work is tried again.
CHUNK_TRIES = 6


class JobError(Exception):
    """The job as a whole cannot go on; the message says why."""


class GckLote(models.Model):
    """The work of a job: claimed, done and marked in chunks, by any process."""

    _inherit = "gck.lote"

    @api.model
    def _cron_process(self):
        """Work on all open jobs while time remains, a chunk of each in turn.

        Any number of processes may run it at once.
        """
        cron = self.env["ir.cron"]
        while lotes := self._start_waiting():
            done = 0
            # In any order: who works at the same time starts with another job.
            for lote in lotes.browse(random.sample(lotes.ids, len(lotes))):
                count, time_left = lote._process_chunk()
                done += count
                if not time_left:
                    return
            if not done:
                # The rest is in the hands of others, or collides with them.
                break
        cron._commit_progress(remaining=0)

    @api.model
    def _start_waiting(self):
        """Take note that the jobs that wait are running; return all that are open.

        One that waits in this transaction's eyes is being started by somebody else.
        """
        try:
            self._query_first(
                SQL(
                    "UPDATE gck_lote SET state = 'running',"
                    " date_start = COALESCE(date_start, now() AT TIME ZONE 'UTC')"
                    " WHERE id IN (SELECT id FROM gck_lote WHERE state = 'pending'"
                    " FOR UPDATE SKIP LOCKED) RETURNING id"
                )
            )
        except COLLISIONS:
            self.env.cr.rollback()
        self.invalidate_model(["state", "date_start"])
        lotes = self.search([("state", "in", OPEN_STATES)], order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(lotes))
        return lotes

    def _process_chunk(self):
        """Do the next chunk of the job and commit it, together with its marks.

        A chunk that collides with somebody else's work is done again, smaller.

        :return: the number of records dealt with, and the seconds left to work
        """
        self.ensure_one()
        cron = self.env["ir.cron"]
        limit = None
        for attempt in range(CHUNK_TRIES):
            try:
                try:
                    count = self._do_chunk(limit)
                except TRANSACTION_ERRORS:
                    raise
                except JobError as error:
                    self.env.cr.rollback()
                    count = self._fail(str(error))
                except Exception as error:
                    _logger.exception("Job %s cannot go on", self.id)
                    self.env.cr.rollback()
                    count = self._fail(self.env._("Unexpected error: %s", error))
                return count, cron._commit_progress(count, remaining=1)
            except COLLISIONS as error:
                self.env.cr.rollback()
                _logger.info("Job %s: %s; try %s", self.id, error, attempt + 1)
                limit = max(1, (limit or CHUNK_SIZE) // 2)
                time.sleep(random.uniform(0, 0.05 * 2**attempt))
        # Whoever it collides with is still at it; a fresh run tries it again.
        self._wake_workers()
        return 0, cron._commit_progress(remaining=1)

    @api.model
    def _query_first(self, query):
        """Return the rows of a query for which a collision is nothing to log."""
        self.env.cr.execute(query, log_exceptions=False)
        return self.env.cr.fetchall()

    def _do_chunk(self, limit=None):
        """Claim some lines, do them and mark them; the caller commits.

        The claim is the first query of the transaction: what others have committed
        before is known, what they hold is skipped.

        :return: the number of records dealt with
        :raises JobError: when none of the records will ever be done
        """
        claimed = dict(
            self._query_first(
                SQL(
                    """
                    SELECT res_id, id FROM gck_lote_linea
                     WHERE lote_id = %(lote)s AND state = 'pending'
                     ORDER BY res_id
                     LIMIT (
                        SELECT COALESCE(min(LEAST(chunk_size, %(limit)s)), 0)
                          FROM gck_lote WHERE id = %(lote)s AND state = 'running'
                     )
                       FOR UPDATE SKIP LOCKED
                    """,
                    lote=self.id,
                    limit=limit,
                )
            )
        )
        if not claimed:
            self._finish_if_over()
            return 0
        records = self._get_model().browse(claimed)
        present = records.exists()
        failures, _error = present._gck_run_isolated(self.method, self.params)
        results = {
            claimed[record_id]: ("failed", str(why))
            for record_id, why in failures.items()
        }
        if gone := records - present:
            note = records.env._("It was deleted meanwhile.")
            results.update(
                (claimed[record_id], ("done", note)) for record_id in gone.ids
            )
        self._mark_lines(claimed.values(), results)
        self._log_failures(present.browse(failures), failures)
        return len(claimed)

    def _get_model(self):
        """Return the model in the environment of who launched the job.

        :raises JobError: when there is nobody or nothing any more to work with
        """
        user = self.user_id
        localized = self.with_context(lang=user.lang).env
        # The system itself, which launches jobs as well, is never active.
        if not (user.active or user.id == SUPERUSER_ID):
            raise JobError(
                localized._(
                    "%s launched this and has been archived. Somebody else has to "
                    "launch it again.",
                    user.name,
                )
            )
        if self.res_model not in self.env:
            raise JobError(localized._("%s is not installed any more.", self.res_model))
        company_ids = [
            company_id
            for company_id in self.company_ids or []
            if company_id in user.company_ids.ids
        ]
        if not company_ids:
            raise JobError(
                localized._("%s no longer works for this company.", user.name)
            )
        context = {
            "lang": user.lang,
            "tz": user.tz,
            "allowed_company_ids": company_ids,
            # E-mails go through the queue: one cannot be taken back when a chunk is.
            "mail_notify_force_send": False,
            "gck_lote_id": self.id,
        }
        model = self.env(user=user.id, su=False, context=context)[self.res_model]
        if not self._is_allowed(model, self.method):
            raise JobError(localized._("%s cannot be done in bulk.", self.method))
        return model

    def _mark_lines(self, line_ids, results):
        """Mark lines as done, save those of which something else is known.

        :param dict results: ``{line id: (state, message)}``
        """
        done = ("done", None)
        rows = [(line_id, *results.get(line_id, done)) for line_id in line_ids]
        ids, states, messages = map(list, zip(*rows, strict=True))
        self.env.execute_query(
            SQL(
                """
                UPDATE gck_lote_linea AS line
                   SET state = result.state, message = result.message
                  FROM unnest(%s::int[], %s::varchar[], %s::text[])
                    AS result (id, state, message)
                 WHERE line.id = result.id
             RETURNING line.id
                """,
                ids,
                states,
                messages,
            )
        )
        self.env["gck.lote.linea"].invalidate_model()

    def _log_failures(self, records, failures):
        """Say on each record that failed what it failed at, where it has a log."""
        if not records or not hasattr(records, "_message_log_batch"):
            return
        title = records.env._("Could not be done in bulk (%s):", self.name)
        body = Markup("<p>%s<br/>%s</p>")
        try:
            with self.env.cr.savepoint():
                records._message_log_batch(
                    {
                        record.id: body % (title, failures[record.id])
                        for record in records
                    }
                )
        except COLLISIONS:
            raise
        except Exception:
            _logger.exception("Job %s: the failures could not be logged", self.id)

    # ------------------------------------------------------------
    # End
    # ------------------------------------------------------------

    def _finish_if_over(self):
        """End the job when no line waits any more; in one process only.

        Of two that find it over one gets its row. The other skips it, or collides,
        tries again and sees that it has ended.
        """
        Line = self.env["gck.lote.linea"]
        waiting = [("lote_id", "=", self.id), ("state", "=", "pending")]
        if not Line.search_count(waiting, limit=1) and self._query_first(
            SQL(
                "SELECT id FROM gck_lote WHERE id = %s AND state = 'running'"
                " FOR UPDATE SKIP LOCKED",
                self.id,
            )
        ):
            self._end(self._get_model())

    def _end(self, model=None):
        """Write down that the job is over and tell who launched it."""
        self.write(
            {
                "state": "done",
                "date_end": fields.Datetime.now(),
                "final_counts": {"done": self.done_count, "failed": self.failed_count},
            }
        )
        try:
            with self.env.cr.savepoint():
                if model is not None:
                    model._gck_bulk_finished(self)
                if self.user_id.active:
                    self._notify_end()
        except TRANSACTION_ERRORS:
            raise
        except Exception:
            # The work is done: a job does not stay open for want of a message.
            _logger.exception("Job %s: its end could not be told", self.id)

    def _fail(self, message):
        """End the job because none of what is left can be done.

        :return: the number of lines that were left
        """
        lines = self.env.execute_query(
            SQL(
                "UPDATE gck_lote_linea SET state = 'failed', message = %s"
                " WHERE lote_id = %s AND state = 'pending' RETURNING id",
                message,
                self.id,
            )
        )
        self.env["gck.lote.linea"].invalidate_model()
        self.message = message
        self._end()
        return len(lines)

    def _notify_end(self):
        """Tell who launched the job, in their language, that it is over."""
        lote = self.with_context(
            lang=self.user_id.lang, tz=self.user_id.tz, mail_notify_force_send=False
        )
        text = lote.env._(
            "%(done)s done, %(failed)s failed.",
            done=lote.done_count,
            failed=lote.failed_count,
        )
        # A list of these records that the person has open shows what was done.
        lote.user_id._bus_send("gck_lote_end", {"res_model": lote.res_model})
        lote.user_id._bus_send(
            "simple_notification",
            {
                "type": "warning" if lote.failed_count else "success",
                "title": lote.name,
                "message": text,
                "sticky": bool(lote.failed_count),
            },
        )
        if not lote.failed_count:
            return
        lines = lote._get_failed_lines()
        lote.env["mail.thread"].message_notify(
            partner_ids=lote.user_id.partner_id.ids,
            model=lote._name,
            res_id=lote.id,
            subject=lote.env._("Not everything could be done: %s", lote.name),
            body=Markup("<p>%s</p><ul>%s</ul>")
            % (
                text,
                Markup("").join(Markup("<li>%s</li>") % line for line in lines),
            ),
            email_layout_xmlid="mail.mail_notification_light",
        )

    def _get_failed_lines(self):
        """Return a text for each of the first failures, as who launched it sees it."""
        # As the person: a name that they may not read is not told.
        lines = self.with_user(self.user_id).linea_ids.filtered(
            lambda line: line.state == "failed"
        )[:NAMES_SHOWN]
        texts = [f"{line.record_name}: {line.message}" for line in lines]
        if self.failed_count > len(lines):
            texts.append(self.env._("… and %s more.", self.failed_count - len(lines)))
        return texts
