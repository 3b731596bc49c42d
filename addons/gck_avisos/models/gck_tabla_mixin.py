from odoo import api, fields, models

from .gck_asignable_mixin import STAFF_DOMAIN


class GckTablaMixin(models.AbstractModel):
    """A small catalogue («Tabla») that classifies actions (M-8).

    Archived rows stay on the records that carry them and are no longer offered.
    """

    _name = "gck.tabla.mixin"
    _description = "GCK table"
    _order = "sequence, name, id"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    code = fields.Char(copy=False)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Leave it empty to offer the row in every company.",
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "This code is already used in the table. Choose another one.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Store an empty code as none, so that it never counts as a duplicate."""
        return super().create([self._clean_code(vals) for vals in vals_list])

    def write(self, vals):
        """Store an empty code as none, so that it never counts as a duplicate."""
        return super().write(self._clean_code(vals))

    @api.model
    def _clean_code(self, vals):
        if "code" not in vals:
            return vals
        return {**vals, "code": (vals["code"] or "").strip() or False}


class GckAccionTipoMixin(models.AbstractModel):
    """A table row that also proposes who does the action and by when."""

    _name = "gck.accion.tipo.mixin"
    _description = "GCK action type"
    _inherit = ["gck.tabla.mixin"]

    user_id = fields.Many2one(
        "res.users",
        string="Proposed responsible",
        domain=STAFF_DOMAIN,
        check_company=True,
    )
    department_id = fields.Many2one(
        "hr.department", string="Proposed department", check_company=True
    )
    deadline_hours = fields.Float(
        string="Hours to the deadline",
        help="Proposed deadline, in hours from the date. Zero proposes none.",
    )

    _deadline_hours_positive = models.Constraint(
        "CHECK (deadline_hours BETWEEN 0 AND 87600)",
        "The hours to the deadline go from zero to ten years.",
    )
