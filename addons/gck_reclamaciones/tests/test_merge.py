from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ReclamacionesCase


@tagged("post_install", "-at_install")
class TestMerge(ReclamacionesCase):
    """Several claims about the same problem become one."""

    def setUp(self):
        super().setUp()
        self.dest = self.new_claim(subject="It leaks")
        self.other = self.new_claim(
            subject="Water on the floor",
            severity="critical",
            partner_ref="C-7",
            partner_id=self.contact.id,
            linea_ids=[Command.create({"product_id": self.product.id})],
        )
        (self.dest | self.other).action_open()

    def merge(self, claims=None, dest=None, user=None, reason="Twice the same"):
        claims = (claims or self.dest | self.other).with_user(user or self.quality)
        action = claims.action_merge()
        wizard = self.open_dialog({**action, "test_user": user or self.quality})
        if dest:
            wizard.dest_id = dest
        wizard.reason = reason
        return wizard.action_confirm()

    def test_dialog_lists_the_claims_that_end(self):
        """Also while it is filled in, and when another is chosen to stay."""
        action = (self.dest | self.other).with_user(self.quality).action_merge()
        wizard = self.env[action["res_model"]].with_user(self.quality)
        form = Form(wizard.with_context(**action["context"]))
        for stays, ends in ((self.dest, self.other), (self.other, self.dest)):
            form.dest_id = stays
            self.assertEqual(form.other_ids.ids, ends.ids)

    def test_everything_goes_to_the_claim_that_stays(self):
        other = self.other
        pending, done = self.env["gck.reclamacion.accion"].create(
            [
                {"reclamacion_id": other.id, "subject": subject}
                for subject in ("Replace it", "Dry it")
            ]
        )
        done._do_done("Dried")
        task = self.new_tarea(reclamacion_id=other.id, user=self.claim_manager)
        cost = self.env["gck.reclamacion.coste"].create(
            {"reclamacion_id": other.id, "price_unit": 30}
        )
        file = self.env["ir.attachment"].create(
            {"name": "photo.txt", "res_model": other._name, "res_id": other.id}
        )
        child = self.new_claim(clase="nonconformity", parent_id=other.id)
        message = other.message_post(body="Any news?", message_type="comment")
        activity = other.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.seller.id
        )
        self.env["gck.vinculo"]._link(other, self.vendor)
        other.message_subscribe(partner_ids=self.seller.partner_id.ids)
        lines = other.linea_ids
        action = self.merge(dest=self.dest)
        self.assertEqual(action["res_id"], self.dest.id)
        for records in (pending, done, task, cost, lines):
            self.assertEqual(records.reclamacion_id, self.dest)
        self.assertEqual((pending.state, done.state), ("pending", "done"))
        for record in (file, message, activity):
            self.assertEqual(record.res_id, self.dest.id)
        self.assertEqual(child.parent_id, self.dest)
        self.assertIn(self.seller.partner_id, self.dest.message_partner_ids)
        links = self.env["gck.vinculo"]._get_of_origins(self.dest)
        self.assertIn(self.vendor.id, links.mapped("res_id"))
        self.assertEqual(self.dest.severity, "critical")
        self.assertEqual(self.dest.partner_ref, "C-7")
        self.assertEqual(self.dest.cost_total, 30)
        self.assertEqual(self.dest.product_id, self.product)
        self.assertEqual(self.dest.accion_count, 2)
        self.assertEqual(other.state, "rejected")
        self.assertEqual(other.merged_into_id, self.dest)
        self.assertIn("Twice the same", other.closing_text)
        self.assertIn(self.dest.name, self.log_text(other))
        self.assertIn(other.name, self.log_text(self.dest))
        self.assertEqual(other.cost_total, 0)

    def test_merged_claim_cannot_be_reopened(self):
        self.merge(dest=self.dest)
        with self.assertRaisesRegex(UserError, "merged"):
            self.other.with_user(self.claim_manager)._do_reopen("Again")

    def test_the_most_advanced_is_proposed_and_drafts_take_nothing_opened(self):
        draft = self.new_claim(subject="Draft")
        claims = draft | self.other
        action = claims.with_user(self.quality).action_merge()
        self.assertEqual(action["context"]["default_dest_id"], self.other.id)
        with self.assertRaisesRegex(UserError, draft.name):
            self.merge(claims, dest=draft)

    def test_merged_twice_leads_to_the_last(self):
        third = self.new_claim()
        third.action_open()
        self.merge(dest=self.dest)
        self.merge(self.dest | third, dest=third)
        self.assertEqual((self.dest | self.other).merged_into_id, third)

    def test_a_claim_and_the_one_raised_from_it(self):
        child = self.new_claim(parent_id=self.dest.id)
        child.action_open()
        self.merge(self.dest | child, dest=child)
        self.assertFalse(child.parent_id)

    def test_a_document_costs_once(self):
        for claim in self.dest | self.other:
            self.env["gck.reclamacion.coste"].create(
                {
                    "reclamacion_id": claim.id,
                    "price_unit": 10,
                    "res_model": "res.partner",
                    "res_id": self.vendor.id,
                }
            )
        self.merge(dest=self.dest)
        self.assertEqual(len(self.dest.coste_ids), 1)

    def test_hours_charged_in_both_count_once(self):
        self.company.gck_reclamacion_hour_cost = 30
        for claim, hours in ((self.dest, 2), (self.other, 1)):
            task = self.new_tarea(user=self.quality, reclamacion_id=claim.id)
            self.new_intervencion(self.quality, tarea_id=task.id, duration=hours)
            claim.action_charge_hours()
        self.merge(dest=self.dest)
        self.assertEqual(len(self.dest.coste_ids), 1)
        self.assertEqual((self.dest.coste_ids.quantity, self.dest.cost_total), (3, 90))
        self.dest.action_charge_hours()
        self.assertEqual(self.dest.cost_total, 90)

    def test_hours_charged_in_the_other_are_brought_up_to_date(self):
        self.company.gck_reclamacion_hour_cost = 30
        task = self.new_tarea(user=self.quality, reclamacion_id=self.other.id)
        self.new_intervencion(self.quality, tarea_id=task.id, duration=1)
        self.other.action_charge_hours()
        self.merge(dest=self.dest)
        self.assertEqual(self.dest.cost_total, 30)
        self.new_intervencion(self.quality, tarea_id=task.id, duration=1)
        self.dest.action_charge_hours()
        self.assertEqual(self.dest.cost_total, 60)

    def test_an_earlier_action_fits_in_the_claim_that_stays(self):
        """The claim that stays was opened when the first of them was."""
        third = self.new_claim()
        self.env["gck.reclamacion.accion"].create(
            {"reclamacion_id": self.other.id, "subject": "Dry it"}
        )
        with self.env.cr.savepoint():
            third.action_open()
            third.flush_recordset()
            self.env.cr.execute(
                "UPDATE gck_reclamacion SET date_open = date_open + interval '2 days'"
                " WHERE id = %s",
                [third.id],
            )
            third.invalidate_recordset()
        self.merge(third | self.other, dest=third)
        self.assertEqual(third.date_open, self.other.date_open)

    def test_refused(self):
        Claim = self.env["gck.reclamacion"]
        closed = self.new_claim()
        closed._do_reject("No")
        internal = self.new_claim(direction="internal")
        vendor_customer = self.new_claim(partner_id=self.vendor.id)
        foreign = Claim.with_company(self.other_company).create(
            {"subject": "X", "company_id": self.other_company.id}
        )
        for claims, text in (
            (self.dest, "at least two"),
            (Claim, "at least two"),
            (self.dest | closed, closed.name),
            (self.dest | internal, "internal"),
            (self.dest | vendor_customer, self.vendor.name),
            (self.dest | foreign, "companies"),
        ):
            with self.subTest(text), self.assertRaisesRegex(UserError, text):
                claims.with_context(
                    allowed_company_ids=(self.company | self.other_company).ids
                ).action_merge()

    def test_o24_who_may_merge(self):
        claims = self.dest | self.other
        for user in (self.seller, self.buyer, self.purchase_manager, self.noter):
            with self.subTest(user.name), self.assertRaises(AccessError):
                claims.with_user(user).action_merge()
            # Nor by calling it, nor by filling the dialog oneself.
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.env["gck.reclamacion.fusionar"].with_user(user).create(
                    {
                        "reclamacion_ids": [Command.set(claims.ids)],
                        "dest_id": self.dest.id,
                    }
                ).action_confirm()
        self.assertEqual(self.other.state, "open")
        self.merge(user=self.sales_manager, dest=self.dest)
        self.assertEqual(self.other.state, "rejected")

    def test_html_of_the_reason_is_text(self):
        self.merge(dest=self.dest, reason="<b>x</b>")
        self.assertIn("&lt;b&gt;", self.log_text(self.dest))
        self.assertIn("&lt;b&gt;", self.log_text(self.other))

    def test_two_partners_become_one(self):
        """Odoo's merge of contacts takes their claims along, closed ones too."""
        closed = self.new_claim(partner_id=self.vendor.id)
        closed._do_reject("No")
        self.env.flush_all()
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.customer | self.vendor).ids, self.customer)
        self.env.invalidate_all()
        self.assertFalse(self.vendor.exists())
        self.assertEqual(closed.partner_id, self.customer)
        self.assertEqual(closed.commercial_partner_id, self.customer)
        self.assertEqual(closed.state, "rejected")
        self.assertEqual(self.customer.gck_reclamacion_count, 3)
