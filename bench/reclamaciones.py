"""Claims: created, opened and closed in bulk, listed among very many, against peers."""

import harness
from lados import MANY, NAME, ONE_BY_ONE, Peer, Side, compare

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
PEER_ORDERS = {
    "crm.claim": "date desc, id desc",
    "mgmtsystem.nonconformity": "create_date desc, id desc",
}


def run(meter, env, peer_env=None):
    """Measure as a person of Quality, as a seller, and as a manager at the peers'.

    :param Meter meter: measures and prints
    :param env: environment of a superuser
    :param peer_env: environment of a superuser in the peers' database, if any
    """
    if "gck.reclamacion" not in env:
        return
    own = OwnClaims(env)
    peers = []
    if peer_env is not None:
        peers = [
            PeerClaims(peer_env, name, PEER_COLUMNS[name], PEER_ORDERS[name])
            for name in PEER_COLUMNS
        ]
    compare(
        meter,
        "claims",
        [own, *peers],
        [own, SellerClaims(env), *peers],
        (
            ("create 1,000 claims in one call", "create_many", MANY),
            ("create 100 claims one by one", "create_each", ONE_BY_ONE),
            ("open 1,000 claims in one call", "open_many", MANY),
            ("close 1,000 claims in one call", "close_many", MANY),
        ),
    )


class SellerClaims(Side):
    """Ours as a seller reads them: all those of customers, and one's own."""

    impl = f"{harness.OWN} (seller)"
    login = "benchseller"
    text_field = "subject"

    def __init__(self, env):
        user = env["res.users"].search([("login", "=", self.login)])
        super().__init__(
            self.impl, env(user=user.id, su=False), "gck.reclamacion", COLUMNS
        )
        self.user = user


class OwnClaims(SellerClaims):
    """Ours: as a person of Quality, who opens and closes what has all it needs."""

    impl = harness.OWN
    login = "bench7"

    def __init__(self, env):
        tables = {
            name: env[name].create({"name": "Banco"}).id
            for name in (
                "gck.reclamacion.tipo",
                "gck.reclamacion.categoria",
                "gck.reclamacion.causa",
            )
        }
        env.flush_all()
        super().__init__(env)
        self.complete = {
            "tipo_id": tables["gck.reclamacion.tipo"],
            "categoria_id": tables["gck.reclamacion.categoria"],
            "causa_id": tables["gck.reclamacion.causa"],
            "evaluator_id": self.user.id,
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


class PeerClaims(Peer):
    """A peer's: opening and closing are the change of its stage."""

    state = "stage_id"

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
