from odoo import models
from odoo.fields import Domain


class GckCampanaOrigenMixin(models.AbstractModel):
    """Records from which the calls of a call list come: partners, leads…

    A model that inherits it says whom each record is called for, and may put the
    dialog ``gck.llamada.campana.generar`` into its action menu.
    """

    _name = "gck.campana.origen.mixin"
    _description = "What calls of a call list come from"
    _inherit = ["gck.bloque.mixin"]

    _gck_bulk_methods = ("_bulk_add_to_campana",)

    def _bulk_add_to_campana(self, campana_id):
        """Add a chunk to a call list; what is in it already is left as it is.

        :param int campana_id: the ``gck.llamada.campana``
        :return: ``{record: why it was left out}``
        """
        campana = self.env["gck.llamada.campana"].browse(campana_id)
        campana.check_access("write")
        return campana._add_calls(self)

    def _get_campana_call_vals(self):
        """Return ``{record: values of its call}``: whom to call and on which number."""
        raise NotImplementedError

    def _get_campana_key(self):
        """Return who is called for the record: nobody twice of one list."""
        self.ensure_one()
        return f"{self._name},{self.id}"

    def _get_campana_refusals(self):
        """Return ``{record: why it gets no call}`` of those that get none."""
        return {}

    def _get_campana_documents(self):
        """Return the records that are linked to their calls: none of those called."""
        return self.browse()

    def _get_campana_unreachable_domain(self):
        """Return the domain of the records that get no call, for want of a number."""
        return Domain.FALSE
