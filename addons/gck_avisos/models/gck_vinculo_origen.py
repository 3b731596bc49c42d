from odoo import api, models
from odoo.tools import groupby

from .gck_accion import ID_FACTOR


class GckVinculo(models.Model):
    """Which actions links are about, and the links that new actions get (M-38)."""

    _inherit = "gck.vinculo"

    @api.model
    def _link_spawned(self, records):
        """Link new actions with what they were generated from (M-38).

        The origin comes in the context as ``gck_origin``: the model of the new
        actions, so that nothing else created on the way is linked, and model and id
        of the origin.

        :param records: the new actions, of one model
        """
        given = self.env.context.get("gck_origin")
        if not records or not isinstance(given, list | tuple) or len(given) != 3:
            return
        model_name, res_model, res_id = given
        if model_name != records._name or res_model not in self.env:
            return
        origin = self.env[res_model].browse(res_id).exists()
        if not origin:
            return
        origin.check_access("read")
        Accion = self.env["gck.accion"]
        documents = Accion._get_document_kinds().values()
        if records._name in documents:
            self._link_generated_documents(origin, records)
        elif origin._name in documents:
            self._link(records, origin)
            self._link(records, origin, "origin")
        elif origin._name in Accion._get_kind_numbers():
            self._link_generated(origin, records)
        else:
            self._link(records, origin)

    @api.model
    def _link_generated(self, origin, records):
        """Link actions with the action that they came from, and with its documents.

        :param origin: one action
        :param records: the new actions; those that hang from it need no link
        """
        structure = self.env["gck.accion"]._get_structure(records._name)
        loose = records.filtered(
            lambda record: origin not in [record[name] for name in structure]
        )
        if not loose:
            return
        self._link(loose, origin, "origin")
        if origin._name in self._get_origin_models():
            for res_model, links in groupby(
                self._get_of_origins(origin), lambda link: link.res_model
            ):
                if res_model in self.env:
                    documents = self.env[res_model].browse(
                        link.res_id for link in links
                    )
                    self._link(loose, documents.exists()._filtered_access("read"))

    @api.model
    def _link_generated_documents(self, origin, documents):
        """Give an action the documents that were generated from it.

        A document that came from another document only names it as its source.
        """
        if origin._name in self._get_origin_models():
            # sudo: the action, which the user may read, may be closed or somebody
            # else's: what came of it is on record all the same.
            self.sudo()._link(origin, documents)

    def _get_origin_places(self):
        """Return the action that each link is about as ``{link: (model name, id)}``.

        What an intervention has is its task's, or its notice's, if it has one.
        """
        ids = {
            link.origin_id for link in self if link.origin_model == "gck.intervencion"
        }
        # sudo: only which actions; what is out of reach is not shown.
        intervenciones = self.env["gck.intervencion"].sudo().browse(ids).exists()
        actions = {
            intervencion.id: intervencion.tarea_id or intervencion.aviso_id
            for intervencion in intervenciones
        }
        places = {}
        for link in self:
            places[link] = (link.origin_model, link.origin_id)
            if link.origin_model == "gck.intervencion":
                action = actions.get(link.origin_id)
                if action:
                    places[link] = (action._name, action.id)
        return places

    def _get_accion_ids(self):
        """Return the ids in the union of the actions that these links are about."""
        numbers = self.env["gck.accion"]._get_kind_numbers()
        return [
            record_id * ID_FACTOR + numbers[model_name]
            for model_name, record_id in self._get_origin_places().values()
            if model_name in numbers
        ]
