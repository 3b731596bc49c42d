from odoo.http import request, route

from odoo.addons.calendar.controllers.main import CalendarController


class Reunion(CalendarController):
    """Answers to invitations, without login: Odoo's own know only yes and no (O-36)."""

    @route("/calendar/meeting/tentative", type="http", auth="calendar")
    def tentative_meeting(self, token, id, **kwargs):
        """Note that whoever was invited may come, and show the meeting.

        :param str token: of the invitation
        :param str id: of the meeting, as in Odoo's own answers
        """
        # sudo: the token is the right to answer this one invitation.
        attendee = (
            request.env["calendar.attendee"]
            .sudo()
            .search([("access_token", "=", token), ("state", "!=", "tentative")])
        )
        attendee.do_tentative()
        return self.view_meeting(token, id)
