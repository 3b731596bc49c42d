from datetime import timedelta

from odoo import api, fields, models

VACUUM_BATCH = 5000


class GckCentralitaEvento(models.Model):
    """What an exchange sent, word for word, kept for a while (O-47).

    It tells why a call looks as it does, and is what the number of events per minute
    is counted in.
    """

    _name = "gck.centralita.evento"
    _description = "Event of a telephone exchange"
    _order = "id desc"
    _rec_name = "call_id"
    _log_access = False

    centralita_id = fields.Many2one(
        "gck.centralita",
        string="Exchange",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Datetime(
        string="Received", required=True, readonly=True, default=fields.Datetime.now
    )
    call_id = fields.Char(string="Call ID", readonly=True)
    event = fields.Char(readonly=True)
    extension = fields.Char(readonly=True)
    payload = fields.Text(string="Content", readonly=True)
    status = fields.Selection(
        selection=[
            ("ok", "Accepted"),
            ("repeated", "Repeated"),
            ("ignored", "Left out"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="ok",
    )
    message = fields.Char(string="Remark", readonly=True)
    llamada_id = fields.Many2one(
        "gck.llamada", string="Call", readonly=True, ondelete="set null", index=True
    )

    _centralita_date_idx = models.Index("(centralita_id, date)")
    _call_idx = models.Index("(centralita_id, call_id) WHERE call_id IS NOT NULL")

    def _is_known(self, centralita, call_id, event, extension):
        """Tell whether the exchange has told the same of a call before."""
        return bool(
            self.search_count(
                [
                    ("centralita_id", "=", centralita.id),
                    ("call_id", "=", call_id),
                    ("event", "=", event),
                    ("extension", "=", extension),
                    ("status", "in", ("ok", "repeated")),
                ],
                limit=1,
            )
        )

    @api.autovacuum
    def _gc_eventos(self):
        """Delete what each exchange no longer keeps, in bounded steps."""
        done, more = 0, False
        centralitas = self.env["gck.centralita"].with_context(active_test=False)
        for centralita in centralitas.search([("event_days", ">", 0)]):
            limit = fields.Datetime.now() - timedelta(days=centralita.event_days)
            domain = [("centralita_id", "=", centralita.id), ("date", "<", limit)]
            old = self.search(domain, limit=VACUUM_BATCH, order="date, id")
            old.unlink()
            done += len(old)
            more = more or len(old) == VACUUM_BATCH
        return done, more
