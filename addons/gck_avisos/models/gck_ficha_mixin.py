from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL


class GckFichaMixin(models.AbstractModel):
    """A record whose form is read with few queries.

    A form shows several lists, counts and people; Odoo asks PostgreSQL for each by
    itself, which takes longer than to find them.
    """

    _name = "gck.ficha.mixin"
    _description = "GCK record read with few queries"

    # ------------------------------------------------------------
    # Lists
    # ------------------------------------------------------------

    def _fetch_query(self, query, fields):
        """Fetch fields; all lists of the records in one query."""
        lists = [field for field in fields if self._gck_is_plain_list(field)]
        if len(lists) < 2:
            return super()._fetch_query(query, fields)
        others = [field for field in fields if field not in lists]
        fetched = super()._fetch_query(query, others)
        if fetched:
            fetched._gck_read_lists(lists)
        return fetched

    @api.model
    def _gck_is_plain_list(self, field):
        """Tell whether a field is a list that is read as any other."""
        if type(field) not in (fields.One2many, fields.Many2many):
            return False
        comodel = self.env[field.comodel_name]
        if type(comodel)._search is not models.BaseModel._search:
            return False
        return (
            field.type == "many2many"
            or comodel._fields[field.inverse_name].type == "many2one"
        )

    def _gck_read_lists(self, lists):
        """Put the lines of several lists into the cache, as each field would.

        :param lists: fields for which ``_gck_is_plain_list`` is true
        """
        selects = []
        for position, field in enumerate(lists):
            try:
                select = self._gck_get_list_select(field)
            except AccessError:
                # Says which field it was.
                field.read(self)
                raise
            selects.append(
                SQL(
                    "SELECT %s AS list, record, line, row_number() OVER () AS position"
                    " FROM (%s) AS lines (record, line)",
                    position,
                    select,
                )
            )
        rows = self.env.execute_query(SQL(" UNION ALL ").join(selects))
        lines = defaultdict(list)
        for position, record_id, line_id, _order in sorted(rows, key=lambda r: r[3]):
            lines[position, record_id].append(line_id)
        for position, field in enumerate(lists):
            field._insert_cache(
                self, [tuple(lines[position, record_id]) for record_id in self._ids]
            )

    def _gck_get_list_select(self, field):
        """Return the query for the lines of a list, in order, that the user may see.

        :return: an ``SQL`` with the id of the record and that of the line
        """
        comodel = self.env[field.comodel_name].with_context(
            **{"active_test": False, **field.context}
        )
        domain = field.get_comodel_domain(self)
        if field.type == "one2many":
            query = comodel._search(
                domain & Domain(field.inverse_name, "in", self.ids),
                order=comodel._order,
            )
            record = comodel._field_to_sql(comodel._table, field.inverse_name, query)
        else:
            query = comodel._search(domain, order=comodel._order)
            record = SQL.identifier(field.relation, field.column1)
            query.add_join(
                "JOIN",
                field.relation,
                None,
                SQL(
                    "%s = %s",
                    SQL.identifier(field.relation, field.column2),
                    SQL.identifier(comodel._table, "id"),
                ),
            )
            query.add_where(SQL("%s IN %s", record, tuple(self.ids)))
        return query.select(record, SQL.identifier(comodel._table, "id"))

    # ------------------------------------------------------------
    # Counts
    # ------------------------------------------------------------

    @api.model
    def _gck_get_counted(self):
        """Return what ``_gck_compute_counts`` counts.

        :return: ``{name of the count: (model, its many2one to these records)}``
        """
        return {}

    def _gck_compute_counts(self):
        """Set the counts of what hangs from these records, in one query.

        Of what the user may see; zero where the user has no right on a model.
        """
        counted = self._gck_get_counted()
        selects = []
        for name, (model_name, inverse) in counted.items():
            model = self.env[model_name]
            if not self.ids or not model.has_access("read"):
                continue
            query = model._search([(inverse, "in", self.ids)])
            record = model._field_to_sql(model._table, inverse, query)
            query.groupby = record
            selects.append(query.select(SQL("%s", name), record, SQL("COUNT(*)")))
        counts = {}
        if selects:
            rows = self.env.execute_query(SQL(" UNION ALL ").join(selects))
            counts = {(name, record_id): count for name, record_id, count in rows}
        for name in counted:
            for record in self:
                record[name] = counts.get((name, record._origin.id), 0)

    # ------------------------------------------------------------
    # People
    # ------------------------------------------------------------

    def web_read(self, specification):
        """Read what the client asks for; of a form, everybody's names together."""
        if len(self) == 1:
            self._gck_fetch_people(specification)
        return super().web_read(specification)

    def _gck_fetch_people(self, specification):
        """Fetch the people that a view names, instead of one after another.

        :param dict specification: what the client reads
        """
        names = defaultdict(list)
        for name, spec in specification.items():
            field = self._fields.get(name)
            if field and field.type == "many2one" and spec.get("fields"):
                names[field.comodel_name].append(name)
        if not names["res.users"]:
            return
        self.fetch(list(specification))
        # sudo: their names are part of what is read, as for any many2one.
        trusted = self.sudo()
        users = self.env["res.users"].sudo()
        users = users.union(*(trusted[name] for name in names["res.users"]))
        users.fetch()
        partners = users.partner_id.union(
            *(trusted[name] for name in names["res.partner"])
        )
        partners.fetch()
