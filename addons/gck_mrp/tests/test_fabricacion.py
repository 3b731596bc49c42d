from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.gck_reclamaciones.tests.common import (
    CUSTOMER,
    QUALITY,
    USER,
    ReclamacionesCase,
)


@tagged("post_install", "-at_install")
class TestFabricacion(ReclamacionesCase):
    """Nonconformities of manufacturing and work orders (O-20)."""

    @classmethod
    def setup_people(cls):
        result = super().setup_people()
        mrp = "mrp.group_mrp_user"
        cls.operator = cls.new_user("operator", f"{USER},{mrp}", "Óscar Operator")
        cls.worker = cls.new_user("worker", mrp, "Wanda Worker")
        cls.inspector = cls.new_user("inspector", f"{QUALITY},{mrp}", "Inés Inspector")
        return result

    @classmethod
    def setup_tables(cls):
        result = super().setup_tables()
        cls.bench, cls.booth = cls.env["mrp.workcenter"].create(
            [{"name": "Bench"}, {"name": "Booth"}]
        )
        cls.unit, cls.part = cls.env["product.product"].create(
            [
                {
                    "name": "Cooling unit",
                    "type": "consu",
                    "is_storable": True,
                    "tracking": "lot",
                },
                {"name": "Fan", "type": "consu"},
            ]
        )
        cls.bom = cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.unit.product_tmpl_id.id,
                "bom_line_ids": [Command.create({"product_id": cls.part.id})],
                "operation_ids": [
                    Command.create({"name": "Welding", "workcenter_id": cls.bench.id}),
                    Command.create({"name": "Test", "workcenter_id": cls.booth.id}),
                ],
            }
        )
        cls.order = cls.new_order(4)
        return result

    @classmethod
    def new_order(cls, quantity, **vals):
        """Create a manufacturing order of the unit and confirm it."""
        order = cls.env["mrp.production"].create(
            {
                "product_id": cls.unit.id,
                "product_qty": quantity,
                "bom_id": cls.bom.id,
                "user_id": cls.operator.id,
                **vals,
            }
        )
        order.action_confirm()
        return order

    def produce(self, order, quantity):
        """Make some of an order, with a new lot, and end it."""
        lot = self.env["stock.lot"].create({"product_id": self.unit.id, "name": "L1"})
        order.write({"lot_producing_ids": lot.ids, "qty_producing": quantity})
        order.set_qty_producing()
        order.with_context(
            skip_backorder=True, skip_consumption=True
        ).button_mark_done()
        self.assertEqual(order.state, "done")
        return lot

    def raise_from(self, document, user=None, **vals):
        """Press the button of a document and save the claim as its form does."""
        user = user or self.operator
        action = document.with_user(user).action_create_gck_reclamacion()
        Claim = self.env["gck.reclamacion"].with_user(user)
        form = Form(Claim.with_context(**action["context"]))
        claim = form.save()
        if vals:
            claim.write(vals)
        return claim

    def test_o20_nonconformity_of_an_order_comes_filled(self):
        claim = self.raise_from(self.order)
        self.assertEqual(claim.clase, "nonconformity")
        self.assertEqual(claim.direction, "internal")
        self.assertFalse(claim.partner_id)
        self.assertEqual(claim.evaluator_id, self.operator)
        self.assertEqual(claim.linea_ids.product_id, self.unit)
        self.assertEqual(claim.linea_ids.quantity, 4)
        self.assertEqual(claim._get_documento(), self.order)
        self.assertFalse(claim.workcenter_id, "two centres: nobody knows which")
        self.assertTrue(claim.name.startswith("NC/"))

    def test_o20_nonconformity_of_a_work_order_has_its_centre(self):
        workorder = self.order.workorder_ids[1]
        claim = self.raise_from(workorder)
        self.assertEqual(claim.workcenter_id, self.booth)
        self.assertEqual(claim._get_documento(), workorder)
        self.assertIn("Test", claim.documento_name)
        self.assertEqual(claim.linea_ids.source_id, self.order.id)
        nonconformity = self.env["gck.reclamacion"].with_user(self.operator)
        action = self.env["gck.accion"].with_user(self.operator)
        context = action.get_create_action("reclamacion", claim._name, claim.id)
        child = nonconformity.with_context(**context["context"]).create({})
        self.assertEqual(child.workcenter_id, self.booth)

    def test_o20_one_centre_is_proposed_for_the_order(self):
        self.bom.operation_ids[1].unlink()
        order = self.new_order(1)
        self.assertEqual(self.raise_from(order).workcenter_id, self.bench)

    def test_o20_documents_count_their_nonconformities(self):
        workorder = self.order.workorder_ids[0]
        first = self.raise_from(self.order)
        self.raise_from(self.order)
        self.raise_from(workorder)
        order, workorder = (d.with_user(self.operator) for d in (self.order, workorder))
        self.assertEqual(order.gck_reclamacion_count, 3)
        self.assertEqual(workorder.gck_reclamacion_count, 1)
        self.assertEqual(
            self.env["gck.reclamacion"].search_count(
                order.action_view_gck_reclamaciones()["domain"]
            ),
            3,
        )
        self.assertEqual(first.action_view_documento()["res_id"], order.id)
        for user, count in ((self.worker, 0), (self.inspector, 3)):
            self.assertEqual(
                self.order.with_user(user).gck_reclamacion_count, count, user.name
            )

    def test_o20_quantity_above_the_order_is_refused(self):
        claim = self.raise_from(self.order)
        with self.assertRaisesRegex(ValidationError, "5 are claimed and only 4"):
            claim.linea_ids.quantity = 5

    def test_o20_quantity_above_what_was_produced_is_refused(self):
        self.produce(self.order, 3)
        claim = self.raise_from(self.order)
        self.assertEqual(claim.linea_ids.quantity, 3)
        with self.assertRaises(ValidationError):
            claim.linea_ids.quantity = 4

    def test_o20_the_lot_is_filled_where_lines_have_one(self):
        lot = self.produce(self.order, 4)
        self.assertEqual(self.order._gck_get_lots(4), {lot: 4})
        claim = self.raise_from(self.order)
        if "lot_id" in claim.linea_ids._fields:
            self.assertEqual(claim.linea_ids.lot_id, lot)

    def test_o20_each_serial_number_is_a_line_unless_there_are_many(self):
        self.unit.tracking = "serial"
        serials = self.env["stock.lot"].create(
            [{"product_id": self.unit.id, "name": f"S{n}"} for n in range(21)]
        )
        order = self.new_order(3)
        order.lot_producing_ids = serials[:3]
        self.assertEqual(order._gck_get_lots(3), dict.fromkeys(serials[:3], 1))
        order = self.new_order(21)
        order.lot_producing_ids = serials
        self.assertFalse(order._gck_get_lots(21))

    def test_o20_cancelled_order_is_refused(self):
        order = self.new_order(1)
        workorder = order.workorder_ids[0]
        claim = self.raise_from(order)
        order.action_cancel()
        for document in (order, workorder):
            with self.assertRaisesRegex(UserError, "cancelled"):
                document.with_user(self.operator).action_create_gck_reclamacion()
            with self.assertRaisesRegex(UserError, "cancelled"):
                self.new_claim(
                    direction="internal",
                    partner_id=False,
                    documento_model=document._name,
                    documento_id=document.id,
                )
        self.assertTrue(claim.documento_cancelled)
        claim.severity = "major"
        action = order.with_user(self.operator).action_view_gck_reclamaciones()
        self.assertEqual(action["res_id"], claim.id)

    def test_o20_customer_claims_do_not_fit_an_order(self):
        with self.assertRaises(ValidationError):
            self.new_claim(documento_model=self.order._name, documento_id=self.order.id)

    def test_o20_a_deleted_order_leaves_its_nonconformity(self):
        order = self.env["mrp.production"].create(
            {"product_id": self.unit.id, "bom_id": self.bom.id}
        )
        claim = self.raise_from(order)
        name = claim.documento_name
        order.unlink()
        self.assertEqual(claim.documento_name, name)
        self.assertTrue(claim.documento_cancelled)
        with self.assertRaises(UserError):
            claim.action_view_documento()

    def test_o20_who_notes_no_claims_has_no_button(self):
        for model, view in (
            ("mrp.production", "mrp.mrp_production_form_view"),
            ("mrp.workorder", "mrp.mrp_production_workorder_form_view_inherit"),
            ("mrp.workorder", "mrp.mrp_production_workorder_tree_view"),
        ):
            view = self.env.ref(view)
            for user, shown in ((self.operator, True), (self.worker, False)):
                Model = self.env[model].with_user(user)
                arch = Model.get_view(view.id, view.type)["arch"]
                self.assertEqual("action_create_gck_reclamacion" in arch, shown)
        with self.assertRaises(AccessError):
            self.order.with_user(self.quality).action_create_gck_reclamacion()
        worker_claim = self.env["gck.reclamacion"].with_user(self.worker)
        with self.assertRaises(AccessError):
            worker_claim.create({"subject": "X", "direction": "internal"})

    def test_o20_centre_is_read_by_who_sees_no_centres(self):
        claim = self.raise_from(self.order.workorder_ids[0]).with_user(self.quality)
        spec = {"workcenter_id": {"fields": {"display_name": {}}}}
        self.assertEqual(
            claim.web_read(spec)[0]["workcenter_id"]["display_name"], "Bench"
        )
        Claim = self.env["gck.reclamacion"]
        form = self.env.ref("gck_reclamaciones.view_gck_reclamacion_form")
        search = self.env.ref("gck_reclamaciones.view_gck_reclamacion_search")
        for user, shown in ((self.quality, False), (self.inspector, True)):
            Model = Claim.with_user(user)
            arch = Model.get_view(form.id, "form")["arch"]
            self.assertEqual(arch.count('name="workcenter_id"'), 1)
            options = arch.split('name="workcenter_id"')[1][:80]
            self.assertEqual("no_open" not in options, shown)
            arch = Model.get_view(search.id, "search")["arch"]
            self.assertEqual("group_workcenter" in arch, shown)

    def test_o20_claims_are_grouped_by_work_centre(self):
        self.raise_from(self.order.workorder_ids[0])
        self.raise_from(self.order.workorder_ids[0])
        self.raise_from(self.order.workorder_ids[1])
        groups = (
            self.env["gck.reclamacion"]
            .with_user(self.inspector)
            ._read_group(
                [("workcenter_id", "!=", False)], ["workcenter_id"], ["__count"]
            )
        )
        self.assertEqual(dict(groups), {self.bench: 2, self.booth: 1})

    def test_o20_centre_of_another_company_is_refused(self):
        centre = self.env["mrp.workcenter"].create(
            {
                "name": "Far",
                "company_id": self.other_company.id,
                "resource_calendar_id": self.other_company.resource_calendar_id.id,
            }
        )
        with self.assertRaises(UserError):
            self.new_claim(
                direction="internal", partner_id=False, workcenter_id=centre.id
            )

    def test_o20_counting_many_orders_costs_no_more_queries(self):
        orders = self.env["mrp.production"].create(
            [{"product_id": self.unit.id, "bom_id": self.bom.id} for _n in range(30)]
        )
        for order in orders[:3]:
            self.raise_from(order)
        few, many = (
            self.count_queries(
                lambda some=some: some.with_user(self.operator).mapped(
                    "gck_reclamacion_count"
                )
            )
            for some in (orders[:3], orders)
        )
        self.assertLessEqual(many, few)

    def test_o20_seller_without_the_workshop_gets_no_error(self):
        seller = self.new_user("mrp_seller", CUSTOMER, "Sonia Seller")
        claim = self.new_claim()
        claim.with_user(seller).web_read({"workcenter_id": {"fields": {}}})
        with self.assertRaises(AccessError):
            self.order.with_user(seller).read(["name"])
