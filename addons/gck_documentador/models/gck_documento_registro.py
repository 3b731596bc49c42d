import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

USER = "gck_documentador.group_gck_documento_user"


class GckDocumento(models.Model):
    """The documents of a record of any model."""

    _name = "gck.documento"
    _inherit = ["gck.documento"]

    linked_record = fields.Char(
        string="Linked with",
        compute="_compute_linked_record",
        search="_search_linked_record",
        help="To search by: the model and the id of a record, «res.partner,7».",
    )

    def _compute_linked_record(self):
        # Only searched by; what is linked is shown by the links themselves.
        self.linked_record = False

    def _search_linked_record(self, operator, value):
        """Find the documents that are linked with a record: ``model,id``."""
        if operator != "in":
            return NotImplemented
        domains = []
        for text in value:
            name, _comma, res_id = str(text or "").partition(",")
            if name in self.env and res_id.isdigit():
                record = self.env[name].browse(int(res_id))
                if record.has_access("read"):
                    domains.append(self._get_linked_to_domain(record))
        return Domain.OR(domains)

    @api.model_create_multi
    def create(self, vals_list):
        """Create documents; those made from the list of a record belong to it."""
        documentos = super().create(vals_list)
        record = self._get_record_of_context()
        if record:
            documentos._link_records(record)
        return documentos

    @api.model
    def _get_record_of_context(self):
        """Return the record whose documents the user sees, None elsewhere."""
        name = self.env.context.get("gck_link_model")
        res_id = self.env.context.get("gck_link_id")
        if name not in self.env or not isinstance(res_id, int):
            return None
        return self.env[name].browse(res_id).exists()

    @api.model
    def _get_of_record_domain(self, record):
        """Return the domain of the documents of a record: linked, or of a partner.

        :param record: of any model
        """
        # As text, so that the client can have it too.
        domain = Domain("linked_record", "=", f"{record._name},{record.id}")
        if record._name == "res.partner":
            companies = record.commercial_partner_id
            domain |= Domain("partner_id.commercial_partner_id", "in", companies.ids)
        return domain

    @api.model
    def get_record_action(self, res_model, res_id):
        """Return the window action with the documents of a record.

        What is dropped on the list or made there is linked with the record.
        """
        if res_model not in self.env:
            raise UserError(
                self.env._("The record was deleted meanwhile. Refresh the page.")
            )
        record = self.env[res_model].browse(res_id)
        record.check_access("read")
        partner = self.env["gck.accion"]._get_partner(record).commercial_partner_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gck_documentador.action_gck_documento"
        )
        return {
            **action,
            "name": self.env._("Documents of %s", record.display_name),
            "display_name": self.env._("Documents of %s", record.display_name),
            "domain": list(self._get_of_record_domain(record)),
            "context": {
                "gck_link_model": record._name,
                "gck_link_id": record.id,
                "default_partner_id": partner.id,
            },
        }


class ResPartner(models.Model):
    """The documents of each partner."""

    _inherit = "res.partner"

    gck_documento_count = fields.Integer(
        string="Documents count", compute="_compute_gck_documento_count", groups=USER
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_gck_documento_count(self):
        """Count the documents of each company and its contacts, and those linked."""
        Documento = self.env["gck.documento"]
        counts = dict.fromkeys(self.commercial_partner_id.ids, 0)
        for partner, count in Documento._read_group(
            [("partner_id.commercial_partner_id", "in", list(counts))],
            ["partner_id"],
            ["__count"],
        ):
            company_id = partner.sudo().commercial_partner_id.id
            counts[company_id] = counts.get(company_id, 0) + count
        # Those of somebody else that are linked here besides.
        # sudo: only which documents; those out of reach drop out below.
        links = (
            self.env["gck.vinculo"]
            .sudo()
            .search_fetch(
                [
                    ("origin_model", "=", Documento._name),
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("relation", "=", "document"),
                ],
                ["origin_id", "res_id"],
            )
        )
        linked = {}
        documentos = Documento.search_fetch(
            [("id", "in", links.mapped("origin_id"))], ["partner_id"]
        )
        by_id = {documento.id: documento for documento in documentos}
        partners = {partner.id: partner for partner in self}
        for link in links:
            documento = by_id.get(link.origin_id)
            partner = partners[link.res_id]
            if (
                documento
                # sudo: whose it is, which the user may not see.
                and documento.sudo().partner_id.commercial_partner_id
                != partner.commercial_partner_id
            ):
                linked[link.res_id] = linked.get(link.res_id, 0) + 1
        for partner in self:
            partner.gck_documento_count = counts.get(
                partner.commercial_partner_id.id, 0
            ) + linked.get(partner.id, 0)

    def action_view_gck_documentos(self):
        """Open the documents of the partner, on which more can be dropped."""
        self.ensure_one()
        return self.env["gck.documento"].get_record_action(self._name, self.id)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _thread_to_store(self, store, fields, *, request_list=None):
        """Tell the chatter how many documents its record has, for its button."""
        result = super()._thread_to_store(store, fields, request_list=request_list)
        if (
            request_list
            and not self.env.su
            # Documents have no documents.
            and self._name not in ("gck.documento", "gck.carpeta")
            and self.env.user.has_group(USER)
        ):
            Documento = self.env["gck.documento"]
            for thread in self.filtered("id"):
                try:
                    with self.env.cr.savepoint():
                        count = Documento.search_count(
                            Documento._get_of_record_domain(thread)
                        )
                except Exception:
                    # The chatter of every app goes on without the button.
                    _logger.exception("The documents of %s were not counted", thread)
                    continue
                store.add(thread, {"gck_documento_count": count}, as_thread=True)
        return result
