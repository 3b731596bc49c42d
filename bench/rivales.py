"""The peers' side: their database in this process, with as many rows as ours."""

from contextlib import contextmanager

import volume

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

GROUPS = (
    "base.group_user",
    "sales_team.group_sale_manager",
    "mgmtsystem.group_mgmtsystem_manager",
    "document_knowledge.group_document_user",
)


@contextmanager
def environment(database, rows):
    """Give the environment of a superuser in the peers' database, None without it.

    :param str database: name of the database
    :param int rows: how many actions our side has: a tenth claims, a tenth calls
    """
    if not database:
        print("The peers could not be had: only our own is measured.", flush=True)
        yield None
        return
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if not env["res.users"].search([("login", "=", "bench")]):
            print("Loading the peers", build(env, rows), flush=True)
        yield env
        cr.rollback()


def build(env, rows):
    """Load the peers' volume and commit; return how many rows each has."""
    groups = [env.ref(xml_id, raise_if_not_found=False) for xml_id in GROUPS]
    user = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Persona",
                "login": "bench",
                "group_ids": [group.id for group in groups if group],
                "tz": "Europe/Madrid",
            }
        )
    )
    partners = env["res.partner"].create(
        [
            {"name": f"Cliente {index}", "is_company": True}
            for index in range(volume.PARTNERS)
        ]
    )
    env.flush_all()
    count = max(1, rows // 10)
    for name, vals in get_values(env, partners[0], user).items():
        record = env[name].create(vals)
        env.flush_all()
        volume.clone(
            env,
            record,
            count,
            {
                "name": "'Asunto ' || i",
                "ref": "'NC' || i",
                "partner_id": volume.spread(partners),
                "date": "now()::timestamp(0) - (hashint4(i) & 1023) * interval '1 day'",
            },
        )
    env.cr.commit()
    env.cr.connection.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    env.cr.connection.autocommit = False
    return count


def get_values(env, partner, user):
    """Return what each peer's claim needs to exist: ``{model: values}``."""
    return {
        "crm.claim": {"name": "Asunto", "partner_id": partner.id, "user_id": user.id},
        "mgmtsystem.nonconformity": {
            "name": "Asunto",
            "partner_id": partner.id,
            "description": "Asunto",
            "responsible_user_id": user.id,
            "manager_user_id": user.id,
        },
        "crm.phonecall": {
            "name": "Asunto",
            "partner_id": partner.id,
            "user_id": user.id,
        },
    }
