from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import groupby

# Who has not read something is reminded after these days, and again after as many.
REMIND_DAYS = 3


class GckEscritoLectura(models.Model):
    """That somebody is to read a memo or a procedure, and when they said they did.

    Rows come with the issue of the document; nobody confirms for somebody else.
    """

    _name = "gck.escrito.lectura"
    _description = "Reading of a document"
    _order = "escrito_id, date_read, id"
    _rec_name = "user_id"

    escrito_id = fields.Many2one(
        "gck.escrito",
        string="Document",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="escrito_id.company_id")
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date_assigned = fields.Datetime(
        string="Told on", required=True, readonly=True, default=fields.Datetime.now
    )
    date_read = fields.Datetime(string="Read on", readonly=True)
    date_reminded = fields.Datetime(string="Reminded on", readonly=True)
    state = fields.Selection(
        selection=[("pending", "Not read"), ("read", "Read")],
        string="Reading",
        compute="_compute_state",
    )

    _user_uniq = models.UniqueIndex(
        "(escrito_id, user_id)", "This person is told of it already."
    )
    _pending_idx = models.Index("(date_assigned) WHERE date_read IS NULL")

    @api.depends("date_read")
    def _compute_state(self):
        for lectura in self:
            lectura.state = "read" if lectura.date_read else "pending"

    @api.model
    def _cron_remind(self):
        """Remind, some days after, those who have not read what is in force."""
        before = fields.Datetime.now() - timedelta(days=REMIND_DAYS)
        pending = self.search(
            [
                ("date_read", "=", False),
                ("date_assigned", "<", before),
                "|",
                ("date_reminded", "=", False),
                ("date_reminded", "<", before),
                ("escrito_id.state", "in", ("issued", "sent", "valid")),
                ("user_id.active", "=", True),
            ]
        )
        pending._remind()

    def _remind(self):
        """Tell each person in one message what they have not read."""
        self.write({"date_reminded": fields.Datetime.now()})
        for user, lecturas in groupby(self, lambda lectura: lectura.user_id):
            escritos = self.env["gck.escrito"].union(*(x.escrito_id for x in lecturas))
            escritos._accion_notify(
                user.partner_id, lambda env: env._("Please read %s and confirm it")
            )


class GckEscrito(models.Model):
    """Documents that people are to read, and to say that they did."""

    _name = "gck.escrito"
    _inherit = ["gck.escrito"]

    lectura_ids = fields.One2many(
        "gck.escrito.lectura", "escrito_id", string="Readings", readonly=True
    )
    read_total = fields.Integer(compute="_compute_reading", string="To read it")
    read_count = fields.Integer(compute="_compute_reading", string="Have read it")
    read_percent = fields.Float(string="Read", compute="_compute_reading")
    must_read = fields.Boolean(
        string="For me to read",
        compute="_compute_must_read",
        search="_search_must_read",
    )

    @api.depends("lectura_ids.date_read")
    def _compute_reading(self):
        counts = {
            escrito.id: (total, read)
            for escrito, total, read in self.env["gck.escrito.lectura"]._read_group(
                [("escrito_id", "in", self.ids)],
                ["escrito_id"],
                ["__count", "date_read:count"],
            )
        }
        for escrito in self:
            total, read = counts.get(escrito.id, (0, 0))
            escrito.read_total, escrito.read_count = total, read
            escrito.read_percent = 100 * read / total if total else 0

    @api.depends("lectura_ids.date_read")
    @api.depends_context("uid")
    def _compute_must_read(self):
        mine = self._get_my_readings()
        for escrito in self:
            escrito.must_read = escrito in mine.escrito_id

    def _search_must_read(self, operator, value):
        if operator != "in":
            return NotImplemented
        own = self.env["gck.escrito.lectura"]._search(
            [("user_id", "=", self.env.uid), ("date_read", "=", False)]
        )
        found = fields.Domain("lectura_ids", "any", [("id", "in", own)])
        return found if True in value else ~found

    def _get_my_readings(self):
        """Return what the user has not confirmed of these, as superuser."""
        # sudo: of the readings, only the user's own are taken.
        return (
            self.env["gck.escrito.lectura"]
            .sudo()
            .search(
                [
                    ("escrito_id", "in", self.ids),
                    ("user_id", "=", self.env.uid),
                    ("date_read", "=", False),
                ]
            )
        )

    def action_read(self):
        """Note that the user read these documents and understood them.

        :raises UserError: when they are not the user's to read
        """
        self.check_access("read")
        mine = self._get_my_readings()
        if not mine:
            raise UserError(self.env._("There is nothing here for you to confirm."))
        mine.write({"date_read": fields.Datetime.now()})
        return True

    def action_remind_readers(self):
        """Remind those who have not read these documents.

        :raises AccessError: for who neither wrote them nor manages them
        """
        self.check_access("read")
        own = all(doc.user_id == self.env.user for doc in self)
        if not (own or self._accion_is_manager()):
            raise AccessError(
                self.env._("Only who signs the document, or a manager, reminds.")
            )
        # sudo: the readings are written by the system.
        pending = self.sudo().lectura_ids.filtered(
            lambda lectura: not lectura.date_read and lectura.user_id.active
        )
        if not pending:
            raise UserError(self.env._("Everybody has read it."))
        pending._remind()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s people were reminded.", len(pending)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _assign_readers(self, users, get_subject):
        """Ask people to read this document, and tell them.

        :param users: the ``res.users``
        :param get_subject: as that of ``_accion_notify``
        """
        self.ensure_one()
        # sudo: the readings are written by the system.
        Lectura = self.env["gck.escrito.lectura"].sudo()
        new = users - self.sudo().lectura_ids.user_id
        Lectura.create([{"escrito_id": self.id, "user_id": user.id} for user in new])
        self._accion_notify(new.partner_id, get_subject)
