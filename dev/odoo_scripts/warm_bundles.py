"""Odoo's shell: build the browser's bundles, so that no test has to.

What a test builds is rolled back with it, and every run would build it again.
"""

import os

bundles = os.environ["GCK_BUNDLES"].split(",")
for name in bundles:
    qweb = env["ir.qweb"]
    qweb._get_asset_bundle(name, css=False, js=True).js()
    qweb._get_asset_bundle(name, css=True, js=False).css()
env.cr.commit()
