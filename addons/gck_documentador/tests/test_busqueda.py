from unittest.mock import patch

from .common import DocumentosCase

EXTRACT = "odoo.addons.gck_documentador.models.gck_documento_texto.extract"


class TestBusqueda(DocumentosCase):
    """Documents are found by what they say."""

    def index(self, read=None):
        """Do what the workers do, with what a file says being its bytes."""

        def extract(source, filename, mimetype="", **limits):
            if isinstance(source, str):
                with open(source, "rb") as content:
                    source = content.read()
            return (read or (lambda raw, name: (raw.decode(), "done")))(
                source, filename
            )

        with patch(EXTRACT, extract), self.registry_enter_test_mode():
            self.env["gck.documento.texto"]._cron_index()

    def registry_enter_test_mode(self):
        """Keep the worker in the transaction of the test."""
        return patch(
            "odoo.addons.base.models.ir_cron.IrCron._commit_progress",
            lambda *args, **kwargs: 100.0,
        )

    def find(self, text, user=None, **context):
        documentos = (
            self.env["gck.documento"]
            .with_user(user or self.own)
            .with_context(gck_content_search=text, **context)
        )
        return documentos.search([("content_search", "ilike", text)], limit=80)

    def test_k28_words_are_found_by_their_stem_with_and_without_accents(self):
        documento = self.store(
            "a.txt", "Facturación de señalización y máquinas frigoríficas".encode()
        )
        self.store("b.txt", b"otra cosa")
        self.assertFalse(self.find("factura"))
        self.index()
        for text in (
            "facturacion",
            "facturaciones",
            "FACTURACIÓN",
            "senalizacion",
            "señalizaciones",
            "maquina frigorifica",
            "maquin",
            '"máquinas frigoríficas"',
            "inexistente or facturación",
        ):
            self.assertEqual(self.find(text), documento, text)
        for text in ("inexistente", "facturación -máquinas", '"frigoríficas máquinas"'):
            self.assertFalse(self.find(text), text)

    def test_k28_the_words_of_the_name_count_too(self):
        documento = self.store("Contrato_suministro-2026.pdf", b"")
        self.assertEqual(self.find("suministros"), documento)

    def test_k28_the_best_match_comes_first_and_shows_where(self):
        weak = self.store("a.txt", b"compresor y mas cosas " + b"relleno " * 200)
        strong = self.store("b.txt", b"compresor compresor compresor <b>frio</b>")
        self.index()
        found = self.find("compresor")
        self.assertEqual(found, strong | weak)
        self.assertEqual(found[0], strong)
        self.assertIn("<mark>compresor</mark>", found[0].snippet)
        self.assertNotIn("<b>", found[0].snippet)

    def test_k28_a_frequent_word_finds_all_of_them_the_newest_first(self):
        days = ("2026-01-02", "2026-03-01", "2026-02-01", "2025-05-05")
        documentos = self.env["gck.documento"].union(
            *(
                self.store(f"{day}.txt", f"bomba {day}".encode(), date=day)
                for day in days
            )
        )
        named = self.store("bomba.txt", b"", date="2020-01-01")
        self.index()
        with patch.object(type(self.env["gck.documento"]), "_find", lambda *args: None):
            found = self.find("bomba")
        self.assertEqual(found, documentos | named)
        self.assertEqual(found[0].date.isoformat(), "2026-03-01")
        self.assertEqual(found[-1], named)

    def test_k28_what_one_may_not_see_is_not_found(self):
        documento = self.store("a.txt", b"secreto")
        self.index()
        self.assertEqual(self.find("secreto", self.colleague), documento)
        self.env["gck.carpeta.permiso"].create(
            {
                "carpeta_id": self.folder.id,
                "user_id": self.colleague.id,
                "level": "none",
            }
        )
        self.forget()
        self.assertFalse(self.find("secreto", self.colleague))

    def test_k28_an_old_version_is_no_longer_found(self):
        documento = self.store("a.txt", b"antiguo")
        self.index()
        documento._add_version("a.txt", raw=b"moderno")
        self.assertFalse(self.find("antiguo"))
        self.index()
        self.assertEqual(self.find("moderno"), documento)
        documento.version_ids[1].action_restore()
        self.index()
        self.assertEqual(self.find("antiguo"), documento)

    def test_k28_equal_contents_are_read_once(self):
        self.index(lambda raw, name: ("", "done"))  # what was there before
        other = self.new_folder("Otros")
        self.store("a.txt", b"igual")
        self.store("b.txt", b"igual", carpeta_id=other.id)
        reads = []

        def read(raw, name):
            reads.append(name)
            return raw.decode(), "done"

        self.index(read)
        self.assertEqual(reads, ["a.txt"])
        self.assertEqual(len(self.find("igual")), 2)

    def test_k28_one_bad_file_does_not_stop_the_rest(self):
        bad, slow, good = (
            self.store(f"{name}.txt", name.encode()) for name in ("malo", "lento", "ok")
        )

        def read(raw, name):
            if name == "malo.txt":
                raise ValueError("damaged")
            if name == "lento.txt":
                return "", "timeout"
            return raw.decode(), "done"

        self.index(read)
        self.assertEqual(bad.version_id.index_state, "failed")
        self.assertIn("damaged", bad.version_id.index_error)
        self.assertEqual(slow.version_id.index_state, "failed")
        self.assertTrue(slow.version_id.index_error)
        self.assertEqual(good.version_id.index_state, "done")
        bad.version_id.action_reindex()
        self.index()
        self.assertEqual(bad.version_id.index_state, "done")

    def test_k28_what_is_too_large_is_found_by_name_only(self):
        self.env["ir.config_parameter"].set_param(
            "gck_documentador.index_max_bytes", "10"
        )
        documento = self.store("enorme.txt", b"mas de diez bytes")
        empty = self.store("vacio.txt", b"")
        self.index()
        self.assertEqual(documento.version_id.index_state, "too_large")
        self.assertEqual(empty.version_id.index_state, "empty")
        self.assertEqual(self.find("enorme"), documento)

    def test_k28_nothing_is_read_while_a_file_is_stored(self):
        with patch(EXTRACT) as extract:
            documento = self.store("a.txt", b"texto largo")
        extract.assert_not_called()
        self.assertFalse(documento.version_id.attachment_id.index_content)
        self.assertEqual(documento.version_id.index_state, "pending")

    def test_k28_a_strange_query_breaks_nothing(self):
        self.store("a.txt", b"texto")
        self.index()
        for text in ("'", "& | !", "<->", ":*", "\\", "a" * 3000, "🙂", "%", "((("):
            self.find(text)
            self.find(text).mapped("snippet")

    def test_k28_searching_costs_the_same_for_few_and_for_many(self):
        for n in range(25):
            self.store(f"{n}.txt", b"bomba numero %d" % n)
        self.index()
        Documento = (
            self.env["gck.documento"]
            .with_user(self.own)
            .with_context(gck_content_search="bomba")
        )
        domain = [("content_search", "ilike", "bomba")]

        def read(limit):
            Documento.web_search_read(domain, {"name": {}, "snippet": {}}, limit=limit)

        read(1)
        few = self.count_queries(lambda: read(2))
        many = self.count_queries(lambda: read(20))
        self.assertEqual(few, many)
        self.assertLessEqual(many, 8)
