from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, groupby

from .gck_bloque_mixin import get_active_ids_limit

# The id of an action is the id of its record times this, plus the number of its kind.
ID_FACTOR = 32

# Columns of the union with their types: every branch gives exactly these, or
# PostgreSQL stops to see through the union to the indexes of the sources.
COLUMNS = {
    "id": "bigint",
    "kind": "varchar",
    "kind_id": "integer",
    "res_model": "varchar",
    "res_id": "integer",
    "name": "varchar",
    "subject": "varchar",
    "partner_id": "integer",
    "commercial_partner_id": "integer",
    "contact_id": "integer",
    "user_id": "integer",
    "requester_id": "integer",
    "department_id": "integer",
    "company_id": "integer",
    "date": "timestamp",
    "date_deadline": "timestamp",
    "date_done": "timestamp",
    "accion_state": "varchar",
    "priority": "varchar",
}


class GckAccion(models.Model):
    """Every action of every kind, one row each, read-only (M-14, M-20, M-74).

    The table is a flat UNION ALL of the sources. An addon brings its kind by
    inheriting ``gck.accion.mixin`` with ``_accion_kind`` (or ``_accion_kind_field``,
    where one model gives several kinds) and ``_accion_number``; for a document of
    another app, ``gck.documento.accion.mixin``; and for any other model by
    extending ``_get_selects``, ``_get_kind_models`` and ``_get_kind_numbers``. Each
    branch carries the access rules of its source, so that nobody sees here what they
    could not open there.
    """

    _name = "gck.accion"
    _description = "Action"
    _inherit = [
        "gck.atraso.mixin",
        "gck.accion.familia.mixin",
        "gck.accion.inicio.mixin",
        "gck.accion.web.mixin",
        "gck.accion.lista.mixin",
    ]
    _auto = False
    _order = "date_deadline, id"
    _rec_names_search = ["name", "subject"]

    kind = fields.Char(string="Code of the kind", readonly=True)
    kind_id = fields.Many2one("gck.accion.clase", readonly=True)
    kind_icon = fields.Char(related="kind_id.icon")
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True
    )
    name = fields.Char(string="Number", readonly=True)
    subject = fields.Char(readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer or vendor", readonly=True
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Company of the partner", readonly=True
    )
    contact_id = fields.Many2one("res.partner", string="Attention of", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    requester_id = fields.Many2one("res.users", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Datetime(readonly=True)
    date_deadline = fields.Datetime(string="Deadline", readonly=True)
    date_done = fields.Datetime(string="Done on", readonly=True)
    accion_state = fields.Selection(
        selection=[
            ("pending", "Pending"),
            ("done", "Done"),
            ("cancel", "Cancelled"),
        ],
        string="Status",
        readonly=True,
    )
    priority = fields.Selection(
        selection=[("0", "Normal"), ("1", "High"), ("2", "Urgent")], readonly=True
    )
    tercero = fields.Char(
        string="For or from",
        compute="_compute_tercero",
        help="The customer or vendor, else the lead or the caller.",
    )
    late_days = fields.Integer(
        string="Days late", compute="_compute_late_days", aggregator=None
    )
    is_pending = fields.Boolean(
        string="Pending matter",
        compute="_compute_is_pending",
        search="_search_is_pending",
        help="Pending, and of a kind that the company wants among pending matters.",
    )

    # ------------------------------------------------------------
    # The union
    # ------------------------------------------------------------

    @property
    def _table_query(self):
        selects = self._get_selects() or [
            self._build_select(SQL("(SELECT) nothing"), {}, SQL("FALSE"))
        ]
        return SQL(" UNION ALL ").join(selects)

    @api.model
    def _get_selects(self):
        """Return the branches of the union; an addon adds those of its kinds.

        :return: a list of ``SQL``, each made with ``_build_kind_select``
        """
        selects = [
            self._build_kind_select(
                self.env[model_name],
                self.env[model_name]._accion_kind,
                self.env[model_name]._accion_number,
                self._get_own_columns(model_name),
            )
            # A model of several kinds is one branch.
            for model_name in dict.fromkeys(self._get_mixin_kinds().values())
            if self.env[model_name].has_access("read")
        ]
        if self.env["gck.intervencion"].has_access("read"):
            selects.append(self._build_intervencion_select())
        return selects + self._get_document_selects()

    @api.model
    def _get_document_selects(self):
        """Return the branches of the kinds that are documents, one for each state."""
        return [
            self._build_kind_select(
                self.env[model_name],
                kind,
                self.env[model_name]._accion_number,
                self.env[model_name]._gck_get_accion_columns(accion_state),
                Domain("state", "in", states),
            )
            for kind, model_name in self._get_document_kinds().items()
            if self.env[model_name].has_access("read")
            for accion_state, states in self.env[model_name]._accion_states.items()
        ]

    @api.model
    def _get_own_columns(self, model_name):
        """Return the columns that a model has under the same name."""
        names = self.env[model_name]._fields.keys() & COLUMNS.keys()
        return {name: name for name in names - {"id"}}

    @api.model
    def _build_intervencion_select(self):
        """Return the branch of what was done: the log of activities (M-71, M-74)."""
        return self._build_kind_select(
            self.env["gck.intervencion"],
            "intervencion",
            7,
            {
                **self._get_own_columns("gck.intervencion"),
                "date": "date_start",
                "date_done": "date_end",
                "accion_state": SQL("'done'"),
                "priority": SQL("'0'"),
            },
            self._get_intervencion_domain(),
        )

    @api.model
    def _get_intervencion_domain(self):
        """Return the domain of the interventions that are actions of their own."""
        return Domain.TRUE

    @api.model
    def _get_mixin_kinds(self):
        """Return ``{kind: model name}`` of the kinds that are actions by nature."""
        return self._get_heirs("gck.accion.mixin")

    @api.model
    def _get_document_kinds(self):
        """Return ``{kind: model name}`` of the kinds that are documents of an app."""
        return self._get_heirs("gck.documento.accion.mixin")

    @api.model
    def _get_heirs(self, mixin):
        """Return ``{kind: model name}`` of the models that inherit a mixin."""
        names = self.env.registry.descendants([mixin], "_inherit")
        return {
            kind: name
            for name in sorted(names)
            if not self.env[name]._abstract
            for kind in self._get_kinds_of(name)
        }

    @api.model
    def _get_kinds_of(self, model_name):
        """Return the codes of the kinds that the records of a model are."""
        model = self.env[model_name]
        kind_field = getattr(model, "_accion_kind_field", None)
        if kind_field:
            return model._fields[kind_field].get_values(self.env)
        return [model._accion_kind] if model._accion_kind else []

    @api.model
    def _get_kind_models(self):
        """Return ``{kind: model name}`` of every installed kind."""
        return {
            **self._get_mixin_kinds(),
            **self._get_document_kinds(),
            "intervencion": "gck.intervencion",
        }

    @api.model
    def _get_kind_numbers(self):
        """Return ``{model name: number}`` of every installed kind.

        The numbers are part of the ids: each is given once, below ``ID_FACTOR``.
        """
        names = [
            *self._get_mixin_kinds().values(),
            *self._get_document_kinds().values(),
        ]
        numbers = {name: self.env[name]._accion_number for name in names}
        return {**numbers, "gck.intervencion": 7}

    @api.model
    def _build_kind_select(self, model, kind, number, columns, domain=None):
        """Return the branch of a kind, with the access rules of its model.

        :param model: the source, in the environment of the reader
        :param str kind: code of the kind; None where ``_accion_kind_field`` tells it
        :param int number: number of the kind, below ``ID_FACTOR``
        :param dict columns: ``{column: name of a stored field, or SQL}``
        :param domain: which records, when not all
        :return: ``SQL``
        """
        query = model._search(domain or Domain.TRUE, active_test=False)
        values = {
            name: model._field_to_sql(query.table, value, query)
            if isinstance(value, str)
            else value
            for name, value in columns.items()
        }
        record_id = SQL.identifier(query.table, "id")
        values.update(
            # Written as in the expression index of the source, to be served by it.
            id=SQL(
                "(%s::bigint * %s + %s)",
                record_id,
                SQL(str(ID_FACTOR)),
                SQL(str(int(number))),
            ),
            **self._get_kind_columns(model, kind, query),
            res_model=SQL("%s", model._name),
            res_id=record_id,
        )
        return self._build_select(query.from_clause, values, query.where_clause)

    @api.model
    def _get_kind_columns(self, model, kind, query):
        """Return the columns that say of which kind the rows of a branch are."""
        rows = self.env["gck.accion.clase"]._get_kinds()
        if kind:
            return {
                "kind": SQL("%s", kind),
                "kind_id": SQL("%s", rows.get(kind, {}).get("id")),
            }
        column = model._field_to_sql(query.table, model._accion_kind_field, query)
        cases = [
            SQL("WHEN %s THEN %s", code, rows[code]["id"])
            for code in self._get_kinds_of(model._name)
            if code in rows
        ]
        return {
            "kind": column,
            "kind_id": SQL("CASE %s %s END", column, SQL(" ").join(cases))
            if cases
            else SQL("NULL"),
        }

    @api.model
    def _build_select(self, from_clause, values, where_clause):
        columns = SQL(", ").join(
            SQL(
                "(%s)::%s AS %s",
                values.get(name, SQL("NULL")),
                SQL(column_type),
                SQL.identifier(name),
            )
            for name, column_type in COLUMNS.items()
        )
        return SQL(
            "SELECT %s FROM %s%s",
            columns,
            from_clause,
            SQL(" WHERE %s", where_clause) if where_clause.code else SQL(),
        )

    @api.model
    def _get_accion_id(self, model_name, record_id):
        """Return the id that a record has in the union, None if of no kind."""
        number = self._get_kind_numbers().get(model_name)
        return number and record_id * ID_FACTOR + number

    @api.model
    def _browse_records(self, *recordsets):
        """Return the actions that some records are.

        :param recordsets: records of kinds, one recordset for each model
        """
        numbers = self._get_kind_numbers()
        return self.browse(
            record_id * ID_FACTOR + numbers[records._name]
            for records in recordsets
            if records._name in numbers
            for record_id in records.ids
        )

    def _get_records(self):
        """Return the records that these actions are: ``{model name: records}``."""
        names = {number: name for name, number in self._get_kind_numbers().items()}
        return {
            names[number]: self.env[names[number]].browse(
                accion_id // ID_FACTOR for accion_id in ids
            )
            for number, ids in groupby(
                self.ids, lambda accion_id: accion_id % ID_FACTOR
            )
            if number in names
        }

    # ------------------------------------------------------------
    # Computes and searches
    # ------------------------------------------------------------

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for accion in self:
            parts = [accion.name, accion.subject]
            accion.display_name = " · ".join(filter(None, parts))

    @api.depends("partner_id", "res_model", "res_id")
    def _compute_tercero(self):
        """Name the third party; a notice may have a caller who is on no file."""
        # sudo: who an action is about is part of it, as on its own form.
        nameless = self.filtered(lambda accion: not accion.partner_id)
        for accion in self - nameless:
            accion.tercero = accion.sudo().partner_id.display_name
        nameless.tercero = False
        for model_name, records in nameless._get_records().items():
            if "tercero" in self.env[model_name]._fields:
                names = {record.id: record.tercero for record in records}
                for accion in nameless:
                    if accion.res_model == model_name:
                        accion.tercero = names[accion.res_id]

    @api.depends("is_late")
    @api.depends_context("tz")
    def _compute_late_days(self):
        """Count the days between that of the deadline and today, of the reader."""
        now = fields.Datetime.now()
        today = fields.Datetime.context_timestamp(self, now).date()
        self.late_days = 0
        for accion in self.filtered("is_late"):
            due = fields.Datetime.context_timestamp(accion, accion.date_deadline)
            accion.late_days = (today - due.date()).days

    @api.depends("accion_state", "kind", "company_id")
    @api.depends_context("company", "allowed_company_ids")
    def _compute_is_pending(self):
        hidden = self._get_hidden_by_kind()
        for accion in self:
            accion.is_pending = accion.accion_state == "pending" and not (
                accion.company_id & hidden.get(accion.kind, self.env["res.company"])
            )

    def _search_is_pending(self, operator, value):
        if operator != "in":
            return NotImplemented
        pending = Domain("accion_state", "=", "pending")
        for kind, companies in self._get_hidden_by_kind().items():
            pending &= ~(
                Domain("kind", "=", kind) & Domain("company_id", "in", companies.ids)
            )
        return pending if True in value else ~pending

    @api.model
    def _get_hidden_by_kind(self):
        """Return which companies keep which kinds out of pending matters (M-17).

        :return: ``{kind: res.company}``, of the companies that the user works in
        """
        return {}

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_open(self):
        """Open the record that the action is.

        :raises UserError: when it was deleted meanwhile
        """
        self.ensure_one()
        for record in self._get_records().values():
            if record.exists():
                return record._get_records_action()
        raise UserError(
            self.env._("This action was deleted meanwhile. Refresh the list.")
        )

    def action_reassign(self):
        """Open the dialog that hands the actions to another person."""
        return self._get_assignable().action_reassign()

    def action_postpone(self):
        """Open the dialog that postpones the actions."""
        return self._get_assignable().action_postpone()

    def _get_assignable(self):
        """Return the records of these actions when one dialog can serve them.

        :raises UserError: when they are of several kinds, or not the suite's own, or
            more than the web client hands over at once
        """
        limit = get_active_ids_limit(self.env)
        if len(self) >= limit:
            raise UserError(
                self.env._(
                    "These are too many for this list: choose fewer than %s, or do it "
                    "from the list of their kind.",
                    limit,
                )
            )
        records_by_model = self._get_records()
        own = self._get_mixin_kinds().values()
        if len(records_by_model) != 1 or next(iter(records_by_model)) not in own:
            raise UserError(
                self.env._(
                    "Choose actions of one kind: notices, or tasks. What belongs to "
                    "other apps is changed on its own form."
                )
            )
        return next(iter(records_by_model.values()))
