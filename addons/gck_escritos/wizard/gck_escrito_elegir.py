from odoo import fields, models
from odoo.exceptions import UserError


class GckEscritoElegir(models.TransientModel):
    """Picks the recipients of an e-mail: customers, contacts, staff (M-43, M-46)."""

    _name = "gck.escrito.elegir"
    _description = "Add recipients"

    escrito_id = fields.Many2one("gck.escrito", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="escrito_id.company_id")
    customer_ids = fields.Many2many(
        "res.partner",
        relation="gck_escrito_elegir_cliente_rel",
        string="Customers and vendors",
        domain=[("parent_id", "=", False), ("partner_share", "=", True)],
    )
    contact_ids = fields.Many2many(
        "res.partner",
        relation="gck_escrito_elegir_contacto_rel",
        string="Contacts",
        domain=[("parent_id", "!=", False)],
    )
    employee_ids = fields.Many2many(
        "hr.employee.public",
        relation="gck_escrito_elegir_personal_rel",
        string="Staff",
        domain="[('company_id', 'in', [company_id, False])]",
    )

    def action_confirm(self):
        """Add who was picked to the recipients.

        :raises UserError: naming the employees without a contact of their own
        """
        self.ensure_one()
        self.escrito_id.check_access("write")
        without = self.employee_ids.filtered(lambda e: not e.work_contact_id)
        if without:
            raise UserError(
                self.env._(
                    "These people have no work e-mail on their file: %s.",
                    ", ".join(without.mapped("name")),
                )
            )
        escrito = self.escrito_id
        escrito._add_recipients(self.customer_ids, "partner")
        escrito._add_recipients(self.contact_ids, "contact")
        escrito._add_recipients(self.employee_ids.work_contact_id, "staff")
        return {"type": "ir.actions.act_window_close"}
