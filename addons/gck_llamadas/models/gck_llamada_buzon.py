from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

# How long after the end of a call the mail with its voice message may be dated.
MAILED_WITHIN = timedelta(minutes=10)
# By how much the clocks of the exchange and of its mailbox may differ.
SKEW = timedelta(minutes=1)
# What the mail adds where nothing is known yet.
VOICEMAIL_ADDS = (
    "subject",
    "description",
    "caller_name",
    "tipo_id",
    "duration",
)


class GckLlamada(models.Model):
    """A missed call with a voice message, told of twice: by the exchange and by mail.

    It is one call, whichever comes first (O-47, O-48).
    """

    _name = "gck.llamada"
    _inherit = ["gck.llamada"]

    # ------------------------------------------------------------
    # The mail comes after the exchange
    # ------------------------------------------------------------

    def _create_incoming(self, msg_dict, vals):
        """Complete the missed call that left the voice message, if it is on record."""
        missed = self._find_missed_of_voicemail(vals)
        if not missed:
            return super()._create_incoming(msg_dict, vals)
        missed._add_voicemail(vals)
        return missed.with_env(self.env)

    @api.model
    def _find_missed_of_voicemail(self, vals):
        """Return the call of an exchange that left a voice message, or none.

        :param dict vals: of the call that the mail would become
        """
        if vals["canal"] != "voicemail" or not vals["phone"]:
            return self.browse()
        number = self._phone_format(
            number=vals["phone"], country=self.env.company.country_id
        )
        if not number:
            return self.browse()
        # sudo: calls of the exchange are written by the system, whoever hands in the
        # mail.
        missed = self.sudo().search(
            Domain("phone_sanitized", "=", number)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("direction", "=", "in")
            & Domain("canal", "=", "phone")
            & Domain("pbx_call_id", "!=", False)
            & Domain("date_answer", "=", False)
            & Domain("date_start", "<=", vals["date"] + SKEW),
            order="date_start desc, id desc",
            limit=1,
        )
        last = missed.date_end or missed.date_start
        if not last or last < vals["date"] - MAILED_WITHIN:
            return self.browse()
        return missed

    def _add_voicemail(self, vals):
        """Make a missed call one that left a voice message; what is known stays.

        :param dict vals: of the call that the mail would have become
        """
        self.ensure_one()
        values = {
            name: vals[name]
            for name in VOICEMAIL_ADDS
            if vals.get(name) and not self[name]
        }
        values.update(canal="voicemail", arrival=vals["arrival"])
        if self.outcome != "answered":
            values["resultado_id"] = vals["resultado_id"]
        if self.accion_state == "pending" and not self.date_deadline:
            values["date_deadline"] = vals["date_deadline"]
        if not self._is_sender_known():
            values["sender_unknown"] = True
        self._pbx_with_context(self.company_id).write(values)

    # ------------------------------------------------------------
    # The exchange comes after the mail
    # ------------------------------------------------------------

    @api.model
    def _pbx_find_voicemails(self, facts_list):
        """Return the calls that mails have made of missed calls, in one query.

        :param list facts_list: of calls that are not on record, see ``pbx_hechos``
        :return: ``{call id: gck.llamada}``
        """
        country = self.env.company.country_id
        missed = {}
        for facts in facts_list:
            if facts["direction"] == "in" and facts["phone"] and not facts["answer"]:
                number = self._phone_format(number=facts["phone"], country=country)
                if number:
                    missed.setdefault(number, []).append(facts)
        if not missed:
            return {}
        starts = [facts["start"] for group in missed.values() for facts in group]
        ends = [f["end"] or f["start"] for group in missed.values() for f in group]
        voicemails = self.search(
            Domain("phone_sanitized", "in", list(missed))
            & Domain("company_id", "=", self.env.company.id)
            & Domain("canal", "=", "voicemail")
            & Domain("pbx_call_id", "=", False)
            & Domain("date_start", ">=", min(starts) - SKEW)
            & Domain("date_start", "<=", max(ends) + MAILED_WITHIN),
            order="date_start, id",
        )
        found = {}
        for voicemail in voicemails:
            moment = voicemail.date_start
            left_by = [
                facts
                for facts in missed[voicemail.phone_sanitized]
                if facts["call_id"] not in found
                and facts["start"] - SKEW <= moment
                and moment <= (facts["end"] or facts["start"]) + MAILED_WITHIN
            ]
            if left_by:
                last = max(left_by, key=lambda facts: facts["start"])
                found[last["call_id"]] = voicemail
        return found
