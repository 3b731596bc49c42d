"""Calls: noted and marked as made in bulk, listed among very many, against a peer."""

import harness
from lados import MANY, NAME, ONE_BY_ONE, Peer, Side, compare

COLUMNS = {
    "direction": {},
    "phone": {},
    "partner_id": NAME,
    "motivo_id": NAME,
    "subject": {},
    "user_id": NAME,
    "date_deadline": {},
    "duration": {},
    "is_late": {},
    "state": {},
}
# What the peer's own list shows.
PEER_COLUMNS = {
    "date": {},
    "name": {},
    "partner_id": NAME,
    "partner_phone": {},
    "user_id": NAME,
    "duration": {},
    "state": {},
}
PEER = "crm.phonecall"


def run(meter, env, peer_env=None):
    """Measure as a person who sees every call, and as a manager at the peer's.

    :param Meter meter: measures and prints
    :param env: environment of a superuser
    :param peer_env: environment of a superuser in the peers' database, if any
    """
    if "gck.llamada" not in env:
        return
    sides = [OwnCalls(env)]
    if peer_env is not None and PEER in peer_env:
        sides.append(PeerCalls(peer_env, PEER, PEER_COLUMNS))
    compare(
        meter,
        "calls",
        sides,
        sides,
        (
            ("create 1,000 calls in one call", "create_many", MANY),
            ("create 100 calls one by one", "create_each", ONE_BY_ONE),
            ("mark 1,000 calls done in one call", "mark_many", MANY),
        ),
    )


class MarkedMixin:
    """Marks calls as the toggle of the list does: the state is written."""

    def mark_many(self):
        """Mark a thousand as made."""
        return self.contestant(
            lambda calls: calls.write({"state": "done"}),
            prepare=lambda: self.model.create(self.get_vals(MANY)),
        )


class OwnCalls(MarkedMixin, Side):
    """Ours: outgoing calls, with the reason that they need."""

    text_field = "subject"

    def __init__(self, env):
        user = env["res.users"].search([("login", "=", "bench7")])
        self.motivo = env["gck.motivo"].search([], limit=1)
        super().__init__(
            harness.OWN, env(user=user.id, su=False), "gck.llamada", COLUMNS
        )

    def get_one(self, index, partner):
        """Return what the peer's calls have too, and the reason."""
        return {
            "subject": f"Asunto {index}",
            "partner_id": partner.id,
            "motivo_id": self.motivo.id,
        }


class PeerCalls(MarkedMixin, Peer):
    """The peer's: its person is the responsible, as ours is."""
