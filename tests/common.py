from pathlib import Path

import polib

from odoo.modules.module import get_manifest, get_module_path
from odoo.tests import HttpCase

SUITE_PREFIX = "gck"


def installed_suite_addons(env):
    """Return the names of the addons of the suite that are installed."""
    names = env["ir.module.module"].search(
        [("state", "=", "installed"), ("name", "=like", f"{SUITE_PREFIX}%")]
    )
    return sorted(
        name for name in names.mapped("name") if get_manifest(name)["author"] == "GCK"
    )


def get_catalogue(addon):
    """Return the Spanish catalogue of an addon; empty when it has none."""
    path = Path(get_module_path(addon)) / "i18n" / "es.po"
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


class SuiteHttpCase(HttpCase):
    """Browser tests of the whole suite, in Spanish."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("es_ES")
        cls.spain = cls.env.ref("base.es")
        cls.env.company.country_id = cls.spain
