from datetime import datetime

from odoo.tests import tagged

from .common import PropuestasCase


@tagged("post_install", "-at_install")
class TestEsfuerzo(PropuestasCase):
    """What new customers cost before they buy (O-28, O-29)."""

    def log(self, partner=None, hours=1, date="2026-03-02 09:00:00", **vals):
        return self.env["gck.intervencion"].create(
            {
                "description": "<p>Visita</p>",
                "partner_id": partner and partner.id,
                "user_id": self.seller.id,
                "date_start": date,
                "duration": hours,
                **vals,
            }
        )

    def meet(self, lead, hours=2):
        return self.env["calendar.event"].create(
            {
                "name": "Visita a la planta",
                "start": "2026-03-03 09:00:00",
                "stop": f"2026-03-03 {9 + hours:02}:00:00",
                "user_id": self.seller.id,
                "opportunity_id": lead.id,
            }
        )

    def rows(self, *domain):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["gck.esfuerzo"].search(list(domain))

    def test_o28_what_was_done_for_a_lead_is_listed_with_its_time(self):
        lead = self.new_lead()
        meeting = self.meet(lead)
        log = self.log(hours=1.5)
        self.env["gck.vinculo"].create(
            {
                "origin_model": "gck.intervencion",
                "origin_id": log.id,
                "res_model": "crm.lead",
                "res_id": lead.id,
            }
        )
        lead.message_post(
            body="Adjunto oferta",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        lead.message_post(body="Nota interna", subtype_xmlid="mail.mt_note")
        rows = self.rows(("lead_id", "=", lead.id))
        self.assertEqual(
            sorted(rows.mapped("kind")), ["correo", "intervencion", "reunion"]
        )
        self.assertEqual(sum(rows.mapped("hours")), 3.5)
        self.assertEqual(
            set(rows.mapped("res_id")) & {meeting.id, log.id}, {meeting.id, log.id}
        )

    def test_o29_only_what_came_before_the_first_sale_counts(self):
        customer = self.env["res.partner"].create(
            {"name": "Conservas", "is_company": True}
        )
        lead = self.new_lead(partner_id=customer.id)
        before = self.log(customer, 2, "2026-03-02 09:00:00")
        after = self.log(customer, 5, "2026-05-02 09:00:00")
        self.first_sale(customer, lead, datetime(2026, 4, 1, 12))
        rows = self.rows(
            ("partner_id", "=", customer.id), ("kind", "=", "intervencion")
        )
        self.assertEqual(rows.mapped("res_id"), before.ids)
        self.assertNotIn(after.id, rows.mapped("res_id"))
        self.assertTrue(rows.is_customer)
        self.assertEqual(rows.with_user(self.manager).cost, 60)

    def first_sale(self, customer, lead, moment):
        """Sell for the first time: here, an opportunity is won."""
        if "sale.order" in self.env:
            product = self.env["product.product"].create({"name": "Cámara"})
            order = self.env["sale.order"].create(
                {
                    "partner_id": customer.id,
                    "company_id": self.company.id,
                    "order_line": [(0, 0, {"product_id": product.id, "price_unit": 9})],
                }
            )
            order.action_confirm()
            order.date_order = moment
        else:
            lead.action_set_won()
            lead.date_closed = moment

    def test_o29_hours_without_prospect_or_sale_do_not_count(self):
        vendor = self.env["res.partner"].create({"name": "Proveedor"})
        log = self.log(vendor)
        self.assertFalse(
            self.rows(("res_id", "=", log.id), ("kind", "=", "intervencion"))
        )

    def test_o29_costs_are_for_managers(self):
        lead = self.new_lead()
        self.meet(lead)
        row = self.rows(("lead_id", "=", lead.id), ("kind", "=", "reunion"))
        self.assertNotIn("cost", row.with_user(self.seller).fields_get())
        self.assertEqual(row.with_user(self.manager).cost, 60)
        self.assertEqual(row.action_open()["res_model"], "calendar.event")

    def test_o29_sellers_see_their_own(self):
        lead = self.new_lead()
        other = self.new_lead(self.colleague, name="De otro")
        self.meet(lead)
        self.meet(other).user_id = self.colleague
        self.env.flush_all()
        Esfuerzo = self.env["gck.esfuerzo"]
        seen = Esfuerzo.with_user(self.seller).search([("kind", "=", "reunion")])
        self.assertEqual(seen.lead_id, lead)
        self.assertEqual(
            Esfuerzo.with_user(self.validator)
            .search([("lead_id", "in", (lead | other).ids), ("kind", "=", "reunion")])
            .lead_id,
            lead | other,
        )
