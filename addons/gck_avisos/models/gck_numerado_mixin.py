import re
from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import (
    format_datetime,
    format_duration,
    groupby,
    html2plaintext,
    html_sanitize,
)

FIRST_LINE_LENGTH = 80
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")


class GckNumeradoMixin(models.AbstractModel):
    """A record that takes its number from a sequence of its company and model."""

    _name = "gck.numerado.mixin"
    _description = "GCK numbered record"
    _rec_names_search = ["name", "subject"]

    # Numbers are references that people quote: one record each.
    _name_company_uniq = models.UniqueIndex(
        "(name, company_id)", "This number is already used in the company."
    )

    # What the numbers of the model start with; a concrete model sets it.
    _numero_prefix = ""
    # A model with several series of numbers names the field that tells them apart,
    # and gives ``{value: prefix}`` instead of one prefix.
    _numero_series_field = None
    # Fields of the records that this one hangs from.
    _parent_fields = ()

    name = fields.Char(
        string="Number",
        required=True,
        readonly=True,
        copy=False,
        index="trigram",
        default="/",
    )
    subject = fields.Char(index="trigram")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for record in self:
            number = record.name if record.name != "/" else False
            record.display_name = " · ".join(filter(None, [number, record.subject]))

    @api.model
    def name_create(self, name):
        """Take what was typed as the subject: numbers are drawn, never typed."""
        record = self.create({"subject": name})
        return record.id, record.display_name

    @api.model_create_multi
    def create(self, vals_list):
        """Give every new record its number, one query per company and series.

        A number that comes with the values is kept: an import brings its own.
        """
        vals_list = [dict(vals) for vals in vals_list]
        default_company_id = self._get_default_company_id()
        by_series = defaultdict(list)
        for vals in vals_list:
            if vals.get("name", "/") in ("/", False, ""):
                company_id = vals.get("company_id") or default_company_id
                by_series[company_id, self._get_numero_series(vals)].append(vals)
        for (company_id, series), series_vals in by_series.items():
            numbers = self._draw_numeros(
                self.env["res.company"].browse(company_id), series, len(series_vals)
            )
            for vals, number in zip(series_vals, numbers, strict=True):
                vals["name"] = number
        return super().create(vals_list)

    def write(self, vals):
        """Write values; number and company are those of the creation."""
        if not self.env.su:
            for name in {"name", "company_id"} & vals.keys():
                self._check_fixed(name, vals[name])
        return super().write(vals)

    def _check_fixed(self, name, value):
        """:raises UserError: when the number or the company would change"""
        field = self._fields[name]
        changed = self.filtered(
            lambda record: field.convert_to_write(record[name], record) != value
        )
        if changed:
            raise UserError(
                self.env._(
                    "The number and the company of %s cannot be changed. "
                    "Create it again in the other company.",
                    changed[:1].name,
                )
            )

    @api.model
    def _check_parents_access(self, vals_list):
        """Refuse to hang a record from one that the user may not see.

        Whoever has a task sees its notice, so that a task on a foreign notice would
        open it.

        :raises AccessError: from the rules of the parent
        """
        for name in self._parent_fields:
            default = self.env.context.get(f"default_{name}")
            ids = {vals.get(name, default) for vals in vals_list} - {False, None}
            if ids:
                model = self.env[self._fields[name].comodel_name]
                model.browse(ids).check_access("read")

    @api.model
    def _get_numero_series(self, vals):
        """Return the series that a new record takes its number from.

        :param dict vals: values of a create
        :return: a value of ``_numero_series_field``; None where there is one series
        """
        name = self._numero_series_field
        if not name:
            return None
        field = self._fields[name]
        given = vals.get(name) or self.env.context.get(f"default_{name}")
        series = given or (field.default and field.default(self))
        return (
            series if series in self._numero_prefix else next(iter(self._numero_prefix))
        )

    @api.model
    def _get_numero_all_series(self):
        """Return the series of the model: None alone where there is only one."""
        return list(self._numero_prefix) if self._numero_series_field else [None]

    @api.model
    def _get_numero_code(self, series):
        """Return the code of the sequences of a series."""
        return f"{self._name}.{series}" if series else self._name

    @api.model
    def _draw_numeros(self, company, series, count):
        """Draw numbers for new records of this model.

        :param company: one ``res.company``
        :param series: a value of ``_numero_series_field``, where there are several
        :param int count: how many
        """
        # sudo: users have no right on sequences, and only numbers are drawn.
        Sequence = self.env["ir.sequence"].sudo()
        numbers = Sequence._gck_draw(self._get_numero_code(series), company, count)
        return numbers or self._get_numero_sequence(company, series)._gck_next_numbers(
            count
        )

    @api.model
    def _get_numero_sequence(self, company, series=None):
        """Return the sequence that numbers this model's records in a company.

        :param company: one ``res.company``
        :param series: a value of ``_numero_series_field``, where there are several
        :return: one ``ir.sequence`` as superuser
        """
        # sudo: users have no right on sequences, and only a number is drawn.
        Sequence = self.env["ir.sequence"].sudo()
        code = self._get_numero_code(series)
        domain = [("code", "=", code), ("company_id", "=", company.id)]
        return Sequence.search(domain, limit=1) or Sequence.create(
            self._prepare_numero_sequence_vals(company, series)
        )

    @api.model
    def _prepare_numero_sequence_vals(self, company, series=None):
        """Return the values of the sequence of this model in a company."""
        name = self.env["ir.model"]._get(self._name).name
        prefix = self._numero_prefix
        if series:
            field = self._fields[self._numero_series_field]
            name = dict(field._description_selection(self.env))[series]
            prefix = prefix[series]
        return {
            "name": f"{name} ({company.name})",
            "code": self._get_numero_code(series),
            "company_id": company.id,
            "prefix": f"{prefix}/%(range_year)s/",
            "padding": 5,
            "use_date_range": True,
        }

    @api.model
    def _get_default_company_id(self):
        """Return the id of the company of new records whose values name none."""
        return self.env.context.get("default_company_id") or self.env.company.id

    @api.model
    def _as_defaults(self, vals):
        """Return values as the context in which a form opens filled with them."""
        return {f"default_{name}": value for name, value in vals.items()}

    @api.model
    def _get_first_line(self, html):
        """Return the first line of a rich text, short enough to be a subject.

        :param str html: as a person or a mail wrote it, not yet sanitised
        """
        lines = html2plaintext(html_sanitize(html or "")).splitlines()
        # The editor leaves tabs and marks of no width behind.
        words = (" ".join(INVISIBLE.sub(" ", line).split()) for line in lines)
        line = next(filter(None, words), "")
        if len(line) > FIRST_LINE_LENGTH:
            line = line[: FIRST_LINE_LENGTH - 1].rstrip() + "…"
        return line

    def _gck_set_by_value(self, name, get_value):
        """Set a field; records with the same value at once, which is far cheaper.

        :param str name: name of the field
        :param get_value: given a record, returns its value, which can be hashed
        """
        for value, records in groupby(self, get_value):
            self.browse(id_ for record in records for id_ in record._ids)[name] = value

    # ------------------------------------------------------------
    # History
    # ------------------------------------------------------------

    def _get_shown_values(self, names):
        """Return the values of some fields as a reader of the history sees them.

        :param names: names of fields
        :return: ``{name: text}``
        """
        self.ensure_one()
        return {name: self._get_shown_value(name, self[name]) for name in names}

    def _get_shown_value(self, name, value):
        """Return a value, of now or of before, as a reader sees it.

        :param str name: name of the field
        :param value: as read from a record
        """
        field = self._fields[name]
        if field.type == "datetime":
            return value and format_datetime(self.env, value)
        if field.type == "float":
            return format_duration(value)
        return field.convert_to_export(value, self)

    @api.model
    def _format_changes(self, before, after):
        """Return what changed as a list in HTML, empty when nothing did.

        :param dict before: from ``_get_shown_values``
        :param dict after: the same fields later
        """
        labels = self.fields_get(list(before), ["string"])
        items = Markup("").join(
            Markup("<li>%s: %s → %s</li>")
            % (labels[name]["string"], old or "–", after[name] or "–")
            for name, old in before.items()
            if old != after[name]
        )
        return Markup("<ul>%s</ul>") % items if items else items
