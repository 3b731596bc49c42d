from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import groupby


class ReportGckReclamacionMixin(models.AbstractModel):
    """What the prints of claims share."""

    _name = "report.gck_reclamaciones.mixin"
    _description = "Print of a claim"

    _letter_kind = False

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the claims to print; of a letter, those that it can be written for.

        :raises UserError: when it can be written for none of them
        """
        docs = self.env["gck.reclamacion"].browse(docids)
        if self._letter_kind:
            docs = docs.filtered(lambda r: r.letter_kind == self._letter_kind)
            if not docs:
                raise UserError(docs._get_letter_refusal())
        return {
            "doc_model": docs._name,
            "docs": docs,
            "group_actions": self._group_actions,
            "state_classes": {
                "draft": "is-open",
                "open": "is-pending",
                "evaluated": "is-pending",
                "done": "is-done",
                "rejected": "is-cancel",
            },
            "accion_classes": {
                "pending": "is-pending",
                "done": "is-done",
                "cancel": "is-cancel",
            },
        }

    @api.model
    def _group_actions(self, reclamacion):
        """Return ``{kind: actions}`` of a claim, the oldest first, for the 8D."""
        ordered = reclamacion.accion_ids.sorted(lambda a: (a.date, a.id))
        groups = {
            kind: ordered.browse(accion.id for accion in group)
            for kind, group in groupby(ordered, lambda accion: accion.tipo)
        }
        return {
            kind: groups.get(kind, ordered.browse())
            for kind in ("immediate", "corrective", "preventive")
        }


class ReportGckReclamacion(models.AbstractModel):
    _name = "report.gck_reclamaciones.report_gck_reclamacion"
    _inherit = ["report.gck_reclamaciones.mixin"]
    _description = "Claim on paper"


class ReportGckReclamacionInterna(models.AbstractModel):
    _name = "report.gck_reclamaciones.report_gck_reclamacion_interna"
    _inherit = ["report.gck_reclamaciones.mixin"]
    _description = "Claim on paper, with its costs"


class ReportGckReclamacion8d(models.AbstractModel):
    _name = "report.gck_reclamaciones.report_gck_reclamacion_8d"
    _inherit = ["report.gck_reclamaciones.mixin"]
    _description = "8D report"


class ReportGckReclamacionProveedor(models.AbstractModel):
    _name = "report.gck_reclamaciones.report_gck_reclamacion_proveedor"
    _inherit = ["report.gck_reclamaciones.mixin"]
    _description = "Letter to the vendor"

    _letter_kind = "vendor"


class ReportGckReclamacionCliente(models.AbstractModel):
    _name = "report.gck_reclamaciones.report_gck_reclamacion_cliente"
    _inherit = ["report.gck_reclamaciones.mixin"]
    _description = "Answer to the customer"

    _letter_kind = "customer"
