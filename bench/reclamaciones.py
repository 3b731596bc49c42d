"""Claims: created, opened and closed in bulk, listed among very many, against peers."""

import harness
import rivales
from lxml import etree

MANY = 1000
ONE_BY_ONE = 100
# The client counts no further, and shows «10000+».
COUNT_LIMIT = 10001
NAME = {"fields": {"display_name": {}}}
COLUMNS = {
    "name": {},
    "date": {},
    "subject": {},
    "partner_id": NAME,
    "user_id": NAME,
    "date_deadline": {},
    "is_late": {},
    "state": {},
}
# What the peers' own lists show.
PEER_COLUMNS = {
    "crm.claim": {
        "name": {},
        "partner_id": NAME,
        "user_id": NAME,
        "date": {},
        "stage_id": NAME,
    },
    "mgmtsystem.nonconformity": {
        "ref": {},
        "name": {},
        "partner_id": NAME,
        "user_id": NAME,
        "create_date": {},
        "stage_id": NAME,
    },
}
ORDERS = {
    "gck.reclamacion": "date desc, id desc",
    "crm.claim": "date desc, id desc",
    "mgmtsystem.nonconformity": "create_date desc, id desc",
}


def run(meter, env, peer_env=None):
    """Measure as a person of Quality, and as somebody with all rights at the peers'.

    :param Meter meter: measures and prints
    :param env: environment of a superuser
    :param peer_env: environment of a superuser in the peers' database, if any
    """
    if "gck.reclamacion" not in env:
        return
    sides = [Own(env)]
    if peer_env is not None:
        sides += [Peer(peer_env, name) for name in PEER_COLUMNS]
    for name, method, rows, runs in (
        ("create 1,000 claims in one call", "create_many", MANY, harness.WRITE_RUNS),
        ("create 100 claims one by one", "create_each", ONE_BY_ONE, harness.WRITE_RUNS),
        ("open 1,000 claims in one call", "open_many", MANY, harness.WRITE_RUNS),
        ("close 1,000 claims in one call", "close_many", MANY, harness.WRITE_RUNS),
        ("claims: first 80 in default order", "first_page", None, harness.RUNS),
        ("claims of a partner, first 80", "of_partner", None, harness.RUNS),
        ("claims by text in the name", "by_text", None, harness.RUNS),
        ("claims counted by state", "by_state", None, harness.RUNS),
        ("one claim's form", "form", None, harness.RUNS),
    ):
        contestants = [getattr(side, method)() for side in sides]
        meter.compare(
            name, list(filter(None, contestants)), rows or sides[0].total, runs
        )


class Side:
    """One maker's claims; each method returns what is measured."""

    def __init__(self, impl, env, model_name, columns):
        self.impl, self.env = impl, env
        self.model = env[model_name]
        self.table = self.model._table
        self.columns = columns
        self.total = self.model.search_count([])
        self.order = ORDERS[model_name]
        self.partners = env["res.partner"].search(
            [("name", "=like", "Cliente %")], limit=50
        )

    def contestant(self, operation, **options):
        """Return an operation of this maker."""
        return harness.Contestant(self.impl, self.env, operation, **options)

    def get_vals(self, count):
        """Return the values of some claims."""
        return [
            self.get_one(index, self.partners[index % len(self.partners)])
            for index in range(count)
        ]

    def create_many(self):
        """Create a thousand in one call."""
        return self.contestant(self.model.create, prepare=lambda: self.get_vals(MANY))

    def create_each(self):
        """Create a hundred, each in a call of its own."""

        def create(vals_list):
            for vals in vals_list:
                self.model.create(vals)

        return self.contestant(create, prepare=lambda: self.get_vals(ONE_BY_ONE))

    def page(self, domain, where):
        """Read the first page of a list with all that it shows, as the client."""
        return self.contestant(
            lambda: self.model.web_search_read(
                domain,
                self.columns,
                limit=80,
                order=self.order,
                count_limit=COUNT_LIMIT,
            ),
            plain=f"SELECT * FROM {self.table} WHERE {where}"
            f" ORDER BY {self.order} LIMIT 80",
        )

    def first_page(self):
        """Read the first page of all claims."""
        return self.page([], "true")

    def of_partner(self):
        """Read the claims of one partner."""
        partner = self.partners[3]
        return self.page(
            [("partner_id", "=", partner.id)], f"partner_id = {partner.id}"
        )

    def by_text(self):
        """Read the claims whose name holds a text."""
        name = self.text_field
        return self.page([(name, "ilike", "7531")], f"{name} ILIKE '%7531%'")

    def by_state(self):
        """Count the claims of each state, as the list grouped by it does."""
        return self.contestant(
            lambda: self.model.formatted_read_group([], [self.state], ["__count"]),
            plain=f"SELECT {self.state}, count(*) FROM {self.table}"
            f" GROUP BY {self.state}",
        )

    def form(self):
        """Read what a form shows of one claim."""
        views = self.model.get_views([(False, "form")])
        fields = views["models"][self.model._name]["fields"]
        arch = etree.fromstring(views["views"]["form"]["arch"])
        names = arch.xpath("//field[not(ancestor::field)]/@name")
        shown = {
            name: NAME if fields[name]["type"] == "many2one" else {} for name in names
        }
        record = self.model.search([], limit=1, offset=17, order="id")
        return self.contestant(
            lambda: self.model.browse(record.id).web_read(shown),
            plain=f"SELECT * FROM {self.table} WHERE id = {record.id}",
        )


