from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import EscritoCase


@tagged("post_install", "-at_install")
class TestCombinacion(EscritoCase):
    """Merge fields of standard texts (M-52, M-55)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("es_ES")
        cls.partner.lang = cls.contact.lang = "es_ES"

    def _merge(self, body, **vals):
        escrito = self._create_escrito(body=body, contact_id=self.contact.id, **vals)
        return escrito._get_merged()

    def _create_texto(self, body, **vals):
        return self.env["gck.texto"].create(
            {"name": "Texto", "code": "T-1", "body": body, **vals}
        )

    def test_m52_short_names(self):
        """M-52: {cliente}, {atencion}, {fecha}, {referencia}… are put in."""
        merged = self._merge(
            "<p>{cliente} / {atencion} / {fecha} / {referencia} / {remitente} / "
            "{empresa}</p>",
            date_document="2026-12-01",
        )
        self.assertFalse(merged["problems"])
        for text in (
            "Frutas Levante, S.L. / Ana Soler / 1 de diciembre de 2026",
            "Revisión anual / Marta Vidal",
            self.env.company.name,
        ):
            self.assertIn(text, merged["body"])

    def test_m52_paths_in_spanish_and_english(self):
        """M-52: the Spanish name and Odoo's name of a field lead to the same."""
        merged = self._merge(
            "<p>{cliente.ciudad}/{cliente.city}/{cliente.país}/{cliente.country_id}</p>"
        )
        self.assertIn("Valencia/Valencia/España/España", merged["body"])

    def test_m52_address_of_the_own_company(self):
        """M-52: {empresa.ciudad} is the city of the company's address."""
        self.env.company.partner_id.write({"city": "Zaragoza", "zip": "50001"})
        merged = self._merge("<p>{empresa.cp} {empresa.ciudad}</p>")
        self.assertIn("50001 Zaragoza", merged["body"])

    def test_m52_field_split_by_the_editor(self):
        """M-52: formatting half of a field does not break it."""
        merged = self._merge("<p>{clie<b>nte</b>}, {\u00a0fecha }</p>")
        self.assertIn("Frutas Levante, S.L.", merged["body"])
        self.assertNotIn("{", merged["body"])

    def test_m52_values_are_escaped(self):
        """A customer's name is text, never markup."""
        self.partner.name = "<script>alert(1)</script> & Hijos"
        merged = self._merge("<p>{cliente}</p>")
        self.assertIn("&lt;script&gt;", merged["body"])
        self.assertIn("&amp; Hijos", merged["body"])

    def test_m52_values_are_not_merged_again(self):
        """A customer called like a field is not replaced once more."""
        self.partner.name = "{empresa}"
        self.assertIn("{empresa}", self._merge("<p>{cliente}</p>")["body"])

    def test_m52_unknown_field_names_the_nearest(self):
        """A field that does not exist is named at save, with the nearest."""
        for body, near in (
            ("{clinete}", "{cliente}"),
            ("{cliente.ciudda}", "{cliente.ciudad}"),
            ("{cliente.streat}", "{cliente.street}"),
            ("{atención.nmae}", "{atención.name}"),
        ):
            with (
                self.subTest(body=body),
                self.assertRaises(ValidationError) as error,
                self.cr.savepoint(),
            ):
                self._create_texto(f"<p>{body}</p>")
            self.assertIn(body, str(error.exception))
            self.assertIn(near.rpartition(".")[0], str(error.exception))

    def test_m52_code_is_refused_at_save(self):
        """Anything but a path is refused at save, and named."""
        for body, named in (
            ("<p>{cliente.unlink()}</p>", "{cliente.unlink()}"),
            ("<p>{{ object.name }}</p>", "{{ object.name }}"),
            ("<p>${object.name}</p>", "${object.name}"),
            ("<p>{cliente[0]}</p>", "{cliente[0]}"),
            ("<p>{1+1}</p>", "{1+1}"),
            ("<p>{% for x in y %}</p>", "{% for x in y %}"),
            ('<p><t t-out="object.name"/></p>', 't-out="object.name"'),
            ('<p t-if="1">x</p>', 't-if="1"'),
        ):
            with (
                self.subTest(body=body),
                self.assertRaises(UserError) as error,
                self.cr.savepoint(),
            ):
                self._create_texto(body)
            self.assertIn(named, str(error.exception))

    def test_m52_secrets_and_methods_are_no_fields(self):
        """Passwords, tokens, restricted fields and methods cannot be named."""
        for path in (
            "remitente.password",
            "remitente.signup_token",
            "cliente.signup_type",
            "empresa.unlink",
            "cliente.env.cr",
            "remitente.api_key_ids",
            "cliente.__class__",
            "cliente._name",
        ):
            with (
                self.subTest(path=path),
                self.assertRaises(UserError),
                self.cr.savepoint(),
            ):
                self._create_texto(f"<p>{{{path}}}</p>")

    def test_m52_no_secret_among_the_offered(self):
        """What the editor offers can all be merged, and holds no secret."""
        combinacion = self.env["gck.combinacion"].with_user(self.writer)
        paths = [
            field["path"]
            for group in combinacion.get_fields()
            for field in group["fields"]
        ]
        self.assertIn("cliente.ciudad", paths)
        self.assertFalse([path for path in paths if "passw" in path or "tok" in path])
        body = "".join(f"<p>{{{path}}}</p>" for path in paths)
        self.assertFalse(
            [
                problem
                for problem in self._merge(body)["problems"]
                if "documento" not in problem
            ]
        )

    def test_m51_code_is_unique(self):
        """M-51: the code of another text is refused, naming that text."""
        self._create_texto("<p>Uno</p>", name="Presentación")
        with self.assertRaisesRegex(ValidationError, "Presentación"):
            self._create_texto("<p>Dos</p>")
        self.assertEqual(
            self.env["gck.texto"].search([("code", "=", "T-1")]).copy().code, "T-1-2"
        )

    def test_linked_document(self):
        """{documento.…} is read from the linked document, with dates and money."""
        lead = self.env["crm.lead"].create(
            {
                "name": "Cámara de 200 m3",
                "partner_id": self.partner.id,
                "expected_revenue": 12345.6,
                "date_deadline": "2026-12-24",
                "user_id": self.writer.id,
            }
        )
        escrito = self._create_escrito(
            body="<p>{documento}: {documento.expected_revenue}, "
            "{documento.date_deadline}</p>"
        )
        self.assertIn("no document is linked", escrito.preview_problems)
        with self.assertRaisesRegex(UserError, "no document is linked"):
            escrito.action_issue()
        self.env["gck.vinculo"]._link(escrito, lead)
        escrito.invalidate_recordset()
        # Who may not read the document does not get at it by a letter.
        self.assertIn("may not read", escrito.preview_problems)
        self.writer.group_ids += self.env.ref("sales_team.group_sale_salesman")
        self.env.invalidate_all()
        body = escrito._get_merged()["body"]
        self.assertIn("Cámara de 200 m3", body)
        self.assertIn("12.345,60", body)
        self.assertIn("24 de diciembre de 2026", body)

    def test_text_in_the_language_of_the_customer(self):
        """A text is taken in the language of who reads it."""
        texto = self._create_texto("<p>Good morning</p>", subject="Offer")
        texto.with_context(lang="es_ES").subject = "Oferta"
        texto.update_field_translations(
            "body", {"es_ES": {"Good morning": "Buenos días"}}
        )
        spanish = self.Escrito.create(
            {"clase": "carta", "partner_id": self.partner.id, "texto_id": texto.id}
        )
        self.assertIn("Buenos días", spanish.body)
        self.assertEqual(spanish.subject, "Oferta")
        english = self.env["res.partner"].create({"name": "Smith", "lang": "en_US"})
        letter = self.Escrito.create(
            {"clase": "carta", "partner_id": english.id, "texto_id": texto.id}
        )
        self.assertIn("Good morning", letter.body)

    def test_m52_preview_with_a_sample_customer(self):
        """M-52: the text's form shows it with the data of a sample customer."""
        texto = self._create_texto("<p>{cliente} de {cliente.ciudad}</p>")
        sample = texto.new(origin=texto)
        sample.preview_partner_id = self.partner
        self.assertIn("Frutas Levante, S.L. de Valencia", sample.preview)
