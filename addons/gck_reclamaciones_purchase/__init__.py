from odoo import Command

from . import models

# Which group of Purchase gives which of claims; as in security/security.xml.
IMPLIED = {
    "purchase.group_purchase_user": "gck_reclamaciones.group_gck_reclamacion_vendor",
    "purchase.group_purchase_manager": (
        "gck_reclamaciones.group_gck_reclamacion_vendor_manager"
    ),
}


def uninstall_hook(env):
    """Take back what the groups of Purchase were given."""
    for giver, given in IMPLIED.items():
        env.ref(giver).implied_ids = [Command.unlink(env.ref(given).id)]
