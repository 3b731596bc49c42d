from . import controllers
from . import models
from . import report
from . import tools
from . import wizard


def uninstall_hook(env):
    """Remove the sequences, which belong to companies and to no data file.

    Every addon that numbers with them depends on this one and is gone by now.
    """
    env["ir.sequence"].search([("code", "=like", "gck.%")]).unlink()
