import uuid

from odoo import api, fields, models

# What the customer or vendor of a claim reads of it, in the portal or by RPC. Causes,
# costs, people, deadlines and whatever an addon adds stay inside unless named here.
PORTAL_FIELDS = frozenset(
    {
        "id",
        "display_name",
        "name",
        "subject",
        "date",
        "clase",
        "direction",
        "state",
        "accion_state",
        "is_locked",
        "description",
        "partner_ref",
        "date_open",
        "date_done",
        "portal_resolution",
        "company_id",
        "arrival",
        "access_url",
        "access_token",
        "access_warning",
        "message_is_follower",
    }
)


class GckReclamacion(models.Model):
    """What customers and vendors see of their own claims in the portal."""

    _name = "gck.reclamacion"
    _inherit = ["gck.reclamacion"]

    portal_resolution = fields.Text(
        string="Resolution told",
        compute="_compute_portal_resolution",
        help="How it was solved, or why it was rejected: empty until it ends.",
    )

    @api.depends("state", "resolution", "closing_text")
    def _compute_portal_resolution(self):
        """Tell the resolution only once there is no way back but reopening."""
        # sudo: the reader may see the outcome, not the fields it is written in.
        for reclamacion in self.sudo():
            text = False
            if reclamacion.state == "done":
                text = reclamacion.resolution
            elif reclamacion.state == "rejected":
                text = reclamacion.closing_text or reclamacion.resolution
            reclamacion.portal_resolution = text

    def _compute_access_url(self):
        for reclamacion in self:
            reclamacion.access_url = f"/my/reclamaciones/{reclamacion.id}"

    def _has_field_access(self, field, operation):
        """Show people from outside only what is meant for them."""
        if not super()._has_field_access(field, operation):
            return False
        # The most frequent case first: every value that is read comes through here.
        if operation == "read" and field.name in PORTAL_FIELDS:
            return True
        return self.env.su or not self.env.user.share

    def _notify_thread_with_out_of_office_get_additional_users(
        self, message, recipients_data, ooo_author, msg_vals=False
    ):
        # sudo: whoever comments from outside may not read who is responsible.
        return super(
            GckReclamacion, self.sudo()
        )._notify_thread_with_out_of_office_get_additional_users(
            message, recipients_data, ooo_author, msg_vals=msg_vals
        )

    @api.model
    def _new_token(self):
        return str(uuid.uuid4())

    def _get_portal_state(self):
        """Return how the state reads outside, and its colour.

        :return: ``(text, suffix of Bootstrap's text-bg-…)``
        """
        self.ensure_one()
        return {
            "draft": (self.env._("Received"), "secondary"),
            "open": (self.env._("In progress"), "info"),
            "evaluated": (self.env._("In progress"), "info"),
            "done": (self.env._("Closed"), "success"),
            "rejected": (self.env._("Rejected"), "danger"),
        }[self.state]

    def _get_portal_attachments(self):
        """Return the files of a claim that people outside may download.

        :return: ``ir.attachment`` of what was said to them, or sent by them
        """
        self.ensure_one()
        # sudo: those that may be seen are chosen by the messages they came in.
        messages = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("attachment_ids", "!=", False),
                    *self._get_portal_message_domain(self.commercial_partner_id),
                ],
                order="id",
            )
        )
        return messages.attachment_ids

    @api.model
    def _get_portal_message_domain(self, company):
        """Return the domain of the messages that a partner and its people may see.

        What was said to them, and what they sent: the mail a claim was made of is a
        note.

        :param company: the commercial ``res.partner``
        """
        return [
            "|",
            "&",
            ("is_internal", "=", False),
            ("subtype_id.internal", "=", False),
            "&",
            ("author_id", "!=", False),
            ("author_id.commercial_partner_id", "=", company.id),
        ]
