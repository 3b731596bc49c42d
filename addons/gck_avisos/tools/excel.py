"""A list of the web client as a workbook, as it stands on the screen (W-16)."""

import re
from dataclasses import dataclass
from functools import cached_property

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext
from odoo.tools.misc import formatLang, get_lang

from odoo.addons.web.controllers.export import ExportXlsxWriter

# More than a person reads, and about what a worker holds in memory at once.
MAX_ROWS = 100_000
SKIPPED_TYPES = {"binary", "json", "properties", "properties_definition"}
NUMBER_TYPES = {"integer", "float", "monetary"}
# Directives of strftime that the formats of a language use, in Excel's words.
DATE_FORMATS = {
    "%d": "dd",
    "%e": "d",
    "%m": "mm",
    "%b": "mmm",
    "%B": "mmmm",
    "%y": "yy",
    "%Y": "yyyy",
    "%a": "ddd",
    "%A": "dddd",
    "%H": "hh",
    "%I": "hh",
    "%M": "mm",
    "%S": "ss",
    "%p": "AM/PM",
}
WIDTHS = {"date": 12, "datetime": 17, "boolean": 10, "char": 24, "text": 60, "html": 60}


@dataclass
class ExcelColumn:
    """A column of the list.

    ``aggregate`` is what its foot shows (sum, avg, max, min) or False.
    """

    name: str
    label: str
    type: str
    widget: str | None = None
    aggregate: str | None = None

    @property
    def is_number(self):
        return self.type in NUMBER_TYPES

    @property
    def is_duration(self):
        return self.widget in ("float_time", "timesheet_uom", "float_time_ms")

    def aggregate_values(self, values, aggregate):
        """Return the sum, mean, largest or smallest of the cells, None without any."""
        values = [value for value in values if isinstance(value, int | float)]
        if not values:
            return None
        if aggregate == "avg":
            return sum(values) / len(values)
        return {"sum": sum, "max": max, "min": min}[aggregate](values)


@dataclass
class ExcelGroup:
    """A group of the list: its title, how deep it is and its rows."""

    label: str
    depth: int
    rows: list


