from odoo import api, fields, models


class GckDocumentoComparar(models.TransientModel):
    """Two versions of a document next to each other."""

    _name = "gck.documento.comparar"
    _description = "Compare versions"

    documento_id = fields.Many2one(
        "gck.documento", string="Document", required=True, ondelete="cascade"
    )
    old_id = fields.Many2one(
        "gck.documento.version",
        string="Version",
        required=True,
        ondelete="cascade",
        domain="[('documento_id', '=', documento_id)]",
    )
    new_id = fields.Many2one(
        "gck.documento.version",
        string="With version",
        required=True,
        ondelete="cascade",
        domain="[('documento_id', '=', documento_id)]",
    )
    old_date = fields.Datetime(related="old_id.date", string="Date")
    new_date = fields.Datetime(related="new_id.date", string="Date of the other")
    old_user_id = fields.Many2one(related="old_id.user_id", string="Stored by")
    new_user_id = fields.Many2one(
        related="new_id.user_id", string="The other stored by"
    )
    old_size = fields.Integer(related="old_id.file_size", string="Size")
    new_size = fields.Integer(related="new_id.file_size", string="Size of the other")
    old_reason = fields.Char(related="old_id.reason", string="Reason")
    new_reason = fields.Char(related="new_id.reason", string="Reason of the other")
    size_change = fields.Integer(
        string="Change of size (bytes)", compute="_compute_comparison"
    )
    same_content = fields.Boolean(compute="_compute_comparison")
    days_between = fields.Integer(
        string="Days between them", compute="_compute_comparison"
    )

    @api.depends("old_id", "new_id")
    def _compute_comparison(self):
        for wizard in self:
            old, new = wizard.old_id, wizard.new_id
            wizard.size_change = new.file_size - old.file_size
            wizard.same_content = bool(old) and old.sha256 == new.sha256
            wizard.days_between = (
                abs((new.date - old.date).days) if old.date and new.date else 0
            )

    def action_open_old(self):
        """Download the first of the two."""
        self.ensure_one()
        return self.old_id.action_open_file()

    def action_open_new(self):
        """Download the second of the two."""
        self.ensure_one()
        return self.new_id.action_open_file()

    def action_restore(self):
        """Store the first of the two as the newest version."""
        self.ensure_one()
        self.old_id.action_restore()
        return {
            "type": "ir.actions.act_window_close",
        }
