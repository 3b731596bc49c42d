from odoo import fields, models
from odoo.exceptions import UserError


class GckDocumento(models.Model):
    """Checking a document out, so that nobody else changes it meanwhile."""

    _name = "gck.documento"
    _inherit = ["gck.documento"]

    def _check_not_locked(self):
        """:raises UserError: naming who else has checked one of these out"""
        locked = self.filtered(
            lambda documento: (
                documento.locked_by_id and documento.locked_by_id != self.env.user
            )
        )
        if locked and not self.env.su:
            documento = locked[0]
            raise UserError(
                self.env._(
                    "«%(document)s» has been checked out by %(user)s since %(date)s. "
                    "Wait until it is checked in, or ask a manager to release it.",
                    document=documento.name,
                    # sudo: the name of a colleague.
                    user=documento.locked_by_id.sudo().name,
                    date=fields.Datetime.context_timestamp(
                        self, documento.locked_date
                    ).strftime("%d/%m/%Y %H:%M"),
                )
            )

    def action_lock(self):
        """Check the documents out for the user."""
        self.check_access("write")
        self._check_not_locked()
        self.filtered(lambda d: not d.locked_by_id)._with_transition().write(
            {"locked_by_id": self.env.uid, "locked_date": fields.Datetime.now()}
        )

    def action_unlock(self):
        """Check the documents in."""
        self.check_access("write")
        self._check_not_locked()
        self._with_transition().write({"locked_by_id": False, "locked_date": False})
