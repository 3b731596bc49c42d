from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class GckDocumento(models.Model):
    """The bin, and what is destroyed in the end."""

    _name = "gck.documento"
    _inherit = ["gck.documento"]

    deleted_by_id = fields.Many2one(
        "res.users", string="Deleted by", readonly=True, copy=False
    )
    deleted_date = fields.Datetime(string="Deleted on", readonly=True, copy=False)
    deleted_rule = fields.Char(
        string="Deleted because",
        readonly=True,
        copy=False,
        help="The rule of retention that put it into the bin; empty when somebody did.",
    )

    _bin_idx = models.Index("(deleted_date) WHERE state = 'bin'")

    def action_bin(self):
        """Put the documents into the bin.

        :return: the notification that says so
        """
        self.check_access("write")
        self._check_not_locked()
        self._put_into_bin()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%s in the bin. They can be restored from there.", len(self)
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _put_into_bin(self, rule=False):
        """Hide documents until they are restored or destroyed.

        :param str rule: the rule that says so, False when the user does
        """
        self._with_transition().write(
            {
                "state": "bin",
                "active": False,
                "deleted_by_id": self.env.uid,
                "deleted_date": fields.Datetime.now(),
                "deleted_rule": rule,
                "locked_by_id": False,
                "locked_date": False,
            }
        )
        # sudo: what follows from a status that the user could set.
        self.sudo().content_key = False

    def action_archive(self):
        """Put into the bin what somebody archives."""
        self.action_bin()

    def action_unarchive(self):
        """Take out of the bin what somebody unarchives."""
        self.action_restore()

    def action_restore(self):
        """Take the documents out of the bin, to where they were."""
        self.check_access("write")
        binned = self.filtered(lambda d: d.state == "bin")
        closed = binned.carpeta_id.filtered(lambda folder: not folder.active)
        if closed:
            raise UserError(
                self.env._(
                    "The folder «%s» is archived. Bring it back first, or move the "
                    "document to another one.",
                    closed[0].name,
                )
            )
        binned._with_transition().write(
            {
                "state": "valid",
                "active": True,
                "deleted_by_id": False,
                "deleted_date": False,
                "deleted_rule": False,
            }
        )
        binned._update_expired()
        binned._claim_content_keys()

    def action_destroy(self):
        """Destroy documents of the bin for good, as their manager.

        :raises UserError: for what is not in the bin, or under legal hold
        """
        self.check_access("unlink")
        self._check_destroyable()
        self._destroy(self.env._("By hand"))

    def _check_destroyable(self):
        for documento in self:
            if documento.legal_hold or documento.tipo_id.legal_hold:
                raise UserError(
                    self.env._(
                        "«%s» is under legal hold: nobody may destroy it.",
                        documento.name,
                    )
                )
            if documento.state != "bin":
                raise UserError(
                    self.env._(
                        "«%s» is not in the bin. Put it there first.", documento.name
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        held = self.filtered(lambda d: d.legal_hold or d.tipo_id.legal_hold)
        if held:
            raise UserError(
                self.env._(
                    "«%s» is under legal hold: nobody may destroy it.", held[0].name
                )
            )

    def unlink(self):
        """Destroy documents and their bytes; what they were stays on record.

        :raises UserError: for what is not in the bin, or under legal hold
        """
        self.check_access("unlink")
        if not self.env.su:
            self._check_destroyable()
        if not self.env.context.get("gck_destruction_logged"):
            self.env["gck.documento.destruccion"]._log(self, self.env._("By hand"))
        # sudo: the versions go with their document, of which the right was checked.
        # The database takes them away, and would leave their files behind.
        attachments = (
            self.env["gck.documento.version"]
            .sudo()
            .search([("documento_id", "in", self.ids)])
            .attachment_id
        )
        result = super().unlink()
        attachments.exists().unlink()
        return result

    def _destroy(self, rule=None):
        """Destroy documents and note down what they were.

        :param str rule: why, where the document does not say it itself
        """
        self.env["gck.documento.destruccion"]._log(self, rule)
        # sudo: versions are deleted with their document only.
        self.sudo().with_context(gck_destruction_logged=True).unlink()

    # ------------------------------------------------------------
    # By rule
    # ------------------------------------------------------------

    @api.model
    def _cron_retention(self):
        """Put what need not be kept any longer into the bin, and empty the bin."""
        today = fields.Date.context_today(self)
        self._launch(
            Domain("date_retention", "<", today)
            & Domain("locked_by_id", "=", False)
            & Domain("active", "=", True),
            "_bin_by_retention",
            self.env._("Documents whose time is over"),
        )
        self.with_context(active_test=False)._launch(
            self._get_bin_over_domain(),
            "_destroy_from_bin",
            self.env._("Empty the bin"),
        )

    @api.model
    def _get_bin_over_domain(self):
        """Return the domain of what has been in the bin for as long as it stays."""
        now = fields.Datetime.now()
        companies = self.env["res.company"].search([("id", "!=", False)])
        over = Domain.FALSE
        for days, group in companies.grouped("gck_documento_bin_days").items():
            ids = [*group.ids, False] if self.env.company in group else group.ids
            if days:
                over |= Domain("company_id", "in", ids) & Domain(
                    "deleted_date", "<", fields.Datetime.subtract(now, days=days)
                )
        return (
            over
            & Domain("state", "=", "bin")
            & Domain("active", "=", False)
            & Domain("legal_hold", "=", False)
            & ~Domain("tipo_id.legal_hold", "=", True)
        )

    def _bin_by_retention(self):
        """Put documents into the bin by the rule of their type, in bulk."""
        today = fields.Date.context_today(self)
        for tipo, documentos in self.grouped("tipo_id").items():
            documentos.filtered(
                lambda d: (
                    d.active
                    and d.date_retention
                    and d.date_retention < today
                    and not d.locked_by_id
                )
            )._put_into_bin(
                self.env._(
                    "Type «%(type)s»: kept for %(months)s months",
                    type=tipo.name,
                    months=tipo.retention_months,
                )
            )

    def _destroy_from_bin(self):
        """Destroy documents that have been in the bin long enough, in bulk."""
        self.filtered_domain(self._get_bin_over_domain())._destroy()
