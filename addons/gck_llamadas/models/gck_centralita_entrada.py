import json
from datetime import timedelta

import pytz

from odoo import api, fields, models

from . import pbx_hechos
from .pbx_hechos import FactError

MOMENT_OF_PHASE = {"ringing": "start", "answered": "answer", "ended": "end"}


class GckCentralita(models.Model):
    """What an exchange posts: read, taken note of, answered (O-47)."""

    _inherit = "gck.centralita"

    def _receive(self, data, body=None):
        """Take note of an event.

        :param data: what the body holds, as JSON gave it; any kind of value
        :param str body: the body itself, for the log of events
        :return: ``(HTTP status, dict to answer with)``
        :raises ConcurrencyError: when it has to be done again
        """
        self.ensure_one()
        self = self._in_own_language()
        evento = {
            "centralita_id": self.id,
            "company_id": self.company_id.id,
            "payload": self._clean_payload(body or json.dumps(data, indent=2)),
        }
        try:
            facts, existing = self._read_event(data, evento)
        except FactError as error:
            status, answer = 400, self._get_refusal(error)
            evento.update(status="refused", message=answer["message"])
        else:
            status, answer = 200, self._take_note(facts, existing, evento)
        self.env["gck.centralita.evento"].create(evento)
        return status, answer

    def _in_own_language(self):
        """Return the exchange in the language of its company, who reads the events."""
        return self.with_context(lang=self.company_id.partner_id.lang or self.env.lang)

    def _take_note(self, facts, existing, evento):
        """Keep the facts of an event, tell who is concerned, and return the answer."""
        if facts["direction"] == "internal":
            evento["status"] = "ignored"
            evento["message"] = self.env._("Between extensions: no call of a customer.")
            return {"status": "ignored", "message": evento["message"]}
        warnings = self._check_recording(facts)
        Evento = self.env["gck.centralita.evento"]
        repeated = existing and Evento._is_known(
            self, facts["call_id"], facts["phase"], evento["extension"]
        )
        call, created = self.env["gck.llamada"]._pbx_ingest(self, [facts])[
            facts["call_id"]
        ]
        self._tell_users(call, facts, repeated)
        if call.extension_unknown:
            warnings.append(self.env._("The extension is unknown: %s", call.extension))
        evento.update(
            status="repeated" if repeated else "ok",
            llamada_id=call.id,
            message=" ".join(warnings),
        )
        answer = {"status": "ok", "call": call.name, "created": created}
        if repeated:
            answer["repeated"] = True
        if warnings:
            answer["warnings"] = warnings
        return answer

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    @api.model
    def _clean_payload(self, body):
        """Return what was sent as a text that the database takes."""
        return body.encode("utf-8", "ignore").decode().replace("\0", "")

    def _read_event(self, data, evento):
        """Return the facts that an event tells, and the call that it is about, if any.

        :param data: any value that JSON can hold
        :param dict evento: gets what the log of events says of it
        :raises FactError: when it makes no sense
        """
        if not isinstance(data, dict):
            raise FactError("not_an_object")
        phase = data.get("event")
        if not isinstance(phase, str) or phase not in pbx_hechos.PHASES:
            raise FactError("unknown_event", "event")
        call_id = self._read_call_id(data.get("call_id"))
        extension = pbx_hechos.clean_number(data.get("extension"), "extension")
        evento.update(event=phase, call_id=call_id, extension=extension or False)
        facts = pbx_hechos.new_facts(
            call_id=call_id,
            phase=phase,
            extension=extension,
            direction=pbx_hechos.read_direction(data.get("direction")),
            caller_name=pbx_hechos.clean_text(data.get("caller_name"), "caller_name"),
            outcome=pbx_hechos.read_outcome(data.get("disposition")),
            duration=pbx_hechos.read_duration(data.get("duration"), "duration"),
            recording_url=pbx_hechos.clean_text(
                data.get("recording_url"), "recording_url", pbx_hechos.URL_LENGTH
            ),
        )
        self._read_moments(facts, data)
        existing = self.env["gck.llamada"]._pbx_find(self, [call_id]).get(call_id)
        if existing and facts["direction"] != "internal":
            facts["direction"] = existing.direction
        self._read_ends(facts, data)
        if not existing:
            self._check_age(facts)
        return facts, existing

    @api.model
    def _read_call_id(self, value):
        call_id = pbx_hechos.clean_text(value, "call_id", pbx_hechos.URL_LENGTH)
        if not call_id:
            raise FactError("missing", "call_id")
        if len(call_id) > pbx_hechos.TEXT_LENGTH:
            raise FactError("too_long", "call_id")
        return call_id

    def _read_moments(self, facts, data):
        """Fill in when the call began, was answered and ended."""
        tz = pytz.timezone(self.tz)
        for name in ("start", "answer", "end"):
            facts[name] = pbx_hechos.read_moment(data.get(name), name, tz)
        told = MOMENT_OF_PHASE[facts["phase"]]
        if not facts[told]:
            moment = pbx_hechos.read_moment(data.get("time"), "time", tz)
            facts[told] = moment or fields.Datetime.now()
        if facts["phase"] == "answered" and not facts["outcome"]:
            facts["outcome"] = "answered"
        pbx_hechos.complete(facts)

    def _read_ends(self, facts, data):
        """Fill in who is at the other end, and at which extension."""
        source = pbx_hechos.clean_number(data.get("from"), "from")
        target = pbx_hechos.clean_number(data.get("to"), "to")
        numbers = {number for number in (source, target, facts["extension"]) if number}
        pbx_hechos.set_ends(
            facts,
            source,
            target,
            self._get_extensions(numbers),
            self.outside_prefix or "",
        )

    def _check_age(self, facts):
        """Refuse a call of long ago that nobody has told of before.

        :raises FactError: with the code ``too_old``
        """
        oldest = fields.Datetime.now() - timedelta(days=self.max_age_days)
        if (facts["end"] or facts["answer"] or facts["start"]) < oldest:
            raise FactError("too_old", "time")

    def _check_recording(self, facts):
        """Leave out a link that leads to a host that is not configured.

        :return: a list of remarks
        """
        url = facts["recording_url"]
        if url and not self._is_recording_allowed(url):
            facts["recording_url"] = None
            return [
                self.env._(
                    "The link of the recording was left out: it is not https, or its "
                    "host is not in the list of the exchange."
                )
            ]
        return []

    # ------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------

    def _get_refusal(self, error):
        """Return the answer to an event that makes no sense.

        :param error: a ``FactError``
        """
        return {
            "error": error.code,
            "field": error.field or None,
            "message": self._get_refusal_text(error.code, error.field),
        }

    def _get_refusal_text(self, code, name=""):
        """Return what is wrong, in words.

        :param str code: of a ``FactError``, or of the endpoint itself
        :param str name: of the field that is wrong
        """
        self = self._in_own_language()
        texts = {
            "not_json": self.env._(
                "The body is no JSON. Send it with Content-Type: application/json."
            ),
            "not_an_object": self.env._("The body must be a JSON object."),
            "unknown_event": self.env._("«event» must be ringing, answered or ended."),
            "missing": self.env._("«%s» is missing.", name),
            "too_long": self.env._("«%s» is too long.", name),
            "not_text": self.env._("«%s» must be a text.", name),
            "not_a_moment": self.env._(
                "«%s» is no moment: write seconds since 1970, or ISO 8601 as in "
                "2026-03-31T09:15:00+02:00.",
                name,
            ),
            "not_a_duration": self.env._("«%s» must be a number of seconds.", name),
            "in_future": self.env._("«%s» is in the future. Check the clock.", name),
            "too_old": self.env._(
                "The call is too old to be told of now. Import it as a file of calls."
            ),
            "end_before_start": self.env._("The call ends before it starts."),
            "answer_before_start": self.env._("The call is answered before it starts."),
            "end_before_answer": self.env._("The call ends before it is answered."),
            "unknown_direction": self.env._(
                "Nothing tells whether the call came in or went out: send «direction» "
                "as in or out, or add the extension to the exchange."
            ),
            "too_large": self.env._("The event is too large."),
            "too_many": self.env._(
                "Too many events within a minute. Send it again later."
            ),
            "wrong_key": self.env._("The key is wrong."),
            "busy": self.env._("The call is being written by others. Send it again."),
            "internal": self.env._("Unexpected error. The server's log tells more."),
        }
        return texts[code]

    def _tell_users(self, call, facts, repeated):
        """Let those whose extensions ring see who is calling, and when it is over."""
        if call.direction != "in" or repeated or not self.screen_pop:
            return
        if facts["phase"] == "ringing":
            extension = self._get_extensions([facts["extension"] or ""])
            user = extension[facts["extension"]].user_id if extension else None
            if user and user.active and call.pbx_phase == "ringing":
                call._pbx_let_see(user)
                call._pbx_tell(user)
            return
        rung = self.env["gck.centralita.evento"].search(
            [
                ("centralita_id", "=", self.id),
                ("call_id", "=", facts["call_id"]),
                ("event", "=", "ringing"),
            ],
            limit=50,
        )
        extensions = self._get_extensions({e.extension for e in rung if e.extension})
        users = self.env["res.users"].union(*(e.user_id for e in extensions.values()))
        call._pbx_tell(users | call.user_id)