class Own(Side):
    """Ours: as a person of Quality, who opens and closes what has all it needs."""

    text_field = "subject"
    state = "state"

    def __init__(self, env):
        user = env["res.users"].search([("login", "=", "bench7")])
        tables = {
            name: env[name].create({"name": "Banco"}).id
            for name in (
                "gck.reclamacion.tipo",
                "gck.reclamacion.categoria",
                "gck.reclamacion.causa",
            )
        }
        env.flush_all()
        super().__init__(
            harness.OWN, env(user=user.id, su=False), "gck.reclamacion", COLUMNS
        )
        self.complete = {
            "tipo_id": tables["gck.reclamacion.tipo"],
            "categoria_id": tables["gck.reclamacion.categoria"],
            "causa_id": tables["gck.reclamacion.causa"],
            "evaluator_id": user.id,
            "resolution": "Hecho",
        }

    def get_one(self, index, partner):
        """Return what the peers' claims have too."""
        return {"subject": f"Asunto {index}", "partner_id": partner.id}

    def prepare(self):
        """Create claims that can be opened and closed."""
        return self.model.create(
            [{**vals, **self.complete} for vals in self.get_vals(MANY)]
        )

    def open_many(self):
        """Open a thousand."""
        return self.contestant(
            lambda claims: claims.action_open(), prepare=self.prepare
        )

    def close_many(self):
        """Close a thousand that are open."""

        def prepare():
            claims = self.prepare()
            claims.action_open()
            return claims

        return self.contestant(lambda claims: claims.action_close(), prepare=prepare)


class Peer(Side):
    """A peer's: opening and closing are the change of its stage."""

    text_field = "name"
    state = "stage_id"

    def __init__(self, env, model_name):
        self.user = env["res.users"].search([("login", "=", "bench")])
        super().__init__(
            model_name,
            env(user=self.user.id, su=False),
            model_name,
            PEER_COLUMNS[model_name],
        )

    def get_one(self, index, partner):
        """Return what a claim needs to exist."""
        values = rivales.get_values(self.env, partner, self.user)
        return {**values[self.model._name], "name": f"Asunto {index}"}

    def prepare(self):
        """Create claims that may go through all stages."""
        complete = {"evaluation_comments": "Hecho", "action_comments": "Hecho"}
        if "evaluation_comments" not in self.model._fields:
            complete = {}
        return self.model.create([{**vals, **complete} for vals in self.get_vals(MANY)])

    def to_stage(self, position):
        """Write a stage on a thousand."""
        stages = self.env[self.model._fields["stage_id"].comodel_name].search([])
        stage = stages[position]
        return self.contestant(
            lambda claims: claims.write({"stage_id": stage.id}), prepare=self.prepare
        )

    def open_many(self):
        """Write the second stage."""
        return self.to_stage(1)

    def close_many(self):
        """Write the last stage."""
        return self.to_stage(-1)
