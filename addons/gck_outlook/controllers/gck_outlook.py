from markupsafe import Markup

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import html_sanitize

from .mail_plugin import NOTICES_SHOWN, MailPluginController

SEARCH_LIMIT = 80


class GckOutlook(MailPluginController):
    """What the panel of the mail client does with notices (K-4).

    Every route works with the rights of the user whose key the panel holds.
    """

    @http.route(
        "/mail_plugin/log_mail_content", type="jsonrpc", auth="outlook", cors="*"
    )
    def log_mail_content(self, model, res_id, message, attachments=None):
        """Log the open mail on a record; on ours, never what an outsider may run.

        :raises UserError: when the notice or task has been deleted meanwhile
        """
        if model in ("gck.aviso", "gck.tarea"):
            record = request.env[model].browse(res_id).exists()
            if not record:
                raise UserError(
                    request.env._("It has just been deleted. Search for another one.")
                )
            record.check_access("write")
            request.update_context(attachments_mime_plainxml=True)
        return super().log_mail_content(model, res_id, message, attachments)

    @http.route(
        "/mail_plugin/gck_aviso/search", type="jsonrpc", auth="outlook", cors="*"
    )
    def gck_aviso_search(
        self, search_term="", partner_id=None, limit=NOTICES_SHOWN, offset=0
    ):
        """Search open notices by number, subject or customer.

        :param str search_term: empty finds the latest
        :param int partner_id: only those of this contact's company
        :param int limit: how many, at most 80
        :param int offset: how many to leave out
        :return: ``{"avisos": [...]}``
        """
        Aviso = request.env["gck.aviso"]
        limit = max(1, min(int(limit), SEARCH_LIMIT))
        domain = [("accion_state", "=", "pending")]
        if search_term and search_term.strip():
            term = search_term.strip()
            domain += [
                "|", "|",
                ("name", "ilike", term),
                ("subject", "ilike", term),
                ("partner_id", "ilike", term),
            ]  # fmt: skip
        if partner_id:
            partner = request.env["res.partner"].browse(int(partner_id)).exists()
            company = partner.commercial_partner_id
            domain.append(("commercial_partner_id", "=", company.id))
        avisos = Aviso.search(domain, limit=limit, offset=max(0, int(offset)))
        return {"avisos": [self._prepare_gck_aviso(aviso) for aviso in avisos]}

    @http.route(
        "/mail_plugin/gck_aviso/create", type="jsonrpc", auth="outlook", cors="*"
    )
    def gck_aviso_create(
        self,
        email_body="",
        email_subject="",
        partner_id=None,
        email_from=None,
        message_id=None,
        timestamp=None,
        attachments=None,
    ):
        """Make a notice of the open mail.

        :param str email_body: HTML of the mail
        :param str email_subject: subject of the mail
        :param int partner_id: the contact that the panel shows, if any
        :param str email_from: the sender; who it is is found from it without a contact
        :param str message_id: Message-Id of the mail; a second notice is not made of it
        :param str timestamp: moment of the mail, as ISO 8601 or «YYYY-MM-DD HH:MM:SS»
        :param list attachments: pairs of name and content in base64
        :return: the notice as the panel shows it, and whether it was there already
        """
        partner = request.env["res.partner"].browse(partner_id or []).exists()
        if partner_id and not partner:
            return {"error": "partner_not_found"}
        aviso, is_new = request.env["gck.aviso"]._create_from_panel(
            body=Markup(html_sanitize(email_body or "")),
            subject=email_subject,
            partner=partner,
            email_from=email_from,
            message_id=message_id,
            timestamp=timestamp,
            attachments=attachments,
        )
        if not aviso.has_access("read"):
            return {"error": "access_denied", "name": aviso.sudo().name}
        return {**self._prepare_gck_aviso(aviso), "is_new": is_new}
