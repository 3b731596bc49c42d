from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .lote_common import ReclamacionesLotesCase

MANY = 300
BAD = 5


@tagged("post_install", "-at_install")
class TestBulkClaims(ReclamacionesLotesCase):
    """A selection is done as far as it can be, and the rest is named, with why."""

    def claims(self, count=MANY, user=None, **vals):
        Claim = self.env["gck.reclamacion"].with_user(user or self.quality)
        return Claim.create(
            [
                {
                    "subject": f"It leaks {n}",
                    "direction": "customer",
                    "partner_id": self.customer.id,
                    "tipo_id": self.claim_tipo.id,
                    "categoria_id": self.categoria.id,
                    "evaluator_id": self.quality.id,
                    **vals,
                }
                for n in range(count)
            ]
        )

    def label(self, name):
        """Return how the person who works in the background calls a field."""
        claims = self.env["gck.reclamacion"].with_context(lang=self.quality.lang)
        return claims._get_missing_labels()[name]

    def limit(self, number):
        self.env["ir.config_parameter"].set_param("gck_avisos.bulk_limit", number)

    def incomplete(self, claims):
        bad = claims[10 : 10 * BAD + 1 : 10]
        self.assertEqual(len(bad), BAD)
        bad.write({"categoria_id": False})
        return bad

    def test_300_opened_at_once_with_five_incomplete(self):
        """The five are named with what they lack; the rest are open."""
        self.limit(1000)
        claims = self.claims()
        bad = self.incomplete(claims)
        notification = claims.action_open_possible()["params"]
        self.assertEqual(notification["type"], "warning")
        self.assertNames(
            notification["message"], "295", "Category", *bad.mapped("name")
        )
        self.assertEqual(set((claims - bad).mapped("state")), {"open"})
        self.assertEqual(set(bad.mapped("state")), {"draft"})

    def test_300_opened_in_the_background_with_five_incomplete(self):
        """The result of the job names the five."""
        self.limit(200)
        claims = self.claims()
        bad = self.incomplete(claims)
        notification = claims.action_open_possible()["params"]
        self.assertIn("300", notification["message"])
        self.assertEqual(set(claims.mapped("state")), {"draft"})
        self.work()
        self.env.invalidate_all()
        lote = self.last_lote()
        self.assertEqual((lote.done_count, lote.failed_count), (MANY - BAD, BAD))
        lines = self.lines(lote)
        label = self.label("categoria_id")
        for claim in bad:
            state, message = lines[claim.id]
            self.assertEqual(state, "failed")
            self.assertIn(label, message)
        self.assertEqual(set((claims - bad).mapped("state")), {"open"})
        told = self.messages_to(self.quality, lote)
        self.assertNames(told.body, *bad.mapped("name"))

    def test_a_double_click_opens_once(self):
        self.limit(1000)
        claims = self.claims(3)
        claims.action_open_possible()
        opened = claims.mapped("date_open")
        notification = claims.action_open_possible()["params"]
        self.assertEqual(notification["type"], "warning")
        self.assertEqual(claims.mapped("date_open"), opened)

    def test_closed_in_bulk(self):
        """What lacks its cause or resolution, or has open work, is named."""
        self.limit(1000)
        claims = self.claims(4, causa_id=self.causa.id, resolution="Replaced")
        self.claims(1)  # somebody else's
        claims.action_open()
        claims[0].causa_id = False
        claims[1].resolution = False
        action = self.env["gck.reclamacion.accion"].create(
            {"reclamacion_id": claims[2].id, "subject": "Replace it"}
        )
        message = claims.action_close_possible()["params"]["message"]
        self.assertNames(
            message, *claims[:3].mapped("name"), "Root cause", "Resolution", action.name
        )
        self.assertNotIn(claims[3].name, message)
        self.assertEqual(claims.mapped("state"), ["open", "open", "open", "done"])

    def test_closed_in_the_background(self):
        claims = self.claims(8, causa_id=self.causa.id, resolution="Replaced")
        claims.action_open()
        claims[5].causa_id = False
        claims.action_close_possible()
        self.work()
        self.env.invalidate_all()
        self.assertEqual(claims.mapped("state").count("done"), 7)
        state, message = self.lines(self.last_lote())[claims[5].id]
        self.assertEqual(state, "failed")
        self.assertIn(self.label("causa_id"), message)

    def test_rejected_reassigned_and_postponed_in_bulk(self):
        claims = self.claims(8)
        claims.action_open()
        self.confirm(
            self.as_user(self.quality, claims.action_reassign()),
            user_id=self.claim_manager.id,
        )
        self.work()
        self.env.invalidate_all()
        self.assertEqual(claims.evaluator_id, self.claim_manager)
        self.assertEqual(claims.user_id, self.claim_manager)
        claims.evaluation_deadline = before = self.hours_from_now(5).replace(
            microsecond=0
        )
        self.confirm(self.as_user(self.quality, claims.action_postpone()), hours=2)
        self.work()
        self.env.invalidate_all()
        self.assertTrue(all(d > before for d in claims.mapped("evaluation_deadline")))
        self.confirm(self.as_user(self.quality, claims.action_reject()), text="No")
        self.work()
        self.env.invalidate_all()
        self.assertEqual(set(claims.mapped("state")), {"rejected"})
        self.assertEqual(set(claims.mapped("closing_text")), {"No"})

    def test_o24_nobody_changes_what_is_out_of_reach(self):
        """Also by calling it with ids that no list of theirs shows."""
        own = self.claims(2)
        vendor = self.claims(
            1, user=self.buyer, direction="vendor", partner_id=self.vendor.id
        )
        both = (own | vendor).with_user(self.seller)
        for call in (
            lambda: both.action_open(),
            lambda: both._bulk_reassign({"user_id": self.seller.id}),
            lambda: both._do_reject("No"),
            lambda: both.action_postpone(5),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                call()
        both.action_open_possible()
        self.env.invalidate_all()
        self.assertEqual(vendor.state, "draft")
        self.assertEqual(set(own.mapped("state")), {"open"})

    def test_lines_come_along(self):
        claims = self.claims(
            2, linea_ids=[Command.create({"product_id": self.product.id})]
        )
        claims.action_open_possible()
        self.assertEqual(set(claims.mapped("state")), {"open"})
