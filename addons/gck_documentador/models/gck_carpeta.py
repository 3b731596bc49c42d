from psycopg2.errors import UniqueViolation

from odoo import Command, api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError

from ..tools.names import clean_filename, get_name_key

# Folders of the suite with what is not for everybody, and whether who sees all
# documents reads them.
PRIVATE = {"carta": True, "fax": True, "contrato": True, "correo": True, "memo": False}

# A branch deeper than this is no longer found again by people.
DEPTH_MAX = 30


class GckCarpeta(models.Model):
    """A folder of the Documentador (K-28).

    Folders form a tree. Who sees and changes what is in a folder is said by the rows of
    rights on it or, without any, on the nearest folder above that has some.
    """

    _name = "gck.carpeta"
    _description = "Folder"
    _order = "complete_name, id"
    _parent_store = True
    _rec_names_search = ["complete_name"]
    _check_company_auto = True

    name = fields.Char(required=True)
    name_key = fields.Char(compute="_compute_name_key", store=True, precompute=True)
    parent_id = fields.Many2one(
        "gck.carpeta",
        string="Parent folder",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("gck.carpeta", "parent_id", string="Subfolders")
    complete_name = fields.Char(
        string="Path",
        compute="_compute_complete_name",
        store=True,
        recursive=True,
        precompute=True,
        index="trigram",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Leave it empty to share the folder between all companies.",
    )
    code = fields.Char(
        copy=False,
        readonly=True,
        help="Of the folders that the suite files into by itself.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer or vendor", index="btree_not_null"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain="[('share', '=', False)]",
        help="Is told of what expires in the folder when nobody else is named.",
    )
    description = fields.Text()
    documento_count = fields.Integer(
        string="Documents", compute="_compute_documento_count"
    )

    _name_uniq = models.UniqueIndex(
        "(COALESCE(parent_id, 0), COALESCE(company_id, 0), name_key)"
        " WHERE active IS TRUE",
        "There is already a folder of this name here. Accents and capital letters make "
        "no difference: choose another name.",
    )
    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0), COALESCE(partner_id, 0))"
        " WHERE code IS NOT NULL",
        "A folder of the suite exists once in each company.",
    )

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.depends("name")
    def _compute_name_key(self):
        for folder in self:
            folder.name_key = get_name_key(folder.name)

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for folder in self:
            parent = folder.parent_id.complete_name
            folder.complete_name = (
                f"{parent} / {folder.name}" if parent else folder.name
            )

    @api.depends("complete_name")
    def _compute_display_name(self):
        for folder in self:
            folder.display_name = folder.complete_name

    @api.depends("parent_id")
    def _compute_company_id(self):
        """Take the company of the folder above; at the top, the user's."""
        for folder in self:
            if folder.parent_id:
                folder.company_id = folder.parent_id.company_id
            elif not folder.id:
                folder.company_id = folder.company_id or self.env.company

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_documento_count(self):
        counts = dict(
            self.env["gck.documento"]._read_group(
                [("carpeta_id", "in", self.ids)], ["carpeta_id"], ["__count"]
            )
        )
        for folder in self:
            folder.documento_count = counts.get(folder._origin, 0)

    @api.constrains("parent_id")
    def _check_parent_id(self):
        for folder in self:
            if folder.parent_path.count("/") > DEPTH_MAX:
                raise ValidationError(
                    self.env._(
                        "Folders can be %(depth)s levels deep. «%(folder)s» would be "
                        "deeper: choose a place further up.",
                        depth=DEPTH_MAX,
                        folder=folder.name,
                    )
                )

    @api.constrains("parent_id", "company_id")
    def _check_company_of_parent(self):
        for folder in self:
            if folder.parent_id and folder.parent_id.company_id != folder.company_id:
                raise ValidationError(
                    self.env._(
                        "«%(folder)s» belongs to another company than the folder above "
                        "it. Put it among the folders of its company.",
                        folder=folder.name,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create folders, with names that can be those of a folder on a disk."""
        return super().create([self._clean_vals(vals) for vals in vals_list])

    def write(self, vals):
        """Write values, with a name that can be that of a folder on a disk."""
        self._check_not_inside(vals.get("parent_id"))
        return super().write(self._clean_vals(vals))

    def _check_not_inside(self, parent_id):
        """:raises ValidationError: when a folder would be put into itself"""
        parent = self.browse(parent_id or [])
        # sudo: the place of a folder in the tree, before anything follows from it.
        above = {
            int(part) for part in (parent.sudo().parent_path or "").split("/")[:-1]
        }
        if not above.isdisjoint(self._ids):
            raise ValidationError(
                self.env._(
                    "A folder cannot be put into itself or into one of its own "
                    "subfolders. Choose another place."
                )
            )

    @api.model
    def _clean_vals(self, vals):
        if not vals.get("name"):
            return vals
        return {**vals, "name": clean_filename(vals["name"].replace("/", "-"))}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_system(self):
        system = self.filtered("code")
        if system:
            raise UserError(
                self.env._(
                    "The suite files into «%s» by itself. Archive the folder if you do "
                    "not use it.",
                    system[0].display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filled(self):
        self._check_empty(with_bin=True)

    def action_archive(self):
        """Hide folders that nothing is in any more."""
        self._check_level("manage")
        self._check_empty()
        return super().action_archive()

    def _check_empty(self, with_bin=False):
        """:raises UserError: saying how much is in a folder that is to go

        :param bool with_bin: what is in the bin counts too
        """
        # sudo: what the user may not see is in the folder all the same.
        documents = self.env["gck.documento"].sudo()
        if with_bin:
            documents = documents.with_context(active_test=False)
        counts = dict(
            documents._read_group(
                [("carpeta_id", "in", self.ids)], ["carpeta_id"], ["__count"]
            )
        )
        children = dict(
            self.sudo()
            .with_context(active_test=with_bin is False)
            ._read_group(
                [("parent_id", "in", self.ids), ("id", "not in", self.ids)],
                ["parent_id"],
                ["__count"],
            )
        )
        for folder in self:
            documentos, folders = counts.get(folder, 0), children.get(folder, 0)
            if documentos or folders:
                raise UserError(
                    self.env._(
                        "«%(folder)s» is not empty: it holds %(documents)s documents, "
                        "those in the bin included, and %(folders)s folders. Move or "
                        "delete them first.",
                        folder=folder.display_name,
                        documents=documentos,
                        folders=folders,
                    )
                )

    # ------------------------------------------------------------
    # Folders of the suite
    # ------------------------------------------------------------

    @api.model
    def _get_system_names(self):
        """Return ``{code: name}`` of the folders that the suite files into."""
        return {
            "inbox": self.env._("Inbox"),
            "carta": self.env._("Letters"),
            "fax": self.env._("Faxes"),
            "contrato": self.env._("Contracts"),
            "memo": self.env._("Memos"),
            "procedimiento": self.env._("Procedures"),
            "correo": self.env._("E-mails"),
            "propuesta": self.env._("New-customer proposals"),
            "contacto": self.env._("Contacts"),
        }

    @api.model
    def _get_system(self, code, company=None, partner=None):
        """Return the folder that the suite files into by itself, made when missing.

        :param str code: one of ``_get_system_names``
        :param company: ``res.company``, the user's without it
        :param partner: ``res.partner`` whose own folder within it is meant
        :return: one ``gck.carpeta``
        :raises ConcurrencyError: when somebody else makes it this very moment; the
            transaction is tried again by itself
        """
        company = company or self.env.company
        # sudo: where the suite files is not for its users to set up; what is in the
        # folder keeps its rights.
        folders = self.sudo().with_context(active_test=False)
        partner_id = partner.commercial_partner_id.id if partner else False
        folder = folders.search(
            [
                ("code", "=", code),
                ("company_id", "=", company.id),
                ("partner_id", "=", partner_id),
            ],
            limit=1,
        )
        if not folder:
            vals = {"code": code, "company_id": company.id, "partner_id": partner_id}
            if partner:
                parent = self._get_system(code, company)
                vals["parent_id"] = parent.id
                name = partner.commercial_partner_id.name or str(partner_id)
            else:
                lang = company.partner_id.lang or self.env.lang
                name = self.with_context(lang=lang)._get_system_names()[code]
                vals.update(self._prepare_private_vals(code))
            vals["name"] = folders._get_free_name(name, vals)
            try:
                with self.env.cr.savepoint():
                    folder = folders.create(vals)
                    folder.flush_recordset()
            except UniqueViolation as error:
                raise ConcurrencyError(str(error)) from error
        return self.browse(folder.id)

    @api.model
    def _prepare_private_vals(self, code):
        """Return who has access to a folder of the suite, where not everybody has."""
        if code not in PRIVATE:
            return {}
        if not PRIVATE[code]:
            return {"inherit_rights": False, "is_confidential": True}
        group = self.env.ref("gck_documentador.group_gck_documento_all")
        return {
            "inherit_rights": False,
            "permiso_ids": [Command.create({"group_id": group.id, "level": "read"})],
        }

    @api.model
    def _get_free_name(self, name, vals):
        """Return a name that no other folder of the place has, numbered if need be."""
        name = clean_filename(name.replace("/", "-"))
        taken = set(
            self.search(
                [
                    ("parent_id", "=", vals.get("parent_id", False)),
                    ("company_id", "=", vals["company_id"]),
                    ("name_key", "=like", f"{get_name_key(name)}%"),
                    ("active", "=", True),
                ]
            ).mapped("name_key")
        )
        free, number = name, 1
        while get_name_key(free) in taken:
            number += 1
            free = f"{name} ({number})"
        return free

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_view_documentos(self):
        """Open the documents of the folder and of those below it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gck_documentador.action_gck_documento"
        )
        return {
            **action,
            "display_name": self.display_name,
            "context": {
                "search_default_carpeta_id": self.id,
                "default_carpeta_id": self.id,
            },
        }
