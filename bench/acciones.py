"""The list of all actions: what each screen of it asks for, on the whole volume."""

from odoo.tools import SQL

NAME = {"fields": {"display_name": {}}}
COLUMNS = {
    "is_late": {},
    "late_days": {},
    "kind_id": NAME,
    "name": {},
    "date": {},
    "tercero": {},
    "subject": {},
    "user_id": NAME,
    "date_deadline": {},
    "accion_state": {},
    "priority": {},
}


def plain_union(model, where, columns="id"):
    """Return the union of the tables of the suite's own kinds as plain SQL."""
    tables = model._get_mixin_kinds().values()
    return " UNION ALL ".join(
        f'SELECT {columns} FROM "{model.env[name]._table}" WHERE {where}'
        for name in tables
    )


def run(meter, env):
    """Measure as a person who sees everybody's matters.

    :param Meter meter: measures and prints
    :param env: environment of a superuser
    """
    user = env["res.users"].search([("login", "=", "bench7")])
    env = env(user=user.id, su=False)
    meter.env = env
    Accion = env["gck.accion"]
    (total,) = env.execute_query(
        SQL("SELECT count(*) FROM (%s) every_action", Accion.sudo()._table_query)
    )[0]
    partners = env["res.partner"].search([("name", "=like", "Cliente %")], limit=80)
    mine = [("is_pending", "=", True), ("user_id", "=", user.id)]
    pending = f"user_id = {user.id} AND accion_state = 'pending'"
    ids = ",".join(map(str, partners.ids))

    def page(domain, order="date_deadline, id"):
        """Read the first page of the list with all that it shows, as the client."""
        Accion.web_search_read(domain, COLUMNS, limit=80, order=order)

    meter.measure(
        "a person's pending, first 80 by deadline",
        lambda: page(mine),
        plain_union(Accion, pending, "id, date_deadline")
        + " ORDER BY date_deadline LIMIT 80",
        total,
    )
    meter.measure(
        "a person's late, first 80", lambda: page([*mine, ("is_late", "=", True)])
    )
    partner = partners[3]
    meter.measure(
        "a partner's last 80",
        lambda: page(
            [("commercial_partner_id", "=", partner.id)], "date desc, id desc"
        ),
        plain_union(Accion, f"commercial_partner_id = {partner.id}", "id, date")
        + " ORDER BY date DESC LIMIT 80",
        total,
    )
    meter.measure(
        "a person's pending counted by kind",
        lambda: Accion._read_group(mine, ["kind_id"], ["__count"]),
        "SELECT count(*) FROM (" + plain_union(Accion, pending) + ") u",
        total,
    )
    meter.measure(
        "actions of 80 partners counted",
        lambda: partners.mapped("gck_accion_count"),
        "SELECT partner, count(*) FROM ("
        + plain_union(
            Accion,
            f"commercial_partner_id IN ({ids})",
            "commercial_partner_id AS partner",
        )
        + ") u GROUP BY partner",
        total,
    )
    some = Accion.search(mine, limit=80)
    meter.measure(
        "80 actions read by id",
        lambda: Accion.browse(some.ids).web_read(COLUMNS),
    )
    meter.measure(
        "everybody's pending, first 80", lambda: page([("is_pending", "=", True)])
    )
    meter.measure(
        "everybody's pending counted by kind",
        lambda: Accion._read_group(
            [("is_pending", "=", True)], ["kind_id"], ["__count"]
        ),
    )
    meter.measure("home page", Accion.get_home)
    aviso = env["gck.aviso"].search([], limit=1)
    meter.measure(
        "chatter button of a document",
        lambda: Accion.get_document_summary("res.partner", partner.id),
    )
    meter.measure(
        "family of a notice",
        lambda: Accion.get_family(aviso._name, aviso.id),
    )
