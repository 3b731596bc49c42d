from odoo import api, fields, models
from odoo.tools import SQL


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def _gck_draw(self, code, company, count):
        """Draw several numbers by code, at the price of one query.

        :param str code: code of the sequence
        :param company: one ``res.company``
        :param int count: how many numbers are wanted
        :return: the interpolated numbers, in order; None where there is no such
            sequence yet, or none of this year, or it may have no gaps
        """
        self.flush_model()
        self.env["ir.sequence.date_range"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sequence.id, period.date_from, nextval(concat_ws('_',
                           'ir_sequence',
                           lpad(sequence.id::text,
                                greatest(3, length(sequence.id::text)), '0'),
                           lpad(period.id::text,
                                greatest(3, length(period.id::text)), '0')))
                  FROM (SELECT id, use_date_range, implementation FROM ir_sequence
                         WHERE code = %(code)s AND company_id = %(company)s
                           AND active IS TRUE
                         ORDER BY name, id LIMIT 1) sequence
                  LEFT JOIN LATERAL (
                        SELECT id, date_from FROM ir_sequence_date_range
                         WHERE sequence_id = sequence.id AND sequence.use_date_range
                           AND %(today)s BETWEEN date_from AND date_to
                         ORDER BY id LIMIT 1) period ON TRUE,
                       generate_series(1, %(count)s)
                 WHERE sequence.implementation = 'standard'
                   AND (period.id IS NOT NULL
                        OR sequence.use_date_range IS NOT TRUE)
                """,
                code=code,
                company=company.id,
                today=fields.Date.today(),
                count=count,
            )
        )
        if not rows:
            return None
        sequence_id, date_from, _number = rows[0]
        sequence = self.browse(sequence_id)
        return sequence._gck_format_numbers(
            [number for *_which, number in rows], date_from
        )

    def _gck_format_numbers(self, numbers, date_from=None):
        """Return numbers as the sequence writes them.

        :param numbers: integers that were drawn from it
        :param date_from: the first day of the range that they were drawn from
        """
        sequence = self
        if date_from:
            sequence = self.with_context(ir_sequence_date_range=date_from)
        prefix, suffix = sequence._get_prefix_suffix()
        return [f"{prefix}{number:0{self.padding}d}{suffix}" for number in numbers]

    def _gck_next_numbers(self, count):
        """Draw several numbers of one sequence at the price of one query.

        ``next_by_id`` costs two queries a number; a batch of a thousand records
        would pay two thousand.

        :param int count: how many numbers are wanted
        :return: the interpolated numbers, in order
        :rtype: list[str]
        """
        self.ensure_one()
        if self.implementation != "standard":
            return [self.next_by_id() for _index in range(count)]
        current = self._get_current_sequence()
        if current == self:
            table = f"ir_sequence_{self.id:03d}"
            date_from = None
        else:
            table = f"ir_sequence_{self.id:03d}_{current.id:03d}"
            date_from = current.date_from
        rows = self.env.execute_query(
            SQL("SELECT nextval(%s) FROM generate_series(1, %s)", table, count)
        )
        return self._gck_format_numbers([number for (number,) in rows], date_from)
