import json
import logging
from hashlib import sha256

from psycopg2 import Error as DatabaseError
from psycopg2 import IntegrityError, InterfaceError, OperationalError

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

# A selection of more records than this is dealt with in the background.
BULK_LIMIT = 200
# Of the failures of a selection, how many a notification spells out.
FAILURES_SHOWN = 10
# Two transactions at once on the same rows: tried again, it works.
COLLISIONS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)
# What concerns the transaction, or the connection, and not one of the records.
TRANSACTION_ERRORS = (OperationalError, InterfaceError, ConcurrencyError)


def get_active_ids_limit(env):
    """Return how many ids of a list the web client hands over at the most."""
    # sudo: a number that only administrators change is read.
    parameters = env["ir.config_parameter"].sudo()
    return int(parameters.get_param("web.active_ids_limit") or 20000)


class GckBloqueMixin(models.AbstractModel):
    """Records on which something can be done in bulk, each for itself.

    A few are dealt with at once, many in the background by a ``gck.lote``; either way
    a record that fails does not stop the rest and is named with its reason.
    """

    _name = "gck.bloque.mixin"
    _description = "GCK work in bulk"

    # Names of the methods that may run in bulk: they take a recordset and keyword
    # arguments that JSON can hold, cost a fixed number of queries, and return nothing
    # or ``{record: why it was left as it was}``. Each class adds its own.
    _gck_bulk_methods = ()

    @api.model
    def _gck_is_bulk_method(self, name):
        """Tell whether a method of this model is declared as one to run in bulk."""
        return any(
            name in vars(cls).get("_gck_bulk_methods", ()) for cls in type(self).mro()
        )

    def _gck_bulk(self, method, params=None, title=None, running=None):
        """Do something with each of these records, at once or in the background.

        :param str method: one of ``_gck_bulk_methods``
        :param dict params: its keyword arguments, which JSON can hold
        :param str title: what the job is called in «Bulk jobs»
        :param str running: what is said while it runs, with ``%s`` for the number
        :return: a notification to show, False where all was done at once
        :raises UserError: the failure, when none of the records could be done
        """
        if not self._gck_is_large():
            failures, error = self._gck_run_isolated(method, params)
            if error and len(failures) == len(self):
                raise error
            return self._gck_get_failed_notification(failures)
        lote = self._gck_create_lote(method, params, title)
        return lote._get_started_notification(running)

    def _gck_bulk_possible(self, method, title, running, done):
        """Do something with what it can be done with, and say what was left, and why.

        :param str method: one of ``_gck_bulk_methods``
        :param str title: what the job is called in «Bulk jobs», where they are many
        :param str running: what is said while it runs, with ``%s`` for the number
        :param str done: what is said at the end, with ``%s`` for the number
        :return: a notification
        """
        if self._gck_is_large():
            return self._gck_bulk(method, title=title, running=running)
        failures, _error = self._gck_run_isolated(method)
        lines = [done % (len(self) - len(failures))]
        if failures:
            lines.append(self.env._("These could not be done:"))
            lines += self.browse(failures)._gck_get_failure_lines(failures)
        return self._gck_get_notification(
            "\n".join(lines), "warning" if failures else "success"
        )

    @api.model
    def _gck_bulk_limit(self):
        """Return how many records are still dealt with at once."""
        # sudo: a number that only administrators change is read.
        parameters = self.env["ir.config_parameter"].sudo()
        return int(parameters.get_param("gck_avisos.bulk_limit") or BULK_LIMIT)

    def _gck_is_large(self):
        """Tell whether these are too many to keep a person waiting for them."""
        return len(self) > self._gck_bulk_limit()

    def _gck_create_lote(self, method, params, title):
        """Create the job over these records; the same one twice is one job."""
        domain = self._gck_get_list_domain() or [("id", "in", self.ids)]
        # The same list in another company is another list.
        order = [
            self._name,
            method,
            params or {},
            self.env.uid,
            self.env.companies.ids,
            domain,
        ]
        key = sha256(json.dumps(order, default=str).encode()).hexdigest()
        return self.env["gck.lote"]._create_over(
            self._name, domain, method, params, title, key
        )

    def _gck_get_list_domain(self):
        """Return the domain of the list that these are only the first of, else None.

        The web client hands over at most so many ids (20,000) of a list in which
        «select all» was chosen; it tells the list's domain as well, which holds all.
        """
        context = self.env.context
        limit = get_active_ids_limit(self.env)
        domain = context.get("active_domain")
        if domain and context.get("active_model") == self._name and len(self) >= limit:
            return domain
        return None

    # ------------------------------------------------------------
    # Isolation
    # ------------------------------------------------------------

    def _gck_run_isolated(self, method, params=None):
        """Call a method on all these records; those that fail do not stop the rest.

        All in one go while nothing fails. What fails is rolled back and tried again in
        halves, down to the single record, so that a few failures cost little.

        :return: ``{record id: why it failed}`` and the first error, if any
        :raises OperationalError: what concerns the transaction as a whole
        """
        failures, first_error = {}, None
        waiting = [self] if self else []
        while waiting:
            records = waiting.pop()
            try:
                with self.env.cr.savepoint():
                    refused = getattr(records, method)(**(params or {}))
            except TRANSACTION_ERRORS:
                raise
            except Exception as error:
                first_error = first_error or error
                if len(records) > 1:
                    half = len(records) // 2
                    waiting += [records[half:], records[:half]]
                else:
                    failures[records.id] = records._gck_get_error_text(error)
            else:
                if isinstance(refused, dict):
                    failures.update((record.id, why) for record, why in refused.items())
        return failures, first_error

    def _gck_get_error_text(self, error):
        """Return what a person is told about an error."""
        if isinstance(error, UserError):
            return str(error)
        if isinstance(error, IntegrityError):
            table = error.diag.table_name
            models_ = (m for m in self.env.registry.values() if m._table == table)
            model = next(models_, type(self))
            return self.env[model._name]._sql_error_to_message(error)
        _logger.warning(
            "Unexpected error on %s",
            self,
            exc_info=not isinstance(error, DatabaseError),
        )
        return self.env._("Unexpected error: %s", error)

    def _gck_get_failed_notification(self, failures):
        """Return the notification that names what failed, False if nothing did.

        :param dict failures: ``{record id: why}``
        """
        if not failures:
            return False
        failed = self.browse(failures)
        lines = [
            self.env._(
                "%(done)s done. These could not be done:",
                done=len(self) - len(failures),
            ),
            *failed._gck_get_failure_lines(failures),
        ]
        return self._gck_get_notification("\n".join(lines), "warning")

    def _gck_get_failure_lines(self, failures):
        """Return a line of text for each failed record, as many as are readable."""
        shown = self[:FAILURES_SHOWN]
        # Ids that no list of the user's shows are named by their number.
        readable = shown.exists()._filtered_access("read")
        lines = []
        for record in shown:
            name = record.display_name if record in readable else f"#{record.id}"
            lines.append(f"– {name}: {failures[record.id]}")
        if len(self) > FAILURES_SHOWN:
            lines.append(self.env._("… and %s more.", len(self) - FAILURES_SHOWN))
        return lines

    @api.model
    def _gck_get_notification(self, message, kind):
        """Return the action that shows a message and brings the screen up to date."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "sticky": kind == "warning",
                "message": message,
                "className": "text-prewrap",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------
    # Hooks of the job
    # ------------------------------------------------------------

    @api.model
    def _gck_bulk_finished(self, lote):
        """Do what is done once, in the transaction that ends a job over this model.

        :param lote: the ``gck.lote``; the environment is that of who launched it
        """
