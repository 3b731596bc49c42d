from odoo import api, models
from odoo.tools import groupby


class GckAccionDocumentosMixin(models.AbstractModel):
    """The documents of the actions of a family, for the cycle (M-39)."""

    _name = "gck.accion.documentos.mixin"
    _description = "Documents of a family of actions"

    @api.model
    def _add_documents(self, family):
        """Name below each action the documents that are linked to it.

        :param list family: nodes of ``get_family``; those that have documents get
            ``documents``, a list of dicts ``res_model``, ``res_id`` and ``name``,
            of what the user may read; what is in the family itself is not repeated
        """
        family_keys = {node["key"] for node in family}
        nodes = {
            (node["res_model"], node["res_id"]): node
            for node in family
            if node["readable"]
        }
        carriers = self.env["gck.vinculo"]._get_origin_models()
        links = self.env["gck.vinculo"]._get_of_origins(
            *(
                self.env[model_name].browse(record_id for _name, record_id in group)
                for model_name, group in groupby(nodes, lambda key: key[0])
                if model_name in carriers
            )
        )
        for model_name, group in groupby(links, lambda link: link.res_model):
            if model_name not in self.env:
                continue
            documents = self.env[model_name].browse({link.res_id for link in group})
            names = {
                document.id: document.display_name
                for document in documents.exists()._filtered_access("read")
            }
            for link in group:
                key = f"{model_name},{link.res_id}"
                if link.res_id in names and key not in family_keys:
                    node = nodes[link.origin_model, link.origin_id]
                    node.setdefault("documents", []).append(
                        {
                            "res_model": model_name,
                            "res_id": link.res_id,
                            "name": names[link.res_id],
                        }
                    )
