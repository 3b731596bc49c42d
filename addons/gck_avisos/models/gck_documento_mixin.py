from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column


class GckDocumentoMixin(models.AbstractModel):
    """A document of another app whose form shows its notices (K-3).

    The glue addon of the app gives it to the document and puts the button on its form.
    """

    _name = "gck.documento.mixin"
    _description = "Document with notices"

    gck_aviso_count = fields.Integer(
        string="Notices count",
        compute="_compute_gck_aviso_count",
        groups="gck_avisos.group_gck_aviso_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_gck_aviso_count(self):
        """Count the notices that each document is linked to, at any step (K-3)."""
        avisos = self.env["gck.vinculo"]._get_avisos_by_document(self)
        for document in self:
            document.gck_aviso_count = len(avisos.get(document.id, ()))

    def action_view_gck_avisos(self):
        """Open the notices of the document; a new one comes filled and linked."""
        self.ensure_one()
        avisos = self.env["gck.vinculo"]._get_avisos_by_document(self)
        new = self.env["gck.accion"].get_create_action("aviso", self._name, self.id)
        return self.env["gck.aviso"]._get_list_action(
            [("id", "in", list(avisos.get(self.id, ())))], new["context"]
        )


class GckDocumentoAccionMixin(models.AbstractModel):
    """A document of another app that is an action itself, such as a quotation (M-15).

    It lives in its own table and keeps its own states; here are the columns that the
    union of all actions needs besides. A model that inherits it says what kind it is,
    and has these indexes, the last with the number of its kind::

        _gck_pending_idx = models.Index(
            "(user_id, gck_date_deadline) WHERE state IN ('draft', 'sent')"
        )
        _gck_requester_idx = models.Index(
            "(create_uid) WHERE state IN ('draft', 'sent')"
        )
        _gck_partner_date_idx = models.Index(
            "(gck_commercial_partner_id, date_order DESC) INCLUDE (state, company_id)"
        )
        _gck_accion_id_idx = models.Index("((id::bigint * 32 + 5))")
    """

    _name = "gck.documento.accion.mixin"
    _description = "Document that is an action"
    _inherit = ["gck.documento.mixin"]

    # Code and number of the kind, as in ``gck.accion.mixin``.
    _accion_kind = None
    _accion_number = None
    # Which values of its ``state`` are pending, done and cancelled.
    _accion_states = {}
    # Its field with what the other party calls it.
    _accion_reference_field = None

    gck_commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Company of the partner",
        compute="_compute_gck_commercial_partner_id",
        store=True,
        precompute=True,
    )
    gck_reference = fields.Char(
        string="Subject",
        copy=False,
        help="What it is about, as its colleagues read it among their pending matters. "
        "Without it, the reference of the other party or the first line says it.",
    )
    gck_subject = fields.Char(
        string="Subject among actions",
        compute="_compute_gck_subject",
        store=True,
        index="trigram",
    )
    gck_date_deadline = fields.Datetime(
        string="Deadline among actions",
        compute="_compute_gck_date_deadline",
        store=True,
        copy=False,
        help="When it becomes late, unless it is decided before.",
    )

    def _auto_init(self):
        """Fill the columns of what was there before: there may be a million of them."""
        is_new = not self._abstract and not column_exists(
            self.env.cr, self._table, "gck_subject"
        )
        if is_new:
            for name in ("gck_commercial_partner_id", "gck_subject"):
                create_column(
                    self.env.cr, self._table, name, self._fields[name].column_type[1]
                )
            create_column(self.env.cr, self._table, "gck_date_deadline", "timestamp")
            self._gck_fill_columns()
        result = super()._auto_init()
        if is_new:
            # Only what is pending can be late; the rest never needs a deadline.
            rows = self.env.execute_query(
                SQL(
                    "SELECT id FROM %s WHERE state IN %s",
                    SQL.identifier(self._table),
                    self._accion_states["pending"],
                )
            )
            self.env.add_to_compute(
                self._fields["gck_date_deadline"],
                self.browse(record_id for (record_id,) in rows),
            )
        return result

    def _gck_fill_columns(self):
        """Fill company and subject of every document in one statement."""
        lines = self._fields["order_line"]
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(documents)s document
                   SET gck_commercial_partner_id = partner.commercial_partner_id,
                       gck_subject = coalesce(
                           nullif(document.%(reference)s, ''),
                           (
                               SELECT split_part(line.name, E'\\n', 1)
                                 FROM %(lines)s line
                                WHERE line.%(inverse)s = document.id
                                  AND line.display_type IS NULL
                             ORDER BY line.sequence, line.id
                                LIMIT 1
                           )
                       )
                  FROM res_partner partner
                 WHERE partner.id = document.partner_id
                """,
                documents=SQL.identifier(self._table),
                reference=SQL.identifier(self._accion_reference_field),
                lines=SQL.identifier(self.env[lines.comodel_name]._table),
                inverse=SQL.identifier(lines.inverse_name),
            )
        )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("partner_id.commercial_partner_id")
    def _compute_gck_commercial_partner_id(self):
        for document in self:
            document.gck_commercial_partner_id = (
                document.partner_id.commercial_partner_id
            )

    @api.depends(
        lambda self: [
            "gck_reference",
            self._accion_reference_field,
            "order_line.name",
            "order_line.sequence",
            "order_line.display_type",
        ]
    )
    def _compute_gck_subject(self):
        """Say in one line what it is about, from what there is."""
        for document in self:
            lines = document.order_line.filtered(lambda line: not line.display_type)
            first = lines.sorted("sequence")[:1].name or ""
            document.gck_subject = (
                document.gck_reference
                or document[self._accion_reference_field]
                or first.partition("\n")[0]
            )

    @api.depends("state")
    def _compute_gck_date_deadline(self):
        """Give the end of the last day, where the company is.

        What is decided keeps the deadline that it had.
        """
        for document in self:
            if document.state not in self._accion_states["pending"]:
                document.gck_date_deadline = document.gck_date_deadline
                continue
            day = document._gck_get_last_day()
            document.gck_date_deadline = day and self._gck_get_day_end(
                day, document.company_id
            )

    def _gck_get_last_day(self):
        """Return the last day on which the document is not late, False without one."""
        self.ensure_one()
        return False

    @api.model
    def _gck_get_timezone(self, company):
        """Return the time zone in which the days of a company begin and end."""
        name = company.resource_calendar_id.tz or company.partner_id.tz
        return pytz.timezone(name) if name else pytz.UTC

    @api.model
    def _gck_get_day_end(self, day, company):
        """Return the last second of a day of a company, as naive UTC."""
        next_day = datetime.combine(day + timedelta(days=1), time.min)
        midnight = self._gck_get_timezone(company).localize(next_day)
        end = midnight.astimezone(pytz.UTC) - timedelta(seconds=1)
        return end.replace(tzinfo=None)

    @api.model
    def _gck_get_day(self, moment, company):
        """Return the day that it is for a company at a moment in naive UTC."""
        return (
            pytz.UTC.localize(moment).astimezone(self._gck_get_timezone(company)).date()
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create documents, linked to the action that they were generated from."""
        documents = super().create(vals_list)
        self.env["gck.vinculo"]._link_spawned(documents)
        return documents

    # ------------------------------------------------------------
    # Business
    # ------------------------------------------------------------

    @api.model
    def _gck_get_accion_columns(self, accion_state):
        """Return the columns of the union for the documents in a state.

        :param str accion_state: ``pending``, ``done`` or ``cancel``
        :return: as ``gck.accion._build_kind_select`` takes them
        """
        partner, company = (
            self._field_to_sql(self._table, name)
            for name in ("partner_id", "gck_commercial_partner_id")
        )
        return {
            "name": "name",
            "subject": "gck_subject",
            "partner_id": "gck_commercial_partner_id",
            "commercial_partner_id": "gck_commercial_partner_id",
            "contact_id": SQL("NULLIF(%s, %s)", partner, company),
            "user_id": "user_id",
            "requester_id": "create_uid",
            "company_id": "company_id",
            "date_deadline": "gck_date_deadline",
            # A constant, so that PostgreSQL leaves out the branches of other states.
            "accion_state": SQL("%s", accion_state),
            "priority": SQL("'0'"),
        }

    @api.model
    def _gck_prepare_spawned_vals(self, values):
        """Return the values of a document generated from an action (M-38).

        :param dict values: from ``gck.accion._get_origin_values``
        """
        origin = values.get("origin")
        vals = {
            "partner_id": values.get("contact_id") or values.get("partner_id"),
            "company_id": values.get("company_id"),
            "gck_reference": values.get("subject"),
        }
        if origin and origin._name == "res.partner":
            # The name of a partner says who, not what.
            del vals["gck_reference"]
        elif origin:
            vals["origin"] = origin[origin._rec_name or "display_name"]
        return {name: value for name, value in vals.items() if value}
