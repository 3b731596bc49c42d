from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.tools import groupby

from odoo.addons.gck_avisos.models.gck_accion_mixin import _TRANSITION

from . import pbx_hechos

# What is known of a call, and the field that keeps it.
FACT_FIELDS = {
    "phase": "pbx_phase",
    "direction": "direction",
    "phone": "phone",
    "caller_name": "caller_name",
    "extension": "extension",
    "start": "date_start",
    "answer": "date_answer",
    "end": "date_end",
    "recording_url": "recording_url",
}


class GckLlamada(models.Model):
    """Calls that the telephone exchange tells of (O-47)."""

    _name = "gck.llamada"
    _inherit = ["gck.llamada"]

    centralita_id = fields.Many2one(
        "gck.centralita",
        string="Exchange",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
    )
    pbx_call_id = fields.Char(string="Call ID", readonly=True, copy=False)
    pbx_phase = fields.Selection(
        selection=[
            ("ringing", "Ringing"),
            ("answered", "Speaking"),
            ("ended", "Over"),
        ],
        string="On the line",
        readonly=True,
        copy=False,
    )
    extension = fields.Char(readonly=True, copy=False)
    extension_unknown = fields.Boolean(
        string="Unknown extension",
        readonly=True,
        copy=False,
        help="The extension is not in the list of the exchange: nobody got the call.",
    )
    date_answer = fields.Datetime(string="Answered on", readonly=True, copy=False)
    date_end = fields.Datetime(string="Hung up on", readonly=True, copy=False)
    recording_url = fields.Char(
        string="Link of the recording",
        readonly=True,
        copy=False,
        groups="gck_llamadas.group_gck_llamada_manager",
    )
    has_recording = fields.Boolean(
        string="Recording", compute="_compute_has_recording", compute_sudo=True
    )

    _pbx_call_uniq = models.UniqueIndex(
        "(centralita_id, pbx_call_id) WHERE centralita_id IS NOT NULL",
        "The call is on record already.",
    )
    _pbx_unknown_idx = models.Index(
        "(centralita_id, extension) WHERE extension_unknown"
    )
    _pbx_missed_idx = models.Index(
        "(phone_sanitized) WHERE accion_state = 'pending' AND direction = 'in'"
    )

    @api.depends("recording_url")
    def _compute_has_recording(self):
        for llamada in self:
            llamada.has_recording = bool(llamada.recording_url)

    def _is_logged_by_system(self):
        """A call of the exchange came by itself: nobody was asked for its reason."""
        return bool(self.centralita_id) or super()._is_logged_by_system()

    def _is_number_told(self):
        """The exchange says who calls, or who was called."""
        return bool(self.pbx_phase) or super()._is_number_told()

    def action_open_recording(self):
        """Open the recording in another tab, past the check of who may hear it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/gck/llamadas/grabacion/{self.id}",
            "target": "new",
        }

    # ------------------------------------------------------------
    # What the exchange tells
    # ------------------------------------------------------------

    @api.model
    def _pbx_ingest(self, centralita, facts_list, pending_since=None):
        """Take note of what an exchange, or its file of calls, tells of some calls.

        A call is created once and completed by whatever comes later, in any order.

        :param centralita: one ``gck.centralita``; the environment is the superuser's
        :param list facts_list: see ``pbx_hechos``
        :param pending_since: missed calls before this moment are no work any more
        :return: ``{call id: (call, whether it is new)}``
        :raises ConcurrencyError: when another transaction creates one of them just now
        """
        company = centralita.company_id
        Llamada = self._pbx_with_context(company)
        calls = Llamada._pbx_find(
            centralita, [facts["call_id"] for facts in facts_list]
        )
        known = {call_id: call._pbx_get_facts() for call_id, call in calls.items()}
        told = {}
        for facts in facts_list:
            call_id = facts["call_id"]
            told[call_id] = pbx_hechos.merge(
                told.get(call_id, known.get(call_id)), facts
            )
        voicemails = Llamada._pbx_find_voicemails(
            [facts for call_id, facts in told.items() if call_id not in calls]
        )
        for call_id, call in voicemails.items():
            calls[call_id] = call
            known[call_id] = {**call._pbx_get_facts(), "call_id": call_id}
            told[call_id] = pbx_hechos.merge(known[call_id], told[call_id])
        extensions = centralita._get_extensions(
            {
                facts["extension"]
                for facts in (*known.values(), *told.values())
                if facts["extension"]
            }
        )
        callers = Llamada._pbx_find_callers(
            [f["phone"] for f in told.values() if f["phone"]]
        )
        settle = {
            "centralita": centralita,
            "extensions": extensions,
            "callers": callers,
            "results": Llamada._pbx_get_results(),
            "planned": Llamada._pbx_plan_returns(told.values()),
            "pending_since": pending_since,
        }
        new = {
            call_id: facts for call_id, facts in told.items() if call_id not in calls
        }
        for call_id, call in calls.items():
            call._pbx_update(known[call_id], told[call_id], settle)
        created = Llamada._pbx_create(
            [Llamada._pbx_prepare_new(facts, settle) for facts in new.values()]
        )
        found = {call_id: (call, False) for call_id, call in calls.items()}
        found.update(
            (call_id, (call, True)) for call_id, call in zip(new, created, strict=True)
        )
        if centralita.close_returned:
            Llamada.browse(
                call.id for call, _new in found.values()
            )._pbx_close_returned()
        return found

    @api.model
    def _pbx_with_context(self, company):
        """Return the model as the exchange writes it: silently, past the guards."""
        return self.with_company(company).with_context(
            gck_transition=_TRANSITION,
            mail_notrack=True,
            tracking_disable=True,
            mail_create_nosubscribe=True,
            mail_auto_subscribe_no_notify=True,
        )

    @api.model
    def _pbx_find(self, centralita, call_ids):
        """Return the calls on record of an exchange: ``{call id: gck.llamada}``."""
        calls = self.search(
            [("centralita_id", "=", centralita.id), ("pbx_call_id", "in", call_ids)]
        )
        return {call.pbx_call_id: call for call in calls}

    @api.model
    def _pbx_create(self, vals_list):
        try:
            with self.env.cr.savepoint():
                return self.create(vals_list)
        except UniqueViolation as error:
            # Committed by somebody else since this transaction began, which cannot
            # see it; tried again, it does.
            raise ConcurrencyError(str(error)) from error

    def _pbx_get_facts(self):
        """Return what is known of the call as facts."""
        self.ensure_one()
        facts = {name: self[field] or None for name, field in FACT_FIELDS.items()}
        ended = facts["phase"] == "ended"
        facts.update(
            call_id=self.pbx_call_id,
            duration=round(self.duration * 3600) if ended and self.duration else None,
            outcome=self.outcome or None if ended else None,
        )
        return facts

    # ------------------------------------------------------------
    # Values
    # ------------------------------------------------------------

    @api.model
    def _pbx_prepare_new(self, facts, settle):
        """Return the values of a call that the exchange told of for the first time.

        :param dict facts: see ``pbx_hechos``
        :param dict settle: what the batch has read, see ``_pbx_ingest``
        """
        centralita = settle["centralita"]
        return {
            "centralita_id": centralita.id,
            "pbx_call_id": facts["call_id"],
            "company_id": centralita.company_id.id,
            "tipo_id": centralita.tipo_id.id,
            "motivo_id": False,
            "requester_id": False,
            "date": facts["start"],
            "duration": 0.0,
            **{field: facts[name] or False for name, field in FACT_FIELDS.items()},
            **self._pbx_prepare_extension(facts, settle),
            **self._pbx_prepare_caller(facts, settle),
            **self._pbx_prepare_end(facts, settle),
        }

    @api.model
    def _pbx_prepare_extension(self, facts, settle):
        """Return whose call it is."""
        extension = settle["extensions"].get(facts["extension"])
        user = extension.user_id if extension else self.env["res.users"]
        return {
            "extension": facts["extension"] or False,
            "extension_unknown": bool(facts["extension"]) and not extension,
            "user_id": user.id if user.active else False,
        }

    @api.model
    def _pbx_prepare_caller(self, facts, settle):
        """Return who is at the other end, as far as the number tells (K-33)."""
        partner, lead = settle["callers"].get(facts["phone"], (None, None))
        company = partner and partner.commercial_partner_id
        return {
            "phone": facts["phone"] or False,
            "partner_id": company.id if company else False,
            "contact_id": partner.id if company and partner != company else False,
            "lead_id": lead.id if lead else False,
        }

    @api.model
    def _pbx_prepare_end(self, facts, settle):
        """Return what becomes of a call: nothing while it lasts.

        Who was answered is done with; who called in vain is to be called back; a call
        out that nobody answered was an attempt.
        """
        if facts["phase"] != "ended":
            return {"state": "pending", "date_deadline": False}
        outcome = facts["outcome"] or "no_answer"
        vals = {
            "resultado_id": settle["results"].get(outcome, False),
            "duration": (facts["duration"] or 0) / 3600,
        }
        since = settle["pending_since"]
        forgotten = since and facts["end"] < since
        if not facts["answer"] and facts["direction"] == "in" and not forgotten:
            planned = settle["planned"].get(facts["call_id"])
            return {**vals, "state": "pending", "date_deadline": planned or False}
        extension = settle["extensions"].get(facts["extension"])
        return {
            **vals,
            "state": "done",
            "date_done": facts["end"],
            "done_user_id": extension.user_id.id if extension else False,
            "date_deadline": False,
            "attempts": int(facts["direction"] == "out" and not facts["answer"]),
        }

    def _pbx_update(self, known, facts, settle):
        """Complete a call; what a person has made of it meanwhile stays.

        :param dict known: what was known before
        :param dict facts: what is known now
        """
        self.ensure_one()
        if known == facts:
            return
        changed = {name for name in facts if facts[name] != known.get(name)}
        vals = {
            field: facts[name] or False
            for name, field in FACT_FIELDS.items()
            if name in changed and name not in ("phone", "extension", "caller_name")
        }
        if "caller_name" in changed and not self.caller_name:
            vals["caller_name"] = facts["caller_name"]
        if "phone" in changed and not self.phone:
            caller = self._pbx_prepare_caller(facts, settle)
            if self.partner_id or self.lead_id:
                caller = {"phone": caller["phone"]}
            vals.update(caller)
        if "extension" in changed:
            former = settle["extensions"].get(self.extension)
            given = former.user_id if former else self.env["res.users"]
            owner = self._pbx_prepare_extension(facts, settle)
            if self.user_id and self.user_id != given:
                # Somebody has handed it to another person.
                owner.pop("user_id")
            vals.update(owner)
        if "start" in changed:
            vals["date"] = facts["start"]
        if not self.pbx_call_id:
            # The mail with its voice message was here first.
            vals["centralita_id"] = settle["centralita"].id
            vals["pbx_call_id"] = facts["call_id"]
        if facts["phase"] == "ended" and self._pbx_is_open_to_end(known, facts):
            end = self._pbx_prepare_end(facts, settle)
            if self.duration and facts["duration"] is None:
                end.pop("duration")
            vals.update(end)
        elif facts["duration"] and not self.duration:
            vals["duration"] = facts["duration"] / 3600
        vals = {
            name: value for name, value in vals.items() if self._differs(name, value)
        }
        if vals:
            self.write(vals)

    def _differs(self, name, value):
        return self._fields[name].convert_to_write(self[name], self) != value

    def _pbx_is_open_to_end(self, known, facts):
        """Tell whether the exchange may still say how the call ended.

        Not once a person has, nor what waits to be returned: when, and with what
        result, is up to people. But a call that ended in vain may turn out, from an
        event that was late, to have been answered.

        :param dict known: what was known before
        :param dict facts: what is known now
        """
        if self.accion_state == "pending":
            waits = known["phase"] == "ended" or self.canal == "voicemail"
            return bool(facts["answer"]) or not waits
        late_answer = facts["answer"] and self.outcome not in (False, "answered")
        return self.accion_state == "done" and self.direction == "out" and late_answer

    # ------------------------------------------------------------
    # What a batch reads once
    # ------------------------------------------------------------

    @api.model
    def _pbx_get_results(self):
        """Return the first result in use of each meaning: ``{outcome: id}``."""
        results = self.env["gck.llamada.resultado"].search(
            [("company_id", "in", [self.env.company.id, False])]
        )
        return {
            outcome: group[0].id
            for outcome, group in groupby(results, lambda r: r.outcome)
        }

    @api.model
    def _pbx_plan_returns(self, facts_list):
        """Return by when missed calls are to be returned: ``{call id: moment}``."""
        company = self.env.company
        hours = company.gck_llamada_retry_hours
        ends = {
            facts["call_id"]: facts["end"]
            for facts in facts_list
            if facts["phase"] == "ended" and not facts["answer"]
        }
        planned = company._gck_plan_hours({(end, hours) for end in ends.values()})
        return {call_id: planned[end, hours] for call_id, end in ends.items()}

    @api.model
    def _pbx_find_callers(self, numbers):
        """Return who has some numbers: ``{number: (partner, lead)}``, in few queries.

        :param list numbers: in any usual form; those of nobody are left out
        """
        company = self.env.company
        formatted = {
            number: self._phone_format(number=number, country=company.country_id)
            for number in set(numbers)
        }
        wanted = list({number for number in formatted.values() if number})
        if not wanted:
            return {}
        partners = self.env["res.partner"]._gck_find_many_by_phone(wanted, company)
        left = [number for number in wanted if number not in partners]
        leads = self.env["crm.lead"]._gck_find_open_by_phone(left, company)
        return {
            number: (partners.get(exact), leads.get(exact))
            for number, exact in formatted.items()
            if exact in partners or exact in leads
        }

    # ------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------

    def _pbx_give_to(self, user):
        """Take note of whose calls these are, now that their extension is known.

        :param user: a ``res.users``, or none where it is of nobody in particular
        """
        if not self:
            return
        Silent = self._pbx_with_context(self.env.company)
        orphans = self.filtered(lambda call: not call.user_id)
        if user:
            Silent.browse(orphans.ids).write({"user_id": user.id})
        Silent.browse(self.ids).write({"extension_unknown": False})

    def _pbx_close_returned(self):
        """Mark missed calls as made once somebody has spoken with their number."""
        spoken = self.filtered(lambda call: call.date_answer and call.phone_sanitized)
        if not spoken:
            return
        missed = self.search(
            Domain("phone_sanitized", "in", list(set(spoken.mapped("phone_sanitized"))))
            & Domain("accion_state", "=", "pending")
            & Domain("direction", "=", "in")
            & Domain("pbx_phase", "=", "ended")
            & Domain("company_id", "in", spoken.company_id.ids)
        )
        by_number = missed.grouped("phone_sanitized")
        for call in spoken:
            waiting = by_number.get(call.phone_sanitized, missed.browse()).filtered(
                lambda other: (
                    other.accion_state == "pending"
                    and other.company_id == call.company_id  # noqa: B023
                    and other.date_start < call.date_start  # noqa: B023
                )
            )
            if waiting:
                waiting._accion_transition(
                    "done",
                    {
                        "date_done": call.date_end or call.date_answer,
                        "done_user_id": call.user_id.id,
                    },
                    self.env._("Spoken with in %s.", call.name),
                )
