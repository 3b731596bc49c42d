from . import controllers
from . import models
from . import tools
from . import wizard


def uninstall_hook(env):
    """Take «Write to them» out of the menus of the lists of documents."""
    code = models.gck_vinculo_modelo.LETTERS_CODE
    env["ir.actions.server"].search([("code", "=", code)]).unlink()
