from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ..tools.names import clean_title

# Of what a document is linked to, how many are named in a list.
LINKS_SHOWN = 3
UNITS = ("B", "kB", "MB", "GB")

# In the context of what changes a state by its method: an object of this process, which
# no client can send.
TRANSITION = object()

# What a document says of its content and of what was done with it: it follows from
# the files that are stored and from its buttons.
SYSTEM_FIELDS = {
    "version_id",
    "version_ids",
    "version_number",
    "filename",
    "extension",
    "mimetype",
    "file_size",
    "sha256",
    "content_key",
    "texto_id",
    "is_warned",
    "locked_by_id",
    "locked_date",
    "deleted_by_id",
    "deleted_date",
    "deleted_rule",
}


def format_size(env, size):
    """Return a number of bytes as people read it."""
    if not size:
        return ""
    value, unit = float(size), 0
    while value >= 1000 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    digits = 1 if unit and value < 100 else 0
    return f"{formatLang(env, value, digits=digits)} {UNITS[unit]}"


class GckDocumento(models.Model):
    """A file of any type, or a physical thing, kept to be found again (K-28, K-29).

    Its content is that of its current version; earlier ones are kept. It can be linked
    to any number of records, each of which shows it.
    """

    _name = "gck.documento"
    _description = "Document"
    _inherit = ["mail.thread", "mail.activity.mixin", "gck.vinculo.mixin"]
    _order = "name, id"
    _rec_names_search = ["name", "reference"]
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(required=True, index="trigram")
    active = fields.Boolean(default=True, copy=False)
    state = fields.Selection(
        selection=[
            ("valid", "Valid"),
            ("expired", "Expired"),
            ("bin", "In the bin"),
        ],
        string="Status",
        default="valid",
        required=True,
        readonly=True,
        copy=False,
    )
    carpeta_id = fields.Many2one(
        "gck.carpeta",
        string="Folder",
        required=True,
        default=lambda self: self.env["gck.carpeta"]._get_system("inbox"),
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", related="carpeta_id.company_id", store=True, precompute=True
    )
    tipo_id = fields.Many2one(
        "gck.documento.tipo",
        string="Type",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    tag_ids = fields.Many2many("gck.etiqueta", string="Tags")
    user_id = fields.Many2one(
        "res.users",
        string="Author",
        default=lambda self: self.env.user,
        index="btree_not_null",
        domain="[('share', '=', False)]",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    date_expiry = fields.Date(
        string="Expires on",
        compute="_compute_date_expiry",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer or vendor",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    reference = fields.Char(index="btree_not_null")
    description = fields.Text()
    is_physical = fields.Boolean(
        string="Physical",
        help="A thing with a place: a binder, a plan on paper, a key, a sample.",
    )
    location = fields.Char(help="Where it is kept: cabinet, shelf, box.")

    version_id = fields.Many2one(
        "gck.documento.version",
        string="Current version",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    version_ids = fields.One2many(
        "gck.documento.version", "documento_id", string="Versions", readonly=True
    )
    version_number = fields.Integer(string="Version", readonly=True, copy=False)
    filename = fields.Char(string="File", readonly=True, copy=False)
    extension = fields.Char(readonly=True, copy=False)
    mimetype = fields.Char(string="Content type", readonly=True, copy=False)
    file_size = fields.Integer(
        string="Size", readonly=True, copy=False, aggregator="sum"
    )
    vinculo_text = fields.Char(
        string="Linked to",
        compute="_compute_vinculo_text",
        groups="gck_avisos.group_gck_aviso_user",
    )
    size_text = fields.Char(string="Size (text)", compute="_compute_size_text")
    sha256 = fields.Char(
        string="SHA-256", readonly=True, copy=False, index="btree_not_null"
    )
    content_key = fields.Char(
        readonly=True,
        copy=False,
        help="What its content is known by, where it is the only one of its folder.",
    )
    locked_by_id = fields.Many2one(
        "res.users",
        string="Checked out by",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    locked_date = fields.Datetime(string="Checked out since", readonly=True, copy=False)

    _folder_idx = models.Index("(carpeta_id, name, id) WHERE active IS TRUE")
    _folder_all_idx = models.Index("(carpeta_id)")
    _content_uniq = models.UniqueIndex(
        "(carpeta_id, content_key) WHERE content_key IS NOT NULL",
        "The folder has a document with the same content already.",
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("tipo_id", "date")
    def _compute_date_expiry(self):
        """Propose the expiry of the type; what somebody chose is kept."""
        for documento in self:
            months = documento.tipo_id.expiry_months
            if not documento.date_expiry and months and documento.date:
                documento.date_expiry = fields.Date.add(documento.date, months=months)

    @api.depends("file_size")
    @api.depends_context("lang")
    def _compute_size_text(self):
        for documento in self:
            documento.size_text = format_size(self.env, documento.file_size)

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_vinculo_text(self):
        """Name what each document is linked to, as many as are of use in a list."""
        links_by_document = self._get_vinculos()
        for documento in self:
            links = links_by_document.get(documento.id, self.env["gck.vinculo"])
            names = links[:LINKS_SHOWN].mapped("document_name")
            if len(links) > LINKS_SHOWN:
                names.append("…")
            documento.vinculo_text = ", ".join(filter(None, names))

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create documents; nobody is told nor subscribed, which would cost more."""
        self = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        if not self._is_transition():
            defaults = self.default_get(["state", "active"])
            for vals in vals_list:
                status = {**defaults, **vals}
                if status.get("state") != "valid" or not status.get("active"):
                    raise UserError(self._get_status_refusal())
        return super().create([self._clean_vals(vals) for vals in vals_list])

    def write(self, vals):
        """Write values; the status changes only by what is done with the document."""
        forbidden = {"state", "active", "locked_by_id", "locked_date"} & vals.keys()
        if forbidden and not self._is_transition():
            raise UserError(self._get_status_refusal())
        if vals.get("carpeta_id"):
            self.env["gck.carpeta"].browse(vals["carpeta_id"])._check_level("write")
            moved = self.filtered(lambda d: d.carpeta_id.id != vals["carpeta_id"])
            if moved:
                # In the new folder another document may have the content already.
                moved.sudo().content_key = False
                result = super().write(self._clean_vals(vals))
                moved._claim_content_keys()
                return result
        return super().write(self._clean_vals(vals))

    @api.model
    def _clean_vals(self, vals):
        if not vals.get("name"):
            return vals
        return {**vals, "name": clean_title(vals["name"])}

    def _with_transition(self):
        return self.with_context(gck_transition=TRANSITION)

    def _is_transition(self):
        """Tell whether the server itself changes what no client may write."""
        return self.env.su or self.env.context.get("gck_transition") is TRANSITION

    def _get_status_refusal(self):
        return self.env._(
            "The status of a document is changed with its buttons, not by writing it."
        )

    @api.model
    def _has_field_access(self, field, operation):
        """Keep clients from writing what follows from files and buttons."""
        if (
            operation == "write"
            and field.name in SYSTEM_FIELDS
            and not self._is_transition()
        ):
            return False
        return super()._has_field_access(field, operation)

    # ------------------------------------------------------------
    # Business
    # ------------------------------------------------------------

    def _link_records(self, records):
        """Link these documents with records of one model; links that exist are kept.

        :param records: which the user may read
        :return: the new ``gck.vinculo``
        """
        return self.env["gck.vinculo"]._link(self, records)

    @api.model
    def _get_linked_to_domain(self, records):
        """Return the domain of the documents linked to records of one model."""
        # The documents that this domain finds are filtered by their own rights.
        links = self.env["gck.vinculo"]._search(
            [
                ("origin_model", "=", self._name),
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("relation", "=", "document"),
            ],
            bypass_access=True,
        )
        return Domain("id", "in", links.subselect("gck_vinculo.origin_id"))

    def action_open_file(self):
        """Download the current version.

        :return: the action that opens its address
        """
        self.ensure_one()
        if not self.version_id:
            raise UserError(
                self.env._("«%s» has no file: it is a physical document.", self.name)
            )
        return self.version_id.action_open_file()

    def action_compare_versions(self):
        """Show two versions next to each other, the last two to begin with."""
        self.ensure_one()
        versions = self.version_ids[:2]
        if len(versions) < 2:
            raise UserError(
                self.env._("«%s» has only one version: nothing to compare.", self.name)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare versions"),
            "res_model": "gck.documento.comparar",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_documento_id": self.id,
                "default_new_id": versions[0].id,
                "default_old_id": versions[1].id,
            },
        }
