import base64
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.gck_avisos.tests.lote_common import LotesCase

from ..models import csv_llamadas
from .common_centralita import MOBILE, CentralitaCase

DATA = Path(__file__).parent / "data"
HEADER = "Fecha;Hora;Origen;Destino;Duración;Resultado;Id\n"


@tagged("post_install", "-at_install")
class TestCdrImportacion(CentralitaCase, LotesCase):
    """Files of calls, brought in once (O-47)."""

    def new_import(self, text, encoding="utf-8", user=None, **vals):
        """Create an import of a text, as the manager of calls."""
        content = text if isinstance(text, bytes) else text.encode(encoding)
        Importacion = self.env["gck.cdr.importacion"].with_user(
            user or self.calls_manager
        )
        return Importacion.create(
            {
                "centralita_id": self.centralita.id,
                "file": base64.b64encode(content),
                "file_name": "calls.csv",
                "layout": "generic",
                **vals,
            }
        )

    def bring_in(self, *args, **kwargs):
        """Import a text to its end; return the import."""
        importacion = self.new_import(*args, **kwargs)
        importacion.action_import()
        self.env.flush_all()
        self.work()
        self.env.invalidate_all()
        self.assertEqual(importacion.state, "done")
        self.assertEqual(importacion.progress, 100)
        return importacion

    def day(self, days=1, form="%d/%m/%Y"):
        return (fields.Datetime.now() - timedelta(days=days)).strftime(form)

    def asterisk(self, start, uid, src, dst, channel, target, seconds, disposition):
        """Return a line as cdr_csv writes it."""
        answer = start if seconds else ""
        moment = fields.Datetime.to_datetime(start)
        end = moment + timedelta(seconds=seconds)
        return (
            f'"","{src}","{dst}","ctx","""X"" <{src}>","{channel}","{target}","Dial",'
            f'"x,30","{start}","{answer}","{end}",{seconds + 5},{seconds},'
            f'"{disposition}","DOCUMENTATION","{uid}",""\n'
        )

    # ------------------------------------------------------------
    # Layouts
    # ------------------------------------------------------------

    def test_o47_asterisk_file_without_names(self):
        start = self.day(1, "%Y-%m-%d") + " 10:00:00"
        trunk = "PJSIP/trunk"
        rows = (
            ("1.1", "600123456", "976552010", trunk, "PJSIP/101-2", 65, "ANSWERED"),
            ("1.2", "976552010", "911222333", "PJSIP/102-3", trunk, 0, "BUSY"),
            ("1.3", "101", "102", "PJSIP/101-5", "PJSIP/102-6", 9, "ANSWERED"),
            ("1.4", "699000111", "976552010", trunk, "PJSIP/102-8", 0, "NO ANSWER"),
        )
        text = "".join(self.asterisk(start, *row) for row in rows)
        importacion = self.bring_in(text, layout="asterisk")
        self.assertFalse(importacion.header)
        counts = (importacion.created_count, importacion.ignored_count)
        self.assertEqual(counts, (3, 1))
        answered, busy, missed = (self.call(f"1.{n}") for n in (1, 2, 4))
        self.assertEqual((answered.direction, answered.user_id), ("in", self.own))
        self.assertEqual((answered.state, answered.partner_id), ("done", self.customer))
        self.assertEqual(round(answered.duration * 3600), 65)
        self.assertEqual((busy.direction, busy.outcome), ("out", "busy"))
        self.assertEqual(busy.partner_id, self.vendor)
        self.assertEqual(busy.user_id, self.outsider)
        self.assertEqual((missed.state, missed.user_id), ("pending", self.outsider))
        self.assertFalse(missed.requester_id)

    def test_o47_spanish_file_in_latin_1_with_a_broken_row(self):
        """Semicolons, accents, a row whose quotes do not match: the rest comes in."""
        day = self.day()
        text = (
            HEADER
            + f"{day};09:15:00;600123456;101;65;Contestada;a1\n"
            + f'{day};09:16:00;"600123456;101;65;Contestada;a2\n'
            + "\n"
            + "mañana;09:17:00;600123456;101;65;Contestada;a3\n"
            + f"{day};09:18:00;600123456\n"
            + f"{day};09:19:00;101;0034600123456;125;Contestada;a4\n"
            + f"{day};09:20:00;700000000;800000000;0;No contestada;a5\n"
        )
        importacion = self.bring_in(text, encoding="latin-1")
        self.assertEqual((importacion.created_count, importacion.failed_count), (2, 4))
        failed = importacion.fila_ids.filtered(lambda fila: fila.state == "failed")
        self.assertEqual(failed.mapped("line"), [3, 5, 6, 8])
        self.assertTrue(all(failed.mapped("message")))
        self.assertEqual(self.call("a1").direction, "in")
        self.assertEqual(self.call("a4").phone_sanitized, MOBILE)
        lines = self.lines(importacion.lote_id)
        self.assertEqual(
            sorted(state for state, _why in lines.values()),
            ["done"] * 2 + ["failed"] * 4,
        )

    def test_o47_file_is_imported_from_the_screen(self):
        text = HEADER + f"{self.day()};10:15:00;600123456;101;00:03:20;Contestada;a1\n"
        text += f"{self.day()};10:30:00;600123456;101;un rato;Contestada;a2\n"
        Importacion = self.env["gck.cdr.importacion"].with_user(self.calls_manager)
        with Form(Importacion) as form:
            form.centralita_id = self.centralita
            form.file = base64.b64encode(text.encode("latin-1"))
            self.assertEqual(form.layout, "generic")
        importacion = form.record
        importacion.action_import()
        self.env.flush_all()
        self.work()
        self.env.invalidate_all()
        self.assertEqual(round(self.call("a1").duration * 3600), 200)
        failed = importacion.fila_ids.filtered(lambda fila: fila.state == "failed")
        self.assertEqual(failed.line, 3)
        # It names the column as the screen does, in the language of who imports.
        meaning = self.env["gck.cdr.columna"]._fields["meaning"]
        speaking = self.env(context={"lang": self.calls_manager.lang})
        names = dict(meaning._description_selection(speaking))
        self.assertIn(f"«{names['duration']}»", failed.message)

    def test_o47_columns_are_guessed_and_can_be_chosen(self):
        importacion = self.new_import(
            "cuándo,quién,a quién\n2026-01-02T10:00:00,600123456,101\n"
        )
        self.assertEqual(importacion.columna_ids.mapped("name"), ["A", "B", "C"])
        with self.assertRaises(UserError) as error:
            importacion.action_import()
        self.assertNames(error.exception, *self.labels("start", "source", "target"))
        importacion.header = True
        for column, meaning in zip(
            importacion.columna_ids, ("start", "source", "source"), strict=True
        ):
            column.meaning = meaning
        with self.assertRaises(UserError):
            importacion.action_import()
        importacion.columna_ids[2].meaning = "target"
        importacion.action_import()
        self.env.flush_all()
        self.work()
        self.env.invalidate_all()
        self.assertEqual(importacion.created_count, 1)

    def labels(self, *meanings):
        column = self.env["gck.cdr.columna"]._fields["meaning"]
        names = dict(column._description_selection(self.calls_manager.env))
        return [names[meaning] for meaning in meanings]

    def test_o47_encodings_and_separators(self):
        row = "Fecha{0}Origen{0}Destino{0}Nombre\n{1} 10:00{0}600123456{0}101{0}Peñón\n"
        for separator in ",;\t":
            for encoding in ("utf-8", "utf-8-sig", "latin-1", "utf-16"):
                with self.subTest(separator=separator, encoding=encoding):
                    text = row.format(separator, self.day())
                    importacion = self.new_import(text, encoding=encoding)
                    self.assertTrue(importacion.header)
                    self.assertEqual(
                        importacion.columna_ids.mapped("meaning"),
                        ["start", "source", "target", "caller_name"],
                    )
                    sample = importacion.columna_ids[3].sample
                    self.assertEqual(sample, "Peñón")

    def test_o47_wrong_files_are_refused(self):
        for content, vals in (
            (b"", {}),
            (b"  \n \n", {}),
            ("Fecha;Origen;Destino\n", {}),
            ("ñandú".encode("latin-1"), {"encoding": "utf-8"}),
            (b"\x00\x01\x02\xff" * 30, {}),
        ):
            with self.subTest(content=content[:10]), self.assertRaises(UserError):
                self.new_import(content or b"\n", **vals).action_import()

    # ------------------------------------------------------------
    # Once
    # ------------------------------------------------------------

    def test_o47_same_file_again_brings_nothing_in(self):
        day = self.day()
        text = HEADER + "".join(
            f"{day};09:{n:02}:00;600123456;101;65;Contestada;b{n}\n" for n in range(10)
        )
        text += f"{day};09:01:00;600123456;101;65;Contestada;b1\n"
        first = self.bring_in(text)
        self.assertEqual((first.created_count, first.repeated_count), (10, 1))
        count = self.env["gck.llamada"].search_count([])
        again = self.bring_in(text)
        self.assertEqual((again.created_count, again.repeated_count), (0, 11))
        self.assertEqual(self.env["gck.llamada"].search_count([]), count)
        with self.assertRaises(UserError):
            again.action_import()

    def test_o47_rows_without_identity_are_known_by_their_content(self):
        text = f"Fecha,Origen,Destino\n{self.day()} 10:00,600123456,101\n"
        self.assertEqual(self.bring_in(text).created_count, 1)
        self.assertEqual(self.bring_in(text).repeated_count, 1)

    def test_o47_file_completes_what_the_events_told(self):
        self.tell("ringing", 0, call_id="c1")
        call = self.call("c1")
        start = self.start.strftime("%Y-%m-%dT%H:%M:%SZ")
        text = f"start,src,dst,billsec,uniqueid\n{start},600123456,101,40,c1\n"
        importacion = self.bring_in(text)
        self.assertEqual(importacion.repeated_count, 1)
        self.assertEqual((call.state, round(call.duration * 3600)), ("done", 40))

    def test_o47_old_missed_calls_are_no_work(self):
        text = HEADER + "".join(
            f"{self.day(days)};09:00:00;600123456;101;0;No contestada;d{days}\n"
            for days in (2, 400)
        )
        self.bring_in(text)
        self.assertEqual(self.call("d2").state, "pending")
        old = self.call("d400")
        self.assertEqual((old.state, old.outcome), ("done", "no_answer"))

    # ------------------------------------------------------------
    # Many
    # ------------------------------------------------------------

    def test_o47_chunk_costs_a_fixed_number_of_queries(self):
        day = self.day()

        def measure(size, name):
            importacion = self.new_import(
                HEADER
                + "".join(
                    f"{day};09:00:00;6{n:08};101;65;Contestada;{name}{n}\n"
                    for n in range(size)
                )
            )
            importacion.action_import()
            filas = importacion.fila_ids.browse(importacion.fila_ids.ids)
            return self.count_queries(filas._bulk_import)

        measure(1, "warm")
        few, many = measure(10, "e"), measure(100, "f")
        self.assertLess(many - few, 20, (few, many))

    # ------------------------------------------------------------
    # Asterisk itself
    # ------------------------------------------------------------

    def test_o47_file_that_asterisk_wrote(self):
        content = (DATA / "asterisk_master.csv").read_bytes()
        importacion = self.bring_in(content, layout="asterisk")
        self.assertTrue(importacion.created_count)
        again = self.bring_in(content, layout="asterisk")
        self.assertFalse(again.created_count)

    def test_o47_separators_and_quotes(self):
        rows = list(csv_llamadas.read_rows('a;"b;c"\n\n"x\ny;z', ";"))
        self.assertEqual(rows, [(1, ["a", "b;c"]), (3, None), (4, ["y", "z"])])

    def test_o47_cell_in_quotes_goes_on_in_the_next_line(self):
        """It is one call, and lines are counted as an editor counts them."""
        day = self.day()
        text = (
            "Fecha;Origen;Destino;Nombre;Id\r\n"
            f'{day} 10:00;600123456;101;"Ana\r\nGil";n1\r\n'
            f'{day} 10:01;"600123456;101;Ana;n2\r\n'
            f"{day} 10:02;600123456;101;Ana;n3\r\n"
            f'{day} 10:03;600123456";101;Ana;n4\r\n'
        )
        importacion = self.bring_in(text)
        self.assertEqual((importacion.created_count, importacion.total), (3, 4))
        self.assertEqual(self.call("n1").caller_name, "Ana Gil")
        self.assertTrue(self.call("n3"))
        failed = importacion.fila_ids.filtered(lambda fila: fila.state == "failed")
        self.assertEqual(failed.mapped("line"), [4])

    def test_o47_import_of_a_colleague_can_be_looked_at(self):
        """The job is its launcher's, the import is every manager's."""
        text = f"Fecha,Origen,Destino\n{self.day()} 10:00,600123456,101\n"
        importacion = self.bring_in(text)
        colleague = self.new_user(
            "calls_two", "gck_llamadas.group_gck_llamada_manager", "Celia Calls"
        )
        self.forget()
        theirs = importacion.with_user(colleague)
        fields_ = {"lote_id": {"fields": {"display_name": {}}}, "state": {}}
        self.assertEqual(theirs.web_read(fields_)[0]["state"], "done")
        self.assertEqual(
            theirs.fila_ids.action_open_llamada()["res_id"],
            self.env["gck.llamada"].search([("pbx_call_id", "=like", "csv-%")]).id,
        )

    # ------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------

    def test_o47_only_managers_import_and_only_for_their_company(self):
        text = f"Fecha,Origen,Destino\n{self.day()} 10:00,600123456,101\n"
        for user in (self.own, self.reception, self.nobody, self.portal):
            with self.assertRaises(AccessError):
                self.new_import(text, user=user)
        foreign = self.new_user(
            "calls_foreign",
            "gck_llamadas.group_gck_llamada_manager",
            "Flora Foreign",
            company=self.other_company,
        )
        with self.assertRaises(AccessError):
            self.new_import(text, user=foreign)
