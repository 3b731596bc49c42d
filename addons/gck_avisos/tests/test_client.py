from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestClient(HttpCase):
    """The addon's own tests of its web client, in a browser."""

    def run_unit_tests(self, preset):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset={preset}&timeout=15000"
            "&filter=%40gck_avisos",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )

    def test_client_unit_tests(self):
        self.run_unit_tests("desktop")
