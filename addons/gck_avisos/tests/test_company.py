from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ALL, AvisosCase

NUMBERED = ("gck.aviso", "gck.tarea", "gck.intervencion")


@tagged("post_install", "-at_install")
class TestCompany(AvisosCase):
    """Several companies: numbers, rules and what may be mixed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls.new_user("both", ALL, "Berta Both")
        cls.both.company_ids = [Command.link(cls.other_company.id)]
        cls.companies = cls.company | cls.other_company

    def model(self, name):
        return (
            self.env[name]
            .with_user(self.both)
            .with_context(allowed_company_ids=self.companies.ids)
        )

    def create_in(self, name, *companies, **vals):
        if name == "gck.intervencion":
            vals.setdefault("description", "<p>x</p>")
        return self.model(name).create(
            [
                {"subject": "x", "company_id": company.id, **vals}
                for company in companies
            ]
        )

    def test_k1_new_company_has_its_sequences(self):
        """A company created today numbers every kind by itself."""
        company = self.env["res.company"].create({"name": "Recién creada"})
        codes = self.env["ir.sequence"].search([("company_id", "=", company.id)])
        self.assertLessEqual(set(NUMBERED), set(codes.mapped("code")))

    def test_k1_lost_sequence_is_made_again(self):
        """Deleting a sequence does not stop reception."""
        self.env["ir.sequence"].search(
            [("code", "=", "gck.aviso"), ("company_id", "=", self.company.id)]
        ).unlink()
        self.assertTrue(self.new_aviso().name)

    def test_k1_numbers_of_a_mixed_batch(self):
        """Each company counts its own, one after another, without gaps or repeats."""
        order = (self.company, self.other_company) * 5
        for name in NUMBERED:
            records = self.create_in(name, *order)
            for company in self.companies:
                names = records.filtered(
                    lambda record, company=company: record.company_id == company
                ).mapped("name")
                numbers = [int(number.rsplit("/", 1)[1]) for number in names]
                with self.subTest(model=name, company=company.name):
                    self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 5)))

    def test_k1_big_batch_and_singles_follow_on(self):
        """Batches and single records share one count."""
        first = self.new_aviso()
        batch = self.create_in("gck.aviso", *[self.company] * 50)
        last = self.new_aviso()
        numbers = [int(aviso.name.rsplit("/", 1)[1]) for aviso in (first, *batch, last)]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 52)))

    def test_k1_sequence_without_gaps(self):
        """A company that wants no gaps gets the same numbers."""
        sequence = self.env["ir.sequence"].search(
            [("code", "=", "gck.aviso"), ("company_id", "=", self.company.id)]
        )
        sequence.implementation = "no_gap"
        names = self.create_in("gck.aviso", *[self.company] * 5).mapped("name")
        numbers = [int(name.rsplit("/", 1)[1]) for name in names]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 5)))

    def test_k44_rule_is_of_each_company(self):
        """In one selection, one company blocks and the other allows."""
        self.other_company.gck_close_rule = "allow"
        blocked, allowed = self.create_in("gck.aviso", self.company, self.other_company)
        self.create_in("gck.tarea", self.company, aviso_id=blocked.id)
        self.create_in("gck.tarea", self.other_company, aviso_id=allowed.id)
        notification = (blocked | allowed).action_close_possible()
        self.assertNames(notification["params"]["message"], blocked.name)
        self.assertEqual(blocked.accion_state, "pending")
        self.assertEqual(allowed.state, "done")

    def test_k44_mixed_selection_with_a_company_that_asks(self):
        """The dialog names only what its company asks about."""
        self.other_company.gck_close_rule = "warn"
        free, asks = self.create_in("gck.aviso", self.company, self.other_company)
        tarea = self.create_in("gck.tarea", self.other_company, aviso_id=asks.id)
        action = (free | asks).action_close()
        wizard = self.open_dialog(action).with_user(self.both)
        self.assertNames(wizard.message, tarea.name)
        wizard = wizard.with_context(allowed_company_ids=self.companies.ids)
        wizard.action_confirm()
        self.assertEqual(set((free | asks).mapped("state")), {"done"})

    def test_companies_are_not_mixed(self):
        """A task of one company hangs from no notice of the other, nor its people."""
        aviso = self.create_in("gck.aviso", self.other_company)
        with self.assertRaises(UserError):
            self.create_in("gck.tarea", self.company, aviso_id=aviso.id)
        with self.assertRaises(UserError):
            self.create_in("gck.tarea", self.company, user_id=self.foreign.id)

    def test_k36_task_takes_the_company_of_its_notice(self):
        """Raised while another company is on top, the task is of the notice's."""
        aviso = self.create_in("gck.aviso", self.other_company)
        context = aviso.action_create_tarea()["context"]
        tarea = self.model("gck.tarea").with_context(**context).create({})
        self.assertEqual(tarea.company_id, self.other_company)

    def test_k6_channel_of_another_company_is_not_proposed(self):
        """A notice for another company does not take this company's own channel."""
        self.env["gck.procedencia"].create(
            {"name": "Centralita", "sequence": 0, "company_id": self.company.id}
        )
        ours, theirs = self.create_in("gck.aviso", self.company, self.other_company)
        self.assertEqual(ours.procedencia_id.name, "Centralita")
        self.assertNotEqual(theirs.procedencia_id.name, "Centralita")

    def test_m11_codes_are_unique_by_company(self):
        """The same code serves two companies, never twice in one."""
        Evento = self.env["gck.evento"]
        vals = {"name": "Uno", "code": "ABC", "company_id": self.company.id}
        Evento.create([vals, {**vals, "company_id": self.other_company.id}])
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(Exception) as error,
            self.env.cr.savepoint(),
        ):
            Evento.create(vals)
        self.assertIn("code_uniq", str(error.exception))

    def test_m11_empty_codes_are_no_duplicates(self):
        """Rows without code, or with spaces for one, live together."""
        rows = self.env["gck.evento"].create(
            [{"name": f"Fila {code!r}", "code": code} for code in ("", " ", False)]
        )
        self.assertEqual(rows.mapped("code"), [False] * 3)
        rows[0].code = "  "
        self.assertFalse(rows[0].code)
