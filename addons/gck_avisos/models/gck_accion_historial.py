from collections import defaultdict

from markupsafe import escape

from odoo import models
from odoo.tools import SQL

# Options of a log that are rows of other tables.
TABLED = ("partner_ids", "attachment_ids", "tracking_value_ids")


class GckAccionMixin(models.AbstractModel):
    """The history of many actions at once, at the price of that of a few."""

    _name = "gck.accion.mixin"
    _inherit = ["gck.accion.mixin"]

    def _message_log_batch(self, bodies, *args, **options):
        """Log a note on many actions, one message made for each different text.

        Odoo would update about ninety inverse fields for every message; the others
        are copies of the first one with the same text, made by PostgreSQL.

        :param dict bodies: ``{action id: text}``
        :return: the messages, as superuser
        """
        ids_by_text = defaultdict(list)
        for record_id in self.ids:
            ids_by_text[escape(bodies.get(record_id, ""))].append(record_id)
        # Whatever lives in tables of its own, such as files, is not copied.
        plain = not args and all(name not in TABLED for name in options)
        if (
            not plain
            or len(ids_by_text) == len(self)
            or any("data:image" in text.lower() for text in ids_by_text)
        ):
            return super()._message_log_batch(bodies, *args, **options)
        firsts = self.browse(ids[0] for ids in ids_by_text.values())
        messages = super(GckAccionMixin, firsts)._message_log_batch(bodies, **options)
        copies = messages._gck_copy_to(
            [
                (message.id, record_id)
                for message, ids in zip(messages, ids_by_text.values(), strict=True)
                for record_id in ids[1:]
            ]
        )
        self.invalidate_recordset(
            ["message_ids", "message_needaction", "message_needaction_counter"],
            flush=False,
        )
        return messages | copies


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _gck_copy_to(self, pairs):
        """Copy notes to other records of the same model, in one query.

        :param pairs: ids of one of these messages and of a record
        :return: the copies, in the order of the pairs
        """
        if not pairs:
            return self.browse()
        self.env.flush_all()
        names = [
            field.name
            for field in self._fields.values()
            if field.store and field.column_type and field.name not in ("id", "res_id")
        ]
        message_ids, record_ids = zip(*pairs, strict=True)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO mail_message (res_id, %(names)s)
                SELECT wanted.record_id, %(values)s
                  FROM unnest(%(messages)s::int[], %(records)s::int[])
                       WITH ORDINALITY AS wanted (first_id, record_id, position)
                  JOIN mail_message first ON first.id = wanted.first_id
                 ORDER BY wanted.position
             RETURNING id
                """,
                names=SQL(", ").join(map(SQL.identifier, names)),
                values=SQL(", ").join(SQL.identifier("first", name) for name in names),
                messages=list(message_ids),
                records=list(record_ids),
            )
        )
        return self.browse(row[0] for row in rows)
