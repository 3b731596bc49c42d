import json
from datetime import timedelta

from odoo import SUPERUSER_ID, fields

from .common import MANAGER as CALLS_MANAGER
from .common import LlamadasCase

MOBILE = "+34600123456"


class CentralitaCase(LlamadasCase):
    """A company with a telephone exchange and two extensions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calls_manager = cls.new_user("calls", CALLS_MANAGER, "Carla Calls")
        cls.centralita, cls.other_centralita = cls.env["gck.centralita"].create(
            [
                {
                    "name": "Principal",
                    "company_id": cls.company.id,
                    "tz": "Europe/Madrid",
                    "recording_hosts": "rec.example.com\npbx.example.com:8443",
                },
                {"name": "Tajo", "company_id": cls.other_company.id},
            ]
        )
        cls.extension, cls.other_extension = cls.env["gck.extension"].create(
            [
                {
                    "centralita_id": cls.centralita.id,
                    "number": number,
                    "user_id": user.id,
                }
                for number, user in (("101", cls.own), ("102", cls.outsider))
            ]
        )
        cls.start = fields.Datetime.now().replace(microsecond=0) - timedelta(hours=1)

    @classmethod
    def new_key(cls, centralita=None):
        """Give an exchange a key and return it."""
        action = (centralita or cls.centralita).action_new_key()
        return action["context"]["default_key"]

    def at(self, seconds):
        """Return a moment of the call as the exchange writes it."""
        return (self.start + timedelta(seconds=seconds)).isoformat() + "Z"

    def event(self, event, seconds=None, **values):
        """Return an event of an incoming call from the customer to 101."""
        data = {
            "event": event,
            "call_id": "1.1",
            "direction": "in",
            "from": "600 123 456",
            "to": "976552010",
            "extension": "101",
            **values,
        }
        if seconds is not None:
            data["time"] = self.at(seconds)
        return {name: value for name, value in data.items() if value is not None}

    def send(self, data, centralita=None):
        """Let an exchange tell of something; return the status and the answer."""
        centralita = (centralita or self.centralita).with_user(SUPERUSER_ID)
        body = data if isinstance(data, str) else json.dumps(data)
        centralita = centralita.with_company(centralita.company_id)
        return centralita._receive(json.loads(body), body)

    def tell(self, event, seconds=None, **values):
        """Let the exchange tell of an event that it accepts; return the call."""
        status, answer = self.send(self.event(event, seconds, **values))
        self.assertEqual(status, 200, answer)
        return self.call(values.get("call_id", "1.1"))

    def call(self, call_id="1.1", centralita=None):
        """Return the call on record."""
        return self.env["gck.llamada"].search(
            [
                ("centralita_id", "=", (centralita or self.centralita).id),
                ("pbx_call_id", "=", call_id),
            ]
        )
