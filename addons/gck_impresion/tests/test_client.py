from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestClient(HttpCase):
    def test_client_unit_tests(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            "&filter=%40gck_impresion",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )
