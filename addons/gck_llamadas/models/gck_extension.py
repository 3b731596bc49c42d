from odoo import api, fields, models

from odoo.addons.gck_avisos.models.gck_asignable_mixin import STAFF_DOMAIN


class GckExtension(models.Model):
    """Whose telephone an extension of an exchange is (O-47)."""

    _name = "gck.extension"
    _description = "Telephone extension"
    _rec_name = "number"
    _order = "centralita_id, number, id"
    _check_company_auto = True

    centralita_id = fields.Many2one(
        "gck.centralita",
        string="Exchange",
        required=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="centralita_id.company_id", store=True)
    number = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users",
        domain=STAFF_DOMAIN,
        check_company=True,
        index="btree_not_null",
        help="Gets the calls of the extension. Empty: of nobody in particular, as a "
        "meeting room.",
    )
    note = fields.Char(help="Where it is, or which group it belongs to.")

    _number_uniq = models.UniqueIndex(
        "(centralita_id, number)", "The exchange has this extension already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create extensions; the calls they had before are theirs from now on."""
        extensions = super().create([self._clean_number(vals) for vals in vals_list])
        extensions._claim_llamadas()
        return extensions

    def write(self, vals):
        """Write values; a user gets the calls that were nobody's."""
        result = super().write(self._clean_number(vals))
        if {"user_id", "number"} & vals.keys():
            self._claim_llamadas()
        return result

    @api.model
    def _clean_number(self, vals):
        if not vals.get("number"):
            return vals
        return {**vals, "number": vals["number"].strip()}

    def _claim_llamadas(self):
        """Give the calls of unknown extensions to those who have them now."""
        # sudo: a manager of calls names the extensions; which calls are of them is a
        # fact of the exchange, whoever may read them.
        llamadas = (
            self.env["gck.llamada"]
            .sudo()
            .search(
                [
                    ("centralita_id", "in", self.centralita_id.ids),
                    ("extension", "in", self.mapped("number")),
                    ("extension_unknown", "=", True),
                ]
            )
        )
        by_place = llamadas.grouped(lambda call: (call.centralita_id, call.extension))
        for extension in self:
            place = (extension.centralita_id, extension.number)
            if place in by_place:
                by_place[place]._pbx_give_to(extension.user_id)
