from odoo import api, fields, models
from odoo.fields import Domain

from .gck_documento import TRANSITION


class GckDocumento(models.Model):
    """Documents that expire: their status, and who is told in time."""

    _name = "gck.documento"
    _inherit = ["gck.documento", "gck.bloque.mixin"]

    _gck_bulk_methods = (
        "_expire",
        "_warn_expiry",
        "_bin_by_retention",
        "_destroy_from_bin",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create documents, of which some have expired already."""
        documentos = super().create(vals_list)
        documentos.filtered("date_expiry")._update_expired()
        return documentos

    def write(self, vals):
        """Write values; another expiry is one to be told of anew."""
        result = super().write(vals)
        if {"date_expiry", "date", "tipo_id"} & vals.keys():
            # sudo: what follows from a date that the user could write.
            self.sudo().is_warned = False
            self._update_expired()
        return result

    def _update_expired(self):
        """Set the status of those whose expiry has just been set."""
        today = fields.Date.context_today(self)
        for state, documentos in self.grouped(
            lambda d: "expired" if d.date_expiry and d.date_expiry < today else "valid"
        ).items():
            changed = documentos.filtered(
                lambda d, state=state: d.state != state and d.state != "bin"
            )
            # sudo: as above.
            changed.sudo().state = state

    @api.model
    def _cron_expiry(self):
        """Let documents expire, and tell their people of those that are going to."""
        today = fields.Date.context_today(self)
        for domain, method, title in (
            (
                Domain("state", "=", "valid") & Domain("date_expiry", "<", today),
                "_expire",
                self.env._("Documents that have expired"),
            ),
            (
                Domain("is_warned", "=", False) & Domain("date_warning", "<=", today),
                "_warn_expiry",
                self.env._("Warn of documents that expire"),
            ),
        ):
            self._launch(domain, method, title)

    @api.model
    def _launch(self, domain, method, title):
        """Start a job over documents, if there are any and none is under way."""
        if self.search_count(domain, limit=1):
            self.env["gck.lote"]._create_over(
                self._name, domain, method, title=title, key=f"{self._name}.{method}"
            )

    def _expire(self):
        """Mark documents as expired, by the bulk engine."""
        today = fields.Date.context_today(self)
        expired = self.filtered(
            lambda d: d.state == "valid" and d.date_expiry and d.date_expiry < today
        )
        expired.with_context(gck_transition=TRANSITION).write({"state": "expired"})

    def _warn_expiry(self):
        """Tell somebody of each document that it expires, once, by the bulk engine.

        The author, or who answers for the folder when the author is gone.
        """
        waiting = self.filtered(lambda d: d.active and not d.is_warned)
        activity_type = self.env.ref("mail.mail_activity_data_todo")
        model_id = self.env["ir.model"]._get_id(self._name)
        vals_list = []
        for documento in waiting:
            user = documento._get_warned_user()
            if not user:
                continue
            lang = self.with_context(lang=user.lang).env
            vals_list.append(
                {
                    "res_model_id": model_id,
                    "res_id": documento.id,
                    "activity_type_id": activity_type.id,
                    "user_id": user.id,
                    "date_deadline": documento.date_expiry,
                    "summary": lang._("«%s» expires", documento.name),
                    "automated": True,
                }
            )
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            vals_list
        )
        waiting.with_context(gck_transition=TRANSITION).write({"is_warned": True})

    def _get_warned_user(self):
        """Return who is told that the document expires, at most one user."""
        self.ensure_one()
        for user in (self.user_id, self.carpeta_id.user_id):
            if user.active and not user.share:
                return user
        return self.env["res.users"]
