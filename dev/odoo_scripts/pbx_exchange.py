"""Odoo's shell: an exchange with two extensions, for `make test-pbx`.

GCK_GLOBALS is the file that gets what the exchange has to know, GCK_URL the endpoint.
"""

import os
from pathlib import Path

spain = env.ref("base.es")
env.company.country_id = spain
env["res.partner"].create(
    {"name": "Cerámicas Júcar", "is_company": True, "phone": "600 100 200"}
)
centralita = env["gck.centralita"].create(
    {"name": "make test-pbx", "tz": "UTC", "outside_prefix": "0"}
)
admin = env.ref("base.user_admin")
env["gck.extension"].create(
    [
        {"centralita_id": centralita.id, "number": "101", "user_id": admin.id},
        {"centralita_id": centralita.id, "number": "102"},
    ]
)
key = centralita.action_new_key()["context"]["default_key"]
Path(os.environ["GCK_GLOBALS"]).write_text(
    f"GCK_URL={os.environ['GCK_URL']}\nGCK_KEY={key}\n"
    "CALLER=+34600100200\nCALLER_NAME=Marta\n"
)
env.cr.commit()
