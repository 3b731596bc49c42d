from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .common import ReclamacionesCase

# Noon in Madrid, in the second month of a quarter.
NOW = datetime(2031, 5, 20, 10)


class TestPanel(ReclamacionesCase):
    """The figures of the quality dashboard, against what is counted by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = NOW.date()
        cls.startClassPatcher(patch.object(fields.Datetime, "now", lambda *args: NOW))
        cls.startClassPatcher(
            patch.object(fields.Date, "context_today", lambda *args: today)
        )
        Cause = cls.env["gck.reclamacion.causa"]
        cls.transport, cls.supplier = Cause.create(
            [{"name": "Transport"}, {"name": "Supplier"}]
        )
        cls.other_product = cls.env["product.product"].create({"name": "Valve"})
        cls.customer_claims = cls.env["gck.reclamacion"].union(
            # May: three, one of them late, one still a draft.
            cls.new_dated(datetime(2031, 5, 3, 9), causa=cls.causa),
            cls.new_dated(
                datetime(2031, 5, 18, 9),
                evaluation_deadline=NOW - timedelta(hours=1),
            ),
            cls.new_dated(datetime(2031, 5, 19, 9), begin=False),
        )
        cls.vendor_claims = cls.env["gck.reclamacion"].union(
            # April 30 in UTC is May 1 in Madrid.
            cls.new_vendor(datetime(2031, 4, 30, 22, 30), causa=cls.causa),
            cls.new_vendor(datetime(2031, 5, 10, 9), causa=cls.transport),
            cls.new_vendor(datetime(2031, 4, 10, 9), causa=cls.transport),
            cls.new_vendor(datetime(2030, 12, 10, 9), causa=cls.causa),
        )
        cls.internal_claims = cls.new_dated(
            datetime(2031, 5, 5, 9), direction="internal", partner_id=False
        )
        # Closed: in May after 4 days and after 2; in April after 10.
        cls.close(cls.customer_claims[0], datetime(2031, 5, 7, 9))
        cls.close(cls.vendor_claims[1], datetime(2031, 5, 12, 9))
        cls.close(cls.vendor_claims[2], datetime(2031, 4, 20, 9))
        cls.customer_claims[1].linea_ids = [
            Command.create({"product_id": cls.product.id}),
            Command.create({"product_id": cls.product.id}),
            Command.create({"product_id": cls.other_product.id}),
        ]
        cls.internal_claims.linea_ids = [Command.create({"product_id": cls.product.id})]

    @classmethod
    def new_dated(cls, date, causa=None, begin=True, costs=(), **vals):
        """Create a claim of a moment, opened then, evaluated where it has a cause."""
        claim = cls.new_claim(date=date, **vals)
        for concepto, amount in costs:
            cls.env["gck.reclamacion.coste"].create(
                {
                    "reclamacion_id": claim.id,
                    "concepto": concepto,
                    "quantity": 1,
                    "price_unit": amount,
                    "date": date.date(),
                }
            )
        if begin:
            claim.action_open()
        if causa:
            claim.causa_id = causa
            claim.action_evaluate()
        cls.env.flush_all()
        if begin:
            cls.backdate(claim, date_open=date)
        return claim

    @classmethod
    def new_vendor(cls, date, **vals):
        return cls.new_dated(
            date,
            direction="vendor",
            partner_id=cls.vendor.id,
            costs=[("labour", 100), ("recovery", 40)],
            **vals,
        )

    @classmethod
    def backdate(cls, claim, **values):
        """Say when a claim went through its life, which only the server writes."""
        cls.env.flush_all()
        for name, value in values.items():
            cls.env.cr.execute(
                SQL(
                    "UPDATE gck_reclamacion SET %s = %s WHERE id = %s",
                    SQL.identifier(name),
                    value,
                    claim.id,
                )
            )
        claim.invalidate_recordset()

    @classmethod
    def close(cls, claim, date):
        claim._do_done("Solved")
        days = (date - claim.date_open).total_seconds() / 86400
        cls.backdate(claim, date_done=date, days_to_close=days)

    def read_panel(self, period="month", direction=False, user=None):
        """Return the figures as a person gets them, in Madrid."""
        user = user or self.quality
        Claim = self.env["gck.reclamacion"].with_user(user)
        Claim = Claim.with_context(allowed_company_ids=user.company_ids.ids)
        return Claim.get_quality_panel(period, direction)

    def check_domains(self, panel, user):
        """Every figure opens a list of as many records as it says."""
        claim, accion = (
            self.env[name].with_user(user)
            for name in ("gck.reclamacion", "gck.reclamacion.accion")
        )
        causes = panel["causes"]
        figures = [
            *((key, figure) for key, figure in panel["now"].items()),
            ("closed", panel["closed"]),
            ("previous", panel["closed"]["previous"]),
            ("total", panel["total"]),
            ("other", causes["other"]),
            ("without", causes["without"]),
            *(("cause", bar) for bar in causes["bars"]),
            *(("month", bar) for bar in panel["trend"]),
            *(
                (key, bar)
                for key in (
                    "by_direction",
                    "by_severity",
                    "categories",
                    "products",
                    "vendors",
                )
                for bar in panel[key]
            ),
        ]
        for key, figure in figures:
            model = accion if key == "efficacy" else claim
            self.assertEqual(
                model.search_count(figure["domain"]), figure["count"], (key, figure)
            )

    def test_o25_panel_counts_what_was_counted_by_hand(self):
        panel = self.read_panel()
        self.assertEqual((panel["start"], panel["end"]), ("2031-05-01", "2031-05-31"))
        self.assertEqual(
            {key: figure["count"] for key, figure in panel["now"].items()},
            # Open: the late one, the internal one and two of vendors.
            {"draft": 1, "open": 4, "to_evaluate": 2, "late": 1, "efficacy": 0},
        )
        self.assertEqual(panel["total"]["count"], 6)
        closed = panel["closed"]
        self.assertEqual((closed["count"], closed["previous"]["count"]), (2, 1))
        self.assertAlmostEqual(closed["days"], 3.0)
        self.assertAlmostEqual(closed["previous"]["days"], 10.0)
        self.check_domains(panel, self.quality)

    def test_o25_panel_pareto_is_cumulative(self):
        causes = self.read_panel("12months")["causes"]
        self.assertEqual(
            [(bar["label"], bar["count"], bar["cost"]) for bar in causes["bars"]],
            [("Mistake", 3, 120.0), ("Transport", 2, 120.0)],
        )
        self.assertEqual([bar["percent"] for bar in causes["bars"]], [60.0, 100.0])
        self.assertEqual(causes["without"]["count"], 3)
        self.assertEqual(causes["other"]["count"], 0)

    def test_o25_panel_pareto_tells_what_its_bars_leave_out(self):
        for number in range(9):
            cause = self.env["gck.reclamacion.causa"].create({"name": f"C{number}"})
            self.new_dated(NOW - timedelta(days=1), causa=cause)
        panel = self.read_panel()
        self.assertEqual(len(panel["causes"]["bars"]), 8)
        # Eleven causes: Mistake and Transport, of May, and these nine.
        self.assertEqual(panel["causes"]["other"]["count"], 3)
        self.assertLess(panel["causes"]["bars"][-1]["percent"], 100)
        self.check_domains(panel, self.quality)

    def test_o25_panel_costs_of_the_period(self):
        cost = self.read_panel()["cost"]
        # April 30 is the day of the first vendor claim's cost.
        self.assertEqual((cost["spent"], cost["recovered"], cost["net"]), (100, 40, 60))
        self.assertEqual(
            [(c["key"], c["amount"]) for c in cost["concepts"]],
            [("labour", 100), ("recovery", -40)],
        )
        cost = self.read_panel("year")["cost"]
        self.assertEqual((cost["spent"], cost["recovered"]), (300, 120))
        self.assertEqual(
            self.env["gck.reclamacion.coste"].search_count(cost["domain"]), 6
        )

    def test_o25_panel_names_vendors_with_several_claims(self):
        once = self.env["res.partner"].create({"name": "Once", "is_company": True})
        self.new_dated(NOW - timedelta(days=1), direction="vendor", partner_id=once.id)
        [vendor] = self.read_panel()["vendors"]
        self.assertEqual(
            (vendor["label"], vendor["count"], vendor["cost"]), ("Aceros Duero", 2, 120)
        )
        [vendor] = self.read_panel("quarter")["vendors"]
        self.assertEqual((vendor["count"], vendor["cost"]), (3, 180))
        self.assertEqual(self.read_panel("month", "customer")["vendors"], [])

    def test_o25_panel_products_count_claims_not_lines(self):
        self.assertEqual(
            [(bar["label"], bar["count"]) for bar in self.read_panel()["products"]],
            [("Compressor", 2), ("Valve", 1)],
        )

    def test_o25_panel_periods_and_directions(self):
        for period, count, start in (
            ("month", 6, "2031-05-01"),
            ("quarter", 7, "2031-04-01"),
            ("year", 7, "2031-01-01"),
            ("12months", 8, "2030-06-01"),
            ("nonsense", 6, "2031-05-01"),
        ):
            panel = self.read_panel(period)
            self.assertEqual((panel["total"]["count"], panel["start"]), (count, start))
        panel = self.read_panel("12months", "vendor")
        self.assertEqual(panel["total"]["count"], 4)
        self.assertEqual([bar["id"] for bar in panel["by_direction"]], ["vendor"])
        self.assertEqual(panel["now"]["draft"]["count"], 0)
        self.check_domains(panel, self.quality)

    def test_o25_panel_trend_has_twelve_months(self):
        trend = self.read_panel()["trend"]
        self.assertEqual(len(trend), 12)
        self.assertEqual(
            (trend[0]["month"], trend[-1]["month"]), ("2030-06-01", "2031-05-01")
        )
        self.assertEqual([bar["count"] for bar in trend[-3:]], [0, 1, 2])
        self.assertAlmostEqual(trend[-1]["days"], 3.0)

    def test_o14_panel_counts_the_effectiveness_to_be_checked(self):
        claim = self.internal_claims
        due, later = self.env["gck.reclamacion.accion"].create(
            [
                {
                    "reclamacion_id": claim.id,
                    "subject": "Replace it",
                    "date": NOW,
                    "date_efficacy": day,
                }
                for day in ("2031-05-20", "2031-05-21")
            ]
        )
        (due | later)._do_done("Replaced")
        panel = self.read_panel()
        self.assertEqual(panel["now"]["efficacy"]["count"], 1)
        self.check_domains(panel, self.quality)
        due._do_check_efficacy("effective", "It holds")
        self.assertEqual(self.read_panel()["now"]["efficacy"]["count"], 0)

    def test_o24_panel_obeys_the_rights_of_its_reader(self):
        for user, total, cost in (
            (self.seller, 3, 0),
            (self.buyer, 4, 180 + 60),
            (self.quality, 8, 240),
            (self.noter, 0, 0),
        ):
            panel = self.read_panel("12months", user=user)
            self.assertEqual(panel["total"]["count"], total, user.name)
            self.assertEqual(panel["cost"]["net"], cost, user.name)
            self.assertEqual(panel["has_claims"], bool(total), user.name)
            self.check_domains(panel, user)
        self.assertEqual(self.read_panel(user=self.seller)["directions"], [])
        self.assertEqual(len(self.read_panel(user=self.quality)["directions"]), 3)
        for user in (self.own, self.portal):
            with self.assertRaises(AccessError):
                self.read_panel(user=user)

    def test_o25_panel_of_another_company_is_empty(self):
        other = self.new_user(
            "quality_other",
            "gck_reclamaciones.group_gck_reclamacion_all",
            "Otto Other",
            company=self.other_company,
        )
        panel = self.read_panel("12months", user=other)
        self.assertFalse(panel["has_claims"])
        self.assertEqual(panel["total"]["count"], 0)
        self.assertEqual(panel["cost"]["concepts"], [])

    def test_o25_panel_adds_companies_in_the_currency_of_the_reader(self):
        dollar = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.company.currency_id.id)], limit=1)
        )
        dollar.active = True
        self.other_company.currency_id = dollar
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": "2031-01-01",
                "rate": 2.0,
            }
        )
        claim = (
            self.env["gck.reclamacion"]
            .with_company(self.other_company)
            .create({"subject": "X", "direction": "internal", "date": NOW})
        )
        self.env["gck.reclamacion.coste"].create(
            {
                "reclamacion_id": claim.id,
                "concepto": "other",
                "price_unit": 50,
                "date": NOW.date(),
            }
        )
        self.quality.company_ids += self.other_company
        panel = (
            self.env["gck.reclamacion"]
            .with_user(self.quality)
            .with_context(allowed_company_ids=(self.company | self.other_company).ids)
            .get_quality_panel("month")
        )
        # 100 and 50 dollars, which are 25.
        self.assertAlmostEqual(panel["cost"]["spent"], 125)

    def test_o25_panel_costs_the_same_queries_whatever_it_counts(self):
        def count():
            return self.count_queries(lambda: self.read_panel("12months"))

        count()  # what is read once per server
        few = count()
        for number in range(15):
            self.new_vendor(
                NOW - timedelta(days=number),
                causa=(self.causa | self.supplier)[number % 2],
            )
        self.assertLessEqual(count(), few + 2)
        self.assertLess(few, 60)
