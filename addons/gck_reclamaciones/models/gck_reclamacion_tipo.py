from odoo import api, fields, models

from odoo.addons.gck_avisos.models.gck_asignable_mixin import STAFF_DOMAIN


class GckReclamacionTipo(models.Model):
    """Classifies claims: what each needs, by when, and who deals with it (O-2, O-9)."""

    _name = "gck.reclamacion.tipo"
    _description = "Claim type"
    _inherit = ["gck.accion.tipo.mixin", "gck.alias.tipo.mixin"]
    _alias_target = "gck.reclamacion"

    clase = fields.Selection(
        selection="_selection_clase",
        string="Class",
        help="Offered only for this class. Empty: for all of them.",
    )
    direction = fields.Selection(
        selection="_selection_direction",
        help="Offered only for this direction. Empty: for all of them.",
    )
    user_id = fields.Many2one(string="Proposed evaluator")
    solver_id = fields.Many2one(
        "res.users",
        string="Proposed solver",
        domain=STAFF_DOMAIN,
        check_company=True,
        help="Empty: whoever evaluates the claim also solves it.",
    )
    evaluation_hours = fields.Float(
        string="Hours to evaluate",
        help="Proposed deadline of the evaluation, in hours from the date of the "
        "claim. Zero proposes none.",
    )
    deadline_hours = fields.Float(string="Hours to solve")
    escalation_user_id = fields.Many2one(
        "res.users",
        string="Escalated to",
        domain=STAFF_DOMAIN,
        check_company=True,
        help="Who is told that a claim of the type is late. Empty: as in the "
        "parameters of the company.",
    )
    require_document = fields.Boolean(
        string="Document", help="The claim opens only with its origin document."
    )
    require_lines = fields.Boolean(
        string="Products", help="The claim opens only with what is claimed."
    )
    require_evidence = fields.Boolean(
        string="Evidence", help="The claim opens only with a file attached (O-10)."
    )
    require_accion = fields.Boolean(
        string="Solution action",
        help="The claim closes only with a solution action done.",
    )
    require_cause_text = fields.Boolean(
        string="Analysis", help="The evaluation needs the analysis in words."
    )
    require_efficacy = fields.Boolean(
        string="Effectiveness",
        help="The claim closes only when the effectiveness of its corrective and "
        "preventive actions has been checked.",
    )
    alias_id = fields.Many2one(
        help="What is mailed to this address becomes a claim of the type, in draft."
    )
    in_portal = fields.Boolean(
        string="Offered in the portal",
        help="Customers may choose it when they raise a claim in the portal.",
    )
    properties_definition = fields.PropertiesDefinition("Own fields")
    property_labels = fields.Char(
        string="Names of the own fields", compute="_compute_property_labels"
    )
    reclamacion_count = fields.Integer(
        string="Claim count", compute="_compute_reclamacion_count"
    )

    _evaluation_hours_positive = models.Constraint(
        "CHECK (evaluation_hours BETWEEN 0 AND 87600)",
        "The hours to evaluate go from zero to ten years.",
    )

    @api.depends("properties_definition")
    def _compute_property_labels(self):
        for tipo in self:
            tipo.property_labels = ", ".join(
                definition["string"]
                for definition in tipo.properties_definition or []
                if definition.get("string") and definition.get("type") != "separator"
            )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_reclamacion_count(self):
        counts = dict(
            self.env["gck.reclamacion"]._read_group(
                [("tipo_id", "in", self.ids)], ["tipo_id"], ["__count"]
            )
        )
        for tipo in self:
            tipo.reclamacion_count = counts.get(tipo, 0)

    def action_view_reclamaciones(self):
        """Open the claims of the type; a new one is of the type too."""
        self.ensure_one()
        return self.env["gck.reclamacion"]._get_list_action(
            [("tipo_id", "=", self.id)], {"default_tipo_id": self.id}
        )

    def _selection_clase(self):
        return (
            self.env["gck.reclamacion"]
            ._fields["clase"]
            ._description_selection(self.env)
        )

    def _selection_direction(self):
        return (
            self.env["gck.reclamacion"]
            ._fields["direction"]
            ._description_selection(self.env)
        )
