from difflib import get_close_matches

from markupsafe import Markup, escape

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import (
    format_amount,
    format_date,
    format_datetime,
    formatLang,
    html2plaintext,
    html_sanitize,
)

from ..tools import campos

# What a merge field starts with, and the field of the written document behind it.
ROOTS = {
    "cliente": "partner_id",
    "atencion": "contact_id",
    "remitente": "user_id",
    "empresa": "company_id",
    "documento": None,
    "fecha": "date_document",
    "referencia": "subject",
    "titulo": "title",
    "numero": "name",
}
# How Spanish speakers call the fields that letters name most.
ALIASES = {
    "calle": "street",
    "calle2": "street2",
    "ciudad": "city",
    "poblacion": "city",
    "cp": "zip",
    "codigo_postal": "zip",
    "provincia": "state_id",
    "pais": "country_id",
    "telefono": "phone",
    "correo": "email",
    "email": "email",
    "nif": "vat",
    "cif": "vat",
    "cargo": "function",
    "puesto": "function",
    "web": "website",
    "nombre": "name",
    "numero": "name",
    "total": "amount_total",
    "importe": "amount_total",
    "base": "amount_untaxed",
    "pendiente": "amount_residual",
    "vencimiento": "invoice_date_due",
    "moneda": "currency_id",
    "comercial": "user_id",
    "cliente": "partner_id",
    "empresa": "company_id",
    "estado": "state",
    "referencia": "ref",
}
TYPES = {
    "char",
    "text",
    "html",
    "integer",
    "float",
    "monetary",
    "date",
    "datetime",
    "boolean",
    "selection",
    "many2one",
    "one2many",
    "many2many",
}
# Never read, whoever may: no letter names them.
SECRETS = (
    "password",
    "passwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "totp",
    "otp",
    "signup",
    "oauth",
    "private_key",
    "credential",
    "smtp_pass",
    "device",
    "session",
)
# What a company only has by its partner.
COMPANY_ADDRESS = ("street", "street2", "zip", "city", "state_id", "country_id")
PATH_MAX = 5
LIST_MAX = 50


class FieldError(Exception):
    """A merge field that cannot be used; the message says why."""


