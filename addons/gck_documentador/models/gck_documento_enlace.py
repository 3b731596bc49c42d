import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, human_size

TOKEN_BYTES = 32
PROPOSED_DAYS = 14
MAX_DAYS = 366


class GckDocumentoEnlace(models.Model):
    """A link by which a folder or a document is read without an account.

    It shows what who made it may read at the moment when it is opened, and nothing
    above: a right that is taken away from them is gone from the link as well.
    """

    _name = "gck.documento.enlace"
    _description = "Shared link"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    carpeta_id = fields.Many2one(
        "gck.carpeta", string="Folder", index="btree_not_null", ondelete="cascade"
    )
    documento_id = fields.Many2one(
        "gck.documento", string="Document", index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Shared by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer or vendor",
        index="btree_not_null",
        ondelete="cascade",
        help="Whoever of them has an account finds it under «Documents» as well.",
    )
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(TOKEN_BYTES),
        groups="base.group_system",
    )
    url = fields.Char(string="Link", compute="_compute_url")
    date_expiry = fields.Datetime(
        string="Valid until",
        required=True,
        copy=False,
        default=lambda self: fields.Datetime.now() + timedelta(days=PROPOSED_DAYS),
    )
    password = fields.Char(
        compute="_compute_password",
        inverse="_inverse_password",
        help="Asked for besides the link. Tell it by another way than the link.",
    )
    password_hash = fields.Char(copy=False, groups="base.group_system")
    has_password = fields.Boolean(
        string="With password", compute="_compute_has_password"
    )
    is_revoked = fields.Boolean(string="Revoked", readonly=True, copy=False)
    state = fields.Selection(
        selection=[
            ("valid", "Valid"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
        ],
        string="Status",
        compute="_compute_state",
        search="_search_state",
    )
    download_count = fields.Integer(string="Downloads", readonly=True, copy=False)
    date_download = fields.Datetime(string="Last download", readonly=True, copy=False)

    _token_uniq = models.UniqueIndex("(token)", "This link exists already.")
    _one_thing = models.Constraint(
        "CHECK ((carpeta_id IS NULL) <> (documento_id IS NULL))",
        "A link shares a folder or a document: choose one of the two.",
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("carpeta_id", "documento_id")
    def _compute_name(self):
        for link in self:
            link.name = link.documento_id.name or link.carpeta_id.name

    @api.depends("name")
    def _compute_display_name(self):
        for link in self:
            link.display_name = link.name

    @api.depends("token")
    def _compute_url(self):
        for link in self:
            # sudo: whoever may read the link may hand it on.
            token = link.sudo().token
            link.url = f"{link.get_base_url()}/documentos/{token}" if link.id else False

    def _compute_password(self):
        self.password = False

    def _inverse_password(self):
        """Keep no password, only what one is checked with."""
        context = self.env["res.users"]._crypt_context()
        for link in self:
            # sudo: nobody reads it but the check.
            link.sudo().password_hash = (
                context.hash(link.password) if link.password else False
            )

    @api.depends("password_hash")
    def _compute_has_password(self):
        for link in self:
            # sudo: only whether there is one.
            link.has_password = bool(link.sudo().password_hash)

    @api.depends("date_expiry", "is_revoked")
    def _compute_state(self):
        now = fields.Datetime.now()
        for link in self:
            if link.is_revoked:
                link.state = "revoked"
            else:
                expired = link.date_expiry and link.date_expiry <= now
                link.state = "expired" if expired else "valid"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        domains = {
            "revoked": Domain("is_revoked", "=", True),
            "expired": Domain("is_revoked", "=", False)
            & Domain("date_expiry", "<=", now),
            "valid": Domain("is_revoked", "=", False) & Domain("date_expiry", ">", now),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.constrains("date_expiry")
    def _check_date_expiry(self):
        limit = fields.Datetime.now() + timedelta(days=MAX_DAYS)
        for link in self:
            if link.date_expiry > limit:
                raise ValidationError(
                    self.env._(
                        "A link is valid for a year at most: choose an earlier day."
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Share what the user may change: reading is not enough to give it away."""
        links = super().create(vals_list)
        for link in links:
            link._check_may_share()
        links.invalidate_recordset(["password"])
        return links

    def write(self, vals):
        """Change a link, but not what it shares nor for whom it counts."""
        fixed = {"carpeta_id", "documento_id", "user_id", "company_id", "token"}
        if not self.env.su and not fixed.isdisjoint(vals):
            raise UserError(
                self.env._("What a link shares is not changed: make another one.")
            )
        result = super().write(vals)
        self.invalidate_recordset(["password"])
        return result

    def _check_may_share(self):
        folder = self.carpeta_id or self.documento_id.carpeta_id
        folder._check_level("write")
        folder.check_access("read")
        if self.documento_id:
            self.documento_id.check_access("write")

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_revoke(self):
        """End the links at once."""
        self.check_access("write")
        self.write({"is_revoked": True})

    def action_create_link(self):
        """Show the link that was just made.

        :return: the action of the same dialog, now with the address
        """
        self.ensure_one()
        view = self.env.ref("gck_documentador.view_gck_documento_enlace_form")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Share «%s»", self.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    def action_open(self):
        """Show the page that others see."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.url, "target": "new"}

    # ------------------------------------------------------------
    # Reading by a link
    # ------------------------------------------------------------

    @api.model
    def _find(self, token):
        """Return the link of a token, valid or not; none when there is none."""
        if not token or len(token) > 100:
            return self.sudo().browse()
        # sudo: the token is the right.
        return self.sudo().search([("token", "=", token)], limit=1)

    def _get_reader_env(self):
        """Return the environment of who shared it, whose rights count."""
        self.ensure_one()
        return (
            self.with_user(self.user_id)
            .with_context(allowed_company_ids=self.company_id.ids)
            .env
        )

    def _is_open(self):
        """Tell whether the link is valid, and who made it may still read it."""
        self.ensure_one()
        if self.state != "valid" or not self.user_id.active:
            return False
        return bool(self._get_shared())

    def _get_shared(self):
        """Return the document or the folder, empty when it is out of reach by now."""
        env = self._get_reader_env()
        record = self.documento_id or self.carpeta_id
        record = record.with_env(env)
        return record.search([("id", "=", record.id)])

    def _check_password(self, password):
        """Tell whether a password opens the link."""
        self.ensure_one()
        if not self.password_hash:
            return True
        context = self.env["res.users"]._crypt_context()
        return bool(password) and context.verify(password[:200], self.password_hash)

    def _get_folder(self, folder_id):
        """Return a folder within what is shared, empty when it is not."""
        env = self._get_reader_env()
        return env["gck.carpeta"].search(
            [("id", "=", folder_id), ("id", "child_of", self.carpeta_id.id)]
        )

    def _get_documento(self, documento_id):
        """Return a document within what is shared, empty when it is not."""
        env = self._get_reader_env()
        domain = [("id", "=", documento_id), ("version_id", "!=", False)]
        if self.carpeta_id:
            domain.append(("carpeta_id", "child_of", self.carpeta_id.id))
        else:
            domain.append(("id", "=", self.documento_id.id))
        return env["gck.documento"].search(domain)

    def _count_download(self):
        """Count a download; of two at once both count."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE gck_documento_enlace
                   SET download_count = COALESCE(download_count, 0) + 1,
                       date_download = %s
                 WHERE id IN %s
                """,
                fields.Datetime.now(),
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["download_count", "date_download"])

    @api.model
    def _get_portal_domain(self, partner):
        """Return the domain of the links that a portal user sees."""
        return [
            ("partner_id.commercial_partner_id", "=", partner.commercial_partner_id.id),
            ("is_revoked", "=", False),
            ("date_expiry", ">", fields.Datetime.now()),
        ]


class GckDocumento(models.Model):
    _name = "gck.documento"
    _inherit = ["gck.documento"]

    enlace_ids = fields.One2many(
        "gck.documento.enlace", "documento_id", string="Shared links"
    )

    def _get_size_text(self):
        return human_size(self.file_size)

    def action_share(self):
        """Open the dialog that makes a link to the document."""
        self.ensure_one()
        return _get_share_action(
            self, {"documento_id": self.id, "partner_id": self.partner_id.id}
        )


class GckCarpeta(models.Model):
    _name = "gck.carpeta"
    _inherit = ["gck.carpeta"]

    enlace_ids = fields.One2many(
        "gck.documento.enlace", "carpeta_id", string="Shared links"
    )

    def action_share(self):
        """Open the dialog that makes a link to the folder."""
        self.ensure_one()
        return _get_share_action(
            self, {"carpeta_id": self.id, "partner_id": self.partner_id.id}
        )


def _get_share_action(record, defaults):
    return {
        "type": "ir.actions.act_window",
        "name": record.env._("Share «%s»", record.name),
        "res_model": "gck.documento.enlace",
        "view_mode": "form",
        "views": [
            (
                record.env.ref("gck_documentador.view_gck_documento_enlace_form").id,
                "form",
            )
        ],
        "target": "new",
        "context": {f"default_{name}": value for name, value in defaults.items()},
    }
