from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

INVOICE_TYPES = {"customer": "out_invoice", "vendor": "in_invoice"}


class GckReclamacion(models.Model):
    """A claim is solved with a credit note, or with the refund of a vendor."""

    _inherit = "gck.reclamacion"

    def _do_reopen(self, reason):
        """Bring claims back; credit notes that came in meanwhile enter their costs."""
        result = super()._do_reopen(reason)
        links = self.env["gck.vinculo"]._get_of_origins(self)
        links._gck_get_claimed_moves()._gck_update_reclamacion_costes()
        return result

    def action_create_credit_note(self):
        """Open Odoo's reversal of the invoice claimed about, or ask which one.

        :return: a window action
        :raises UserError: when the claim has ended, or there is nothing to credit
        """
        self.ensure_one()
        self.check_access("write")
        self._check_not_locked()
        if self.direction == "internal":
            raise UserError(
                self.env._("Nobody from outside is to be credited for an internal one.")
            )
        if not self.partner_id:
            raise UserError(
                self.env._("Say first which customer or vendor %s is of.", self.name)
            )
        domain = self._get_creditable_domain()
        document = self._get_documento()
        if document._name == "account.move":
            invoice = document.filtered_domain(domain)
            if invoice:
                return self._get_reversal_action(invoice)
        if not self.env["account.move"].search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "%s has no posted invoice that could be credited.",
                    self.partner_id.display_name,
                )
            )
        proposed = self._get_proposed_invoice()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoice to credit"),
            "res_model": "gck.reclamacion.abono",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_reclamacion_id": self.id,
                "default_move_id": proposed.id,
            },
        }

    def _get_creditable_domain(self):
        """Return the domain of the posted invoices of the partner of the claim."""
        self.ensure_one()
        return (
            Domain("move_type", "=", INVOICE_TYPES.get(self.direction))
            & Domain("state", "=", "posted")
            & Domain("company_id", "=", self.company_id.id)
            & Domain("commercial_partner_id", "=", self.commercial_partner_id.id)
        )

    def _get_proposed_invoice(self):
        """Return the invoice that the claim is most likely about, if any can be told.

        That of its document, else of the documents linked to it, the newest.
        """
        self.ensure_one()
        links = self.env["gck.vinculo"]._get_of_origins(self)
        documents = [self._get_documento()] + [
            self.env[link.res_model].browse(link.res_id).exists()
            for link in links
            if link.res_model in self.env
        ]
        domain = self._get_creditable_domain()
        Move = self.env["account.move"]
        for document in documents:
            # sudo: which invoices an order has; the domain is searched by the user.
            invoices = self._get_credit_invoices(document.sudo())
            if not invoices:
                continue
            found = Move.search(domain & Domain("id", "in", invoices.ids), limit=1)
            if found:
                return found
        return Move

    def _get_credit_invoices(self, document):
        """Return the invoices of a document; the glue of an app knows its own.

        :param document: one record of any model, or none
        :return: ``account.move``
        """
        if document._name == "account.move":
            return document
        return self.env["account.move"]

    def _get_reversal_action(self, invoice):
        """Return Odoo's dialog that makes a credit note, with the claim as reason.

        :param invoice: one posted ``account.move``
        """
        self.ensure_one()
        invoice.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account.action_view_account_move_reversal"
        )
        name = self.env._("Credit note")
        if self.direction == "vendor":
            name = self.env._("Vendor refund")
        view = self.env.ref("account.view_account_move_reversal")
        return {
            **action,
            "name": name,
            "view_mode": "form",
            "views": [(view.id, "form")],
            "context": {
                "active_model": "account.move",
                "active_ids": invoice.ids,
                "active_id": invoice.id,
                "default_reason": f"{self.name} · {self.subject}",
                "default_gck_reclamacion_id": self.id,
            },
        }