class GckCombinacion(models.AbstractModel):
    """Merge fields: which there are, and what stands in their place (M-52).

    A field is a path of stored fields from one of ``ROOTS``; it is read with the
    rights of the user, and never evaluated.
    """

    _name = "gck.combinacion"
    _description = "Merge fields"

    # ------------------------------------------------------------
    # Which fields there are
    # ------------------------------------------------------------

    @api.model
    def _get_root_models(self, root, res_models=None):
        """Return the names of the models that a root may be a record of.

        :param str root: a key of ``ROOTS``
        :param res_models: those of the linked documents
        """
        if root == "documento":
            names = res_models or self.env["gck.vinculo.modelo"]._get_models()
            return [name for name in names if name in self.env]
        field = self.env["gck.escrito"]._fields[ROOTS[root]]
        return [field.comodel_name] if field.relational else []

    @api.model
    def _is_allowed(self, model, name):
        """Tell whether a letter may name a field of a model."""
        field = model._fields.get(name)
        if field is None or field.type not in TYPES:
            return False
        if name == "id" or any(secret in name.lower() for secret in SECRETS):
            return False
        # Of a related field what it leads to counts as well.
        chain = [field, *self._get_related_fields(model, field)]
        # What is worked out may look at what the reader may not.
        if not (chain[-1].store or name == "display_name"):
            return False
        return all(
            not part.groups
            and not any(secret in part.name.lower() for secret in SECRETS)
            for part in chain
        )

    @api.model
    def _get_related_fields(self, model, field):
        """Return the fields that a related field passes through."""
        result, current = [], model
        for name in (field.related or "").split("."):
            part = current._fields.get(name)
            if part is None:
                break
            result.append(part)
            if not part.relational:
                break
            current = self.env[part.comodel_name]
        return result

    @api.model
    def _get_names(self, model):
        """Return how the fields of a model may be called: ``{name: field name}``."""
        names = {}
        langs = {self.env.lang or "en_US"}
        langs.update(
            code
            for code, _name in self.env["res.lang"].get_installed()
            if code.startswith("es")
        )
        allowed = [name for name in model._fields if self._is_allowed(model, name)]
        for lang in sorted(langs):
            labels = model.with_context(lang=lang).fields_get(allowed, ["string"])
            for name, label in labels.items():
                names.setdefault(campos.normalize(label["string"]), name)
        names.update((al, name) for al, name in ALIASES.items() if name in allowed)
        names.update((name, name) for name in allowed)
        if model._name == "res.company":
            names.update(
                (al, name) for al, name in ALIASES.items() if name in COMPANY_ADDRESS
            )
        return names

    @api.model
    def _find_name(self, model, name):
        """Return the name of the field that a part of a path means, else None."""
        if self._is_allowed(model, name):
            return name
        known = ALIASES.get(campos.normalize(name))
        if known and self._is_allowed(model, known):
            return known
        return self._get_names(model).get(campos.normalize(name))

    @api.model
    def _parse(self, path, res_models=None):
        """Return a path as the root and the field names for each possible model.

        :param str path: as between the braces
        :param res_models: names of the models of linked documents, where known
        :return: ``(root, {model name: field names})``
        :raises FieldError: naming the part that does not exist, and the nearest
        """
        if not campos.PATH.fullmatch(path):
            raise FieldError(self.env._("{%s} is not a merge field.", path))
        root, *parts = path.split(".")
        root = campos.normalize(root)
        if root not in ROOTS:
            raise FieldError(self._get_unknown_message(path, root, ROOTS))
        models_ = self._get_root_models(root, res_models)
        if not parts:
            return root, dict.fromkeys(models_, [])
        if not models_ or len(parts) > PATH_MAX:
            raise FieldError(
                self.env._(
                    "{%(path)s} does not exist: {%(root)s} has no parts.",
                    path=path,
                    root=root,
                )
            )
        found, error = {}, None
        for model_name in models_:
            try:
                found[model_name] = self._parse_parts(path, root, model_name, parts)
            except FieldError as reason:
                error = error or reason
        if not found:
            raise error
        return root, found

    @api.model
    def _parse_parts(self, path, root, model_name, parts):
        """Return the field names that the parts of a path mean in a model."""
        model, names, done = self.env[model_name], [], [root]
        for place, part in enumerate(parts):
            name = self._find_name(model, part)
            if not name and model._name == "res.company":
                # Its address is that of its partner; the company stores none.
                partner = self.env["res.partner"]
                name = self._find_name(partner, part)
                if name in COMPANY_ADDRESS:
                    names.append("partner_id")
                    model = partner
                else:
                    name = None
            if not name:
                raise FieldError(
                    self._get_unknown_message(
                        path, part, self._get_names(model), ".".join(done) + "."
                    )
                )
            names.append(name)
            done.append(part)
            field = model._fields[name]
            if place == len(parts) - 1:
                return names
            if field.type != "many2one":
                raise FieldError(
                    self.env._(
                        "{%(path)s} does not exist: {%(root)s} has no parts.",
                        path=path,
                        root=".".join(done),
                    )
                )
            model = self.env[field.comodel_name]
        return names

    @api.model
    def _get_unknown_message(self, path, name, known, prefix=""):
        """Say that a merge field does not exist, and which is the nearest."""
        near = get_close_matches(campos.normalize(name), list(known), 1, 0.5)
        if near:
            return self.env._(
                "The merge field {%(path)s} does not exist. Did you mean {%(near)s}?",
                path=path,
                near=prefix + near[0],
            )
        return self.env._(
            "The merge field {%s} does not exist. Choose one from the list of fields.",
            path,
        )

    @api.model
    def _get_refused(self, html):
        """Return what a text holds that is code and no merge field, as sentences."""
        return [
            self.env._(
                "%s is not allowed in a text: only merge fields such as {cliente} or "
                "{cliente.ciudad}.",
                text,
            )
            for text in campos.find_refused(html)
        ]

    @api.model
    def _get_problems(self, html, res_models=None):
        """Return what is wrong with the merge fields of a text, as sentences."""
        problems = self._get_refused(html)
        refused = campos.find_refused(html)
        for path in campos.find_paths(campos.DOUBLE.sub("", html or "")):
            if f"{{{path}}}" in refused:
                continue
            try:
                self._parse(path, res_models)
            except FieldError as error:
                problems.append(str(error))
        return problems

    # ------------------------------------------------------------
    # What stands in their place
    # ------------------------------------------------------------

    @api.model
    def _merge(self, html, roots, lang=None):
        """Return a text with its merge fields replaced, and what could not be.

        :param str html: the text
        :param dict roots: ``{root: record or value}``; a root that is missing has
            nothing behind it
        :param str lang: language of dates, numbers and names
        :return: ``(Markup, sentences)``
        """
        lang = lang or self.env.lang
        problems, values = [], {}

        def get_value(path):
            if path not in values:
                try:
                    values[path] = self._get_value(path, roots, lang)
                except FieldError as error:
                    problems.append(str(error))
                    values[path] = Markup('<span class="gck-campo-error">{%s}</span>')
                    values[path] %= path
            return values[path]

        merged = campos.replace(html, get_value)
        return html_sanitize(merged), problems

    @api.model
    def _get_value(self, path, roots, lang):
        """Return what stands in the place of a merge field, escaped.

        What is wrong is said in the language of the user, not of the letter.
        """
        root = campos.normalize(path.partition(".")[0])
        value = roots.get(root)
        if root == "documento" and not value:
            raise FieldError(
                self.env._(
                    "{%s} has no value: no document is linked. Link it first.", path
                )
            )
        res_models = [value._name] if root == "documento" else None
        root, found = self._parse(path, res_models)
        reader = self.with_context(lang=lang)
        if not isinstance(value, models.BaseModel):
            return escape(reader._format_scalar(value))
        try:
            return reader._read(value.with_env(reader.env)[:1], found[value._name])
        except AccessError as error:
            raise FieldError(
                self.env._("You may not read what {%s} stands for.", path)
            ) from error

    @api.model
    def _read(self, record, names):
        """Return the text of a path of fields of a record."""
        record.check_access("read")
        if not names:
            return escape(self._get_name(record))
        for name in names[:-1]:
            record = record[name]
        if not record:
            return Markup()
        record.check_access("read")
        return escape(self._format(record, names[-1]))

    @api.model
    def _get_name(self, records):
        """Return how a letter calls records: people by their name alone."""
        if records._name in ("res.partner", "res.users"):
            return ", ".join(filter(None, records.mapped("name")))
        return ", ".join(filter(None, records.mapped("display_name")))

    @api.model
    def _format(self, record, name):
        """Return a value as a person writes it, in the language of the letter."""
        field, value = record._fields[name], record[name]
        if field.relational:
            return self._get_name(value[:LIST_MAX])
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "monetary":
            currency = record[field.get_currency_field(record)]
            if currency:
                return format_amount(self.env, value, currency)
        if field.type in ("float", "monetary"):
            digits = field.get_digits(self.env) if field.type == "float" else None
            return formatLang(self.env, value, digits=(digits or (16, 2))[1])
        if field.type == "integer":
            return str(value)
        if not value:
            return ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "html":
            return html2plaintext(value)
        return self._format_scalar(value)

    @api.model
    def _format_scalar(self, value):
        """Return a text or a date: «1 de diciembre de 2026»."""
        if not value:
            return ""
        if isinstance(value, str):
            return value
        if hasattr(value, "hour"):
            return format_datetime(self.env, value, dt_format="d MMMM y HH:mm")
        return format_date(self.env, value, date_format="long")

    # ------------------------------------------------------------
    # The picker
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_fields(self, res_model=False):
        """Return the merge fields as the editor offers them (M-52).

        :param str res_model: model of the linked document, when the text is for one
        :return: a list of groups, each a dict ``name`` and ``fields``, these dicts
            ``path`` and ``label``
        """
        titles = {
            "cliente": self.env._("Customer or vendor"),
            "atencion": self.env._("Attention of"),
            "remitente": self.env._("Sender"),
            "empresa": self.env._("Company"),
            "documento": self.env._("Linked document"),
        }
        labels = {
            "fecha": self.env._("Date of the document"),
            "referencia": self.env._("Reference"),
            "titulo": self.env._("Title"),
            "numero": self.env._("Number"),
        }
        short = [
            {"path": root, "label": titles.get(root) or labels[root]} for root in ROOTS
        ]
        groups = [{"name": self.env._("Most used"), "fields": short}]
        for root, title in titles.items():
            names = self._get_root_models(root, res_model and [res_model])
            if root == "documento" and len(names) > 1:
                continue
            for model_name in names:
                groups.append(
                    {"name": title, "fields": self._get_choices(root, model_name)}
                )
        return groups

    @api.model
    def _get_choices(self, root, model_name):
        """Return the fields of a model that the editor offers, by label."""
        model = self.env[model_name]
        if not model.has_access("read"):
            return []
        spanish = {name: alias for alias, name in reversed(ALIASES.items())}
        allowed = [
            name
            for name, field in model._fields.items()
            if self._is_allowed(model, name)
            and field.type not in ("one2many", "many2many")
            and not name.startswith(("message_", "activity_", "__"))
            and (
                not field.relational or self.env[field.comodel_name].has_access("read")
            )
        ]
        labels = model.fields_get(allowed, ["string"])
        if model_name == "res.company":
            partner = self.env["res.partner"]
            labels.update(partner.fields_get(COMPANY_ADDRESS, ["string"]))
        choices = [
            {"path": f"{root}.{spanish.get(name, name)}", "label": label["string"]}
            for name, label in labels.items()
        ]
        return sorted(choices, key=lambda choice: choice["label"].lower())
