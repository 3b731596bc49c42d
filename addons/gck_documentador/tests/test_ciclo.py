from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError

from .common import DocumentosCase

JOB = "odoo.addons.gck_avisos.models.gck_lote.GckLote._create_over"


class TestCiclo(DocumentosCase):
    """What happens to a document from its first version to its destruction."""

    @classmethod
    def setup_tables(cls):
        result = super().setup_tables()
        cls.tipo_poliza = cls.env["gck.documento.tipo"].create(
            {
                "name": "Póliza",
                "expiry_months": 12,
                "warning_days": 15,
                "retention_months": 60,
            }
        )
        return result

    def run_cron(self, name):
        """Run a daily job, its bulk work at once."""
        jobs = []

        def create_over(lote, model, domain, method, **values):
            jobs.append(method)
            getattr(lote.env[model].search(domain), method)()
            return lote

        with patch(JOB, create_over):
            getattr(self.env["gck.documento"], name)()
        return jobs

    # ------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------

    def test_k28_an_old_version_is_restored_as_a_new_one(self):
        documento = self.store("a.txt", b"uno")
        documento._add_version("b.txt", raw=b"dos")
        documento.version_ids[1].action_restore()
        self.assertEqual(documento.version_ids.mapped("number"), [3, 2, 1])
        current = documento.version_id
        self.assertEqual(current.attachment_id.raw, b"uno")
        self.assertEqual(current.filename, "a.txt")
        self.assertIn("1", current.reason)
        first = documento.version_ids[2]
        self.assertNotEqual(current.attachment_id, first.attachment_id)
        self.assertEqual(
            current.attachment_id.store_fname, first.attachment_id.store_fname
        )
        with self.assertRaises(UserError):
            current.action_restore()

    def test_k28_two_versions_are_compared(self):
        documento = self.store("a.txt", b"uno")
        documento._add_version("a.txt", raw=b"dosdos")
        action = documento.action_compare_versions()
        wizard = (
            self.env["gck.documento.comparar"]
            .with_user(self.own)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(wizard.size_change, 3)
        self.assertFalse(wizard.same_content)
        wizard.action_restore()
        wizard.new_id = documento.version_id
        self.assertTrue(wizard.same_content)

    def test_k28_nothing_changes_a_version(self):
        documento = self.store()
        version = documento.version_id
        with self.assertRaises(AccessError):
            version.unlink()
        with self.assertRaises(UserError):
            version.write({"reason": "otra"})

    # ------------------------------------------------------------
    # Lock
    # ------------------------------------------------------------

    def test_k28_what_is_checked_out_is_changed_by_nobody_else(self):
        documento = self.store()
        documento.action_lock()
        other = documento.with_user(self.colleague)
        for change in (
            lambda: other.write({"name": "otro.txt"}),
            lambda: other._add_version("a.txt", raw=b"x"),
            other.action_bin,
            other.action_lock,
        ):
            with self.assertRaises(UserError) as error:
                change()
            self.assertNames(error.exception, "Olga Own")
        documento.write({"reference": "R-1"})
        documento._add_version("a.txt", raw=b"x")
        other.message_post(body="¿Cuándo lo devuelves?")
        documento.action_unlock()
        other.write({"name": "otro.txt"})

    def test_k28_who_manages_the_folder_breaks_the_lock_and_it_is_logged(self):
        documento = self.store()
        documento.action_lock()
        with self.assertRaises(AccessError):
            documento.with_user(self.colleague).action_unlock()
        documento.with_user(self.keeper).action_unlock()
        self.assertFalse(documento.locked_by_id)
        self.assertIn("Olga Own", self.log_text(documento))

    def test_k28_a_physical_document_is_lent_and_given_back(self):
        documento = (
            self.env["gck.documento"]
            .with_user(self.own)
            .create(
                {
                    "name": "Llave del archivo",
                    "carpeta_id": self.folder.id,
                    "is_physical": True,
                    "location": "Armario 3",
                }
            )
        )
        self.confirm(
            self.as_user(self.own, documento.action_lend()),
            user_id=self.colleague.id,
            date_return=date.today() + timedelta(days=3),
        )
        self.assertEqual(documento.locked_by_id, self.colleague)
        self.assertEqual(documento.activity_ids.user_id, self.colleague)
        with self.assertRaises(UserError) as error:
            documento.with_user(self.outsider).action_lend()
        self.assertNames(error.exception, "Carlos Colleague")
        with self.assertRaises(UserError):
            documento.action_open_file()
        documento.action_unlock()
        self.assertFalse(documento.locked_by_id)

    def test_k28_the_status_is_not_written(self):
        documento = self.store()
        for vals in ({"state": "bin"}, {"active": False}, {"locked_by_id": 1}):
            with self.assertRaises(UserError):
                documento.write(vals)

    # ------------------------------------------------------------
    # Types
    # ------------------------------------------------------------

    def test_k28_a_type_says_what_must_be_filled_in(self):
        self.tipo_poliza.write({"partner_required": True, "reference_required": True})
        with self.assertRaises(ValidationError) as error:
            self.store(tipo_id=self.tipo_poliza.id)
        self.assertNames(error.exception, "Póliza", "Reference")
        documento = self.store(
            tipo_id=self.tipo_poliza.id, partner_id=self.customer.id, reference="P-1"
        )
        with self.assertRaises(ValidationError):
            documento.reference = False

    def test_w25_a_document_is_made_of_the_model_of_its_type(self):
        plantilla = self.store("solicitud.docx", b"modelo")
        self.tipo_poliza.plantilla_id = plantilla
        aviso = self.new_aviso(user=self.own)
        documento = self.tipo_poliza.with_user(self.own)._create_from_plantilla(
            aviso, carpeta_id=self.folder.id
        )
        self.assertNotEqual(documento, plantilla)
        self.assertEqual(documento.version_id.attachment_id.raw, b"modelo")
        self.assertEqual(documento.tipo_id, self.tipo_poliza)
        self.assertEqual(documento.vinculo_ids.res_id, aviso.id)

    # ------------------------------------------------------------
    # Expiry
    # ------------------------------------------------------------

    def test_k28_expiry_is_proposed_and_what_was_chosen_is_kept(self):
        documento = self.store(tipo_id=self.tipo_poliza.id, date="2026-01-31")
        self.assertEqual(documento.date_expiry, date(2027, 1, 31))
        chosen = self.store(
            "b", b"b", tipo_id=self.tipo_poliza.id, date_expiry="2030-05-05"
        )
        self.assertEqual(chosen.date_expiry, date(2030, 5, 5))
        self.assertEqual(chosen.date_warning, date(2030, 4, 20))

    def test_k28_the_author_is_told_once_of_what_expires(self):
        with freeze_time("2026-03-01 10:00:00"):
            documento = self.store(
                tipo_id=self.tipo_poliza.id, date_expiry="2026-03-20"
            )
            self.run_cron("_cron_expiry")
            self.assertFalse(documento.activity_ids)
        with freeze_time("2026-03-06 10:00:00"):
            self.assertIn("_warn_expiry", self.run_cron("_cron_expiry"))
            self.assertEqual(documento.activity_ids.user_id, self.own)
            self.assertEqual(documento.activity_ids.date_deadline, date(2026, 3, 20))
            self.run_cron("_cron_expiry")
            self.assertEqual(len(documento.activity_ids), 1)
        with freeze_time("2026-03-21 10:00:00"):
            self.run_cron("_cron_expiry")
            self.assertEqual(documento.state, "expired")
            # Renewed, it is valid again, and one to be told of again.
            documento.date_expiry = "2027-03-20"
            self.assertEqual(documento.state, "valid")
        with freeze_time("2027-03-10 10:00:00"):
            self.run_cron("_cron_expiry")
            self.assertEqual(len(documento.activity_ids), 2)

    def test_k28_the_folder_answers_for_authors_who_left(self):
        self.folder.user_id = self.colleague
        documento = self.store(date_expiry=date.today() + timedelta(days=5))
        self.own.active = False
        self.run_cron("_cron_expiry")
        self.assertEqual(documento.activity_ids.user_id, self.colleague)

    def test_k28_what_expired_long_ago_is_so_from_the_start(self):
        documento = self.store(date_expiry="2020-01-01")
        self.assertEqual(documento.state, "expired")

    # ------------------------------------------------------------
    # Bin, retention
    # ------------------------------------------------------------

    def test_k28_the_bin_says_who_and_when_and_gives_back(self):
        documento = self.store("a.txt", b"uno")
        documento.action_bin()
        self.assertEqual(documento.deleted_by_id, self.own)
        self.assertTrue(documento.deleted_date)
        Documento = self.env["gck.documento"].with_user(self.own)
        self.assertFalse(Documento.search([("id", "=", documento.id)]))
        # The same content can be stored meanwhile, and is not in the way later.
        again = self.store("a.txt", b"uno")
        self.assertNotEqual(again, documento)
        documento.action_restore()
        self.assertEqual(documento.state, "valid")
        self.assertTrue(Documento.search([("id", "=", documento.id)]))

    def test_k28_the_bin_is_emptied_after_its_days_and_that_is_logged(self):
        with freeze_time("2026-03-01 10:00:00"):
            documento = self.store("a.txt", b"uno", partner_id=self.customer.id)
            documento._add_version("a.txt", raw=b"dos")
            checksum = documento.sha256
            documento.action_bin()
        with freeze_time("2026-03-30 10:00:00"):
            self.run_cron("_cron_retention")
            self.assertTrue(documento.exists())
        with freeze_time("2026-04-01 10:00:00"):
            self.run_cron("_cron_retention")
        self.assertFalse(documento.exists())
        log = self.env["gck.documento.destruccion"].search([("name", "=", "a.txt")])
        self.assertEqual(log.sha256, checksum)
        self.assertEqual(log.version_count, 2)
        self.assertEqual(log.user_id, self.own)
        self.assertEqual(log.folder_name, "Proyectos")
        with self.assertRaises(UserError):
            log.write({"name": "otra"})

    def test_k28_a_company_can_keep_its_bin_for_ever(self):
        self.company.gck_documento_bin_days = 0
        with freeze_time("2020-03-01 10:00:00"):
            documento = self.store()
            documento.action_bin()
        self.run_cron("_cron_retention")
        self.assertTrue(documento.exists())

    def test_k28_retention_bins_what_is_over_and_never_what_is_held(self):
        free, held = (
            self.store(
                f"{n}.txt",
                b"%d" % n,
                tipo_id=self.tipo_poliza.id,
                date="2019-01-01",
                legal_hold=n == 2,
            )
            for n in (1, 2)
        )
        self.run_cron("_cron_retention")
        self.assertEqual(free.state, "bin")
        self.assertIn("Póliza", free.deleted_rule)
        self.assertNotEqual(held.state, "bin")
        with freeze_time(date.today() + timedelta(days=60)):
            self.run_cron("_cron_retention")
        self.assertFalse(free.exists())
        log = self.env["gck.documento.destruccion"].search([("name", "=", "1.txt")])
        self.assertIn("Póliza", log.rule)

    def test_k28_legal_hold_stops_every_way_to_destroy(self):
        documento = self.store(legal_hold=True)
        documento.action_bin()
        keeper = documento.with_user(self.keeper)
        for destroy in (keeper.action_destroy, keeper.unlink):
            with self.assertRaises(UserError):
                destroy()
        with freeze_time(date.today() + timedelta(days=60)):
            self.run_cron("_cron_retention")
        self.assertTrue(documento.exists())

    def test_k28_only_managers_destroy_and_only_from_the_bin(self):
        documento = self.store()
        with self.assertRaises(UserError):
            documento.with_user(self.keeper).action_destroy()
        documento.action_bin()
        with self.assertRaises(AccessError):
            documento.action_destroy()
        documento.with_user(self.keeper).action_destroy()
        self.assertFalse(documento.exists())

    # ------------------------------------------------------------
    # Confidential
    # ------------------------------------------------------------

    def test_k28_every_reading_of_what_is_confidential_is_logged(self):
        documento = self.store()
        Lectura = self.env["gck.documento.lectura"]
        form = {"name": {}, "version_ids": {"fields": {}}}
        documento.web_read(form)
        self.assertFalse(Lectura.search([]))
        self.folder.is_confidential = True
        self.forget()
        documento.web_read(form)
        documento.web_read(form)
        documento.version_id._log_reads("download")
        rows = Lectura.search([("documento_id", "=", documento.id)])
        self.assertEqual(sorted(rows.mapped("how")), ["download", "form"])
        self.assertEqual(rows.user_id, self.own)
        self.assertFalse(Lectura.with_user(self.own).search([]))
        self.assertEqual(Lectura.with_user(self.keeper).search([]), rows)
        with self.assertRaises(UserError):
            rows.write({"user_id": self.colleague.id})

    def test_k28_a_download_by_any_way_is_logged(self):
        below = self.new_folder("Nóminas", self.folder)
        self.folder.is_confidential = True
        documento = self.store(carpeta_id=below.id)
        documento.version_id.attachment_id.with_user(self.own)._to_http_stream()
        rows = self.env["gck.documento.lectura"].search(
            [("documento_id", "=", documento.id)]
        )
        self.assertEqual(rows.mapped("how"), ["download"])

    # ------------------------------------------------------------
    # Duplicates
    # ------------------------------------------------------------

    def test_k28_duplicates_are_reported_of_what_one_may_see(self):
        other = self.new_folder("Otros")
        self.store("a.txt", b"igual")
        self.store("b.txt", b"igual", carpeta_id=other.id)
        self.store("c.txt", b"distinto")
        self.forget()
        Duplicado = self.env["gck.documento.duplicado"]
        row = Duplicado.with_user(self.own).search([])
        self.assertEqual(row.documento_count, 2)
        self.assertEqual(row.folder_count, 2)
        self.assertEqual(row.wasted_size, 5)
        self.assertIn("Otros", row.folder_names)
        self.env["gck.carpeta.permiso"].create(
            {"carpeta_id": other.id, "user_id": self.colleague.id, "level": "none"}
        )
        self.forget()
        self.assertFalse(Duplicado.with_user(self.colleague).search([]))

    def test_k28_moving_to_where_the_content_is_keeps_both(self):
        other = self.new_folder("Otros")
        first = self.store("a.txt", b"igual")
        second = self.store("b.txt", b"igual", carpeta_id=other.id)
        second.carpeta_id = self.folder
        self.assertEqual(first.content_key, first.sha256)
        self.assertFalse(second.content_key)
        # A third is the first once more.
        self.assertEqual(self.store("c.txt", b"igual"), first)
