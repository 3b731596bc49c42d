from odoo import fields, models


class GckReclamacionEficacia(models.TransientModel):
    """Asks whether solution actions worked, and how it is known (O-14)."""

    _name = "gck.reclamacion.eficacia"
    _description = "Check the effectiveness of solution actions"

    accion_ids = fields.Many2many(
        "gck.reclamacion.accion", string="Solution actions", required=True
    )
    efficacy = fields.Selection(
        selection=[("effective", "Effective"), ("ineffective", "Not effective")],
        string="Effectiveness",
        required=True,
    )
    text = fields.Text(string="Evidence", required=True)

    def action_confirm(self):
        """Note the result on each action and on its claim."""
        self.ensure_one()
        self.accion_ids._do_check_efficacy(self.efficacy, self.text.strip())
        return {"type": "ir.actions.act_window_close"}
