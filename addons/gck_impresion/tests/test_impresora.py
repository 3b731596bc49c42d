import os
import subprocess
import tempfile
from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import config, mute_logger

from odoo.addons.gck_impresion.tools import cups, spool

from .common import PrintCase

# Rights on the model, by role: c(reate) r(ead) w(rite) u(nlink).
MATRIX = {
    #                               user  system portal
    "gck.impresora":               ("r",  "crwu", ""),
    "gck.impresion.trabajo":       ("rw", "rwu",  ""),
    "gck.impresora.buscar":        ("",   "crwu", ""),
    "gck.impresora.buscar.linea":  ("",   "crwu", ""),
}  # fmt: skip
OPERATIONS = {"c": "create", "r": "read", "w": "write", "u": "unlink"}


class FakeCups:
    """Answers as the programs of CUPS do."""

    def __init__(self):
        self.running = True
        self.installed = True
        self.disabled = ""
        self.rejecting = False
        self.queues = {"HP_400": "Office", "Label": ""}
        self.printed = []
        self.calls = []

    def run(self, arguments, **kwargs):
        self.calls.append(arguments)
        if not self.installed:
            raise FileNotFoundError(arguments[0])
        code, output, error = self.answer(arguments)
        return subprocess.CompletedProcess(
            arguments, code, output.encode(), error.encode()
        )

    def answer(self, arguments):
        if arguments == ["lpstat", "-r"]:
            no = "" if self.running else "not "
            return 0, f"scheduler is {no}running\n", ""
        if arguments == ["lpstat", "-l", "-p"]:
            if not self.queues:
                return 1, "", "lpstat: No destinations added."
            return (
                0,
                "".join(
                    f"printer {name} is idle.  enabled since Tue\n\tForm mounted:\n"
                    + (f"\tDescription: {text}\n" if text else "")
                    for name, text in self.queues.items()
                ),
                "",
            )
        queue = arguments[2]
        if queue not in self.queues:
            return 1, "", f'lpstat: Invalid destination name in list "{queue}".'
        if arguments[:2] == ["lpstat", "-p"]:
            if self.disabled:
                return 0, f"printer {queue} disabled since Tue -\n\t{self.disabled}", ""
            return 0, f"printer {queue} is idle.  enabled since Tue", ""
        if arguments[:2] == ["lpstat", "-a"]:
            no = "not " if self.rejecting else ""
            return 0, f"{queue} {no}accepting requests since Tue", ""
        with open(arguments[-1], "rb") as file:
            self.printed.append((queue, arguments[4], arguments[5][2:], file.read()))
        return 0, f"request id is {queue}-{len(self.printed)} (1 file(s))", ""