class ExcelList:
    """What a list shows: its columns, its rows in order, its groups.

    Everything is read with the rights of the user of ``model``.

    :param model: model of the list, with its context
    :param list columns: dictionaries ``{name, label, widget, aggregate}``
    :param list domain: which rows
    :param list ids: only these rows, whatever the domain says
    :param list groupby: as the list is grouped, e.g. ``["date:month"]``
    :param str order: as the list is sorted
    """

    def __init__(self, model, columns, domain=(), ids=(), groupby=(), order=None):
        self.model = model
        self.domain = Domain(domain or Domain.TRUE)
        if ids:
            self.model = model.with_context(active_test=False)
            self.domain = Domain("id", "in", ids)
        self.groupby = list(groupby or ())
        self.order = order or None
        self.columns = self._prepare_columns(columns)

    def _prepare_columns(self, columns):
        """Return the columns that this user may read and that a cell can hold."""
        names = {column["name"] for column in columns}
        readable = self.model.fields_get(list(names), ["type", "string"])
        return [
            ExcelColumn(
                name=column["name"],
                label=column.get("label") or readable[column["name"]]["string"],
                type=readable[column["name"]]["type"],
                widget=column.get("widget"),
                aggregate=column.get("aggregate"),
            )
            for column in columns
            if column["name"] in readable
            and readable[column["name"]]["type"] not in SKIPPED_TYPES
        ]

    @cached_property
    def records(self):
        """The rows, in order.

        :raises UserError: when they are too many for one workbook
        """
        names = [column.name for column in self.columns]
        names += [name for name in self._currency_fields.values() if name not in names]
        names = [name for name in names if self.model._fields[name].store]
        records = self.model.search_fetch(
            self.domain, names, order=self.order, limit=MAX_ROWS + 1
        )
        if len(records) > MAX_ROWS:
            raise UserError(
                self.model.env._(
                    "There are more than %(limit)s rows. Filter the list, for "
                    "instance by a period, and try again.",
                    limit=formatLang(self.model.env, MAX_ROWS, digits=0),
                )
            )
        return records

    @cached_property
    def _currency_fields(self):
        """For each column of money, the field with its currency."""
        readable = self.model.fields_get(attributes=["type"])
        found = {}
        for column in self.columns:
            if column.type == "monetary":
                name = self.model._fields[column.name].get_currency_field(self.model)
                if name in readable:
                    found[column.name] = name
        return found

    @cached_property
    def rows(self):
        """``{id: cells}``, in order."""
        getters = [self._prepare_getter(column) for column in self.columns]
        return {
            record.id: [getter(record) for getter in getters] for record in self.records
        }

    def get_currency(self, record, column):
        """Return the currency of an amount, none when it has none."""
        name = self._currency_fields.get(column.name)
        return record[name] if name else record.env["res.currency"]

    def _prepare_getter(self, column):
        """Return a function that gives the cell of a record: text, number or date."""
        name = column.name
        env = self.model.env
        if column.type == "selection":
            labels = dict(self.model._fields[name]._description_selection(env))
            return lambda record: labels.get(record[name]) or ""
        if column.type == "many2one":
            # sudo: a list shows the name of what a row points to, whoever may open it
            return lambda record: record[name].sudo().display_name or ""
        if column.type in ("one2many", "many2many"):
            return lambda record: ", ".join(
                name or "" for name in record[name].mapped("display_name")
            )
        if column.type == "datetime":
            return lambda record: self._localize(record, record[name])
        if column.type == "html":
            return lambda record: html2plaintext(record[name] or "").strip()
        if column.type in ("reference", "many2one_reference"):
            return lambda record: self._get_reference_name(record[name])
        if column.is_number or column.type == "boolean":
            return lambda record: (
                record[name] or (False if column.type == "boolean" else 0)
            )
        return lambda record: record[name] or ""

    @staticmethod
    def _localize(record, value):
        """Return a moment as the user's clock shows it, as Excel has no time zones."""
        if not value:
            return ""
        local = fields.Datetime.context_timestamp(record, value)
        return local.replace(tzinfo=None, microsecond=0)

    @staticmethod
    def _get_reference_name(record):
        if not hasattr(record, "_name"):
            return record or ""
        return record.display_name if record.exists().has_access("read") else ""

    # ------------------------------------------------------------
    # Groups
    # ------------------------------------------------------------

    def get_groups(self):
        """Return the groups in order, each followed by its own; none if ungrouped."""
        if not self.groupby:
            return []
        position = {record_id: index for index, record_id in enumerate(self.rows)}
        leaves = self.model.formatted_read_group(
            self.domain,
            self.groupby,
            ["id:array_agg"],
            order=self._get_group_order(),
        )
        root = {}
        for leaf in leaves:
            ids = sorted(
                (
                    record_id
                    for record_id in leaf["id:array_agg"]
                    if record_id in position
                ),
                key=position.get,
            )
            node = root
            for spec in self.groupby:
                label = self._get_group_label(spec, leaf[spec])
                node = node.setdefault(("group", leaf[spec], label), {})
            node["ids"] = ids
        return list(self._flatten(root, 0))

    def _get_group_order(self):
        """Return the order of the groups: that of the list, as the client asks it."""
        order = {}
        for term in (self.order or "").split(","):
            name, __, direction = term.strip().partition(" ")
            if name:
                order[name] = direction.upper() or "ASC"
        return self.model._get_read_group_order(order, self.groupby, ["id:array_agg"])

    def _flatten(self, node, depth):
        for key, child in node.items():
            if key == "ids":
                continue
            yield ExcelGroup(
                label=key[2],
                depth=depth,
                rows=list(self._get_ids(child)),
            )
            yield from self._flatten(child, depth + 1)

    def _get_ids(self, node):
        for key, child in node.items():
            if key == "ids":
                yield from child
            else:
                yield from self._get_ids(child)

    def _get_group_label(self, spec, value):
        """Return a group's title, as the list shows it."""
        env = self.model.env
        field = self.model._fields[spec.split(":")[0].split(".")[0]]
        if field.type == "boolean":
            return env._("Yes") if value else env._("No")
        if isinstance(value, tuple | list):
            value = value[1]
        elif field.type == "selection":
            value = dict(field._description_selection(env)).get(value)
        if value is None or value is False:
            return env._("None")
        return str(value)


