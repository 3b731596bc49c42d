"""The volume: a million actions of every kind, of a company that has been at it long.

Rows are copies of one record made through the ORM, with other people, partners and
dates, inserted by PostgreSQL itself: what is measured is reading, not writing.
"""

USERS = 200
SELLER_GROUP = "sales_team.group_sale_salesman_all_leads"
PARTNERS = 20000
# Share of each kind in the volume, of those that are installed.
SHARES = {
    "gck.tarea": 0.20,
    "gck.aviso": 0.15,
    "gck.intervencion": 0.10,
    "gck.reclamacion": 0.10,
    "gck.llamada": 0.10,
    "calendar.event": 0.15,
    "sale.order": 0.15,
    "purchase.order": 0.05,
}
# One of so many is still to be done.
PENDING_EVERY = 10


def clone(env, record, count, columns):
    """Insert copies of a record.

    :param dict columns: ``{column: SQL expression of the row number i}``, those that
        differ from the record's; the columns that the table lacks are left out
    """
    cr = env.cr
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s"
        " AND column_name != 'id'",
        [record._table],
    )
    names = [name for (name,) in cr.fetchall()]
    values = [columns.get(name, f't."{name}"') for name in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    cr.execute(
        f'INSERT INTO "{record._table}" ({quoted})'
        f' SELECT {", ".join(values)} FROM "{record._table}" t,'
        " generate_series(1, %s) i WHERE t.id = %s",
        [count, record.id],
    )


def spread(records):
    """Return the SQL that deals some new records out to the rows, the same each time.

    :param records: made in one go, so that their ids follow one another
    """
    return f"({records.ids[0]} + mod(hashint4(i) & 2147483647, {len(records)}))"


def build(env, rows):
    """Load the volume and commit.

    :param int rows: how many actions in all
    :return: ``{model name: rows}``
    """
    company = env.company
    users = make_users(env)
    partners = env["res.partner"].create(
        [{"name": f"Cliente {index}", "is_company": True} for index in range(PARTNERS)]
    )
    env.flush_all()
    people, customers = spread(users), spread(partners)
    others = people.replace("hashint4(i)", "hashint4(i + 7919)")
    pending = f"mod(i, {PENDING_EVERY}) = 0"
    moment = "now()::timestamp(0) - (hashint4(i) & 1023) * interval '1 day'"
    deadline = "now()::timestamp(0) + ((hashint4(i) & 63) - 20) * interval '1 day'"
    common = {
        "name": "t.name || i",
        "subject": "'Asunto ' || i",
        "partner_id": customers,
        "commercial_partner_id": customers,
        "user_id": people,
        "requester_id": others,
        "date": moment,
        "date_deadline": deadline,
        "priority": "mod(i, 3)::varchar",
        "accion_state": f"CASE WHEN {pending} THEN 'pending' ELSE 'done' END",
    }
    event = {
        "name": "'Cita ' || i",
        "user_id": people,
        "gck_requester_id": others,
        "gck_partner_id": customers,
        "gck_commercial_partner_id": customers,
        "start": moment,
        "stop": f"CASE WHEN {pending} THEN {deadline} ELSE {moment} END",
    }
    order = {
        "name": "t.name || i",
        "user_id": people,
        "partner_id": customers,
        "commercial_partner_id": customers,
        "gck_commercial_partner_id": customers,
        "date_order": moment,
        "gck_date_deadline": deadline,
        "access_token": "NULL",
    }
    done = {
        **{name: common[name] for name in ("name", "subject", "partner_id", "user_id")},
        "commercial_partner_id": customers,
        "date_start": moment,
        "date_end": f"{moment} + interval '30 minutes'",
    }
    states = {
        "gck.aviso": ("open", "done"),
        "gck.tarea": ("pending", "done"),
        "gck.reclamacion": ("open", "done"),
        "gck.llamada": ("pending", "done"),
        "sale.order": ("sent", "sale"),
        "purchase.order": ("sent", "purchase"),
    }
    partner = partners[0]
    templates = {
        "gck.aviso": ({"subject": "Aviso", "partner_id": partner.id}, common),
        "gck.tarea": ({"subject": "Tarea", "partner_id": partner.id}, common),
        "gck.reclamacion": (
            {
                "subject": "Reclamación",
                "direction": "customer",
                "partner_id": partner.id,
            },
            {
                **common,
                "evaluator_id": people,
                "solver_id": others,
                "evaluation_deadline": deadline,
                "resolution_deadline": deadline,
                "access_token": "NULL",
            },
        ),
        "gck.llamada": (
            {
                "subject": "Llamada",
                "partner_id": partner.id,
                "motivo_id": env["gck.motivo"].search([], limit=1).id,
            },
            {
                **common,
                "date_start": f"CASE WHEN {pending} THEN NULL ELSE {moment} END",
                "date_moment": f"CASE WHEN {pending} THEN NULL ELSE {moment} END",
            },
        ),
        "gck.intervencion": (
            {"description": "Hecho", "partner_id": partner.id, "duration": 0.5},
            done,
        ),
        "calendar.event": (
            {"name": "Cita", "start": "2026-01-01 10:00", "stop": "2026-01-01 11:00"},
            event,
        ),
        "sale.order": ({"partner_id": partner.id}, order),
        "purchase.order": ({"partner_id": partner.id}, order),
    }
    counts = {}
    installed = {name: share for name, share in SHARES.items() if name in env}
    for name, share in installed.items():
        values, columns = templates[name]
        record = env[name].create(values)
        env.flush_all()
        if name in states:
            open_, closed = states[name]
            columns = {
                **columns,
                "state": f"CASE WHEN {pending} THEN '{open_}' ELSE '{closed}' END",
            }
        counts[name] = int(rows * share / sum(installed.values()))
        clone(env, record, counts[name], {"company_id": str(company.id), **columns})
    env.cr.commit()
    env.cr.connection.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    env.cr.connection.autocommit = False
    return counts


def make_users(env):
    """Return the people who do the work: each has what reception has, and more.

    One more person is a seller, who has not.
    """
    make_people(env, ["benchseller"], ["gck_avisos.group_gck_aviso_user", SELLER_GROUP])
    groups = ["base.group_user", "gck_avisos.group_gck_aviso_all"]
    for xml_id in (
        "gck_reclamaciones.group_gck_reclamacion_all",
        "gck_llamadas.group_gck_llamada_all",
        SELLER_GROUP,
        "purchase.group_purchase_user",
    ):
        if env.ref(xml_id, raise_if_not_found=False):
            groups.append(xml_id)
    return make_people(env, [f"bench{index}" for index in range(USERS)], groups)


def make_people(env, logins, groups):
    """Return new users with some logins and groups."""
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Persona {login}",
                    "login": login,
                    "group_ids": [env.ref(xml_id).id for xml_id in groups],
                    "company_ids": env.company.ids,
                    "company_id": env.company.id,
                    "tz": "Europe/Madrid",
                }
                for login in logins
            ]
        )
    )
