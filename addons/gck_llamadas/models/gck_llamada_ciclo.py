from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context, groupby

from odoo.addons.gck_avisos.models.gck_accion_mixin import _TRANSITION

# A call that was made and begins later than this is a slip in the date.
LATEST_START = timedelta(days=1)


class GckLlamada(models.Model):
    """The life of a call: pending, made, cancelled (M-42, O-46)."""

    _inherit = "gck.llamada"

    _gck_bulk_methods = ("_bulk_done",)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create calls; one that comes as made is made in the same go (O-42)."""
        if self._accion_may_set_state():
            return super().create(vals_list)
        proposed = self.env.context.get("default_state", "pending")
        states = [vals.get("state", proposed) for vals in vals_list]
        llamadas = super().create([{**vals, "state": "pending"} for vals in vals_list])
        # What the new call was to have is not what its history is to have.
        plain = llamadas.with_context(clean_context(self.env.context))
        for state, group in groupby(
            zip(plain, states, strict=True), lambda pair: pair[1]
        ):
            calls = plain.browse(call.id for call, _state in group)
            calls._set_state(state, keep_result=True, logged=False)
        return llamadas

    def write(self, vals):
        """Write values; a state that is written becomes its transition (M-42)."""
        state = vals.get("state")
        if not state or self._accion_may_set_state():
            result = super().write(vals)
            self._update_interventions(vals)
            return result
        rest = {name: value for name, value in vals.items() if name != "state"}
        if state == "pending":
            self._set_state(state)
        result = self.write(rest) if rest else True
        if state != "pending":
            self._set_state(state, keep_result="resultado_id" in vals)
        return result

    def _set_state(self, state, keep_result=False, logged=True):
        """Bring calls into a state, by the transition that leads there.

        :param str state: a value of the field
        :param bool keep_result: whether the result was given along with it
        :param bool logged: whether the history tells it
        """
        changing = self.filtered(lambda call: call.state != state)
        if not changing:
            return
        # What ended otherwise was a mistake, which its history tells.
        changing._do_reopen()
        if state == "done":
            changing._do_done(keep_result=keep_result, logged=logged)
        elif state == "cancel":
            changing._do_cancel()

    @api.model
    def _prepare_imported_vals(self, vals):
        """Take from what is imported when a call was made, which was not just now."""
        moment = fields.Datetime.to_datetime(vals.get("date_start") or vals.get("date"))
        if vals.get("state") == "done" and moment:
            length = timedelta(hours=vals.get("duration") or 0)
            vals = {"date_start": moment, "date_done": moment + length, **vals}
        return super()._prepare_imported_vals(vals)

    # ------------------------------------------------------------
    # Transitions
    # ------------------------------------------------------------

    def action_done(self):
        """Take note that calls were made; what was entered stays (M-42).

        Many are dealt with in the background.
        """
        notification = self._gck_bulk(
            "_bulk_done",
            title=self.env._("Calls made"),
            running=self.env._("%s calls are being marked in the background."),
        )
        return notification or True

    def _bulk_done(self):
        """Mark a chunk as made; what has ended already stays so."""
        self._filter_pending()._do_done()

    def _do_done(self, text=None, keep_result=False, logged=True):
        """Mark calls as made: the moment is set, an entered duration is kept.

        :param str text: what came of them
        :param bool keep_result: whether a result without an answer was meant; else it
            is that of an earlier attempt, and now somebody answered. That a call that
            came in was missed stays true once it is returned
        :param bool logged: whether the history tells it; not of a call that was noted
            as made
        """
        self._check_pending()
        now = fields.Datetime.now()
        self._check_begun(now)
        moments = {call: call._get_moments(now, returned=logged) for call in self}
        last = max((end for _start, end in moments.values()), default=now)
        self._accion_transition(
            "done",
            {**self._accion_finish_values(text), "date_done": last},
            text,
            logged=logged,
        )
        begun = self.filtered("date_start")
        for start, group in groupby(self - begun, lambda call: moments[call][0]):
            self.browse(call.id for call in group)._accion_correct(
                {"date_start": start}
            )
        earlier = self.filtered(lambda call: moments[call][1] != last)
        for end, group in groupby(earlier, lambda call: moments[call][1]):
            self.browse(call.id for call in group)._accion_correct({"date_done": end})
        stale = self.filtered(
            lambda call: (
                not call.resultado_id
                or (
                    call.outcome == "no_answer"
                    and call.direction == "out"
                    and not keep_result
                )
            )
        )
        for company, group in groupby(stale, lambda call: call.company_id):
            answered = self._get_result("answered", company)
            if answered:
                self.browse(call.id for call in group)._accion_correct(
                    {"resultado_id": answered.id}
                )
        self._log_interventions()

    def _check_begun(self, now):
        """:raises UserError: naming the call that is said to begin in the future"""
        latest = now + LATEST_START
        for llamada in self:
            if llamada.date_start and llamada.date_start > latest:
                raise UserError(
                    self.env._(
                        "%s cannot have been made yet: its start is in the future. "
                        "Correct the start, or leave the call pending.",
                        llamada.display_name,
                    )
                )

    def action_noted(self):
        """Say that the call was noted down, wherever its dialog was opened from."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "gck_llamada_noted",
            "params": {"id": self.id, "name": self.name},
        }

    def action_no_answer(self):
        """Count an attempt and plan the call again (O-46)."""
        self._check_pending()
        self._do_no_answer()
        return True

    def _do_no_answer(self, outcome="no_answer"):
        """Count an attempt without an answer; the last one allowed ends the call.

        Of a call that came in, to be returned, what became of it and when stays.

        :param str outcome: a value of ``gck.llamada.resultado.outcome``
        """
        now = fields.Datetime.now()
        for (company, direction, attempts), group in groupby(
            self, lambda call: (call.company_id, call.direction, call.attempts + 1)
        ):
            llamadas = self.browse(call.id for call in group)
            values, moment = {"attempts": attempts}, {}
            if direction == "out":
                values["resultado_id"] = self._get_result(outcome, company).id
                moment = {"date_start": now}
            limit = company.gck_llamada_max_attempts
            if limit and attempts >= limit:
                llamadas._accion_transition(
                    "done",
                    {**values, **self._accion_finish_values(), **moment},
                    self.env._("Nobody answered after %s attempts.", attempts),
                )
                llamadas._log_interventions()
                continue
            hours = company.gck_llamada_retry_hours
            planned = company._gck_plan_hours([(now, hours)])[now, hours]
            llamadas._accion_correct({**values, "date_deadline": planned}, logged=True)

    def action_cancel(self):
        """Call off calls that are not made after all."""
        self._check_pending()
        self._do_cancel()
        return True

    def _do_cancel(self, reason=None):
        """Call off pending calls."""
        self._check_pending()
        self._accion_transition("cancel", self._accion_finish_values(reason), reason)

    def action_reopen(self):
        """Set calls back to pending."""
        self._do_reopen()
        return True

    def _do_reopen(self, reason=None):
        """Bring calls that ended back to pending; the duration entered stays."""
        ended = self.filtered("is_locked")
        ended._drop_interventions()
        ended._accion_transition("pending", self._accion_reopen_values(), reason)

    def _accion_correct(self, values, logged=False):
        """Write what belongs to the system, without a change of state.

        :param dict values: the same for all these calls
        :param bool logged: whether the history tells it, in one batch
        """
        before = {call.id: call._get_shown_values(values) for call in self}
        self.with_context(gck_transition=_TRANSITION, mail_notrack=True).write(values)
        if logged:
            self._message_log_batch(
                {
                    call.id: Markup("%s")
                    % self._format_changes(
                        before[call.id], call._get_shown_values(values)
                    )
                    for call in self
                }
            )

    @api.model
    def _accion_is_manager(self):
        return self.env.user.has_group("gck_llamadas.group_gck_llamada_manager")

    @api.model
    def _accion_unlocked_fields(self):
        """What is known of a call only afterwards can be noted afterwards."""
        return super()._accion_unlocked_fields() | {
            "resultado_id",
            "duration",
            "description",
            "motivo_id",
            "subject",
            "partner_id",
            "contact_id",
            "lead_id",
            "caller_name",
            "tipo_id",
        }

    @api.model
    def _get_result(self, outcome, company=None):
        """Return the first result in use that has a meaning, or none.

        :param str outcome: a value of ``gck.llamada.resultado.outcome``
        :param company: whose calls it is for, the current one unless told
        """
        company = company or self.env.company
        return self.env["gck.llamada.resultado"].search(
            [("outcome", "=", outcome), ("company_id", "in", [company.id, False])],
            limit=1,
        )
