from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# The classes of written documents; the codes are those of their kinds of action.
CLASES = [
    ("carta", "Letter"),
    ("fax", "Fax"),
    ("contrato", "Contract"),
    ("memo", "Memo"),
    ("procedimiento", "Procedure"),
    ("correo", "E-mail"),
]
# What of a text may hold merge fields.
MERGED = ("body", "subject", "salutation", "closing")


class GckTexto(models.Model):
    """A standard text, of which written documents are made (M-50, M-51, M-52).

    Its merge fields, such as ``{cliente}`` or ``{cliente.ciudad}``, are checked when
    it is saved; see ``gck.combinacion``.
    """

    _name = "gck.texto"
    _description = "Standard text"
    _inherit = ["gck.tabla.mixin", "mail.thread"]
    _order = "clase, sequence, name, id"

    name = fields.Char(tracking=True)
    clase = fields.Selection(
        selection=CLASES, string="Class", required=True, default="carta", index=True
    )
    code = fields.Char(
        required=True, help="Short and unique, as in PRES-01: texts are found by it."
    )
    subject = fields.Char(
        translate=True,
        help="Reference, title or subject that the written documents start with.",
    )
    salutation = fields.Char(
        translate=True, help="What a letter begins with, as in «Dear Sirs:»."
    )
    closing = fields.Char(
        translate=True, help="What a letter ends with, as in «Yours faithfully,»."
    )
    body = fields.Html(string="Text", translate=True)
    document_model_id = fields.Many2one(
        "ir.model",
        string="Documents it is for",
        domain=lambda self: self._get_document_model_domain(),
        ondelete="cascade",
        help="Kind of document that {documento} stands for. Empty: of any kind.",
    )
    document_model = fields.Char(
        related="document_model_id.model", export_string_translation=False
    )
    escrito_count = fields.Integer(
        string="Written documents", compute="_compute_escrito_count"
    )
    preview_partner_id = fields.Many2one(
        "res.partner",
        string="Sample customer",
        store=False,
        help="Shows the text with the data of this customer.",
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    preview_problems = fields.Text(compute="_compute_preview")

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.model
    def _get_document_model_domain(self):
        return [("model", "in", list(self.env["gck.vinculo.modelo"]._get_models()))]

    def _compute_escrito_count(self):
        counts = dict(
            self.env["gck.escrito"]._read_group(
                [("texto_id", "in", self.ids)], ["texto_id"], ["__count"]
            )
        )
        for texto in self:
            texto.escrito_count = counts.get(texto._origin, 0)

    @api.depends(*MERGED, "clase", "preview_partner_id", "document_model_id")
    @api.depends_context("lang")
    def _compute_preview(self):
        """Show the text as a letter to the sample customer would say it."""
        for texto in self:
            texto.preview, problems = texto._get_preview()
            texto.preview_problems = "\n".join(problems) or False

    def _get_preview(self):
        """Return the text merged for the sample customer, and what is wrong in it."""
        self.ensure_one()
        sample = self.env["gck.escrito"].new(
            {
                "clase": self.clase,
                "partner_id": self.preview_partner_id._origin.id,
                "texto_id": False,
                "subject": self.subject,
                "salutation": self.salutation,
                "closing": self.closing,
                "body": self.body,
            }
        )
        company = sample.partner_id.commercial_partner_id
        contacts = company.child_ids.filtered(lambda p: p.type == "contact")
        sample.contact_id = contacts[:1]
        merged = sample._get_merged()
        wanted = self.env["gck.combinacion"]._get_problems(
            self.body, self._get_document_models()
        )
        # That no document is linked to a sample is no fault of the text.
        problems = [
            problem
            for problem in merged["problems"]
            if problem in wanted or "{documento" not in problem
        ]
        return sample._get_letter_html(merged), problems

    def _get_document_models(self):
        """Return the names of the models that ``{documento}`` may be of, or None."""
        # sudo: the name of a model is no secret.
        name = self.sudo().document_model_id.model
        return [name] if name else None

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains(*MERGED, "document_model_id")
    def _check_fields(self):
        """Refuse merge fields that do not exist, naming the nearest (M-52)."""
        for texto in self:
            problems = [
                problem
                for name in MERGED
                for problem in self.env["gck.combinacion"]._get_problems(
                    texto[name], texto._get_document_models()
                )
            ]
            if problems:
                raise ValidationError("\n".join(problems))

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse code in a text before the cleaning of HTML hides it."""
        for vals in vals_list:
            self._check_no_code(vals)
            self._check_code(vals.get("code"), vals.get("company_id"))
        return super().create(vals_list)

    def write(self, vals):
        """Refuse code in a text before the cleaning of HTML hides it."""
        self._check_no_code(vals)
        if "code" in vals or "company_id" in vals:
            for texto in self:
                texto._check_code(
                    vals.get("code", texto.code),
                    vals.get("company_id", texto.company_id.id),
                )
        return super().write(vals)

    def _check_code(self, code, company_id):
        """Refuse a code that another text has already, naming that text (M-51).

        :raises ValidationError: one of another company is no obstacle
        """
        code = (code or "").strip()
        if not code:
            return
        domain = [("code", "=", code), ("id", "not in", self.ids)]
        if company_id:
            domain.append(("company_id", "in", (company_id, False)))
        # sudo: an archived text and one of all companies count; its name is told.
        found = self.sudo().with_context(active_test=False).search(domain, limit=1)
        if found:
            raise ValidationError(
                self.env._(
                    "The code %(code)s is that of the text «%(text)s» already. "
                    "Choose another code.",
                    code=code,
                    text=found.name,
                )
            )

    @api.model
    def _check_no_code(self, vals):
        """:raises UserError: naming what is no merge field"""
        combinacion = self.env["gck.combinacion"]
        problems = [
            problem
            for name in MERGED
            if vals.get(name)
            for problem in combinacion._get_refused(vals[name])
        ]
        if problems:
            raise UserError("\n".join(problems))

    def copy_data(self, default=None):
        """Give the copy a code and a name of its own."""
        vals_list = super().copy_data(default)
        for texto, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", texto.name)
            if "code" not in (default or {}):
                vals["code"] = texto._get_free_code()
        return vals_list

    def _get_free_code(self):
        """Return a code like this text's that none has yet."""
        self.ensure_one()
        # sudo: as in _check_code.
        texts = self.sudo().with_context(active_test=False)
        used = set(texts.search([("code", "=like", f"{self.code}-%")]).mapped("code"))
        number = 2
        while f"{self.code}-{number}" in used:
            number += 1
        return f"{self.code}-{number}"

    @api.depends("code", "name")
    def _compute_display_name(self):
        for texto in self:
            texto.display_name = (
                f"[{texto.code}] {texto.name}" if texto.code else (texto.name)
            )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_view_escritos(self):
        """List what was written from the text."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "gck_escritos.action_gck_escrito"
            ),
            "domain": [("texto_id", "=", self.id)],
            "context": {"default_clase": self.clase, "default_texto_id": self.id},
        }

    def action_define(self):
        """Open the text to write it: the yellow folder of the table (M-59)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
