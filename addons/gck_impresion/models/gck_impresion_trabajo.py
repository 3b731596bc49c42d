import base64
import logging
from datetime import timedelta
from urllib.parse import quote

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools.cups import CupsError
from ..tools.spool import SpoolError, safe_name

_logger = logging.getLogger(__name__)

# Minutes after which a failed job is tried again; the last goes on repeating.
BACK_OFF = (1, 2, 5, 10, 15, 30, 60)
# With the above, a day.
MAX_ATTEMPTS = 30
# A job that has been on its way for longer was cut off in the middle.
SENDING_MINUTES = 5
COPIES_MAX = 99
KEEP_PARAMETER = "gck_impresion.keep_days"
KEEP_DAYS = 30

# In the context of the model's own writes. A client can put any value into a context,
# but never this object.
_TRANSITION = object()


class GckImpresionTrabajo(models.Model):
    """A document on its way to a printer: kept until it is sent, and told about.

    A job is claimed and the claim committed before anything leaves the server, so that
    no two processes print it, and one that is cut off does not print it again.
    """

    _name = "gck.impresion.trabajo"
    _description = "Print job"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Document", required=True, readonly=True)
    impresora_id = fields.Many2one(
        "gck.impresora",
        string="Printer",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain=[("kind", "!=", "browser")],
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    copies = fields.Integer(default=1)
    document = fields.Binary(string="PDF", attachment=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("queued", "Waiting"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("cancel", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="queued",
    )
    attempts = fields.Integer(readonly=True)
    error = fields.Char(string="Last problem", readonly=True)
    date_next = fields.Datetime(
        string="Next attempt", readonly=True, default=fields.Datetime.now
    )
    date_sending = fields.Datetime(string="Being sent since", readonly=True)
    date_sent = fields.Datetime(string="Sent on", readonly=True)
    reference = fields.Char(
        readonly=True, help="Number of the job in CUPS, or name of the file."
    )

    _copies_positive = models.Constraint(
        f"CHECK (copies BETWEEN 1 AND {COPIES_MAX})",
        "Print between 1 and 99 copies.",
    )
    _open_idx = models.Index("(date_next) WHERE state IN ('queued', 'sending')")

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create jobs and have them sent when the transaction is over."""
        trabajos = super().create(vals_list)
        self._wake_sender()
        return trabajos

    def write(self, vals):
        """Change printer or copies of what was not sent; the rest is the model's own.

        :raises AccessError: for any other field
        :raises UserError: when it was sent already, or is being sent
        """
        if self.env.context.get("gck_transition") is not _TRANSITION:
            if set(vals) - {"impresora_id", "copies"}:
                raise AccessError(
                    self.env._("Only the printer and the copies of a print change.")
                )
            self._lock_for_action()
            self._check_state("queued", "failed")
            if "impresora_id" in vals:
                super().write(vals)
                return self.action_retry()
        return super().write(vals)

    def _set(self, **vals):
        """Write values that only the model itself changes.

        Superuser mode is for what users do to their own jobs, checked by the caller.
        """
        return self.sudo().with_context(gck_transition=_TRANSITION).write(vals)

    def _check_state(self, *states):
        """:raises UserError: naming those in another state"""
        wrong = self.filtered(lambda trabajo: trabajo.state not in states)
        if wrong:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "This cannot be done any more with: %s.",
                    ", ".join(
                        f"{trabajo.name} ({labels[trabajo.state]})"
                        for trabajo in wrong[:5]
                    ),
                )
            )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_retry(self):
        """Send again, at once, what waits or has failed."""
        self.check_access("write")
        self._lock_for_action()
        self._check_state("queued", "failed")
        self._set(state="queued", attempts=0, date_next=fields.Datetime.now())
        self._wake_sender()
        return True

    def action_cancel(self):
        """Give up what was not sent yet."""
        self.check_access("write")
        self._lock_for_action()
        self._check_state("queued", "failed")
        self._set(state="cancel")
        return True

    def action_print_again(self):
        """Print once more what was sent or given up, as a job of its own."""
        self.check_access("read")
        self._check_state("sent", "cancel")
        for trabajo in self:
            trabajo.impresora_id._print(
                trabajo.name, trabajo._get_pdf(), trabajo.copies
            )
        return True

    def action_open_document(self):
        """Open the PDF in the browser."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self._get_url(), "target": "new"}

    def _lock_for_action(self):
        """Wait for whoever is sending these, so that their state is the last one."""
        self.lock_for_update()
        self.invalidate_recordset(["state"])

    def _get_url(self):
        name = quote(safe_name(self.name))
        return f"/web/content/gck.impresion.trabajo/{self.id}/document/{name}.pdf"

    def _get_sent_values(self):
        """Return what the web client tells after a print was kept for a printer."""
        self.ensure_one()
        return {
            "id": self.id,
            "document": self.name,
            "printer": self.impresora_id.name,
            "url": self._get_url(),
        }

    def _get_sent_action(self):
        """Return the client action that tells where the document went."""
        return {
            "type": "ir.actions.client",
            "tag": "gck_impresion_sent",
            "params": self._get_sent_values(),
        }

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    @api.model
    def _wake_sender(self, at=None):
        # sudo: nobody but the system runs crons; this one only sends what is due.
        cron = self.env.ref("gck_impresion.ir_cron_gck_impresion", False)
        if cron:
            cron.sudo()._trigger(at)

    @api.model
    def _cron_send(self):
        """Send all jobs that are due, one at a time, while time remains."""
        self._fail_interrupted()
        commit = self.env["ir.cron"]._commit_progress
        while trabajo := self._claim_next():
            trabajo._send_claimed()
            if not commit(1, remaining=1):
                self._wake_sender()
                return
        commit(remaining=0)

    @api.model
    def _claim_next(self):
        """Claim the oldest job that is due, and commit the claim.

        :return: the job, or none
        """
        now = fields.Datetime.now()
        self.flush_model(["state", "date_next"])
        try:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE gck_impresion_trabajo
                       SET state = 'sending', date_sending = %(now)s
                     WHERE id IN (
                           SELECT id
                             FROM gck_impresion_trabajo
                            WHERE state = 'queued' AND date_next <= %(now)s
                         ORDER BY id
                            LIMIT 1
                              FOR UPDATE SKIP LOCKED
                           )
                 RETURNING id
                    """,
                    now=now,
                ),
                log_exceptions=False,
            )
            ids = [row[0] for row in self.env.cr.fetchall()]
        except psycopg2.errors.SerializationFailure:
            # Somebody else has just claimed it; the next run looks again.
            self.env.cr.rollback()
            self._wake_sender()
            ids = []
        self.env["ir.cron"]._commit_progress()
        self.invalidate_model(["state", "date_sending"])
        return self.browse(ids)

    def _send_claimed(self):
        """Send a claimed job, and note how it went."""
        impresora = self.impresora_id
        try:
            impresora._check_ready()
            reference = impresora._send(
                self._get_print_name(), self._get_pdf(), self.copies
            )
        except (CupsError, SpoolError) as error:
            self._fail(error)
        except Exception as error:
            _logger.exception("Print job %s cannot be sent", self.id)
            self.env.cr.rollback()
            self._give_up(str(error))
        else:
            was_late = bool(self.attempts)
            self._set(
                state="sent",
                attempts=self.attempts + 1,
                error=False,
                reference=reference,
                date_sent=fields.Datetime.now(),
            )
            if was_late:
                self._tell("sent")

    def _get_pdf(self):
        """Return the document, as bytes."""
        # The content itself, where a client asked for sizes.
        return base64.b64decode(self.with_context(bin_size=False).document)

    def _get_print_name(self):
        """Return the name of the document for the printer, unlike any other."""
        return f"{self.name} {self.id}"

    def _fail(self, error):
        """Put off the job, and those that wait for the same printer, and tell."""
        waiting = self.search(
            [
                ("impresora_id", "=", self.impresora_id.id),
                ("state", "=", "queued"),
                ("date_next", "<=", fields.Datetime.now()),
            ]
        ).try_lock_for_update()
        for trabajo in self + waiting:
            localized = trabajo._localized()
            message = localized.impresora_id._get_failure_message(error)
            attempts = trabajo.attempts + 1
            if attempts >= MAX_ATTEMPTS:
                trabajo._give_up(message)
                continue
            minutes = BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
            date_next = fields.Datetime.now() + timedelta(minutes=minutes)
            trabajo._set(
                state="queued", attempts=attempts, error=message, date_next=date_next
            )
            self._wake_sender(date_next)
            if attempts == 1:
                trabajo._tell("waiting")

    def _give_up(self, message):
        self._set(state="failed", attempts=self.attempts + 1, error=message)
        self._tell("failed")

    @api.model
    def _fail_interrupted(self):
        """Fail the jobs whose sending was cut off: they may be printed already."""
        limit = fields.Datetime.now() - timedelta(minutes=SENDING_MINUTES)
        for trabajo in self.search(
            [("state", "=", "sending"), ("date_sending", "<", limit)]
        ):
            trabajo._give_up(
                trabajo._localized().env._(
                    "The server stopped while it was being sent. Look whether it was "
                    "printed before you retry."
                )
            )

    def _localized(self):
        return self.with_context(lang=self.user_id.lang)

    def _tell(self, event):
        """Tell the user, where they are connected, what happened to a job.

        :param str event: ``waiting``, ``failed`` or ``sent``
        """
        env = self._localized().env
        values = {"document": self.name, "printer": self.impresora_id.name}
        texts = {
            "waiting": env._(
                "«%(document)s» waits: %(printer)s does not print now. It is kept and "
                "will be sent as soon as it does.",
                **values,
            ),
            "failed": env._(
                "«%(document)s» could not be printed on %(printer)s.", **values
            ),
            "sent": env._(
                "«%(document)s», which was waiting, was sent to %(printer)s.", **values
            ),
        }
        kinds = {"waiting": "warning", "failed": "danger", "sent": "success"}
        self.user_id._bus_send(
            "gck_impresion.trabajo",
            {
                "message": texts[event],
                "detail": self.error if event != "sent" else False,
                "type": kinds[event],
                "sticky": event != "sent",
                "button": env._("My prints"),
            },
        )

    # ------------------------------------------------------------
    # Housekeeping
    # ------------------------------------------------------------

    @api.autovacuum
    def _gc_old(self):
        """Delete what was sent, cancelled or given up some time ago, PDF and all."""
        # sudo: a number that only administrators change is read.
        parameters = self.env["ir.config_parameter"].sudo()
        try:
            days = int(parameters.get_param(KEEP_PARAMETER, KEEP_DAYS))
        except ValueError:
            days = KEEP_DAYS
        limit = fields.Datetime.now() - timedelta(days=max(1, days))
        domain = [
            ("state", "in", ("sent", "cancel", "failed")),
            ("write_date", "<", limit),
        ]
        self.search(domain, limit=10000, order="id").unlink()
