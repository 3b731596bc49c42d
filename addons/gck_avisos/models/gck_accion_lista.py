from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

# A print of more pages is never read, and keeps a worker busy for minutes.
MAX_PRINTED_ROWS = 2000


class GckAccionListaMixin(models.AbstractModel):
    """What the list of actions asks of the server besides its rows."""

    _name = "gck.accion.lista.mixin"
    _description = "List of actions"

    @api.model
    @api.readonly
    def get_kind_counts(self, domain):
        """Return how many actions of each kind a list has, and how many are late.

        :param list domain: of the list, without its choice of kinds
        :return: dicts ``id``, ``code``, ``name``, ``icon``, ``count`` and ``late`` in
            the order of the kinds, only of those that have any
        """
        return self._get_kind_counts(Domain(domain or Domain.TRUE))

    @api.model
    def action_print(self, domain, order=None, groupby=None, title=None, person=None):
        """Return the action that prints a list of actions as it is on the screen.

        :param list domain: which ones
        :param str order: how the list is sorted
        :param list groupby: how it is grouped
        :param str title: what the list is called, e.g. Late actions
        :param str person: whose they are, when they are of one person
        :raises UserError: when there is nothing to print, or more than anyone reads
        """
        self._check_printable(self.search_count(domain, limit=MAX_PRINTED_ROWS + 1))
        report = self.env.ref("gck_avisos.action_report_gck_accion_list")
        return report.report_action(
            None,
            data={
                "domain": domain,
                "order": order or "",
                "groupby": groupby or [],
                "title": title or "",
                "person": person or "",
            },
            config=False,
        )

    @api.model
    def _check_printable(self, count):
        """:raises UserError: saying what to do, when a list cannot be printed"""
        if not count:
            raise UserError(self.env._("There is nothing to print in this list."))
        if count > MAX_PRINTED_ROWS:
            limit = formatLang(self.env, MAX_PRINTED_ROWS, digits=0)
            raise UserError(
                self.env._(
                    "There are more than %(limit)s actions. Filter the list, for "
                    "instance by person or by period, and print it again.",
                    limit=limit,
                )
            )
