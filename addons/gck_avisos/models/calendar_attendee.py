from odoo import models


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    def _should_notify_attendee(self, notify_author=False):
        """Send no second message to the holder of the diary, who is told by GCK.

        Reminders, which go to whoever made the appointment too, are sent as always.
        """
        if not super()._should_notify_attendee(notify_author=notify_author):
            return False
        holder = self.event_id.user_id
        return (
            notify_author
            or self.partner_id != holder.partner_id
            or not self.event_id._gck_tells(holder)
        )
