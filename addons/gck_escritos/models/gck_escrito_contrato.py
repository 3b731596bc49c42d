from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date, groupby

from odoo.addons.gck_avisos.models.gck_accion_mixin import _TRANSITION

REMIND_BATCH = 500


class GckEscrito(models.Model):
    """Contracts: their dates, the reminder and the renewal (M-58…M-62)."""

    _name = "gck.escrito"
    _inherit = ["gck.escrito"]

    date_start = fields.Date(string="In force from", copy=False)
    date_renewal = fields.Date(
        string="Renewal", copy=False, help="Until when it can be renewed or cancelled."
    )
    date_expiry = fields.Date(string="Expiry", copy=False, tracking=True)
    date_end_reminded = fields.Date(
        string="Reminded of the end",
        readonly=True,
        copy=False,
        help="The date, of renewal or expiry, that the sender was last reminded of.",
    )
    date_end_next = fields.Date(
        string="Next date",
        compute="_compute_date_end_next",
        store=True,
        help="The earlier of renewal and expiry.",
    )
    date_end_due = fields.Date(
        string="Next reminder for",
        compute="_compute_date_end_due",
        store=True,
        help="The first of renewal and expiry that was not reminded of yet.",
    )
    is_expired = fields.Boolean(compute="_compute_is_expired")

    _end_idx = models.Index(
        "(date_end_next) WHERE clase = 'contrato' AND date_end_next IS NOT NULL"
    )
    _end_due_idx = models.Index(
        "(date_end_due) WHERE clase = 'contrato' AND date_end_due IS NOT NULL"
    )

    @api.depends("date_renewal", "date_expiry")
    def _compute_date_end_next(self):
        for escrito in self:
            dates = (escrito.date_renewal, escrito.date_expiry)
            escrito.date_end_next = min(filter(None, dates), default=False)

    @api.depends("date_renewal", "date_expiry", "date_end_reminded")
    def _compute_date_end_due(self):
        """Find the date that comes after the last one reminded of."""
        for escrito in self:
            last = escrito.date_end_reminded
            dates = filter(None, (escrito.date_renewal, escrito.date_expiry))
            escrito.date_end_due = min(
                (date for date in dates if not last or date > last), default=False
            )

    @api.depends("date_expiry", "state")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for escrito in self:
            escrito.is_expired = bool(
                escrito.state in ("issued", "sent")
                and escrito.date_expiry
                and escrito.date_expiry < today
            )

    @api.constrains("date_start", "date_renewal", "date_expiry")
    def _check_contract_dates(self):
        """Refuse a contract that ends before it begins."""
        for escrito in self:
            start, end = escrito.date_start, escrito.date_expiry
            if start and end and end < start:
                raise ValidationError(
                    self.env._("%s expires before it begins.", escrito.display_name)
                )
            renewal = escrito.date_renewal
            if renewal and ((start and renewal < start) or (end and renewal > end)):
                raise ValidationError(
                    self.env._(
                        "The renewal of %s is not between its beginning and its end.",
                        escrito.display_name,
                    )
                )

    def _get_issue_problems(self):
        """Add what a contract needs besides a text."""
        problems = super()._get_issue_problems()
        if self.clase == "contrato" and not (self.title or "").strip():
            problems.append(self.env._("It has no title. Write it."))
        return problems

    # ------------------------------------------------------------
    # Renewal
    # ------------------------------------------------------------

    def action_renew(self):
        """Write the contract that follows this one, for as long again.

        :return: the action that opens the draft
        :raises UserError: when it was not issued, or a renewal is being written
        """
        self.ensure_one()
        if self.clase != "contrato" or self.state not in ("issued", "sent"):
            raise UserError(self.env._("Only issued contracts are renewed."))
        pending = self.next_ids.filtered(
            lambda doc: doc.previous_relation == "renewal" and doc.state != "cancel"
        )
        if pending:
            return pending[0]._get_records_action()
        renewed = self._copy_following(
            {
                **self._prepare_renewal_vals(),
                "previous_id": self.id,
                "previous_relation": "renewal",
            }
        )
        self.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self._get_end_activity_type()
        ).action_feedback(self.env._("Renewed as %s", renewed.name))
        return renewed._get_records_action()

    def _prepare_renewal_vals(self):
        """Return the dates of the contract that follows this one."""
        self.ensure_one()
        start = self.date_start or self.date_document
        end = self.date_expiry or self.date_renewal
        if not end:
            return {}
        length = relativedelta(end + timedelta(days=1), start)
        moved = {"date_start": end + timedelta(days=1), "date_expiry": end + length}
        if self.date_expiry and self.date_renewal:
            moved["date_renewal"] = self.date_renewal + length
        return moved

    # ------------------------------------------------------------
    # Reminder
    # ------------------------------------------------------------

    @api.model
    def _get_end_activity_type(self):
        return self.env.ref("gck_escritos.mail_activity_type_contrato")

    @api.model
    def _cron_remind_contracts(self):
        """Give the senders of contracts that come to an end an activity for each date.

        Of each contract once for its renewal, and once more for its expiry.
        """
        today = fields.Date.context_today(self)
        companies = self.env["res.company"].search([("gck_contrato_days", ">", 0)])
        for days, group in groupby(companies, lambda c: c.gck_contrato_days):
            domain = [
                ("clase", "=", "contrato"),
                ("state", "in", ("issued", "sent")),
                ("date_end_due", "<=", today + timedelta(days=days)),
                ("company_id", "in", [company.id for company in group]),
            ]
            while due := self.search(domain, limit=REMIND_BATCH, order="id"):
                due._remind_end()
                # Committed in pieces: what was told is not told again.
                remaining = self.search_count(domain)
                self.env["ir.cron"]._commit_progress(len(due), remaining=remaining)

    def _remind_end(self):
        """Give the sender of each contract an activity for the date of its end."""
        activity_type = self._get_end_activity_type()
        model_id = self.env["ir.model"]._get_id(self._name)
        today = fields.Date.context_today(self)
        self.env["mail.activity"].create(
            [
                {
                    "activity_type_id": activity_type.id,
                    "res_model_id": model_id,
                    "res_id": escrito.id,
                    "user_id": (escrito.user_id or escrito.create_uid).id,
                    "date_deadline": max(escrito.date_end_due, today),
                    "summary": self.env._(
                        "%(contract)s ends on %(date)s: renew it?",
                        contract=escrito.name,
                        date=format_date(self.env, escrito.date_end_due),
                    ),
                }
                for escrito in self
            ]
        )
        for date, contracts in groupby(self, lambda escrito: escrito.date_end_due):
            self.browse(escrito.id for escrito in contracts).with_context(
                gck_transition=_TRANSITION, mail_notrack=True
            ).write({"date_end_reminded": date})
