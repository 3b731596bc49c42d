from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.tools import html2plaintext, is_html_empty

from .gck_texto import MERGED

# Classes that begin and end as a letter does.
LETTER_CLASES = ("carta", "fax")
# Classes with a heading, which the reference of their text proposes.
TITLED_CLASES = ("contrato", "procedimiento")


class GckEscrito(models.Model):
    """What a written document says: its text, with the merge fields put in (M-52…M-55).

    While it is a draft, ``body`` holds the merge fields, so that another customer can
    still be chosen; the issue keeps what they stood for in ``body_issued``.
    """

    _name = "gck.escrito"
    _inherit = ["gck.escrito"]

    subject = fields.Char(
        compute="_compute_from_texto", store=True, readonly=False, precompute=True
    )
    body = fields.Html(
        compute="_compute_from_texto", store=True, readonly=False, precompute=True
    )
    salutation = fields.Char(
        compute="_compute_from_texto", store=True, readonly=False, precompute=True
    )
    closing = fields.Char(
        compute="_compute_from_texto", store=True, readonly=False, precompute=True
    )
    title = fields.Char(
        compute="_compute_from_texto", store=True, readonly=False, precompute=True
    )
    body_issued = fields.Html(string="Issued text", readonly=True, copy=False)
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    preview_problems = fields.Text(compute="_compute_preview")

    # ------------------------------------------------------------
    # From the standard text
    # ------------------------------------------------------------

    @api.depends("texto_id")
    def _compute_from_texto(self):
        """Fill the document with the text chosen, in the customer's language (M-54).

        What somebody wrote before stays where the text has nothing to say.
        """
        for escrito in self:
            texto = escrito.texto_id.with_context(lang=escrito._get_lang())
            chosen = bool(texto) and texto.id != escrito._origin.texto_id.id
            for name in MERGED:
                value = chosen and texto[name]
                if name == "subject" and escrito.subject:
                    # What a person wrote stays; what another text said does not.
                    former = escrito._origin.texto_id.with_context(lang=texto.env.lang)
                    if escrito.subject != former.subject:
                        value = False
                escrito[name] = value or escrito[name] or escrito._get_default(name)
            heading = chosen and escrito.clase in TITLED_CLASES and texto.subject
            escrito.title = escrito.title or heading

    @api.onchange("partner_id", "contact_id")
    def _onchange_partner_texto(self):
        """Take the text in the language of another customer, unless it was edited."""
        texto = self.texto_id
        if not texto:
            return
        lang = self._get_lang()
        for name in MERGED:
            known = {
                html2plaintext(texto.with_context(lang=code)[name] or "")
                for code, _label in self.env["res.lang"].get_installed()
            }
            if html2plaintext(self[name] or "") in known:
                self[name] = texto.with_context(lang=lang)[name]

    def _get_default(self, name):
        """Return what a letter begins or ends with where its text does not say it."""
        self.ensure_one()
        if self.clase not in LETTER_CLASES:
            return False
        env = self.with_context(lang=self._get_lang()).env
        if name == "salutation":
            return env._("Dear Sirs:")
        if name == "closing":
            return env._("Yours faithfully,")
        return False

    def _get_lang(self):
        """Return the language that the document is written in: the reader's."""
        self.ensure_one()
        return (
            self.contact_id.lang
            or self.partner_id.lang
            or self.company_id.partner_id.lang
            or self.env.lang
            or "en_US"
        )

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def _get_merge_roots(self):
        """Return what the merge fields of this document stand for.

        A class extends it to offer more, with its own roots in ``gck.combinacion``.

        :return: ``{root: record or value}``
        """
        self.ensure_one()
        return {
            "cliente": self.partner_id,
            "atencion": self.contact_id,
            "remitente": self.user_id,
            "empresa": self.company_id,
            "documento": self._get_linked_document(),
            "fecha": self.date_document,
            "referencia": self.subject,
            "titulo": self.title,
            "numero": self._get_shown_number(),
        }

    def _get_shown_number(self):
        """Return the number, which a draft has only provisionally."""
        self.ensure_one()
        number = self.env.context.get("gck_issue_number")
        if number or self.date_issued:
            return number or self.name
        return self.env._("(number on issue)")

    def _get_linked_document(self):
        """Return the document that the text is about: the first linked one.

        Of a text that is for one kind of document, the first of that kind.
        """
        self.ensure_one()
        # sudo: who has no right on links merges as well; the document itself is read
        # with the rights of the user.
        links = self._origin.sudo().vinculo_ids.sorted("id")
        wanted = self.texto_id._get_document_models() if self.texto_id else None
        for link in links:
            if link.res_model in self.env and (not wanted or link.res_model in wanted):
                return self.env[link.res_model].browse(link.res_id).exists()
        return None

    def _get_merged(self):
        """Return what the document says with its merge fields put in.

        :return: dict of ``body``, ``subject``, ``title``, ``salutation``, ``closing``
            and ``problems``, sentences
        """
        self.ensure_one()
        combinacion = self.env["gck.combinacion"]
        lang, roots = self._get_lang(), self._get_merge_roots()
        subject, problems = combinacion._merge(
            escape(self.subject or ""), {**roots, "referencia": ""}, lang
        )
        merged = {"subject": html2plaintext(subject)}
        roots["referencia"] = merged["subject"]
        title, found = combinacion._merge(
            escape(self.title or ""), {**roots, "titulo": ""}, lang
        )
        problems += found
        roots["titulo"] = merged["title"] = html2plaintext(title)
        for name in ("salutation", "body", "closing"):
            text = self[name] or ""
            if name != "body":
                text = escape(text)
            merged[name], found = combinacion._merge(text, roots, lang)
            problems += found
            if name != "body":
                merged[name] = html2plaintext(merged[name])
        merged["problems"] = list(dict.fromkeys(problems))
        return merged

    @api.depends(
        *MERGED,
        "state",
        "body_issued",
        "title",
        "partner_id",
        "contact_id",
        "user_id",
        "date_document",
        "company_id",
    )
    def _compute_preview(self):
        """Show a draft as it will read, and what is missing for it (M-52)."""
        for escrito in self:
            if escrito._origin.date_issued:
                escrito.preview = escrito._get_letter_html(escrito._get_final())
                escrito.preview_problems = False
                continue
            merged = escrito._get_merged()
            escrito.preview = escrito._get_letter_html(merged)
            escrito.preview_problems = "\n".join(merged["problems"]) or False

    def _get_final(self):
        """Return the texts of an issued document, else those of the draft."""
        self.ensure_one()
        if not self.date_issued:
            return self._get_merged()
        return {
            "subject": self.subject,
            "title": self.title,
            "salutation": self.salutation,
            "body": self.body_issued,
            "closing": self.closing,
            "problems": [],
        }

    def _get_letter_html(self, merged):
        """Return the texts of a document one below the other, as a preview."""
        self.ensure_one()
        parts = []
        if merged["title"]:
            parts.append(Markup("<h3>%s</h3>") % merged["title"])
        if merged["subject"] and self.clase in LETTER_CLASES:
            parts.append(Markup("<p><b>%s</b></p>") % merged["subject"])
        if merged["salutation"]:
            parts.append(Markup("<p>%s</p>") % merged["salutation"])
        if not is_html_empty(merged["body"]):
            parts.append(Markup(merged["body"]))
        if merged["closing"]:
            parts.append(Markup("<p>%s</p>") % merged["closing"])
        return Markup("").join(parts) or False

    # ------------------------------------------------------------
    # Issue
    # ------------------------------------------------------------

    def _get_issue_problems(self):
        """Add what its merge fields lack, and code that is none."""
        problems = super()._get_issue_problems()
        combinacion = self.env["gck.combinacion"]
        for name in MERGED:
            problems += combinacion._get_refused(self[name])
        if not problems:
            problems += self._get_merged()["problems"]
        return problems

    def _prepare_issue_vals(self):
        """Keep what the merge fields stood for (M-55)."""
        vals = super()._prepare_issue_vals()
        merged = self._get_merged()
        for name in ("subject", "title", "salutation", "closing"):
            vals[name] = merged[name]
        vals["body_issued"] = merged["body"]
        return vals
