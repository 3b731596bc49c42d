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
        self.assert_flat(self.Claim.create, self.prepare_vals, 35)

    def test_claims_of_a_batch_get_what_each_would_get(self):
        """The people, deadlines, phone and mail of each, given ones included."""
        self.partners[1].phone = "911111111"
        self.claim_tipo.user_id = self.quality
        common = {"subject": "It leaks", "date": "2026-03-02 09:00:00"}
        first, second = ({"partner_id": partner.id} for partner in self.partners[:2])
        tipo = {"tipo_id": self.claim_tipo.id}
        line = Command.create({"product_id": self.product.id})
        vals_list = [
            {**common, **tipo, **first},
            {**common, **tipo, **second, "phone": "600", "email": "a@example.com"},
            {**common, **tipo, **second},
            {**common, **tipo, **second, "subject": "It is broken"},
            {**common, **tipo, **second, "date": "2026-03-03 09:00:00"},
            {**common, **first, "solver_id": self.seller.id},
            {**common, **first, "linea_ids": [line]},
            {**common, "evaluation_deadline": "2026-03-09 09:00:00"},
        ]
        names = [name for name, f in self.Claim._fields.items() if f.precompute]
        alone = [self.Claim.create(vals) for vals in vals_list]
        together = self.Claim.create(vals_list)
        self.track()
        self.forget()
        for vals, one, other in zip(vals_list, alone, together, strict=True):
            for name in names:
                with self.subTest(str(vals), field=name):
                    self.assertEqual(other[name], one[name])
        self.assertEqual(together[3].phone, "911111111")

    def test_form_is_read_with_few_queries(self):
        """Its lists in one, its counts in one, everybody's names in two."""
        claim = self.claims(1, solver_id=self.claim_manager.id)
        Task = self.env["gck.tarea"].with_user(self.quality)
        Task.create([{"subject": "Ask", "reclamacion_id": claim.id}] * 2)
        child = self.Claim.create({"subject": "Again", "parent_id": claim.id})
        tags = self.env["gck.etiqueta"].create([{"name": "B"}, {"name": "A"}])
        claim.sudo().write(
            {
                "linea_ids": [Command.create({"product_id": self.product.id})] * 3,
                "team_ids": [Command.set((self.seller | self.quality).ids)],
                "tag_ids": [Command.set(tags.ids)],
            }
        )
        name = {"fields": {"display_name": {}}}
        people = ("partner_id", "user_id", "evaluator_id", "solver_id", "requester_id")
        lists = ("linea_ids", "accion_ids", "coste_ids", "causa_ids", "team_ids")
        counts = ("tarea_count", "child_count")
        shown = {
            **dict.fromkeys(people, name),
            **dict.fromkeys((*lists, "tag_ids", *counts), {}),
            **dict.fromkeys(("vinculo_ids", "company_id"), {}),
        }
        record = self.env["gck.reclamacion"].with_user(self.quality).browse(claim.id)
        self.forget()
        record.web_read(shown)  # rules are read once in the life of a worker
        values = {}
        queries = self.count_queries(lambda: values.update(record.web_read(shown)[0]))
        self.assertLessEqual(queries, 11)
        self.track()
        self.forget()
        trusted = claim.sudo()
        for field in (*lists, "tag_ids"):
            # The superuser reads one list alone.
            self.assertEqual(values[field], trusted[field].ids, field)
            trusted.invalidate_recordset()
        self.assertEqual(values["tag_ids"], list(reversed(tags.ids)))
        self.assertEqual((values["tarea_count"], values["child_count"]), (2, 1))
        self.assertEqual(values["solver_id"]["display_name"], self.claim_manager.name)
        self.assertEqual(child.parent_id, claim)

    def test_direction_is_compared_before_actions_are_looked_up(self):
        """Else a list of a seller's looks for the actions of every claim."""
        query = str(self.Claim._search([]))
        direction = query.index('"direction" IN')
        self.assertLess(direction, query.index("gck_reclamacion_accion"))

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
