from odoo import api, fields, models
from odoo.tools import groupby


class GckLoteLinea(models.Model):
    """One record of a job in bulk: whether it was done, else why not.

    Lines are inserted and marked by the job alone, in SQL; there may be a million.
    """

    _name = "gck.lote.linea"
    _description = "Record of a bulk job"
    _order = "lote_id, res_id"
    _rec_name = "record_name"
    _log_access = False

    lote_id = fields.Many2one(
        "gck.lote", string="Job", required=True, readonly=True, ondelete="cascade"
    )
    res_model = fields.Char(related="lote_id.res_model")
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True
    )
    record_name = fields.Char(string="Record", compute="_compute_record_name")
    state = fields.Selection(
        selection=[("pending", "Waiting"), ("done", "Done"), ("failed", "Failed")],
        default="pending",
        required=True,
        readonly=True,
    )
    message = fields.Text(string="Reason", readonly=True)
    former_user_id = fields.Many2one(
        "res.users",
        string="Former responsible",
        readonly=True,
        ondelete="set null",
        help="Whose task it was when the job gave it to somebody else.",
    )

    _lote_record_uniq = models.UniqueIndex(
        "(lote_id, res_id)", "A job deals with each record once."
    )
    # By record, as workers claim them: ordered by id, PostgreSQL may prefer the primary
    # key and walk over all that is done to find what is not.
    _pending_idx = models.Index("(lote_id, res_id) WHERE state = 'pending'")
    _failed_idx = models.Index("(lote_id, res_id) WHERE state = 'failed'")

    @api.depends("res_id", "lote_id.res_model")
    @api.depends_context("uid")
    def _compute_record_name(self):
        """Name the records that the reader may see, the others by their number."""
        for model, lines in groupby(self, lambda line: line.res_model):
            records = self.env["gck.lote"]
            if model in self.env:
                records = self.env[model].browse(line.res_id for line in lines)
                records = records.exists()._filtered_access("read")
            names = {record.id: record.display_name for record in records}
            for line in lines:
                line.record_name = names.get(line.res_id) or f"#{line.res_id}"

    def action_open_record(self):
        """Open the record that the line is about.

        :return: an action dictionary, False when the record is gone
        """
        self.ensure_one()
        if self.res_model not in self.env:
            return False
        record = self.env[self.res_model].browse(self.res_id).exists()
        return record._get_records_action() if record else False
