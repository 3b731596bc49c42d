from odoo.tests import HttpCase, no_retry, tagged

from odoo.addons.web.tests import test_js

from .common import ReclamacionesCase


@tagged("post_install", "-at_install")
class TestPanelBrowser(ReclamacionesCase, HttpCase):
    """The quality dashboard in a browser."""

    def test_o25_panel_opens_the_lists_of_its_figures(self):
        claim = self.new_claim(subject="Gotea el compresor")
        claim.action_open()
        claim.causa_id = self.causa
        self.env["gck.reclamacion.coste"].create(
            {"reclamacion_id": claim.id, "price_unit": 12, "name": "Horas"}
        )
        self.start_tour(
            "/odoo/gck-calidad", "gck_quality_panel", login=self.quality.login
        )

    def test_o25_panel_without_claims_says_so(self):
        self.start_tour(
            "/odoo/gck-calidad", "gck_quality_panel_empty", login=self.noter.login
        )


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """The unit tests of the web client, of this addon alone."""

    @no_retry
    def test_unit_tests_of_the_components(self):
        """Every ``static/tests/*.test.js`` passes."""
        suite = test_js.HOOTCommon._generate_hash(self, "@gck_reclamaciones")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
