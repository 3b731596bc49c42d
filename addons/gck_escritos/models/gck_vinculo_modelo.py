from odoo import api, models
from odoo.fields import Command

# What the menu does; the actions are known by it.
LETTERS_CODE = (
    "action = env['gck.escrito.envio'].create_from_selection("
    "model._name, records.ids, env.context.get('active_domain'))"
)


class GckVinculoModelo(models.Model):
    """Lists of documents that have a customer offer to write to them."""

    _name = "gck.vinculo.modelo"
    _inherit = ["gck.vinculo.modelo"]

    @api.model_create_multi
    def create(self, vals_list):
        """Offer bulk letters in the lists of new kinds of documents."""
        rows = super().create(vals_list)
        rows._gck_bind_letters()
        return rows

    def write(self, vals):
        """Offer bulk letters once it is known whom a document is about."""
        result = super().write(vals)
        if "partner_field_id" in vals:
            self._gck_bind_letters()
        return result

    @api.model
    def _gck_bind_all_letters(self):
        """Offer bulk letters in the lists of every kind of documents."""
        self._search_all()._gck_bind_letters()

    def _gck_bind_letters(self):
        """Put «Write to them» into the menus of the lists that lack it."""
        group = self.env.ref(
            "gck_escritos.group_gck_escrito_user", raise_if_not_found=False
        )
        # Partners have theirs in a data file.
        rows = self.filtered(
            lambda row: (
                row.partner_field_id.ttype == "many2one" and row.model != "res.partner"
            )
        )
        # sudo: which menus lists have follows from the table, not from who edits it.
        Action = self.env["ir.actions.server"].sudo()
        bound = Action.search([("code", "=", LETTERS_CODE)]).binding_model_id
        missing = rows.filtered(lambda row: row.model_id not in bound)
        if not missing or not group:
            return
        actions = Action.create(
            [
                {
                    "name": "Write to them: bulk letters",
                    "model_id": row.model_id.id,
                    "binding_model_id": row.model_id.id,
                    "binding_view_types": "list",
                    "group_ids": [Command.link(group.id)],
                    "state": "code",
                    "code": LETTERS_CODE,
                }
                for row in missing
            ]
        )
        like = self.env.ref(
            "gck_escritos.action_gck_escrito_envio_partner", raise_if_not_found=False
        )
        if like:
            # sudo: the name of an action, for another of the same kind.
            like = like.sudo()
            for lang, _name in self.env["res.lang"].get_installed():
                actions.with_context(lang=lang).name = like.with_context(lang=lang).name
