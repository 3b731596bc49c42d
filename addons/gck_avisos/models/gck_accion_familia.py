from odoo import api, models
from odoo.fields import Domain
from odoo.tools import groupby

# How large a family the cycle shows; beyond it nobody reads a tree.
FAMILY_MAX = 300


class GckAccionFamiliaMixin(models.AbstractModel):
    """The family of an action: what it came from and what came from it (M-39).

    Parents are the record that an action hangs from by its own structure (the notice
    of a task) and those that it was generated from (links of relation ``origin``).
    Documents that are actions themselves, such as quotations, hang from the actions
    that have them.
    """

    _name = "gck.accion.familia.mixin"
    _inherit = ["gck.accion.documentos.mixin"]
    _description = "Family of an action"

    @api.model
    def _get_cycle_action(self, record):
        """Return the client action that shows the family of a record.

        :param record: one action or document
        """
        record.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "gck_ciclo",
            "target": "new",
            "name": self.env._("Cycle of %s", record.display_name),
            "params": {"res_model": record._name, "res_id": record.id},
            # The tree needs no buttons: each row is one.
            "context": {"footer": False},
        }

    @api.model
    @api.readonly
    def get_cycle_action(self, res_model, res_id):
        """Return the client action that shows the family of a record."""
        return self._get_cycle_action(self._get_origin(res_model, res_id))

    @api.model
    @api.readonly
    def get_family(self, res_model, res_id):
        """Return the whole family of an action or document as a tree.

        :return: dict with ``nodes``, depth first, and ``truncated``
        """
        record = self._get_origin(res_model, res_id)
        start = (record._name, record.id)
        edges, truncated = self._get_family_edges(start)
        nodes = {start} | {node for edge in edges for node in edge}
        rows = self._get_family_rows(nodes)
        if start not in rows:
            rows[start] = self._get_plain_row(record)
        parent_of = self._choose_parents(edges)
        children_of = {}
        for node, parent in parent_of.items():
            children_of.setdefault(parent, []).append(node)
        result = []

        def add(node, level):
            """Add a node and what hangs from it, unless nothing of it is readable."""
            place = len(result)
            row = rows.get(node)
            result.append(
                {
                    **(row or self._get_unreadable_row(node)),
                    "key": f"{node[0]},{node[1]}",
                    "parent": level > 0 and "{},{}".format(*parent_of[node]),
                    "level": level,
                    "current": node == start,
                    "readable": bool(row),
                }
            )
            for child in sorted(children_of.get(node, ()), key=sort_key):
                add(child, level + 1)
            if not any(entry["readable"] for entry in result[place:]):
                del result[place:]

        def sort_key(node):
            row = rows.get(node)
            return (row and row["date"] or "", node)

        for root in sorted(nodes - parent_of.keys(), key=sort_key):
            add(root, 0)
        self._add_documents(result)
        return {"nodes": result, "truncated": truncated}

    @api.model
    def _get_family_edges(self, start):
        """Return every edge of the family, found level by level.

        :param start: ``(model name, id)``
        :return: ``({(parent, child)}, whether it was cut short)``
        """
        documents = set(self._get_document_kinds().values())
        edges, seen, frontier = set(), {start}, {start}
        while frontier:
            found = self._get_edges(frontier)
            edges |= found
            fresh = {node for edge in found for node in edge} - seen
            if len(seen) + len(fresh) > FAMILY_MAX:
                kept = set(sorted(fresh)[: FAMILY_MAX - len(seen)]) | seen
                return {edge for edge in edges if kept.issuperset(edge)}, True
            seen |= fresh
            # One quotation may serve many notices that have nothing else in common.
            frontier = {node for node in fresh if node[0] not in documents}
        return edges, False

    @api.model
    def _get_edges(self, nodes):
        """Return the edges between some nodes and their parents and children.

        :param nodes: a set of ``(model name, id)``
        :return: a set of ``(parent, child)``
        """
        return (
            self._get_parent_edges(nodes)
            | self._get_child_edges(nodes)
            | self._get_link_edges(nodes)
        )

    @api.model
    def _get_parent_edges(self, nodes):
        """Return the edges from the actions that some nodes hang from to them."""
        edges = set()
        for model_name, ids in self._group_nodes(nodes):
            # sudo: who hangs from whom; rows out of reach are not shown.
            records = self.env[model_name].sudo().browse(ids).exists()
            edges |= self._get_structure_edges(records)
        return edges

    @api.model
    def _get_child_edges(self, nodes):
        """Return the edges from some nodes to what hangs from them."""
        edges = set()
        for model_name in self._get_kind_numbers():
            for name in self._get_structure(model_name):
                comodel = self.env[model_name]._fields[name].comodel_name
                ids = [node_id for parent, node_id in nodes if parent == comodel]
                if ids:
                    # sudo: as for the parents.
                    children = self.env[model_name].sudo().search([(name, "in", ids)])
                    edges |= self._get_structure_edges(children)
        return edges

    @api.model
    def _get_structure_edges(self, records):
        """Return the edges from the parents of records of one kind to them.

        Of an intervention the parent is its task, which hangs from the notice.
        """
        edges = set()
        for record in records:
            parents = (record[name] for name in self._get_structure(record._name))
            parent = next(filter(None, parents), None)
            if parent:
                edges.add(((parent._name, parent.id), (record._name, record.id)))
        return edges

    @api.model
    def _get_structure(self, model_name):
        """Return the fields that hold the action from which one of a kind hangs."""
        kinds = self._get_kind_numbers()
        fields_ = self.env[model_name]._fields
        return [
            name
            for name in getattr(self.env[model_name], "_parent_fields", ())
            if fields_[name].comodel_name in kinds
        ]

    @api.model
    def _get_link_edges(self, nodes):
        """Return the edges that the links of some nodes make.

        What was generated hangs from its origin, and a document that is an action
        from the actions that have it, unless they were generated from it.
        """
        if not nodes:
            return set()
        relevant = Domain("relation", "=", "origin") | Domain(
            "res_model", "in", list(self._get_document_kinds().values())
        )
        # sudo: as for the parents.
        links = (
            self.env["gck.vinculo"]
            .sudo()
            .search(self._get_link_domain(nodes) & relevant)
        )
        kinds = self._get_kind_numbers()
        place_of = links._get_origin_places()
        origins, documents = set(), set()
        for link in links:
            document = (link.res_model, link.res_id)
            if link.relation == "origin":
                origins.add((document, (link.origin_model, link.origin_id)))
            elif place_of[link][0] in kinds:
                documents.add((place_of[link], document))
        return origins | {edge for edge in documents if edge[::-1] not in origins}

    @api.model
    def _get_link_domain(self, nodes):
        """Return the domain of the links of some nodes and of their interventions."""
        groups = self._group_nodes(nodes)
        ids_by_model = dict(groups)
        # sudo: as for the parents.
        intervenciones = (
            self.env["gck.intervencion"]
            .sudo()
            ._search(
                Domain("tarea_id", "in", ids_by_model.get("gck.tarea", []))
                | Domain("aviso_id", "in", ids_by_model.get("gck.aviso", []))
            )
        )
        sides = [
            ("origin", "gck.intervencion", intervenciones),
            *((side, *group) for side in ("origin", "res") for group in groups),
        ]
        return Domain.OR(
            Domain(f"{side}_model", "=", model_name) & Domain(f"{side}_id", "in", ids)
            for side, model_name, ids in sides
        )

    @api.model
    def _group_nodes(self, nodes):
        """Return ``[(model name, ids)]`` of nodes whose model is installed."""
        return [
            (model_name, sorted(record_id for _name, record_id in group))
            for model_name, group in groupby(sorted(nodes), lambda node: node[0])
            if model_name in self.env
        ]

    @api.model
    def _choose_parents(self, edges):
        """Return ``{child: parent}``: one parent for each, and no circle.

        Of several parents the structural one is found in the older record.
        """
        parent_of = {}
        for parent, child in sorted(edges):
            ancestor = parent
            while ancestor is not None and ancestor != child:
                ancestor = parent_of.get(ancestor)
            if ancestor is None:
                parent_of.setdefault(child, parent)
        return parent_of

    @api.model
    def _get_family_rows(self, nodes):
        """Return the rows of the nodes that the user may read."""
        ids = [self._get_accion_id(*node) for node in nodes]
        readable = self.search([("id", "in", list(filter(None, ids)))])
        return {(row["res_model"], row["res_id"]): row for row in readable._to_rows()}

    @api.model
    def _get_plain_row(self, record):
        """Return the row of a document, which is no action of its own."""
        return {
            **self._get_unreadable_row((record._name, record.id)),
            "kind_name": self.env["ir.model"]._get(record._name).name,
            "icon": "fa-file-text-o",
            "subject": record.display_name,
        }

    @api.model
    def _get_unreadable_row(self, node):
        """Return the row of a node that links others and that the user cannot see."""
        return {
            **dict.fromkeys(
                [
                    "id",
                    "kind",
                    "kind_name",
                    "name",
                    "subject",
                    "partner",
                    "user",
                    "date",
                    "date_deadline",
                    "date_done",
                    "accion_state",
                    "state_label",
                    "is_late",
                ],
                False,
            ),
            "icon": "fa-lock",
            "res_model": node[0],
            "res_id": node[1],
            "late_days": 0,
            "priority": "0",
        }
