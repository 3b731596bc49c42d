from odoo.tests import HttpCase, tagged

from .common import ComprasCase


@tagged("post_install", "-at_install")
class TestComprasBrowser(ComprasCase, HttpCase):
    """The screens, to somebody with rights in Purchase only."""

    def test_o24_purchase_only_user_goes_from_the_order_to_the_closed_claim(self):
        self.claim_tipo.name = "Producto de prueba"
        self.categoria.name = "Acabado de prueba"
        self.causa.name = "Causa de prueba"
        order = self.new_order()
        self.start_tour(
            f"/odoo/purchase-orders/{order.id}",
            "gck_reclamacion_compra",
            login=self.purchaser.login,
        )
        claims = self.env["gck.reclamacion"].search(
            [("partner_id", "=", self.vendor.id)], order="id"
        )
        self.assertEqual(claims.mapped("subject"), ["Llega doblado", "Sin documento"])
        self.assertEqual(claims.mapped("state"), ["done", "draft"])
        self.assertEqual(claims.mapped("direction"), ["vendor", "vendor"])
        self.assertEqual(claims[0].resolution, "Cambiado por otro")
        self.assertEqual(claims.evaluator_id, self.purchaser)

    def test_o24_purchase_only_user_opens_home_partner_and_product(self):
        self.claim_on(self.new_order())
        for url in (
            "/odoo/gck-inicio",
            f"/odoo/res.partner/{self.vendor.id}",
            f"/odoo/res.partner/{self.customer.id}",
            "/odoo/gck-reclamaciones",
        ):
            self.browser_js(
                url,
                "console.log('test successful')",
                ready="document.querySelector('.o_action_manager > .o_action')"
                " && !document.querySelector('.o_error_dialog') && true",
                login=self.purchaser.login,
            )
