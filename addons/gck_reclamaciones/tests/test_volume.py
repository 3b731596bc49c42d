from functools import partial

from odoo import Command
from odoo.tests import tagged

from .common import ReclamacionesCase

FEW, MANY = 5, 80


@tagged("post_install", "-at_install")
class TestVolume(ReclamacionesCase):
    """What is done with many claims costs what it costs with a few."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim_tipo.write({"evaluation_hours": 8, "deadline_hours": 40})
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Cliente {n}", "is_company": True} for n in range(MANY)]
        )
        cls.Claim = cls.env["gck.reclamacion"].with_user(cls.seller)

    def prepare_vals(self, count, **vals):
        return [
            {
                "subject": f"It leaks {n}",
                "partner_id": self.partners[n].id,
                "tipo_id": self.claim_tipo.id,
                "categoria_id": self.categoria.id,
                "evaluator_id": self.quality.id,
                "causa_id": self.causa.id,
                "resolution": "Replaced",
                **vals,
            }
            for n in range(count)
        ]

    def assert_flat(self, run, prepare, limit):
        """Check that many cost no more than few, and neither more than a limit."""
        run(prepare(FEW))  # what is cached for all users is read once
        few, many = (
            self.count_queries(partial(run, prepare(count))) for count in (FEW, MANY)
        )
        self.assertLessEqual(many, few + 2)
        self.assertLessEqual(many, limit)

    def claims(self, count, **vals):
        return self.Claim.create(self.prepare_vals(count, **vals))

    def opened(self, count):
        claims = self.claims(count)
        claims.action_open()
        return claims

    def test_create_costs_the_same_for_one_and_for_many(self):
        self.assert_flat(self.Claim.create, self.prepare_vals, 60)

    def test_create_with_lines(self):
        def prepare(count):
            line = Command.create({"product_id": self.product.id})
            return self.prepare_vals(count, linea_ids=[line])

        self.assert_flat(self.Claim.create, prepare, 70)

    def test_create_on_documents(self):
        """The origin documents are read, checked and linked in one go."""

        def prepare(count):
            return [
                {**vals, "documento_model": "res.partner", "documento_id": partner.id}
                for vals, partner in zip(
                    self.prepare_vals(count), self.partners, strict=False
                )
            ]

        self.assert_flat(self.Claim.create, prepare, 80)
        claim = self.Claim.create(prepare(1))
        self.assertEqual(claim.documento_name, self.partners[0].name)
        links = self.env["gck.vinculo"]._get_of_origins(claim)
        self.assertEqual(links.mapped("res_id"), self.partners[0].ids)

    def test_create_one_by_one(self):
        """Each costs what it writes: number, row, followers, first message."""
        vals = [{"subject": "It leaks", "partner_id": p.id} for p in self.partners]
        self.forget()
        self.Claim.create(vals[0])
        self.track()
        before = self.env.cr.sql_log_count
        for one in vals[:20]:
            self.Claim.create(one)
            self.track()
        self.assertLessEqual((self.env.cr.sql_log_count - before) / 20, 5)

    def test_assigning_a_claim_writes_nothing_on_its_customer(self):
        """What colleagues are told needs no token for the customer."""
        claim = self.claims(1)
        self.track()
        self.assertFalse(claim.access_token)
        self.assertTrue(self.messages_to(self.quality, claim))

    def test_open(self):
        self.assert_flat(lambda c: c.action_open(), self.claims, 30)

    def test_evaluate(self):
        self.assert_flat(lambda c: c.action_evaluate(), self.opened, 30)

    def test_close(self):
        self.assert_flat(lambda c: c.action_close(), self.opened, 35)

    def test_reject(self):
        self.assert_flat(lambda c: c._do_reject("No"), self.opened, 30)

    def test_reassign(self):
        vals = {"user_id": self.claim_manager.id}
        self.assert_flat(lambda c: c._bulk_reassign(vals), self.opened, 45)

    def test_postpone(self):
        self.assert_flat(lambda c: c._bulk_postpone(5), self.opened, 30)

    def test_followers_are_creator_and_evaluator(self):
        claims = self.claims(2)
        people = (self.seller | self.quality).partner_id
        for claim in claims:
            self.assertEqual(claim.message_partner_ids, people)
            for follower in claim.sudo().message_follower_ids:
                self.assertTrue(follower.subtype_ids)
        claims._gck_follow([(claims[0].id, self.quality.partner_id.id)])
        self.assertEqual(claims[0].message_partner_ids, people)
        quiet = self.Claim.with_context(mail_create_nosubscribe=True).create(
            {"subject": "Quiet", "evaluator_id": self.quality.id}
        )
        self.assertEqual(quiet.message_partner_ids, self.quality.partner_id)
