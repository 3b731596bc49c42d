import re

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gck_avisos.models.gck_accion_mixin import _TRANSITION

# Five digits at least, whatever separates them.
FAX_NUMBER = re.compile(r"\+?(?:[\s()./-]*\d){5,}[\s()./-]*")


class GckEscrito(models.Model):
    """Faxes: a cover sheet, and the way through a mail-to-fax service (M-49)."""

    _name = "gck.escrito"
    _inherit = ["gck.escrito"]

    fax = fields.Char(
        string="Fax number",
        compute="_compute_fax",
        store=True,
        readonly=False,
        precompute=True,
    )
    fax_mail_id = fields.Many2one(
        "mail.mail", string="E-mail to the fax service", readonly=True, copy=False
    )
    fax_mail_state = fields.Selection(
        related="fax_mail_id.state", string="Delivery", related_sudo=True
    )
    fax_mail_reason = fields.Text(
        related="fax_mail_id.failure_reason",
        string="Why it was not delivered",
        related_sudo=True,
    )
    has_fax_gateway = fields.Boolean(compute="_compute_has_fax_gateway")

    @api.depends("partner_id", "contact_id", "clase")
    def _compute_fax(self):
        """Propose the number of the contact, else that of its company."""
        for escrito in self:
            former = escrito._origin
            known = (former.contact_id.fax, former.partner_id.fax, False)
            if escrito.clase != "fax":
                escrito.fax = False
            elif escrito.fax in known:
                escrito.fax = escrito.contact_id.fax or escrito.partner_id.fax
            else:
                escrito.fax = escrito.fax

    def _compute_has_fax_gateway(self):
        for escrito in self:
            # sudo: whether the company has a fax service is no secret.
            escrito.has_fax_gateway = bool(escrito.company_id.sudo().gck_fax_gateway)

    def _get_issue_problems(self):
        """Add what is missing of whom it is for."""
        problems = super()._get_issue_problems()
        problem = self._get_recipient_problem()
        return [*problems, problem] if problem else problems

    def _get_recipient_problem(self):
        """Return what is missing of whom the document is for, None if nothing."""
        self.ensure_one()
        partner = self.partner_id
        if self.clase not in ("carta", "fax", "contrato"):
            return None
        if not partner:
            return self.env._("Nobody is addressed. Choose the customer.")
        if self.clase == "carta" and not (
            partner.city and (partner.street or partner.zip)
        ):
            return self.env._(
                "%s has no postal address. Put the street and the city on its file.",
                partner.name,
            )
        if self.clase == "fax" and not FAX_NUMBER.fullmatch((self.fax or "").strip()):
            return self.env._(
                "%s has no valid fax number. Write it on the fax, or on its file.",
                partner.name,
            )
        return None

    def action_send_fax(self):
        """Send issued faxes to the mail-to-fax service of their company.

        :raises UserError: when the company has none
        """
        self.check_access("write")
        faxes = self.filtered(lambda doc: doc.clase == "fax" and doc.state == "issued")
        faxes._send_fax()
        return True

    def action_retry_fax(self):
        """Send once more a fax that the mail server refused."""
        self.check_access("write")
        # sudo: the state of its mail is part of the fax.
        failed = self.filtered(
            lambda doc: (
                doc.clase == "fax" and doc.sudo().fax_mail_id.state == "exception"
            )
        )
        failed._send_fax()
        return True

    def _send_fax(self):
        """Hand faxes to their service; the mail is kept with them."""
        for escrito in self:
            company = escrito.company_id
            # sudo: who sends a fax uses the company's service and mail server.
            address = company.sudo()._gck_get_fax_address(escrito.fax)
            if not address:
                raise UserError(
                    self.env._(
                        "The company has no fax service. Print the fax, or ask a "
                        "manager to set the mail-to-fax address in the parameters."
                    )
                )
            mail = (
                self.env["mail.mail"]
                .sudo()
                .create(
                    {
                        **escrito._prepare_fax_mail_vals(),
                        "email_to": address,
                        "mail_server_id": company._gck_get_mail_server().id,
                    }
                )
            )
            escrito.with_context(gck_transition=_TRANSITION, mail_notrack=True).write(
                {"fax_mail_id": mail.id}
            )
        fresh = self.filtered(lambda doc: doc.state == "issued")
        fresh._accion_transition("sent", {"date_sent": fields.Datetime.now()})
        # sudo: as above. After the transaction: a fax cannot be called back.
        self.sudo().fax_mail_id.send_after_commit()

    def _prepare_fax_mail_vals(self):
        """Return the values of the mail that carries a fax to its service."""
        self.ensure_one()
        name = self._get_pdf_name()
        return {
            "subject": self.display_name,
            "body_html": "",
            "email_from": self.user_id.email_formatted
            or self.company_id.email_formatted,
            "model": self._name,
            "res_id": self.id,
            "auto_delete": False,
            "attachment_ids": [
                fields.Command.create(
                    {
                        "name": name,
                        "raw": self._get_pdf(),
                        "mimetype": "application/pdf",
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                )
            ],
        }
