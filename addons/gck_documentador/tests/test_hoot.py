from odoo.tests import HttpCase, no_retry, tagged

from odoo.addons.web.tests import test_js


@tagged("post_install", "-at_install")
class TestDocumentosHoot(HttpCase):
    """The unit tests of the web client, of this addon alone."""

    @no_retry
    def test_unit_tests_of_the_components(self):
        """Every ``static/tests/*.test.js`` passes."""
        suite = test_js.HOOTCommon._generate_hash(self, "@gck_documentador")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