@tagged("post_install", "-at_install")
class TestImpresora(PrintCase):
    """Printers, and what is sent to them (M-3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user, cls.other = (
            new_test_user(
                cls.env,
                login=f"gck_impresion_{name}",
                groups="base.group_user,base.group_partner_manager",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
                lang="en_US",
            )
            for name in ("user", "other")
        )
        Impresora = cls.env["gck.impresora"]
        cls.printer, cls.labels, cls.browser = Impresora.create(
            [
                {"name": "Office", "kind": "cups", "cups_queue": "HP_400"},
                {"name": "Labels", "kind": "cups", "cups_queue": "Label"},
                {"name": "PDF", "kind": "browser"},
            ]
        )
        cls.root = tempfile.mkdtemp(prefix="gck-test-")
        cls.addClassCleanup(subprocess.run, ["rm", "-rf", cls.root], check=True)
        cls.env["ir.config_parameter"].set_param("gck_impresion.spool_root", cls.root)
        cls.classPatch(
            config, "options", config.options.new_child({"gck_spool_root": ""})
        )

    def setUp(self):
        super().setUp()
        self.cups = FakeCups()
        self.startPatcher(patch.object(cups.subprocess, "run", self.cups.run))
        self.told = []
        bus_send = self.registry["res.users"]._bus_send

        def tell(users, kind, message, **kwargs):
            if kind == "gck_impresion.trabajo":
                self.told.append((users, message["type"], message["message"]))
            return bus_send(users, kind, message, **kwargs)

        self.startPatcher(patch.object(self.registry["res.users"], "_bus_send", tell))

    # ------------------------------------------------------------
    # Shortcuts
    # ------------------------------------------------------------

    def spool_printer(self, folder="office/letters"):
        return self.env["gck.impresora"].create(
            {"name": "Folder", "kind": "spool", "spool_folder": folder}
        )

    def new_job(self, printer=None, user=None, name="Letter", copies=1):
        printer = (printer or self.printer).with_user(user or self.user)
        return printer._print(name, b"%PDF-1.4 letter", copies)

    def send(self):
        """Do what the cron does, its commits kept within the test."""
        self.env.flush_all()
        with patch.object(
            self.registry["ir.cron"], "_commit_progress", lambda *a, **kw: 60
        ):
            self.env["gck.impresion.trabajo"].sudo()._cron_send()

    def make_due(self, jobs):
        """Let the time until the next attempt pass."""
        jobs._set(date_next=fields.Datetime.now() - timedelta(seconds=1))

    def to_printer(self, records=None, user=None, data=None):
        """Print the test report as the web client does."""
        Report = self.env["ir.actions.report"].with_user(user or self.user)
        records = self.partners[:1] if records is None else records
        return Report.print_to_printer(self.report.report_name, records.ids, data)

    def last_job(self):
        return self.env["gck.impresion.trabajo"].search([], limit=1)

    # ------------------------------------------------------------
    # Which printer
    # ------------------------------------------------------------

    def test_m3_none_set_opens_in_the_browser(self):
        """Printers that nobody chose print nothing."""
        self.assertFalse(self.to_printer())
        self.assertFalse(self.last_job())

    def test_m3_report_goes_to_its_printer(self):
        """The PDF of all records goes to the report's printer as one document."""
        self.report.gck_impresora_id = self.printer
        told = self.to_printer(self.partners)
        self.assertEqual(told["printer"], "Office")
        self.assertIn(f"/{told['id']}/document/", told["url"])
        self.assertFalse(self.cups.printed, "nothing leaves within the request")
        self.send()
        [(queue, copies, title, pdf)] = self.cups.printed
        self.assertEqual((queue, copies), ("HP_400", "1"))
        self.assertTrue(title.startswith("Visit report"))
        self.assertTrue(pdf.startswith(b"%PDF"))
        job = self.last_job()
        self.assertEqual((job.state, job.reference), ("sent", "HP_400-1"))
        self.assertEqual(job._get_pdf(), pdf)

    def test_m3_own_printer_comes_first(self):
        """A person's own printer, or the browser, before the report's."""
        self.report.gck_impresora_id = self.printer
        self.user.gck_impresora_id = self.labels
        self.assertEqual(self.to_printer()["printer"], "Labels")
        self.assertEqual(self.to_printer(user=self.other)["printer"], "Office")
        self.user.gck_impresora_id = self.browser
        self.assertFalse(self.to_printer())
        self.report.gck_impresora_fixed = True
        self.assertEqual(self.to_printer()["printer"], "Office")

    def test_m3_user_chooses_their_own_printer(self):
        """In one's preferences, without rights on users."""
        self.user.with_user(self.user).write({"gck_impresora_id": self.labels.id})
        self.assertEqual(self.user.gck_impresora_id, self.labels)

    def test_m3_archived_and_foreign_printers_are_passed_over(self):
        """A printer that is archived, or of another company, prints nothing."""
        self.report.gck_impresora_id = self.printer
        self.printer.active = False
        self.assertFalse(self.to_printer())
        self.printer.active = True
        other = self.env["res.company"].create({"name": "Other"})
        self.printer.company_id = other
        self.assertFalse(self.to_printer())

    def test_m3_printer_of_a_report_is_per_company(self):
        """Each company has its own printer for the same report."""
        other = self.env["res.company"].create({"name": "Other"})
        self.report.with_company(other).gck_impresora_id = self.printer
        self.assertFalse(self.to_printer())

    def test_m3_printing_needs_the_right_to_read(self):
        """A record that the user may not read is not printed either."""
        self.report.gck_impresora_id = self.printer
        self.env["ir.rule"].create(
            {
                "name": "none",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {self.partners[0].id})]",
            }
        )
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
            self.to_printer()
        self.assertFalse(self.last_job())

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def test_m3_printer_that_is_off_keeps_tells_and_retries(self):
        """Kept, told once, retried later and later, and told when it is printed."""
        job = self.new_job()
        self.cups.running = False
        self.send()
        self.assertEqual((job.state, job.attempts), ("queued", 1))
        self.assertIn("not running", job.error)
        self.assertEqual([told[:2] for told in self.told], [(self.user, "warning")])
        self.send()
        self.assertEqual(job.attempts, 1, "not before its time")
        self.make_due(job)
        self.send()
        self.assertEqual(job.attempts, 2)
        self.assertEqual(len(self.told), 1, "said once")
        wait = job.date_next - fields.Datetime.now()
        self.assertGreater(wait, timedelta(seconds=90))
        self.cups.running = True
        self.make_due(job)
        self.send()
        self.assertEqual((job.state, job.error), ("sent", False))
        self.assertEqual(self.told[-1][1], "success")
        self.assertEqual(len(self.cups.printed), 1)

    def test_m3_every_state_of_a_queue_is_named(self):
        """Stopped, refusing, unknown, and CUPS not installed: each says so."""
        cases = [
            ("disabled", "no paper", "no paper"),
            ("rejecting", True, "does not accept"),
            ("queues", {}, "no queue HP_400"),
            ("installed", False, "cups-client"),
        ]
        for name, value, said in cases:
            with self.subTest(name):
                self.cups = FakeCups()
                setattr(self.cups, name, value)
                job = self.new_job()
                with patch.object(cups.subprocess, "run", self.cups.run):
                    with self.assertRaisesRegex(UserError, said):
                        self.printer.action_check()
                    self.send()
                self.assertEqual(job.state, "queued")
                self.assertIn(said, job.error)
                self.assertFalse(self.cups.printed)

    def test_m3_cups_that_hangs_is_given_up(self):
        """A program that does not answer does not hold the server."""

        def hang(arguments, timeout, **kwargs):
            raise subprocess.TimeoutExpired(arguments, timeout)

        job = self.new_job()
        with patch.object(cups.subprocess, "run", hang):
            self.send()
        self.assertIn("in time", job.error)

    def test_m3_failing_printer_does_not_stop_the_others(self):
        """Its prints are put off together, after one attempt; the rest is printed."""
        jobs = self.new_job(self.labels) + self.new_job(self.labels)
        good = self.new_job()
        del self.cups.queues["Label"]
        self.send()
        self.assertEqual(good.state, "sent")
        self.assertEqual(jobs.mapped("attempts"), [1, 1])
        asked = [call for call in self.cups.calls if call[-1] == "Label"]
        self.assertEqual(len(asked), 1)

    def test_m3_gives_up_after_a_day_and_can_be_retried(self):
        """What never prints fails, says so, and is sent again on demand."""
        job = self.new_job()
        job._set(attempts=29)
        self.cups.running = False
        self.send()
        self.assertEqual(job.state, "failed")
        self.assertEqual(self.told[-1][1], "danger")
        self.cups.running = True
        self.send()
        self.assertEqual(job.state, "failed")
        job.with_user(self.user).action_retry()
        self.send()
        self.assertEqual(job.state, "sent")

    def test_m3_cut_off_print_is_not_repeated(self):
        """A server that stops while sending does not print the same twice."""
        job = self.new_job()
        job._set(
            state="sending", date_sending=fields.Datetime.now() - timedelta(hours=1)
        )
        self.send()
        self.assertEqual(job.state, "failed")
        self.assertIn("Look whether", job.error)
        self.assertFalse(self.cups.printed)

    def test_m3_claimed_print_is_skipped(self):
        """What another process is sending is left to it."""
        job = self.new_job()
        job._set(state="sending", date_sending=fields.Datetime.now())
        self.send()
        self.assertEqual(job.state, "sending")
        self.assertFalse(self.cups.printed)

    def test_m3_cancel_print_again_and_another_printer(self):
        """What a user can do to their own prints, and when."""
        job = self.new_job().with_user(self.user)
        job.action_cancel()
        self.send()
        self.assertFalse(self.cups.printed)
        with self.assertRaisesRegex(UserError, "Letter"):
            job.action_retry()
        job.action_print_again()
        again = self.last_job().with_user(self.user)
        self.assertEqual(again._get_pdf(), b"%PDF-1.4 letter")
        again.write({"impresora_id": self.labels.id, "copies": 3})
        self.send()
        self.assertEqual(self.cups.printed[0][:2], ("Label", "3"))
        with self.assertRaises(UserError):
            again.write({"copies": 2})
        with self.assertRaises(AccessError):
            again.write({"state": "queued"})
        with self.assertRaises(AccessError):
            again.with_context(gck_transition=True).write({"state": "queued"})

    def test_m3_copies_within_reason(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.new_job(copies=0)
            self.env.flush_all()

    def test_m3_old_prints_are_deleted(self):
        """After thirty days; what waits stays."""
        sent, waiting = self.new_job(), self.new_job(self.labels)
        sent._set(state="sent")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE gck_impresion_trabajo SET write_date = now() - interval '31 days'"
        )
        self.env.invalidate_all()
        self.env["gck.impresion.trabajo"]._gc_old()
        self.assertFalse(sent.exists())
        self.assertTrue(waiting.exists())

    def test_m3_printer_with_waiting_prints_is_not_deleted(self):
        self.new_job()
        with self.assertRaisesRegex(UserError, "Office"):
            self.printer.unlink()

    # ------------------------------------------------------------
    # CUPS and folders
    # ------------------------------------------------------------

    def test_m3_queues_of_the_server_become_printers(self):
        """Those that are not there yet are offered and added."""
        self.cups.queues["New"] = "Ground floor"
        action = self.env["gck.impresora.buscar"].action_open()
        buscar = self.env["gck.impresora.buscar"].browse(action["res_id"])
        self.assertEqual(
            buscar.linea_ids.mapped(lambda line: (line.name, line.is_chosen)),
            [("Office", False), ("Label", False), ("Ground floor", True)],
        )
        buscar.action_add()
        added = self.env["gck.impresora"].search([("cups_queue", "=", "New")])
        self.assertEqual(added.name, "Ground floor")
        self.cups.running = False
        with self.assertRaisesRegex(UserError, "not running"):
            self.env["gck.impresora.buscar"].action_open()

    def test_m3_names_of_queues_are_checked(self):
        """Nothing that could be read as an option or a path gets to CUPS."""
        for name in ("", "-h", "a b", "a/b", "x;y", "$(id)", "a\n"):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.printer.cups_queue = name

    def test_m3_title_is_no_option(self):
        """A document called like an option is only a title."""
        self.new_job(name="--help\x1b")
        self.send()
        [call] = [call for call in self.cups.calls if call[0] == "lp"]
        self.assertTrue(call[5].startswith("-t--help "))
        self.assertEqual(call[6], "--")

    def test_m3_folder_gets_the_file(self):
        """Whole, under a safe name, one for each copy, over no other."""
        self.new_job(self.spool_printer(), name="../Carta nº 1/«A»", copies=2)
        self.send()
        job = self.last_job()
        self.assertEqual(job.state, "sent")
        folder = os.path.join(self.root, "office", "letters")
        names = sorted(os.listdir(folder))
        self.assertEqual(len(names), 2)
        self.assertEqual(sorted(job.reference.split(", ")), names)
        for name in names:
            self.assertRegex(name, r"^Carta nº 1-A.*\.pdf$")
            with open(os.path.join(folder, name), "rb") as file:
                self.assertEqual(file.read(), b"%PDF-1.4 letter")
        first = spool.write(self.root, "office", "x", b"1")
        second = spool.write(self.root, "office", "x", b"2")
        self.assertEqual((first, second), (["x.pdf"], ["x (2).pdf"]))

    def test_m3_folder_stays_below_the_root(self):
        """No absolute path, no way up, no hidden folder."""
        for folder in ("", "/etc", "..", "a/../../b", "a//b", ".ssh", "a\\b", "a\n"):
            with self.subTest(folder), self.assertRaises(ValidationError):
                self.spool_printer(folder)

    def test_m3_links_are_not_followed(self):
        """A folder exchanged for a link to another place gets nothing."""
        outside = tempfile.mkdtemp(prefix="gck-test-")
        self.addCleanup(subprocess.run, ["rm", "-rf", outside], check=True)
        os.symlink(outside, os.path.join(self.root, "linked"))
        job = self.new_job(self.spool_printer("linked"))
        self.send()
        self.assertEqual(job.state, "queued")
        self.assertIn("link", job.error)
        self.assertFalse(os.listdir(outside))

    def test_m3_root_is_needed(self):
        """Without it nothing is written, and the reason tells who sets it."""
        self.env["ir.config_parameter"].set_param("gck_impresion.spool_root", "")
        job = self.new_job(self.spool_printer())
        self.send()
        self.assertIn("gck_spool_root", job.error)

    def test_m3_root_of_the_configuration_file_comes_first(self):
        """Whoever has only the database cannot move it."""
        with patch.dict(config.options, {"gck_spool_root": "/srv/prints"}):
            self.assertEqual(self.printer._get_spool_root(), "/srv/prints")

    def test_m3_test_page(self):
        """It goes to the printer, or opens where the printer is the browser."""
        told = self.printer.action_print_test_page()
        self.assertEqual(told["tag"], "gck_impresion_sent")
        self.send()
        self.assertTrue(self.cups.printed[0][3].startswith(b"%PDF"))
        self.assertEqual(
            self.browser.action_print_test_page()["type"], "ir.actions.report"
        )

    # ------------------------------------------------------------
    # Access
    # ------------------------------------------------------------

    def test_matrix_of_models_and_roles(self):
        """Every model of the addon gives every role exactly what the table says."""
        portal = new_test_user(self.env, "gck_impresion_portal", "base.group_portal")
        admin = new_test_user(self.env, "gck_impresion_admin", "base.group_system")
        ours = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("gck.") and model._original_module == "gck_impresion"
        }
        self.assertEqual(ours, set(MATRIX))
        for name, rights in MATRIX.items():
            for user, expected in zip((self.user, admin, portal), rights, strict=True):
                Model = self.env[name].with_user(user)
                found = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if Model.has_access(operation)
                )
                with self.subTest(model=name, user=user.login):
                    self.assertEqual(found, expected)

    def test_m3_others_prints_are_private(self):
        """The documents of others are neither seen nor touched."""
        job = self.new_job().with_user(self.other)
        self.env.invalidate_all()
        self.assertFalse(job.search([("id", "=", job.id)]))
        for method in ("action_cancel", "action_retry", "action_print_again"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(job, method)()
        with self.assertRaises(AccessError):
            job.read(["document"])
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", job._name),
                ("res_id", "=", job.id),
                ("res_field", "=", "document"),
            ]
        )
        with self.assertRaises(AccessError):
            attachment.with_user(self.other).read(["datas"])
