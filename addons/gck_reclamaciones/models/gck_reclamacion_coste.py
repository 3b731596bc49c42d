from odoo import api, fields, models
from odoo.exceptions import UserError


class GckReclamacionCoste(models.Model):
    """What a claim costs: labour, material, credit notes… less what is recovered.

    Costs that come from a document carry it, and follow it; there is one for each
    document.
    """

    _name = "gck.reclamacion.coste"
    _description = "Cost of a claim"
    _inherit = ["gck.reclamacion.parte.mixin"]
    _order = "reclamacion_id, date, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        related="reclamacion_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    concepto = fields.Selection(
        selection=[
            ("labour", "Labour"),
            ("material", "Material"),
            ("credit_note", "Credit note"),
            ("repair", "Repair"),
            ("other", "Other"),
            ("recovery", "Recovered"),
        ],
        string="Concept",
        default="labour",
        required=True,
        index=True,
    )
    name = fields.Char(string="Description")
    date = fields.Date(required=True, default=fields.Date.context_today)
    quantity = fields.Float(default=1.0, digits="Product Unit", required=True)
    price_unit = fields.Monetary(
        string="Unit cost",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        precompute=True,
        help="What is recovered counts against the cost.",
    )
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", readonly=True
    )
    is_hours = fields.Boolean(
        compute="_compute_is_hours", help="Whether it holds the hours of its tasks."
    )
    partner_id = fields.Many2one(
        related="reclamacion_id.partner_id", store=True, index="btree_not_null"
    )
    causa_id = fields.Many2one(
        related="reclamacion_id.causa_id", store=True, index="btree_not_null"
    )
    direction = fields.Selection(related="reclamacion_id.direction", store=True)

    _document_uniq = models.UniqueIndex(
        "(reclamacion_id, res_model, res_id) WHERE res_id IS NOT NULL",
        "This document counts in the claim already.",
    )
    _price_positive = models.Constraint(
        "CHECK (price_unit >= 0 AND quantity >= 0)",
        "Costs are written without sign: what is recovered is a concept of its own.",
    )

    @api.depends("concepto", "reclamacion_id")
    def _compute_price_unit(self):
        """Propose what an hour of work costs the company."""
        for coste in self:
            if coste.concepto == "labour" and not coste.price_unit:
                company = coste.reclamacion_id.company_id
                coste.price_unit = self.env["gck.reclamacion"]._get_hour_cost(company)
            else:
                coste.price_unit = coste.price_unit

    @api.depends("concepto", "quantity", "price_unit")
    def _compute_amount(self):
        for coste in self:
            sign = -1 if coste.concepto == "recovery" else 1
            coste.amount = sign * coste.quantity * coste.price_unit

    @api.depends("res_model", "res_id", "reclamacion_id")
    def _compute_is_hours(self):
        """The document of the hours of a claim's tasks is the claim itself."""
        for coste in self:
            claim = coste.reclamacion_id
            coste.is_hours = (coste.res_model, coste.res_id) == (claim._name, claim.id)

    @api.model
    def _charge_hours(self, reclamacion):
        """Count the hours of the interventions of a claim's tasks as its labour.

        One line holds them: doing it again brings it up to date. Its document is the
        claim itself.

        :param reclamacion: one claim
        :raises UserError: when there are no hours, or an hour costs nothing yet
        """
        hours = self._get_logged_hours(reclamacion)
        line = reclamacion.coste_ids.filtered("is_hours")
        if not hours:
            if not line:
                raise UserError(
                    self.env._(
                        "No hours are logged on the tasks of %s yet.", reclamacion.name
                    )
                )
            line.unlink()
            return
        price = reclamacion._get_hour_cost(reclamacion.company_id)
        if not price:
            raise UserError(
                self.env._(
                    "Say first what an hour of work costs, in the parameters of the "
                    "company."
                )
            )
        vals = {
            "quantity": hours,
            "price_unit": price,
            "date": fields.Date.context_today(self),
        }
        if line:
            line.write(vals)
            return
        self.create(
            {
                **vals,
                "reclamacion_id": reclamacion.id,
                "concepto": "labour",
                "name": self.env._("Hours of its tasks"),
                "res_model": reclamacion._name,
                "res_id": reclamacion.id,
            }
        )

    @api.model
    def _get_logged_hours(self, reclamacion):
        """Return the hours of all that was logged on the tasks of a claim."""
        # sudo: the total is the claim's, whoever logged them and may see them.
        [(hours,)] = (
            self.env["gck.intervencion"]
            .sudo()
            ._read_group(
                [("tarea_id.reclamacion_id", "=", reclamacion.id)],
                aggregates=["duration:sum"],
            )
        )
        return hours or 0.0
