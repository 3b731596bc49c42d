from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.gck_reclamaciones.tests.common import QUALITY

from .common import StockCase


@tagged("post_install", "-at_install")
class TestProveedorCalidad(StockCase):
    """The score of vendors: claims per 100 receipts, and cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good, cls.bad = cls.env["res.partner"].create(
            [{"name": "Good", "is_company": True}, {"name": "Bad", "is_company": True}]
        )

    def vendor_claim(self, partner, cost=0, opened=True, **vals):
        claim = self.new_claim(direction="vendor", partner_id=partner.id, **vals)
        if opened:
            claim.action_open()
        if cost:
            self.env["gck.reclamacion.coste"].create(
                {"reclamacion_id": claim.id, "concepto": "other", "price_unit": cost}
            )
        return claim

    def score(self, partner, user=None):
        self.forget()
        partner = partner.with_user(user or self.buyer)
        return (
            partner.gck_receipt_count,
            partner.gck_vendor_claim_count,
            partner.gck_claims_per_100,
            partner.gck_vendor_claim_cost,
        )

    def test_score_counts_receipts_and_claims_of_the_period(self):
        contact = self.env["res.partner"].create(
            {"name": "Depot", "parent_id": self.bad.id, "type": "delivery"}
        )
        receipts = self.new_transfer("incoming", (self.product, 5), partner=self.bad)
        receipts |= self.new_transfer("incoming", (self.product, 5), partner=contact)
        receipts |= self.new_transfer("incoming", (self.product, 5), partner=self.bad)
        receipts |= self.new_transfer("incoming", (self.product, 5), partner=self.bad)
        # None of these counts.
        self.new_transfer("incoming", (self.product, 5), partner=self.bad, done=False)
        self.new_transfer("outgoing", (self.product, 1), partner=self.bad)
        self.vendor_claim(self.bad, cost=30)
        self.vendor_claim(self.bad, cost=12.5)
        self.vendor_claim(self.bad, opened=False)
        self.vendor_claim(self.bad, cost=99)._do_reject("Our mistake")
        self.new_claim(partner_id=self.bad.id).action_open()
        self.assertEqual(self.score(self.bad), (4, 2, 50.0, 42.5))
        self.assertEqual(self.score(contact), (4, 2, 50.0, 42.5))
        self.assertEqual(self.score(self.good), (0, 0, 0.0, 0.0))
        receipts[0].date_done = fields.Datetime.now() - relativedelta(months=5)
        self.company.gck_score_months = 4
        self.assertEqual(self.score(self.bad)[0], 3)
        self.company.gck_score_months = 6
        self.assertEqual(self.score(self.bad)[0], 4)

    def test_score_of_old_claims(self):
        old = fields.Datetime.now() - timedelta(days=500)
        self.vendor_claim(self.bad, date=old)
        self.assertEqual(self.score(self.bad)[1], 0)
        self.company.gck_score_months = 24
        self.assertEqual(self.score(self.bad)[1], 1)

    def test_score_period_has_limits(self):
        for months in (0, -3, 500):
            with self.violated():
                self.company.gck_score_months = months
                self.env.flush_all()

    def test_ranking_puts_the_worst_first(self):
        for partner in (self.good, self.bad):
            self.new_transfer("incoming", (self.product, 5), partner=partner)
        self.new_transfer("incoming", (self.product, 5), partner=self.good)
        self.vendor_claim(self.good)
        self.vendor_claim(self.bad)
        self.forget()
        Rows = self.env["gck.proveedor.calidad"].with_user(self.buyer)
        rows = Rows.search([("partner_id", "in", (self.good | self.bad).ids)])
        self.assertEqual(rows.partner_id.ids, [self.bad.id, self.good.id])
        self.assertEqual(rows.mapped("claims_per_100"), [100.0, 50.0])
        self.assertEqual(rows[0].action_open_partner()["res_id"], self.bad.id)
        claims = Rows.env["gck.reclamacion"].search(
            rows[0].action_view_claims()["domain"]
        )
        self.assertEqual(claims.partner_id, self.bad)

    def test_o24_score_is_of_those_with_vendor_claims(self):
        self.new_transfer("incoming", (self.product, 5), partner=self.bad)
        self.vendor_claim(self.bad)
        Rows = self.env["gck.proveedor.calidad"]
        for user in (self.seller, self.noter, self.storekeeper, self.portal):
            with self.assertRaises(AccessError):
                Rows.with_user(user).search([])
        for user in (self.seller, self.storekeeper):
            with self.assertRaises(AccessError):
                self.bad.with_user(user).read(["gck_claims_per_100"])
        for user in (self.buyer, self.purchase_manager, self.quality):
            found = Rows.with_user(user).search([("partner_id", "=", self.bad.id)])
            self.assertEqual(found.claim_count, 1)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(found.has_access(operation))
        self.foreign.group_ids |= self.env.ref(QUALITY)
        companies = {"allowed_company_ids": self.other_company.ids}
        self.assertFalse(
            Rows.with_user(self.foreign)
            .with_context(**companies)
            .search([("partner_id", "=", self.bad.id)])
        )
        with Form(self.bad.with_user(self.buyer)) as form:
            self.assertEqual(form.gck_claims_per_100, 100.0)

    def test_score_of_many_costs_what_one_costs(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Vendor {number}"} for number in range(30)]
        )
        for partner in partners[:4]:
            self.new_transfer("incoming", (self.product, 5), partner=partner)
            self.vendor_claim(partner, cost=3)

        def read(records):
            records.with_user(self.quality).read(["gck_claims_per_100"])

        few = self.count_queries(lambda: read(partners[:1]))
        self.assertLessEqual(self.count_queries(lambda: read(partners)), few)
