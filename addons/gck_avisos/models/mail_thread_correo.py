import logging

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize_all
from odoo.tools.mail import unfold_references

from ..tools import correo
from .gck_correo_mixin import MAY_ACKNOWLEDGE

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    """What the suite asks of Odoo's mail gateway, for its own addresses (K-4, K-8)."""

    _name = "mail.thread"
    _inherit = ["mail.thread"]

    @api.model
    def message_parse(self, message, save_original=False):
        """Mend what is broken in a mail before it is read; see ``tools/correo``."""
        correo.mend(message)
        if self._gck_get_aliases(message) or self.env.context.get("gck_detach_nested"):
            correo.detach_nested(message)
        msg_dict = super().message_parse(message, save_original=save_original)
        for key, value in msg_dict.items():
            if isinstance(value, str):
                # Keeps the class: safe HTML stays safe HTML.
                msg_dict[key] = type(value)(correo.scrub(value))
        msg_dict["attachments"] = [
            attachment._replace(fname=correo.scrub(attachment.fname))
            for attachment in msg_dict.get("attachments") or ()
        ]
        return msg_dict

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """Route a mail; at most one action is made of it, and none of an auto-reply."""
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        kinds = self._gck_get_incoming_models()
        fresh = [route for route in routes if route[0] in kinds and not route[1]]
        if not fresh:
            return routes
        others = [route for route in routes if route not in fresh]
        reason = self._gck_get_refusal(message, message_dict)
        if reason:
            _logger.info(
                "Mail %s from %s makes no action: %s",
                message_dict.get("message_id"),
                message_dict.get("email_from"),
                reason,
            )
            return others
        thread = self._gck_get_thread_of(message_dict)
        if thread:
            # An answer that also goes to one of our addresses is still an answer.
            route = (thread._name, thread.id, None, fresh[0][3], None)
            return [*others, route]
        model_name, record_id, values, user_id, alias = self._gck_choose_route(
            message, fresh
        )
        values = {
            **(values or {}),
            MAY_ACKNOWLEDGE: correo.may_acknowledge(message),
        }
        return [*others, (model_name, record_id, values, user_id, alias)]

    @api.model
    def _gck_get_addresses(self, message):
        """Return the addresses that a mail was sent to, in the order that it gives."""
        headers = ("To", "Cc", "Delivered-To", "X-Original-To", "Resent-To")
        text = ", ".join(
            str(value) for name in headers for value in message.get_all(name, [])
        )
        return email_normalize_all(text)

    @api.model
    def _gck_get_aliases(self, message):
        """Return the aliases of types of actions that a mail was sent to."""
        addresses = self._gck_get_addresses(message)
        if not addresses:
            return self.env["mail.alias"]
        # sudo: the gateway runs as any user; only which addresses are ours is read.
        aliases = self.env["mail.alias"].sudo()
        found = aliases.search(
            [
                ("alias_model_id.model", "in", self._gck_get_incoming_models()),
                "|",
                ("alias_full_name", "in", addresses),
                "&",
                ("alias_incoming_local", "=", True),
                ("alias_name", "in", [a.partition("@")[0] for a in addresses]),
            ]
        )
        return found

    @api.model
    def _gck_choose_route(self, message, routes):
        """Return the route of the address that the mail names first."""
        addresses = self._gck_get_addresses(message)

        def position(route):
            alias = route[4]
            for index, address in enumerate(addresses):
                if alias and (
                    address == alias.alias_full_name
                    or address.partition("@")[0] == alias.alias_name
                ):
                    return index
            return len(addresses)

        return min(routes, key=position)

    @api.model
    def _gck_get_refusal(self, message, message_dict):
        """Return why no action is to be made of a mail, for the log; else None.

        Mass mail is no reason: helpdesks, shops and carriers mark what they send about
        an order in that way. It is only not acknowledged.
        """
        if correo.is_automatic_reply(message):
            return "automatic reply"
        # Odoo looks only among what the user who hands in the mail may read.
        for kind in self._gck_get_incoming_models():
            if self.env[kind]._find_by_message_id(message_dict["message_id"]):
                return "there is an action of it already"
        if self._gck_is_own_address(message, message_dict):
            return "sent by one of our own addresses"
        return None

    @api.model
    def _gck_is_own_address(self, message, message_dict):
        """Tell whether a mail comes from an alias or from this server's own mails."""
        senders = email_normalize_all(message_dict.get("email_from") or "")
        if not senders:
            return False
        # One or two rows: each is a mail domain of this server.
        # sudo: the gateway runs as any user; only which addresses are ours is read.
        # pylint: disable-next=no-search-all
        domains = self.env["mail.alias.domain"].sudo().search([])
        own = {
            *domains.mapped("bounce_email"),
            *domains.mapped("catchall_email"),
            *domains.mapped("default_from_email"),
        }
        # sudo: as for the domains.
        aliases = self.env["mail.alias"].sudo()
        full = Domain("alias_domain_id", "!=", False) & Domain(
            "alias_full_name", "in", senders
        )
        # Without a domain any «fax@…» would be ours: only one that mails to itself is.
        looped = set(senders) & set(self._gck_get_addresses(message))
        local = Domain("alias_incoming_local", "=", True) & Domain(
            "alias_name", "in", [sender.partition("@")[0] for sender in looped]
        )
        return bool(own & set(senders) or aliases.search_count(full | local, limit=1))

    @api.model
    def _gck_get_thread_of(self, message_dict):
        """Return the action of the suite that a mail answers, by its references."""
        references = unfold_references(
            f"{message_dict.get('references') or ''} "
            f"{message_dict.get('in_reply_to') or ''}"
        )
        references = [reference.strip() for reference in references if reference][-32:]
        if not references:
            return None
        # sudo: the gateway finds threads whoever it runs as, as Odoo's does.
        messages = self.env["mail.message"].sudo()
        kinds = self._gck_get_thread_models()
        parent = messages.search(
            [("message_id", "in", references), ("model", "in", kinds)],
            limit=1,
            order="id desc",
        )
        if not parent.res_id:
            return None
        return self.env[parent.model].browse(parent.res_id).exists() or None

    @api.model
    def _gck_get_thread_models(self):
        """Return the names of the models of the suite whose mails are answered."""
        return [
            name
            for name in self.env.registry.descendants(
                ["gck.numerado.mixin"], "_inherit"
            )
            if not self.env[name]._abstract
            and hasattr(self.env[name], "message_update")
        ]

    @api.model
    def _gck_get_incoming_models(self):
        """Return the names of the models whose types have mail addresses."""
        return [
            name
            for name in sorted(
                self.env.registry.descendants(["gck.correo.mixin"], "_inherit")
            )
            if not self.env[name]._abstract
        ]
