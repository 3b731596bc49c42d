from datetime import timedelta

from odoo import fields

from .common import ReclamacionesCase


class TestAnalisis(ReclamacionesCase):
    """Claims, their costs and their actions, counted by what they have in common."""

    def new_action(self, claim, deadline=False, **vals):
        return self.env["gck.reclamacion.accion"].create(
            {
                "reclamacion_id": claim.id,
                "subject": "Replace it",
                "date_deadline": deadline,
                **vals,
            }
        )

    def test_o25_actions_are_on_time_or_late(self):
        claim = self.new_claim()
        now = fields.Datetime.now()
        on_time = self.new_action(claim, now + timedelta(hours=1))
        late = self.new_action(claim, now - timedelta(hours=1))
        undated = self.new_action(claim)
        pending = self.new_action(claim, now - timedelta(hours=1))
        (on_time | late | undated)._do_done("Done")
        self.assertEqual(
            [a.punctuality for a in on_time | late | undated | pending],
            ["on_time", "late", False, False],
        )
        on_time._do_reopen("Again")
        self.assertFalse(on_time.punctuality)

    def test_o25_mean_days_count_only_what_has_ended(self):
        ended, other, waiting = (self.new_claim() for _number in range(3))
        now = fields.Datetime.now()
        for claim, days in ((ended, 4), (other, 2)):
            claim.action_open()
            claim.causa_id = self.causa
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE gck_reclamacion SET date_open = %s WHERE id = %s",
                (now - timedelta(days=days), claim.id),
            )
            claim.invalidate_recordset()
            claim._do_done("Solved")
        waiting.action_open()
        claims = ended | other | waiting
        [(days,)] = self.env["gck.reclamacion"]._read_group(
            [("id", "in", claims.ids)], [], ["days_to_close:avg"]
        )
        self.assertAlmostEqual(days, 3, 2)

    def test_o25_costs_by_vendor_and_by_cause(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        first, second, third = (
            self.new_claim(direction="vendor", partner_id=partner.id)
            for partner in (self.vendor, self.vendor, other)
        )
        (first | third).write({"causa_id": self.causa.id})
        Coste = self.env["gck.reclamacion.coste"]
        for claim, concepto, price in (
            (first, "labour", 100),
            (first, "recovery", 30),
            (second, "material", 5),
            (third, "other", 7),
        ):
            Coste.create(
                {
                    "reclamacion_id": claim.id,
                    "concepto": concepto,
                    "price_unit": price,
                }
            )
        domain = [("reclamacion_id", "in", (first | second | third).ids)]
        self.assertEqual(
            dict(Coste._read_group(domain, ["partner_id"], ["amount:sum"])),
            {self.vendor: 75, other: 7},
        )
        self.assertEqual(
            dict(Coste._read_group(domain, ["causa_id"], ["amount:sum"])),
            {self.causa: 77, self.causa.browse(): 5},
        )
        for user, seen in ((self.buyer, 4), (self.seller, 0), (self.quality, 4)):
            self.assertEqual(Coste.with_user(user).search_count(domain), seen)

    def test_o25_cost_opens_its_claim(self):
        claim = self.new_claim()
        coste = self.env["gck.reclamacion.coste"].create(
            {"reclamacion_id": claim.id, "price_unit": 3}
        )
        action = coste.with_user(self.seller).action_view_reclamacion()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (claim._name, claim.id)
        )

    def test_o25_analyses_open_for_whoever_has_claims(self):
        """Their views load with the rights of a user, and so do their menus."""
        menus = [
            self.env.ref(f"gck_reclamaciones.menu_gck_reclamacion_{name}")
            for name in ("analysis", "coste", "accion_analysis", "panel")
        ]
        for user, seen in ((self.noter, True), (self.buyer, True), (self.own, False)):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            for menu in menus:
                self.assertEqual(menu.id in visible, seen, (user.name, menu.name))
        for name in ("analysis", "accion_analysis", "coste"):
            action = self.env.ref(f"gck_reclamaciones.action_gck_reclamacion_{name}")
            model = self.env[action.res_model].with_user(self.buyer)
            loaded = model.get_views([*action.views, [False, "search"]])["views"]
            self.assertEqual({"pivot", "graph", "list"} - loaded.keys(), set())
