"""`make i18n`: export each addon's terms and merge them into its translations."""

from . import addons as suite_addons
from . import databases
from .console import say, step
from .layout import LOGS, REPO
from .odoo import Runner
from .process import clean_environment, run_logged

LANGUAGES = ("es", "es_419")  # the first is made where it is missing
MERGE = REPO / "dev" / "in_venv" / "merge_translations.py"


def run(python, odoo, server, names, demo):
    """Export and merge the addons named, all without names.

    :param demo: whether the terms of the demo data are exported as well
    """
    everything = suite_addons.installable(odoo)
    chosen = suite_addons.selection(everything, names or list(everything))
    farm = suite_addons.link_farm(chosen, everything=chosen == everything)
    runner = Runner(python, odoo, server, farm)
    template = databases.suite_template(runner, chosen, demo=demo)
    exported = {name: chosen[name].path for name in names or chosen}
    for path in exported.values():
        (path / "i18n").mkdir(exist_ok=True)
    # The root's folder in the farm has a link per item: its i18n may be new.
    suite_addons.link_farm(chosen, everything=chosen == everything)
    with step("Exporting terms"):
        run_logged(
            runner.command("i18n", "export", "-d", template, *exported),
            LOGS / "i18n-export.log",
            "Exporting terms",
            env=runner.environment(),
        )
    for name, path in exported.items():
        run_logged(
            [python, MERGE, path / "i18n" / f"{name}.pot", *LANGUAGES],
            LOGS / "i18n-merge.log",
            f"Merging the translations of {name}",
            on_line=say,
            env=clean_environment(),
        )
