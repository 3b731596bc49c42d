from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, groupby


class GckVinculo(models.Model):
    """The link of an action with a document of the ERP, or with its origin.

    Documents are linked at any step (K-3, K-15, K-41). An action that was generated
    from another keeps a link to it (M-38), of which the cycle is made (M-39).

    A link is seen by whoever sees its action and made or removed by whoever may
    change it; the document keeps its own rights and is never deleted with it.
    """

    _name = "gck.vinculo"
    _description = "Link of an action with a document"
    _order = "id"

    origin_model = fields.Char(string="Action model", required=True)
    origin_id = fields.Many2oneReference(
        string="Action", model_field="origin_model", required=True
    )
    res_model = fields.Char(string="Document model", required=True)
    res_id = fields.Many2oneReference(
        string="Document id", model_field="res_model", required=True
    )
    relation = fields.Selection(
        selection=[("document", "Document"), ("origin", "Generated from")],
        default="document",
        required=True,
        help="Whether the action has the document, or was generated from it.",
    )
    document_ref = fields.Reference(
        selection="_selection_document_ref",
        string="Document",
        compute="_compute_document",
    )
    document_name = fields.Char(string="Name", compute="_compute_document")
    document_type = fields.Char(string="Type", compute="_compute_document")
    document_state = fields.Char(string="Status", compute="_compute_document")
    can_send = fields.Boolean(
        compute="_compute_can_send",
        help="Whether the document can be mailed for the task that it is linked to.",
    )

    _link_uniq = models.UniqueIndex(
        "(origin_model, origin_id, res_model, res_id, relation)",
        "This document is already linked.",
    )
    _document_idx = models.Index("(res_model, res_id)")

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.model
    def _selection_document_ref(self):
        return [*self.env["gck.vinculo.modelo"]._get_labels().items()]

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_document(self):
        """Name each document; one that is gone or out of reach breaks nothing."""
        offered = self.env["gck.vinculo.modelo"]._get_labels()
        for model_name, links in groupby(self, lambda link: link.res_model):
            existing, readable = set(), {}
            if model_name in self.env:
                res_ids = {link.res_id for link in links}
                documents = self.env[model_name].browse(res_ids).exists()
                existing = set(documents.ids)
                readable = {
                    document.id: document
                    for document in documents._filtered_access("read")
                }
            document_type = (
                offered.get(model_name)
                or self.env["ir.model"]._get(model_name).name
                or model_name
            )
            for link in links:
                document = readable.get(link.res_id)
                link.document_type = document_type
                link.document_ref = document if model_name in offered else False
                link.document_state = self._get_document_state(document)
                if document:
                    link.document_name = document.display_name
                elif link.res_id in existing:
                    link.document_name = self.env._("(no access)")
                else:
                    link.document_name = self.env._("(deleted)")

    @api.depends("origin_model", "res_model")
    @api.depends_context("gck_tarea_id")
    def _compute_can_send(self):
        for link in self:
            link.can_send = (
                bool(link._get_tarea_id())
                and link.res_model in self.env
                and isinstance(
                    self.env[link.res_model], self.env.registry["mail.thread"]
                )
            )

    @api.model
    def _get_document_state(self, document):
        """Return the label of a document's own state, when it has one."""
        field = document is not None and document._fields.get("state")
        if not field or field.type != "selection" or not document.state:
            return False
        return dict(field._description_selection(self.env)).get(document.state)

    # ------------------------------------------------------------
    # Access: that of the action
    # ------------------------------------------------------------

    @api.model
    def _get_origin_models(self):
        """Return the names of the models whose records carry links."""
        return ["gck.aviso", "gck.tarea", "gck.intervencion", "calendar.event"]

    @api.model
    def _get_origin_domain(self, model_name):
        """Return the domain of the actions of a model whose links may be seen.

        :param str model_name: one of ``_get_origin_models``
        """
        model = self.env[model_name]
        if model_name == "calendar.event":
            # Of a colleague's private appointment only the hours are known.
            return model._gck_get_visible_domain()
        return Domain.TRUE

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        domain = Domain(domain)
        if not (self.env.su or bypass_access):
            domain &= Domain.OR(
                Domain("origin_model", "=", name)
                & Domain(
                    "origin_id",
                    "in",
                    self.env[name]._search(self._get_origin_domain(name)),
                )
                for name in self._get_origin_models()
                if self.env[name].has_access("read")
            )
        return super()._search(
            domain,
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self:
            return result
        forbidden = self._filter_forbidden("read" if operation == "read" else "write")
        if not forbidden:
            return result
        if result:
            forbidden |= result[0]
        return forbidden, lambda: AccessError(
            self.env._("Links belong to actions that you cannot see or change.")
        )

    def _filter_forbidden(self, operation):
        """Return the links whose action the user may not read or write."""
        forbidden = self.browse()
        # sudo: only the two columns that say which action a link belongs to.
        for model_name, links in groupby(self.sudo(), lambda link: link.origin_model):
            links = self.browse(link.id for link in links)
            if model_name not in self._get_origin_models():
                forbidden |= links
                continue
            origins = self.env[model_name].search(
                Domain("id", "in", links.sudo().mapped("origin_id"))
                & self._get_origin_domain(model_name)
            )
            allowed = set(origins._filtered_access(operation)._ids)
            forbidden |= links.filtered(
                lambda link, allowed=allowed: link.sudo().origin_id not in allowed
            )
        return forbidden

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Link documents that the user sees to actions that are open."""
        links = super().create(vals_list)
        if not self.env.su:
            links._check_origin_open()
        for model_name, group in groupby(links, lambda link: link.res_model):
            if model_name not in self.env:
                raise UserError(self.env._("Choose a document to link."))
            self.env[model_name].browse(link.res_id for link in group).check_access(
                "read"
            )
        return links

    def write(self, vals):
        """Refuse to move a link: what it joins is chosen when it is made."""
        if not self.env.su and not self._get_fixed_fields().isdisjoint(vals):
            raise UserError(
                self.env._("A link is not changed: remove it and make another.")
            )
        return super().write(vals)

    @api.model
    def _get_fixed_fields(self):
        return {"origin_model", "origin_id", "res_model", "res_id", "relation"}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed_origin(self):
        # As superuser they go with what they joined, which is gone (see _unlink_of).
        if not self.env.su:
            self._check_origin_open()

    def _check_origin_open(self):
        """:raises UserError: naming the closed actions, whose links are kept"""
        for model_name, links in groupby(self, lambda link: link.origin_model):
            # sudo: only the state and the number of the action are read.
            origins = (
                self.env[model_name].sudo().browse(link.origin_id for link in links)
            )
            if getattr(origins, "_accion_locks_links", False):
                closed = origins.exists().filtered("is_locked")
                if closed:
                    raise UserError(closed._get_locked_refusal(closed))

    # ------------------------------------------------------------
    # Business
    # ------------------------------------------------------------

    @api.model
    def _link(self, origins, documents, relation="document"):
        """Link every action with every document; links that exist are kept.

        :param origins: actions of one model
        :param documents: documents of one model
        :param str relation: what the documents are to the actions
        :return: the new links
        :raises AccessError: when the user may not read a document
        """
        return self._link_pairs(
            [(origin, document) for origin in origins for document in documents],
            relation,
        )

    @api.model
    def _link_pairs(self, pairs, relation="document"):
        """Link each action with its own document; links that exist are kept.

        :param pairs: of one action and one document, of one model each
        :param str relation: what the documents are to the actions
        :return: the new links
        :raises AccessError: when the user may not read a document
        """
        if not pairs:
            return self.browse()
        origin_model, res_model = (record._name for record in pairs[0])
        wanted = dict.fromkeys((origin.id, document.id) for origin, document in pairs)
        origin_ids, res_ids = map(set, zip(*wanted, strict=True))
        known = {
            (link.origin_id, link.res_id)
            for link in self.search(
                [
                    ("origin_model", "=", origin_model),
                    ("origin_id", "in", origin_ids),
                    ("res_model", "=", res_model),
                    ("res_id", "in", res_ids),
                    ("relation", "=", relation),
                ]
            )
        }
        return self.create(
            [
                {
                    "origin_model": origin_model,
                    "origin_id": origin_id,
                    "res_model": res_model,
                    "res_id": res_id,
                    "relation": relation,
                }
                for origin_id, res_id in wanted
                if (origin_id, res_id) not in known
            ]
        )

    @api.model
    def _get_of_origins(self, *origins):
        """Return the documents of actions, of those that the user may read.

        A plain search would weigh every action of the user for a handful of links.

        :param origins: actions, one recordset for each model
        """
        # sudo: the access of a link is that of its action, which was just checked.
        links = self.sudo().search(
            Domain("relation", "=", "document")
            & Domain.OR(
                Domain("origin_model", "=", records._name)
                & Domain("origin_id", "in", records._filtered_access("read").ids)
                for records in (group.browse(group.ids) for group in origins)
            )
        )
        return links.sudo(self.env.su)

    @api.model
    def _unlink_of(self, records):
        """Remove every link of records that have just been deleted.

        Those that they carried, as documents or as what they were generated from, and
        those by which others had them.

        :param records: of one model, deleted by somebody who might
        """
        # sudo: the records, which gave rights on their links, are gone; what others
        # had of them is no more a document, whoever may change those others.
        self.sudo().search(
            Domain("origin_model", "=", records._name)
            & Domain("origin_id", "in", records.ids)
            | Domain("res_model", "=", records._name)
            & Domain("res_id", "in", records.ids)
        ).unlink()

    @api.model
    def _get_avisos_by_document(self, documents):
        """Return the notices that documents are linked to, directly or by their work.

        :param documents: documents of one model
        :return: ``{document id: set of notice ids}``, those that the user may read
        """
        links = self.search(
            [
                ("res_model", "=", documents._name),
                ("res_id", "in", documents.ids),
                ("relation", "=", "document"),
            ]
        )
        aviso_by_origin = {}
        # What is no notice nor hangs from one, as an appointment, leads to none.
        carriers = [
            name
            for name in self._get_origin_models()
            if name == "gck.aviso" or "aviso_id" in self.env[name]._fields
        ]
        links = links.filtered(lambda link: link.origin_model in carriers)
        for model_name, group in groupby(links, lambda link: link.origin_model):
            for origin in self.env[model_name].browse(link.origin_id for link in group):
                aviso = origin if model_name == "gck.aviso" else origin.aviso_id
                aviso_by_origin[model_name, origin.id] = aviso.id
        # A task may be within the user's reach and its notice not.
        readable = set(
            self.env["gck.aviso"]
            .search([("id", "in", [*aviso_by_origin.values()])])
            .ids
        )
        result = {}
        for link in links:
            aviso_id = aviso_by_origin[link.origin_model, link.origin_id]
            if aviso_id in readable:
                result.setdefault(link.res_id, set()).add(aviso_id)
        return result

    def action_open(self):
        """Open the linked document."""
        self.ensure_one()
        return self._get_document()._get_records_action()

    def action_send(self):
        """Mail the document; the task logs it as an intervention (K-40).

        :return: the action of the composer
        """
        self.ensure_one()
        document = self._get_document()
        action = self._get_send_action(document)
        context = {**action.get("context", {}), "gck_tarea_id": self._get_tarea_id()}
        return {**action, "context": context}

    def _get_tarea_id(self):
        """Return the id of the task for which the document is mailed, if any.

        That of the form on which the link is shown (``gck_tarea_id`` in the context:
        a task shows the documents of its notice too), else the one it was made on.
        """
        self.ensure_one()
        if self.origin_model == "gck.tarea":
            return self.origin_id
        return self.env.context.get("gck_tarea_id")

    def _find(self, res_model, res_id):
        """Return the links of a document among these."""
        return self.filtered(
            lambda link: link.res_model == res_model and link.res_id == res_id
        )

    @api.model
    def _get_send_action(self, document):
        """Return the composer on a document; an app's glue returns the app's own."""
        partners = document._mail_get_partners()[document.id]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send e-mail"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": document._name,
                "default_res_ids": document.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": partners.ids,
            },
        }

    def action_unlink(self):
        """Remove the link; the document stays (K-41)."""
        self.unlink()
        return True

    def _get_document(self):
        """Return the linked document.

        :raises UserError: when it is gone
        :raises AccessError: when the user may not read it
        """
        self.ensure_one()
        document = self.env["base"]
        if self.res_model in self.env:
            document = self.env[self.res_model].browse(self.res_id).exists()
        if not document:
            raise UserError(
                self.env._("The document has been deleted. Remove the link.")
            )
        document.check_access("read")
        return document

    @api.autovacuum
    def _gc_dead_links(self):
        """Drop the links whose action or document is gone.

        Those to a model without a table, which nothing offers, are left alone.
        """
        for field_model, field_id in (
            ("origin_model", "origin_id"),
            ("res_model", "res_id"),
        ):
            for (model_name,) in self.env.execute_query(
                SQL("SELECT DISTINCT %s FROM gck_vinculo", SQL.identifier(field_model))
            ):
                dead = SQL("TRUE")
                if model_name in self.env and not self.env[model_name]._abstract:
                    if not self.env["gck.vinculo.modelo"]._has_table(model_name):
                        continue
                    dead = SQL(
                        "NOT EXISTS ("
                        "SELECT 1 FROM %s doc WHERE doc.id = gck_vinculo.%s)",
                        SQL.identifier(self.env[model_name]._table),
                        SQL.identifier(field_id),
                    )
                self.env.execute_query(
                    SQL(
                        "DELETE FROM gck_vinculo WHERE %s = %s AND %s RETURNING id",
                        SQL.identifier(field_model),
                        model_name,
                        dead,
                    )
                )
