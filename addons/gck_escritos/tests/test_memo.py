from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import EscritoCase

SUITE = "base.group_user,gck_avisos.group_gck_aviso_user"


@tagged("post_install", "-at_install")
class TestMemo(EscritoCase):
    """Memos between people of the company (M-63…M-65)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader, cls.other = (
            new_test_user(cls.env, f"esc_{name}", SUITE, name=name.title())
            for name in ("lectora", "otro")
        )
        cls.everything = new_test_user(
            cls.env,
            "esc_todo",
            "base.group_user,gck_escritos.group_gck_escrito_all",
            name="Ve Todo",
        )

    def new_memo(self, **vals):
        return self._create_escrito(
            "memo", to_user_ids=[Command.set(self.reader.ids)], **vals
        )

    def test_m63_m64_memo_is_sent_to_its_people(self):
        """They are notified; customer and contact are optional."""
        memo = self.new_memo(partner_id=False)
        memo.action_issue()
        self.assertEqual(memo.state, "sent")
        self.assertIn("ME/", memo.name)
        told = self.env["mail.message"].search(
            [
                ("model", "=", "gck.escrito"),
                ("res_id", "=", memo.id),
                ("notified_partner_ids", "in", self.reader.partner_id.ids),
            ]
        )
        self.assertTrue(told)
        self.assertEqual(memo.lectura_ids.user_id, self.reader)

    def test_m64_nobody_or_who_has_left_is_refused(self):
        memo = self._create_escrito("memo")
        with self.assertRaisesRegex(UserError, "nobody"):
            memo.action_issue()
        memo.to_user_ids = self.reader
        self.reader.active = False
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "Lectora"):
            memo.action_issue()
        self.assertEqual(memo.state, "draft")

    def test_m64_only_its_people_see_it(self):
        """Sender, addressees, followers and managers; not who sees the rest."""
        memo = self.new_memo()
        memo.action_issue()
        self.env.invalidate_all()
        for user in (self.writer, self.reader, self.manager):
            with self.subTest(user.name):
                self.assertEqual(
                    memo.with_user(user).read(["subject"])[0]["id"], memo.id
                )
        for user in (self.other, self.everything):
            with self.subTest(user.name), self.assertRaises(AccessError):
                memo.with_user(user).read(["subject"])
            found = (
                self.env["gck.accion"]
                .with_user(user)
                .search([("partner_id", "=", self.partner.id), ("kind", "=", "memo")])
            )
            self.assertFalse(found)

    def test_m64_each_addressee_confirms_for_themselves(self):
        memo = self.new_memo()
        memo.action_issue()
        reading = memo.lectura_ids
        self.assertTrue(memo.with_user(self.reader).must_read)
        self.assertFalse(memo.must_read)
        with self.assertRaises(UserError):
            memo.action_read()
        with self.assertRaises(AccessError):
            reading.with_user(self.reader).write({"date_read": "2026-01-01"})
        memo.with_user(self.reader).action_read()
        self.assertEqual(reading.state, "read")
        self.assertTrue(reading.date_read)
        self.assertFalse(memo.with_user(self.reader).must_read)
        self.assertEqual(memo.read_percent, 100)

    def test_m65_print_of_the_memo(self):
        """De, Para, Referencia and Fecha are on it."""
        memo = self.new_memo()
        html = self.env["ir.qweb"]._render(
            "gck_escritos.report_gck_escrito",
            {"docs": memo, "with_logo": None, "with_signature": None},
        )
        for text in ("Marta Vidal", "Lectora", "Revisión anual", "Les informamos"):
            self.assertIn(text, html)