class ExcelListWriter(ExportXlsxWriter):
    """Writes an ExcelList as Odoo's own writer does its exports, with real cells.

    Text is always written as text: what somebody typed is never taken for a formula
    nor for a link.
    """

    def __init__(self, excel_list):
        self.list = excel_list
        self.columns = excel_list.columns
        super().__init__(
            [{"name": column.name, "type": column.type} for column in self.columns],
            [column.label for column in self.columns],
            len(excel_list.rows),
        )
        lang = get_lang(excel_list.model.env)
        self.formats = {}
        self.date_format = self._convert_format(lang.date_format)
        time_format = self._convert_format(lang.time_format).replace(":ss", "")
        self.datetime_format = f"{self.date_format} {time_format}"

    @staticmethod
    def _convert_format(pattern):
        """Return a format of dates of a language as Excel writes it."""
        return re.sub(
            r"%-?([a-zA-Z])",
            lambda match: DATE_FORMATS.get(f"%{match[1]}", ""),
            pattern,
        ).strip()

    def get_format(self, **properties):
        """Return a cell format, made once per workbook."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(
                {"valign": "top", **properties}
            )
        return self.formats[key]

    def write(self, row, column, cell_value, style=None):
        """Write a cell; text is text, whatever it begins with."""
        if not isinstance(cell_value, str):
            return super().write(row, column, cell_value, style)
        if not cell_value:
            return self.worksheet.write_blank(row, column, None, style)
        limit = self.worksheet.xls_strmax
        if len(cell_value) > limit:
            cell_value = cell_value[: limit - 1] + "…"
        return self.worksheet.write_string(row, column, cell_value, style)

    def write_header(self):
        style = {"bold": True, "bottom": 1}
        for index, column in enumerate(self.columns):
            align = {"align": "right"} if column.is_number else {}
            self.write(0, index, column.label, self.get_format(**style, **align))
            width = WIDTHS.get(column.type, 12 if column.is_number else 24)
            self.worksheet.set_column(
                index, index, max(width, min(len(column.label) + 2, 40))
            )
        self.worksheet.freeze_panes(1, 0)

    def get_number_format(self, column, currency=None):
        """Return how a column shows its numbers and dates, as properties."""
        if column.type == "datetime":
            return {"num_format": self.datetime_format, "align": "left"}
        if column.type == "date":
            return {"num_format": self.date_format, "align": "left"}
        if column.is_duration:
            return {"num_format": "[h]:mm"}
        if column.widget == "percentage":
            return {"num_format": "0.00%"}
        if column.type == "integer":
            return {"num_format": "#,##0"}
        if column.type == "monetary" and currency:
            number = "#,##0" + (
                "." + "0" * currency.decimal_places if currency.decimal_places else ""
            )
            symbol = (currency.symbol or currency.name).replace('"', "")
            if currency.position == "before":
                return {"num_format": f'"{symbol}" {number}'}
            return {"num_format": f'{number} "{symbol}"'}
        if column.is_number:
            return {"num_format": "#,##0.00"}
        return {"text_wrap": True} if column.type in ("text", "html") else {}

    def write_value(self, row, index, value, currency=None, **properties):
        """Write a cell of a column in that column's format."""
        column = self.columns[index]
        if column.is_duration and isinstance(value, int | float):
            value = value / 24
        style = self.get_format(
            **self.get_number_format(column, currency), **properties
        )
        self.write(row, index, value, style)

    def write_list(self):
        """Write all: the rows, under their groups, and the totals."""
        groups = self.list.get_groups()
        row = 1
        if not groups:
            for record_id in self.list.rows:
                row = self._write_row(row, record_id)
            if row > 1:
                self.worksheet.autofilter(0, 0, row - 1, len(self.columns) - 1)
        for index, group in enumerate(groups):
            row = self._write_group(row, group)
            following = groups[index + 1] if index + 1 < len(groups) else None
            if not following or following.depth <= group.depth:
                for record_id in group.rows:
                    row = self._write_row(row, record_id, level=group.depth + 1)
        self._write_totals(row)
        return row

    def _write_row(self, row, record_id, level=0):
        record = self.list.model.browse(record_id).with_prefetch(
            self.list.records._prefetch_ids
        )
        for index, value in enumerate(self.list.rows[record_id]):
            currency = None
            if self.columns[index].type == "monetary":
                currency = self.list.get_currency(record, self.columns[index])
            self.write_value(row, index, value, currency)
        if level:
            # Excel folds and unfolds the groups by their levels, 7 at most.
            self.worksheet.set_row(row, None, None, {"level": min(level, 7)})
        return row + 1

    def _write_group(self, row, group):
        style = {"bold": True, "bg_color": "#e9ecef"}
        label = f"{'    ' * group.depth}{group.label} ({len(group.rows)})"
        self.write(row, 0, label, self.get_format(**style))
        for index, column in enumerate(self.columns[1:], 1):
            aggregate = column.aggregate or self._get_own_aggregate(column)
            self._write_aggregate(row, index, aggregate, group.rows, style)
        if group.depth:
            self.worksheet.set_row(row, None, None, {"level": min(group.depth, 7)})
        return row + 1

    def _get_own_aggregate(self, column):
        """Return what the list shows of a column in the head of a group."""
        field = self.list.model._fields[column.name]
        known = ("sum", "avg", "max", "min")
        if column.is_number and field.store and field.aggregator in known:
            return field.aggregator
        return None

    def _write_aggregate(self, row, index, aggregate, ids, style):
        column = self.columns[index]
        value = currency = None
        if aggregate and column.is_number:
            value = column.aggregate_values(
                (self.list.rows[record_id][index] for record_id in ids), aggregate
            )
            if column.type == "monetary" and value is not None:
                currencies = {
                    self.list.get_currency(record, column)
                    for record in self.list.model.browse(ids).with_prefetch(
                        self.list.records._prefetch_ids
                    )
                }
                # Amounts of several currencies have no sum.
                if len(currencies) > 1:
                    value = None
                else:
                    currency = currencies.pop()
        if value is None:
            self.write(row, index, "", self.get_format(**style))
        else:
            self.write_value(row, index, value, currency, **style)

    def _write_totals(self, row):
        totals = [
            index for index, column in enumerate(self.columns) if column.aggregate
        ]
        if not totals or not self.list.rows:
            return
        style = {"bold": True, "top": 1}
        if 0 not in totals:
            label = self.list.model.env._("Total")
            self.write(row, 0, label, self.get_format(**style))
        for index, column in enumerate(self.columns):
            if index or index in totals:
                self._write_aggregate(
                    row, index, column.aggregate, list(self.list.rows), style
                )


def make_excel(excel_list):
    """Return a list as the content of an .xlsx file, in bytes."""
    with ExcelListWriter(excel_list) as writer:
        writer.write_list()
    return writer.value
