from odoo import api, fields, models


class GckActividadTipo(models.Model):
    """What somebody does in an intervention: a call, a mailing, a visit (K-39)."""

    _name = "gck.actividad.tipo"
    _description = "Activity type"
    _inherit = ["gck.tabla.mixin"]

    category = fields.Selection(
        selection=[
            ("call", "Call"),
            ("email", "E-mail"),
            ("visit", "Visit"),
            ("meeting", "Meeting"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
        help="Calls ask for direction and result; e-mails sent from a task are "
        "logged with the first type of this category.",
    )

    @api.model
    def _get_by_category(self, category, company):
        """Return the first active type of a category that a company may use.

        :param str category: a value of the selection
        :param company: one ``res.company``
        :return: one ``gck.actividad.tipo``, or none
        """
        domain = [
            ("category", "=", category),
            ("company_id", "in", [company.id, False]),
        ]
        return self.search(domain, limit=1)
