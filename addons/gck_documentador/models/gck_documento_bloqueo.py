from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

# What may be written on a document that somebody else has checked out: what follows
# from talking about it, and from the calendar.
FREE_FIELDS = {
    "message_follower_ids",
    "message_ids",
    "activity_ids",
    "message_main_attachment_id",
}

# In the context of who may release what others have: an object of this process.
BREAKER = object()


class GckDocumento(models.Model):
    """Checking a document out, so that nobody else changes it meanwhile.

    Who has a physical document is known in the same way.
    """

    _name = "gck.documento"
    _inherit = ["gck.documento"]

    is_locked_by_other = fields.Boolean(compute="_compute_is_locked_by_other")

    @api.depends("locked_by_id")
    @api.depends_context("uid")
    def _compute_is_locked_by_other(self):
        for documento in self:
            documento.is_locked_by_other = (
                documento.locked_by_id and documento.locked_by_id != self.env.user
            )

    def write(self, vals):
        """Refuse to change what somebody else has checked out."""
        if not FREE_FIELDS.issuperset(vals):
            self._check_not_locked()
        return super().write(vals)

    def _check_not_locked(self):
        """:raises UserError: naming who else has checked one of these out"""
        if self.env.su or self.env.context.get("gck_lock_breaker") is BREAKER:
            return
        for documento in self.filtered("is_locked_by_other"):
            raise UserError(documento._get_locked_refusal())

    def _get_locked_refusal(self):
        """Say who has the document, since when, and what to do."""
        values = {
            "document": self.name,
            # sudo: the name of a colleague.
            "user": self.locked_by_id.sudo().name,
            "date": self._format_moment(self.locked_date),
        }
        if self.is_physical:
            return self.env._(
                "«%(document)s» has been with %(user)s since %(date)s. Wait until it "
                "is given back, or ask whoever manages the folder.",
                **values,
            )
        return self.env._(
            "«%(document)s» has been checked out by %(user)s since %(date)s. Wait "
            "until it is checked in, or ask whoever manages the folder to release it.",
            **values,
        )

    def _format_moment(self, moment):
        return format_datetime(self.env, moment, dt_format="short")

    def action_lock(self):
        """Check the documents out for the user."""
        self.check_access("write")
        self._check_not_locked()
        self.filtered(lambda d: not d.locked_by_id)._lock_for(self.env.user)

    def _lock_for(self, user):
        """Note down who has the documents from now on."""
        # Of two at once the second is tried again, and then refused.
        self._with_transition().write(
            {"locked_by_id": user.id, "locked_date": fields.Datetime.now()}
        )

    def action_unlock(self):
        """Check the documents in; who manages the folder does so for others too."""
        self.check_access("write")
        others = self.filtered("is_locked_by_other")
        for documento in others:
            # Who takes a physical thing back says so.
            if (
                not documento.is_physical
                and documento.carpeta_id.user_level != "manage"
            ):
                raise AccessError(documento._get_locked_refusal())
        if others:
            bodies = {
                documento.id: self.env._(
                    "%(user)s released what %(holder)s had checked out since %(date)s.",
                    user=self.env.user.name,
                    # sudo: the name of a colleague.
                    holder=documento.locked_by_id.sudo().name,
                    date=self._format_moment(documento.locked_date),
                )
                for documento in others
            }
            others._message_log_batch(bodies)
        self.with_context(gck_lock_breaker=BREAKER)._with_transition().write(
            {"locked_by_id": False, "locked_date": False}
        )

    def action_lend(self):
        """Ask to whom the physical document is given."""
        self.ensure_one()
        self.check_access("write")
        self._check_not_locked()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lend «%s»", self.name),
            "res_model": "gck.documento.prestar",
            "view_mode": "form",
            "target": "new",
            "context": {"default_documento_id": self.id},
        }
