from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import parse_contact_from_email


class GckAvisoRemitente(models.TransientModel):
    """Says who an unknown sender is: a new contact, or one on file (K-8)."""

    _name = "gck.aviso.remitente"
    _description = "Identify the sender"

    aviso_id = fields.Many2one("gck.aviso", string="Notice", readonly=True)
    email_from = fields.Char(string="Sender", compute="_compute_email_from")
    choice = fields.Selection(
        selection=[
            ("create", "Create a new contact"),
            ("link", "It is somebody on file"),
        ],
        string="The sender",
        required=True,
        default=lambda self: self._default_choice(),
    )
    may_create = fields.Boolean(
        string="May create contacts", compute="_compute_may_create"
    )
    name = fields.Char(
        compute="_compute_contact", store=True, readonly=False, precompute=True
    )
    email = fields.Char(
        compute="_compute_contact", store=True, readonly=False, precompute=True
    )
    phone = fields.Char(
        compute="_compute_contact", store=True, readonly=False, precompute=True
    )
    parent_id = fields.Many2one(
        "res.partner",
        string="Company",
        domain=[("is_company", "=", True)],
        help="Leave it empty for a customer or vendor of its own.",
    )
    partner_id = fields.Many2one("res.partner", string="Contact")
    keep_email = fields.Boolean(
        string="Write the address on the contact",
        compute="_compute_keep_email",
        store=True,
        readonly=False,
        precompute=True,
        help="So that the next mail is recognised.",
    )
    same_message = fields.Char(string="Note", compute="_compute_same_message")

    @api.model
    def default_get(self, fields):
        """Propose the contact where somebody has made one of the sender meanwhile."""
        values = super().default_get(fields)
        for name in self._get_incoming_fields():
            incoming = self.env[self._fields[name].comodel_name].browse(
                values.get(name)
            )
            if not incoming.email_normalized:
                continue
            partner = self.env["res.partner"]._gck_find_by_email(
                incoming.email_normalized, incoming.company_id
            )
            if partner:
                values.update(choice="link", partner_id=partner.id)
        return values

    @api.model
    def _default_choice(self):
        """Propose what the user has the right to do."""
        may_create = self.env["res.partner"].has_access("create")
        return "create" if may_create else "link"

    def _compute_may_create(self):
        self.may_create = self.env["res.partner"].has_access("create")

    @api.model
    def _get_incoming_fields(self):
        """Return the fields of which one holds the record whose sender is asked for."""
        kinds = self.env.registry.descendants(["gck.correo.mixin"], "_inherit")
        return [name for name, f in self._fields.items() if f.comodel_name in kinds]

    def _get_incoming(self):
        """Return the record whose sender is asked for.

        :raises AccessError: when the user may not read it
        """
        self.ensure_one()
        given = (self[name] for name in self._get_incoming_fields())
        # Not as superuser, as whom stored fields are computed: a client may name any.
        incoming = next(filter(None, given), self.aviso_id).sudo(False)
        incoming.check_access("read")
        return incoming

    @api.depends("aviso_id")
    def _compute_email_from(self):
        for wizard in self:
            wizard.email_from = wizard._get_incoming().email_from

    @api.depends("aviso_id")
    def _compute_contact(self):
        for wizard in self:
            incoming = wizard._get_incoming()
            name, address = parse_contact_from_email(incoming.email_from or "")
            wizard.name = name or wizard.aviso_id.caller_name or address
            wizard.email = incoming.email_normalized
            wizard.phone = incoming.phone

    @api.depends("partner_id")
    def _compute_keep_email(self):
        for wizard in self:
            wizard.keep_email = bool(
                wizard.partner_id
                and not wizard.partner_id.email
                and wizard._get_incoming().email_normalized
                # Not as superuser, as whom stored fields are computed.
                and wizard.partner_id.sudo(False).has_access("write")
            )

    @api.depends("aviso_id")
    def _compute_same_message(self):
        """Say which other records the choice applies to."""
        for wizard in self:
            incoming = wizard._get_incoming()
            others = incoming._get_same_sender() - incoming
            wizard.same_message = False
            if others:
                wizard.same_message = wizard._get_same_text() % (
                    others._accion_join_names(others)
                )

    def _get_same_text(self):
        """Return what says which others the choice applies to, with one ``%s``."""
        return self.env._(
            "It also applies to the pending notices of the same address: %s."
        )

    def action_confirm(self):
        """Create or choose the contact; the sender's other mails follow.

        :raises UserError: when a name or a contact is missing
        """
        self.ensure_one()
        if self.choice == "create":
            partner = self._create_partner()
        else:
            partner = self.partner_id
            if not partner:
                raise UserError(self.env._("Choose the contact."))
            if self.keep_email and not partner.email:
                partner.email = self.email
        self._get_incoming()._get_same_sender()._set_sender(partner)
        return {"type": "ir.actions.act_window_close"}

    def _create_partner(self):
        if not (self.name or "").strip():
            raise UserError(self.env._("Write the name of the contact."))
        return self.env["res.partner"].create(
            {
                "name": self.name.strip(),
                "email": self.email,
                "phone": self.phone,
                "parent_id": self.parent_id.id,
                "is_company": False,
            }
        )
