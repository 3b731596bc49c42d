from odoo import api, fields, models, tools
from odoo.exceptions import UserError


class GckAccionClase(models.Model):
    """A kind of action: notice, task, appointment… (M-9).

    The rows come with the addons that bring the kinds. A manager names them, orders
    them, and archives those that the company does not use: they are no longer
    offered, and what there is of them stays.
    """

    _name = "gck.accion.clase"
    _description = "Kind of action"
    _inherit = ["gck.tabla.mixin", "gck.cacheada.mixin"]

    code = fields.Char(required=True, readonly=True)
    icon = fields.Char(
        required=True,
        default="fa-dot-circle-o",
        help="Name of a Font Awesome 4.7 icon, as in fa-bell-o.",
    )

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Take the name from the cache: every row of a list of actions shows one."""
        names = {kind["id"]: kind["name"] for kind in self._get_kinds().values()}
        for kind in self:
            kind.display_name = names.get(kind.id) or kind.name

    @api.model
    @tools.ormcache("self.env.lang")
    def _get_kinds(self):
        """Return every kind in its order, archived ones included, from the cache.

        :return: a dict by code of dicts ``id``, ``code``, ``name``, ``icon`` and
            ``active``; not to be changed
        """
        # sudo: names of kinds are no secret, and are cached for everybody.
        kinds = (
            self.sudo().with_context(active_test=False).search([("code", "!=", False)])
        )
        names = ("id", "code", "name", "icon", "active")
        return {kind.code: {name: kind[name] for name in names} for kind in kinds}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_installed(self):
        installed = self.env["gck.accion"]._get_kind_models()
        used = self.filtered(lambda kind: kind.code in installed)
        if used:
            raise UserError(
                self.env._(
                    "These kinds belong to installed apps: %s. Archive them instead.",
                    ", ".join(used.mapped("name")),
                )
            )
