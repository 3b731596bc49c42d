from odoo import api, models
from odoo.fields import Domain

from ..models.gck_accion_lista import MAX_PRINTED_ROWS
from ..tools.excel import ExcelList


class ReportGckAccionList(models.AbstractModel):
    """The list of actions on paper (M-19, M-23)."""

    _name = "report.gck_avisos.report_gck_accion_list"
    _description = "List of actions"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the list shows, read with the rights of whoever prints it.

        :param list docids: these actions; without them, those of ``data``
        :param dict data: of ``gck.accion.action_print``
        """
        data = data or {}
        Accion = self.env["gck.accion"]
        domain = data.get("domain") or []
        if docids:
            domain = Domain("id", "in", docids)
        order = data.get("order") or None
        actions = Accion.search(domain, order=order, limit=MAX_PRINTED_ROWS + 1)
        Accion._check_printable(len(actions))
        groupby = (data.get("groupby") or [])[:1]
        return {
            "doc_model": Accion._name,
            "docs": actions,
            "groups": self._get_groups(actions, groupby, order),
            "grouped_by": groupby[0].split(":")[0] if groupby else "",
            "title": data.get("title") or "",
            "person": data.get("person") or "",
        }

    @api.model
    def _get_groups(self, actions, groupby, order):
        """Return ``[(title, actions)]``; the title is empty when nothing is grouped."""
        if not groupby:
            return [("", actions)]
        shown = ExcelList(
            self.env["gck.accion"], [], ids=actions.ids, groupby=groupby, order=order
        )
        return [
            (
                group.label,
                actions.browse(group.rows).with_prefetch(actions._prefetch_ids),
            )
            for group in shown.get_groups()
        ]
