from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ReclamacionesCase


@tagged("post_install", "-at_install")
class TestReclamacionFormulario(ReclamacionesCase):
    """What the form of a claim fills while somebody types, and where it comes from."""

    @classmethod
    def setup_tables(cls):
        result = super().setup_tables()
        cls.aviso_tipo = cls.env["gck.aviso.tipo"].create(
            {"name": "Complaint", "reclamacion": True}
        )
        return result

    def new_form(self, user=None, **context):
        Claim = self.env["gck.reclamacion"].with_user(user or self.quality)
        return Form(Claim.with_context(**context))

    def create_from(self, action, user):
        """Save the form that a window action opens, as it comes."""
        model = self.env[action["res_model"]].with_user(user)
        with Form(model.with_context(**action["context"])) as form:
            pass
        return form.record

    # ------------------------------------------------------------
    # The form
    # ------------------------------------------------------------

    def test_o8_type_chosen_later_proposes_people_and_deadlines(self):
        self.claim_tipo.write(
            {
                "company_id": self.company.id,
                "user_id": self.quality.id,
                "solver_id": self.seller.id,
                "department_id": self.sales_department.id,
                "evaluation_hours": 8,
                "deadline_hours": 24,
            }
        )
        form = self.new_form()
        form.subject = "It leaks"
        self.assertFalse(form.evaluator_id)
        form.tipo_id = self.claim_tipo
        self.assertEqual(form.evaluator_id, self.quality)
        self.assertEqual(form.solver_id, self.seller)
        self.assertEqual(form.evaluation_deadline, form.date + timedelta(hours=8))
        self.assertEqual(form.resolution_deadline, form.date + timedelta(hours=24))
        claim = form.save()
        self.assertEqual(claim.department_id, self.sales_department)
        self.assertEqual(claim.user_id, self.quality)
        self.assertEqual(claim.date_deadline, claim.evaluation_deadline)

    def test_o8_what_somebody_chose_is_kept(self):
        self.claim_tipo.user_id = self.quality
        form = self.new_form()
        form.subject = "It leaks"
        form.evaluator_id = self.claim_manager
        form.tipo_id = self.claim_tipo
        self.assertEqual(form.evaluator_id, self.claim_manager)
        self.assertEqual(form.solver_id, self.claim_manager)

    def test_o7_partner_fills_phone_and_mail(self):
        """Those of the contact first; a number typed by hand stays."""
        form = self.new_form()
        form.subject = "It leaks"
        form.partner_id = self.customer
        self.assertEqual(form.phone, self.customer.phone)
        self.assertEqual(form.email, self.customer.email)
        form.contact_id = self.contact
        self.assertEqual(form.phone, self.contact.phone)
        form.phone = "699 000 000"
        claim = form.save()
        self.assertEqual(claim.phone, "699 000 000")
        self.assertEqual(claim.email, self.contact.email)

    def test_o7_another_partner_refills_them(self):
        form = self.new_form()
        form.subject = "It leaks"
        form.partner_id = self.customer
        form.partner_id = self.vendor
        self.assertEqual(form.phone, self.vendor.phone)
        self.assertFalse(form.email)
        claim = form.save()
        with Form(claim) as form:
            form.partner_id = self.customer
        self.assertEqual(claim.phone, self.customer.phone)
        self.assertFalse(claim.contact_id)

    def test_o16_lines_typed_by_hand_have_no_limit(self):
        form = self.new_form()
        form.subject = "It leaks"
        form.partner_id = self.customer
        with form.linea_ids.new() as line:
            line.product_id = self.product
            line.quantity = 250
        claim = form.save()
        self.assertEqual(claim.linea_ids.product_uom_id, self.product.uom_id)
        self.assertEqual(claim.linea_ids.quantity, 250)
        self.assertEqual(claim.product_id, self.product)
        self.assertFalse(claim.documento_name)

    def test_o24_new_claims_are_of_ones_own_direction(self):
        for user, direction in (
            (self.seller, "customer"),
            (self.buyer, "vendor"),
            (self.quality, "customer"),
        ):
            with self.subTest(user.login):
                form = self.new_form(user)
                form.subject = "It leaks"
                self.assertEqual(form.direction, direction)
                self.assertTrue(form.save())

    # ------------------------------------------------------------
    # Tables
    # ------------------------------------------------------------

    def test_o2_own_fields_of_a_type_are_defined_from_its_claims(self):
        """By a manager; nobody else changes the type."""
        claim = self.new_claim()
        definition = [
            {"name": "serie", "string": "Serial number", "type": "char", "value": "X1"}
        ]
        with self.assertRaises(AccessError):
            claim.with_user(self.quality).write(
                {"properties": [{**definition[0], "definition_changed": True}]}
            )
            self.env.flush_all()
        self.env.invalidate_all()
        claim.with_user(self.claim_manager).write(
            {"properties": [{**definition[0], "definition_changed": True}]}
        )
        self.assertEqual(claim.properties["serie"], "X1")
        self.assertEqual(self.claim_tipo.property_labels, "Serial number")
        other = self.new_claim()
        other.with_user(self.quality).write({"properties": {"serie": "X2"}})
        found = self.env["gck.reclamacion"].search([("properties.serie", "=", "X2")])
        self.assertEqual(found, other)
        self.assertEqual(self.claim_tipo.reclamacion_count, 2)

    def test_o9_children_come_below_their_parent(self):
        """Whatever the order in which they were made, and after moving one."""
        Categoria = self.env["gck.reclamacion.categoria"]
        first, second = Categoria.create(
            [{"name": "A", "sequence": 500}, {"name": "B", "sequence": 500}]
        )
        late, early, deep = Categoria.create(
            [
                {"name": "late", "parent_id": first.id, "sequence": 20},
                {"name": "early", "parent_id": first.id, "sequence": 3},
                {"name": "of B", "parent_id": second.id, "sequence": 1},
            ]
        )
        every = first | second | late | early | deep

        def names():
            return Categoria.search([("id", "in", every.ids)]).mapped("name")

        self.assertEqual(names(), ["A", "early", "late", "B", "of B"])
        second.sequence = 400
        self.assertEqual(names(), ["B", "of B", "A", "early", "late"])
        early.parent_id = deep
        self.assertEqual(names(), ["B", "of B", "early", "A", "late"])
        self.assertEqual(early.display_name, "B / of B / early")
        with self.assertRaises(UserError):
            second.parent_id = early

    # ------------------------------------------------------------
    # Where claims come from
    # ------------------------------------------------------------

    def test_k6_complaint_call_becomes_a_claim(self):
        """One click: everything the notice knows is on the claim."""
        aviso = self.new_aviso(
            partner_id=self.customer.id,
            contact_id=self.contact.id,
            phone="600 999 888",
            subject="It leaks",
            description="<p>Since yesterday</p>",
            priority="1",
            tipo_id=self.aviso_tipo.id,
        )
        self.reception.group_ids += self.noter.group_ids
        aviso = aviso.with_user(self.reception)
        self.assertTrue(aviso.tipo_reclamacion)
        claim = self.create_from(aviso.action_create_reclamacion(), self.reception)
        self.assertEqual(claim.partner_id, self.customer)
        self.assertEqual(claim.contact_id, self.contact)
        self.assertEqual(claim.subject, "It leaks")
        self.assertEqual(claim.phone, "600 999 888")
        self.assertIn("Since yesterday", claim.description)
        self.assertEqual((claim.direction, claim.priority), ("customer", "1"))
        self.env.flush_all()
        self.assertEqual(aviso.state, "open", "it leaves Recepción")
        self.assertEqual(aviso.reclamacion_count, 1)
        self.assertEqual(aviso.action_view_reclamaciones()["res_id"], claim.id)
        self.assertEqual(aviso.with_user(self.buyer).reclamacion_count, 0)

    def test_k6_type_claim_of_notices_becomes_claims(self):
        tipo = self.env.ref("gck_avisos.gck_aviso_tipo_claim")
        self.assertTrue(tipo.reclamacion)
        other = self.env.ref("gck_avisos.gck_aviso_tipo_fault")
        self.assertFalse(other.reclamacion)

    def test_k6_deleted_notice_is_said(self):
        aviso = self.new_aviso(tipo_id=self.aviso_tipo.id)
        stale = self.env["gck.aviso"].browse(aviso.id)
        aviso.sudo().unlink()
        with self.assertRaises(UserError):
            stale.action_create_reclamacion()

    def test_h27_incident_from_the_customer(self):
        """From the menu of the partner's form, by whoever may note claims."""
        action = self.env.ref("gck_reclamaciones.action_res_partner_incidencia")
        for user, offered in ((self.noter, True), (self.nobody, False)):
            bindings = (
                self.env["ir.actions.actions"]
                .with_user(user)
                .get_bindings("res.partner")
            )
            ids = [entry["id"] for entry in bindings.get("action", ())]
            self.assertEqual(action.id in ids, offered, user.login)
        window = self.contact.with_user(self.noter).action_create_gck_incidencia()
        window["context"]["default_subject"] = "It leaks"
        claim = self.create_from(window, self.noter)
        self.assertEqual(claim.clase, "incident")
        self.assertTrue(claim.name.startswith("INC/"))
        self.assertEqual(claim.partner_id, self.customer)
        self.assertEqual(claim.contact_id, self.contact)

    def test_h27_name_of_partner_is_no_subject(self):
        """What is wrong is asked for: the partner's name says nothing of it."""
        window = (
            self.env["gck.accion"]
            .with_user(self.noter)
            .get_create_action("reclamacion", "res.partner", self.customer.id)
        )
        self.assertEqual(window["context"]["default_partner_id"], self.customer.id)
        self.assertFalse(window["context"].get("default_subject"))

    def test_o7_own_area_decides_where_nobody_knows_what_the_partner_is(self):
        """Who buys claims from vendors; who neither bought nor sold is anybody."""
        for user, direction in (
            (self.buyer, "vendor"),
            (self.seller, "customer"),
            (self.quality, "customer"),
        ):
            partner = self.customer.with_user(user)
            for window in (
                partner.action_create_gck_incidencia(),
                self.env["gck.accion"]
                .with_user(user)
                .get_create_action("reclamacion", "res.partner", partner.id),
            ):
                context = window["context"]
                self.assertEqual(context["default_direction"], direction, user.login)

    def test_o7_notice_of_a_vendor_becomes_what_its_reader_may_note(self):
        """Else the form would open and could not be saved."""
        aviso = self.new_aviso(
            partner_id=self.vendor.id, subject="Late", user_id=self.seller.id
        )
        Partner = type(self.env["res.partner"])
        with patch.object(Partner, "_gck_sells_to_us", lambda self: True):
            for user, direction in (
                (self.quality, "vendor"),
                (self.seller, "customer"),
            ):
                user.group_ids += self.reception.group_ids
                window = aviso.with_user(user).action_create_reclamacion()
                self.assertEqual(
                    window["context"]["default_direction"], direction, user.login
                )

    def test_o25_nonconformity_from_a_claim(self):
        """It keeps its claim as origin, and both show in the cycle."""
        claim = self.new_claim(severity="major")
        child = self.create_from(claim.action_spawn("reclamacion"), self.quality)
        self.assertEqual(child.clase, "nonconformity")
        self.assertEqual(child.parent_id, claim)
        self.assertEqual(child.severity, "major")
        self.env.flush_all()
        claim.invalidate_recordset()
        self.assertEqual(claim.child_count, 1)
        action = claim.action_view_children()
        self.assertEqual(self.env["gck.reclamacion"].search(action["domain"]), child)
        self.assertTrue(claim.action_related())
        with self.assertRaises(ValidationError):
            claim.parent_id = child

    def test_m38_task_from_a_claim_hangs_from_it(self):
        claim = self.new_claim()
        task = self.create_from(claim.action_spawn("tarea"), self.quality)
        self.assertEqual(task.reclamacion_id, claim)
        self.assertEqual(claim.tarea_count, 1)

    def test_o15_reopening_is_offered_to_managers_only(self):
        """On the claim and on its actions alike."""
        claim = self.new_claim()
        action = self.env["gck.reclamacion.accion"].create(
            {"reclamacion_id": claim.id, "subject": "Replace it"}
        )
        for user, expected in (
            (self.quality, False),
            (self.seller, False),
            (self.sales_manager, True),
            (self.claim_manager, True),
        ):
            self.forget()
            with self.subTest(user.login):
                self.assertEqual(claim.with_user(user).can_manage, expected)
                self.assertEqual(action.with_user(user).can_manage, expected)
