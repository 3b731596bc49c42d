from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import cups


class GckImpresoraBuscar(models.TransientModel):
    """Offers the queues of the server's CUPS, to make printers of them."""

    _name = "gck.impresora.buscar"
    _description = "Printers of the server"

    linea_ids = fields.One2many(
        "gck.impresora.buscar.linea", "buscar_id", string="Printers"
    )

    @api.model
    def action_open(self):
        """Ask CUPS for its queues and show them.

        :raises UserError: when CUPS does not answer
        """
        try:
            queues = cups.list_queues()
        except cups.CupsError as error:
            server = self.env["gck.impresora"].new({"name": self.env._("CUPS server")})
            raise UserError(server._get_failure_message(error)) from error
        known = set(
            self.env["gck.impresora"]
            .search([("kind", "=", "cups")])
            .mapped("cups_queue")
        )
        buscar = self.create(
            {
                "linea_ids": [
                    fields.Command.create(
                        {
                            "cups_queue": queue,
                            "name": description or queue,
                            "is_known": queue in known,
                            "is_chosen": queue not in known,
                        }
                    )
                    for queue, description in queues
                ]
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Printers of the server"),
            "res_model": self._name,
            "res_id": buscar.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_add(self):
        """Make a printer of each chosen queue."""
        self.env["gck.impresora"].create(
            [
                {"name": linea.name, "kind": "cups", "cups_queue": linea.cups_queue}
                for linea in self.linea_ids
                if linea.is_chosen and not linea.is_known
            ]
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class GckImpresoraBuscarLinea(models.TransientModel):
    """A queue of the server, and whether to make a printer of it."""

    _name = "gck.impresora.buscar.linea"
    _description = "Printer of the server"

    buscar_id = fields.Many2one(
        "gck.impresora.buscar", string="Search", required=True, ondelete="cascade"
    )
    is_chosen = fields.Boolean(string="Add")
    name = fields.Char(required=True)
    cups_queue = fields.Char(string="Queue", readonly=True)
    is_known = fields.Boolean(string="Already here", readonly=True)
