from odoo import api, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

# Computed fields with a column of their own.
COMPUTED_FIELDS = (
    "gck_clase",
    "gck_commercial_partner_id",
    "gck_company_id",
    "gck_contact_id",
)


class CalendarEvent(models.Model):
    """What the appointments that were there before the installation are filled with."""

    _inherit = "calendar.event"

    def _auto_init(self):
        """Fill the new columns of the appointments that were there before at once.

        A column that exists is not computed, one appointment after another.
        """
        self._gck_add_columns()
        return super()._auto_init()

    @api.model
    def _gck_add_columns(self):
        """Add the columns of the computed fields; all is in-house, nobody's so far.

        The company is that of the holder, none where there is no holder.
        """
        cr = self.env.cr
        if column_exists(cr, self._table, "gck_clase"):
            return
        for name in COMPUTED_FIELDS:
            create_column(cr, self._table, name, self._fields[name].column_type[1])
        cr.execute(
            SQL(
                "UPDATE %s AS event SET gck_clase = 'internal', gck_company_id ="
                " (SELECT company_id FROM res_users WHERE id = event.user_id)",
                SQL.identifier(self._table),
            )
        )

    def _init_column(self, column_name):
        """Take who made each appointment that was there before as its requester."""
        if column_name != "gck_requester_id":
            return super()._init_column(column_name)
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET gck_requester_id = create_uid",
                SQL.identifier(self._table),
            )
        )
        return None
