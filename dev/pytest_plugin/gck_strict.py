"""Pytest plugin: what would be left out in silence fails, or is said aloud.

- Without a browser, its websocket or WeasyPrint, Odoo and the suite skip tests. Here
  the run ends before the first test, and every skip that is left is a failure.
- Odoo's own runner takes only the test methods in a class's body, in the file where the
  class stands; pytest also collects what is inherited or imported (a subclass of one of
  Odoo's test classes would bring its hundred tests along). Those are left out here too,
  unless that leaves a test of the suite with no class that ever runs it.
"""

import importlib
import shutil
import unittest

import pytest

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
LIBRARIES = {"websocket": "websocket-client", "weasyprint": "WeasyPrint"}


def pytest_sessionstart(session):
    """End the run when something is missing that tests would be skipped for."""
    missing = []
    if not any(map(shutil.which, BROWSERS)):
        missing.append("a browser (Debian's package chromium)")
    for module, name in LIBRARIES.items():
        try:
            importlib.import_module(module)
        except (ImportError, OSError) as error:
            missing.append(f"{name} ({error})")
    if missing:
        pytest.exit(f"Missing for the tests: {'; '.join(missing)}", returncode=3)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn a skipped test into a failed one."""
    outcome = yield
    fail_if_skipped(outcome.get_result())


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector):
    """Turn a skipped test file into a failed one."""
    outcome = yield
    fail_if_skipped(outcome.get_result())


def fail_if_skipped(report):
    """Make a failure of a skip; an expected failure (xfail) stays what it is."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr
        if isinstance(reason, tuple):
            reason = reason[2]
        report.outcome = "failed"
        report.longrepr = f"Skipped, which counts as a failure here: {reason}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Leave out the tests that Odoo's runner would not take either."""
    own, foreign = [], []
    for item in items:
        (own if is_own(item) else foreign).append(item)
    orphans = sorted(item.nodeid for item in foreign if is_orphan(item))
    if orphans:
        raise pytest.UsageError(
            "These inherited tests would run nowhere, for Odoo's runner takes only the "
            "methods in the class's own body; define them there:\n" + "\n".join(orphans)
        )
    if foreign:
        config.hook.pytest_deselected(items=foreign)
        items[:] = own


def is_own(item):
    """Tell whether a test stands in the body of its class, in its class's file."""
    cls = getattr(item, "cls", None)
    if cls is None or getattr(cls, "allow_inherited_tests_method", False):
        return True
    return method_name(item) in vars(cls) and cls.__module__ == item.module.__name__


def is_orphan(item):
    """Tell whether an inherited test of the suite stands where no runner takes it."""
    name = method_name(item)
    home = next(base for base in item.cls.__mro__ if name in vars(base))
    if not home.__module__.startswith("odoo.addons.gck"):
        return False
    in_test_file = home.__module__.rpartition(".")[2].startswith("test_")
    return not (in_test_file and issubclass(home, unittest.TestCase))


def method_name(item):
    """Return the name of the test's function without parameters."""
    return getattr(item, "originalname", None) or item.name
