from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import groupby


class GckReclamacionDocumentoMixin(models.AbstractModel):
    """Where the problem was seen: the document a claim is raised from (O-3…O-5).

    Part of ``gck.reclamacion``, whose fields it reads.
    """

    _name = "gck.reclamacion.documento.mixin"
    _description = "Origin document of a claim"

    documento_model = fields.Char(string="Model of the origin document")
    documento_id = fields.Many2oneReference(
        string="Id of the origin document", model_field="documento_model"
    )
    documento_name = fields.Char(
        string="Origin document",
        compute="_compute_documento_name",
        store=True,
        precompute=True,
        help="The document where the problem was seen. Its name stays if it goes.",
    )
    documento_cancelled = fields.Boolean(compute="_compute_documento_cancelled")
    _documento_idx = models.Index(
        "(documento_model, documento_id) WHERE documento_id IS NOT NULL"
    )

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.depends("documento_model", "documento_id")
    def _compute_documento_name(self):
        """Keep the name of the document, also after it is deleted."""
        # sudo: how the origin is called is part of the claim.
        documents = self.sudo()._get_documentos()

        def get_name(reclamacion):
            if reclamacion in documents:
                return documents[reclamacion].display_name
            return bool(reclamacion.documento_id) and reclamacion.documento_name

        self._gck_set_by_value("documento_name", get_name)

    @api.depends("documento_model", "documento_id")
    def _compute_documento_cancelled(self):
        """Tell that the origin document was cancelled or deleted after the claim."""
        # sudo: only whether it still counts is told.
        documents = self.sudo()._get_documentos()
        for reclamacion in self:
            document = documents.get(reclamacion)
            reclamacion.documento_cancelled = bool(reclamacion.documento_id) and (
                not document
                or ("state" in document._fields and document.state == "cancel")
            )

    def _get_documento(self):
        """Return the origin document, an empty recordset when there is none or it went.

        :return: one record of any model
        """
        self.ensure_one()
        return self._get_documentos().get(self, self.browse())

    def _get_documentos(self):
        """Return the origin documents that still exist, a query for each model.

        :return: ``{claim: one record of any model}``
        """
        result = {}
        originated = self.filtered(lambda r: r.documento_id and r.documento_model)
        for model_name, group in groupby(originated, lambda r: r.documento_model):
            # Clients write the name: mixins have no records.
            if model_name not in self.env or self.env[model_name]._abstract:
                continue
            ids = {reclamacion.documento_id for reclamacion in group}
            by_id = {d.id: d for d in self.env[model_name].browse(ids).exists()}
            result.update(
                (reclamacion, by_id[reclamacion.documento_id])
                for reclamacion in group
                if reclamacion.documento_id in by_id
            )
        return result

    @api.constrains("direction", "partner_id", "documento_model", "documento_id")
    def _check_documento(self):
        """Refuse a vendor claim on a customer's document, and others' documents."""
        # sudo: whether the two fit is told, nothing else of the document.
        for reclamacion, document in self.sudo()._get_documentos().items():
            if hasattr(document, "_gck_check_reclamacion"):
                document._gck_check_reclamacion(reclamacion)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create claims, linked to their origin documents and to what those carry.

        :raises AccessError: when the user may not read such a document
        :raises UserError: when such a document cannot be claimed, being cancelled, say
        """
        reclamaciones = super().create(vals_list)
        reclamaciones._check_documento_reclamable()
        reclamaciones._link_documentos()
        return reclamaciones

    def copy_data(self, default=None):
        """A copy has the origin document where whoever makes it may read that one."""
        vals_list = super().copy_data(default)
        documents = self._get_documentos()
        for reclamacion, vals in zip(self, vals_list, strict=True):
            document = documents.get(reclamacion)
            if document is not None and not document.has_access("read"):
                vals.update(documento_model=False, documento_id=False)
        return vals_list

    def write(self, vals):
        """Write values; a new origin document is checked and linked.

        :raises AccessError: when the user may not read it
        """
        result = super().write(vals)
        if {"documento_model", "documento_id"} & vals.keys():
            self._check_documento_reclamable()
            self._link_documentos()
        return result

    def _check_documento_reclamable(self):
        """Refuse documents of which nothing can be claimed when they are chosen.

        Nor those out of reach: the claim would tell how they are called and whether
        they were cancelled. What happens to them later does not touch the claim.

        :raises AccessError: when the user may not read the document
        :raises UserError: when the document takes none
        """
        for _name, group in groupby(self._get_documentos().values(), lambda d: d._name):
            group[0].union(*group).check_access("read")
        # sudo: only whether the document can be claimed is told.
        for document in set(self.sudo()._get_documentos().values()):
            if hasattr(document, "_gck_check_reclamable"):
                document._gck_check_reclamable()

    def _link_documentos(self):
        """Link claims to their document and to those it belongs to (O-16…O-19).

        So that the order shows what was claimed from its receipts.
        """
        documents = self._get_documentos()
        readable = {
            document
            for _name, group in groupby(documents.values(), lambda d: d._name)
            for document in group[0].union(*group)._filtered_access("read")
        }
        related = {
            document: [document, *document._gck_get_reclamacion_documents()]
            if hasattr(document, "_gck_get_reclamacion_documents")
            else [document]
            for document in readable
        }
        pairs = [
            (reclamacion, carried)
            for reclamacion, document in documents.items()
            for records in related.get(document, ())
            for carried in records
        ]
        for _name, group in groupby(pairs, lambda pair: pair[1]._name):
            self.env["gck.vinculo"]._link_pairs(group)

    @api.model
    def _get_linked(self, documents, relation="document"):
        """Return the claims that documents of one model have, those within reach.

        Nothing, and no error, for whoever has no rights on claims.

        :param documents: records of one model
        :param str relation: what the documents are to the claims
        :return: ``{document id: set of claim ids}``
        """
        if not documents.ids or not self.has_access("read"):
            return {}
        links = (
            self.env["gck.vinculo"]
            # sudo: only which claims; those out of reach drop out below.
            .sudo()
            .search(
                [
                    ("origin_model", "=", "gck.reclamacion"),
                    ("res_model", "=", documents._name),
                    ("res_id", "in", documents.ids),
                    ("relation", "=", relation),
                ]
            )
        )
        readable = set(self.search([("id", "in", links.mapped("origin_id"))]).ids)
        return {
            document_id: {link.origin_id for link in group} & readable
            for document_id, group in groupby(links, lambda link: link.res_id)
        }

    @api.model
    def _get_linked_action(self, ids, context):
        """Return the action that opens claims as a list, or the only one as a form.

        :param ids: of claims
        :param dict context: with what a new one is filled with
        """
        action = self._get_list_action([("id", "in", sorted(ids))], context)
        if len(ids) == 1:
            action.update(views=[(False, "form")], res_id=next(iter(ids)))
        return action

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_view_documento(self):
        """Open the origin document.

        :raises UserError: when it was deleted meanwhile
        """
        self.ensure_one()
        document = self._get_documento()
        if not document:
            raise UserError(
                self.env._("The origin document was deleted. The claim stays.")
            )
        return document._get_records_action()

    # ------------------------------------------------------------
    # Generating
    # ------------------------------------------------------------

    @api.model
    def _gck_prepare_spawned_vals(self, values):
        """Return the values of a claim raised from a record (O-3…O-5, K-6).

        A document fills what it knows, its lines included; a notice hands over what
        was said; a claim raised from another, such as a nonconformity, keeps it as
        its origin (O-25). Where nothing says the direction, the partner does.
        """
        vals = super()._gck_prepare_spawned_vals(values)
        origin = values.get("origin")
        if hasattr(origin, "_gck_check_reclamable"):
            origin._gck_check_reclamable()
        if hasattr(origin, "_gck_prepare_reclamacion_vals"):
            vals = {**vals, **origin._gck_prepare_reclamacion_vals()}
        if vals.get("partner_id") and "direction" not in vals:
            partner = self.env["res.partner"].browse(vals["partner_id"])
            vals["direction"] = self._propose_direction(partner)
        return vals

    def _gck_prepare_reclamacion_vals(self):
        """Return what a claim raised from this one takes from it (O-25)."""
        self.ensure_one()
        vals = {
            "parent_id": self.id,
            "direction": self.direction,
            "categoria_id": self.categoria_id.id,
            "severity": self.severity,
            "description": self.description,
            "linea_ids": [
                (0, 0, line_vals) for line_vals in self.linea_ids.copy_data()
            ],
        }
        if self.clase != "nonconformity":
            vals["clase"] = "nonconformity"
        return vals
