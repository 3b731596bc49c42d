import re
from pathlib import Path

from odoo.modules.module import get_module_path
from odoo.tests import TransactionCase, tagged

from .common import installed_suite_addons

# The numbers of the requirements that are declared done, by source. Each has a test
# that carries its number: test_k44_notice_closes_only_after_its_tasks.
DONE = {
    "k": {*range(1, 7), *range(8, 16), 17, *range(28, 45)},
    "m": {
        *range(3, 10),
        *range(11, 68),
        *range(68, 75),
    },
    "h": {27},
    "o": {*range(1, 50)},
    "w": {25},
}
NUMBER = re.compile(r"def test_([a-z])(\d+)_")


@tagged("post_install", "-at_install")
class TestRequirements(TransactionCase):
    """What is declared done stays tested."""

    def test_every_requirement_done_has_a_test(self):
        """No number that is declared done lacks a test named after it."""
        tested = {source: set() for source in DONE}
        for addon in installed_suite_addons(self.env):
            for path in (Path(get_module_path(addon)) / "tests").glob("test_*.py"):
                for source, number in NUMBER.findall(path.read_text()):
                    tested.setdefault(source, set()).add(int(number))
        for source, numbers in DONE.items():
            with self.subTest(source=source):
                self.assertFalse(
                    numbers - tested[source], "requirements without a test"
                )
