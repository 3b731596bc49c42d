from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, groupby, is_html_empty

from odoo.addons.gck_avisos.models.gck_asignable_mixin import NAMES_SHOWN


class GckReclamacion(models.Model):
    """The life of a claim: opened, evaluated, closed or rejected (O-11…O-15)."""

    _inherit = "gck.reclamacion"

    _gck_bulk_methods = ("_bulk_open", "_bulk_close")

    # ------------------------------------------------------------
    # Open
    # ------------------------------------------------------------

    def action_open(self):
        """Open claims that have all they need (O-11).

        :raises UserError: listing what each of them lacks, all in one message
        """
        self._check_state(("draft",), self.env._("Only drafts can be opened: %s."))
        missing = self._get_missing_to_open()
        if missing:
            raise UserError(
                self._format_missing(
                    missing, self.env._("These cannot be opened yet. They lack:")
                )
            )
        self._open_checked()
        return True

    def action_open_possible(self):
        """Open what can be opened of a selection and name the rest, and why.

        Many are opened in the background.

        :return: a notification
        """
        return self._gck_bulk_possible(
            "_bulk_open",
            title=self.env._("Open claims"),
            running=self.env._("%s claims are being opened in the background."),
            done=self.env._("Claims opened: %s."),
        )

    def _bulk_open(self):
        """Open what can be opened of a chunk; what is open already stays so.

        :return: ``{claim: why it was left as it was}``
        """
        drafts = self.filtered(lambda r: r.state == "draft")
        missing = drafts._get_missing_to_open()
        (drafts - self.browse(r.id for r in missing))._open_checked()
        begun = dict.fromkeys(self - drafts, self.env._("It is no draft any more."))
        return begun | {
            reclamacion: self.env._("It lacks: %s.", ", ".join(labels))
            for reclamacion, labels in missing.items()
        }

    def _open_checked(self):
        if self:
            self._accion_transition("open", {"date_open": fields.Datetime.now()})

    def _get_missing_to_open(self):
        """Return what claims lack to be opened (O-7, O-8, O-9).

        :return: ``{claim: [names of what is missing]}``
        """
        result = {}
        for reclamacion in self:
            tipo = reclamacion.tipo_id
            needed = {
                "partner_id": reclamacion.direction != "internal",
                "evaluator_id": True,
                "solver_id": True,
                "tipo_id": True,
                "categoria_id": True,
                "documento_name": tipo.require_document,
                "linea_ids": tipo.require_lines,
                "message_attachment_count": tipo.require_evidence,
            }
            names = [
                name for name, need in needed.items() if need and not reclamacion[name]
            ]
            if names:
                labels = self._get_missing_labels()
                result[reclamacion] = [labels[name] for name in names]
        return result

    @api.model
    def _get_missing_labels(self):
        """Return ``{name of a field: how it is called when it is missing}``."""
        names = (
            "partner_id",
            "evaluator_id",
            "solver_id",
            "tipo_id",
            "categoria_id",
            "documento_name",
            "linea_ids",
            "causa_id",
            "causa_text",
            "resolution",
        )
        described = self.fields_get(names, ["string"])
        labels = {name: described[name]["string"] for name in names}
        labels["message_attachment_count"] = self.env._("A file as evidence")
        return labels

    @api.model
    def _format_missing(self, missing, title):
        """Return one message that names what each claim lacks.

        :param dict missing: ``{claim: [texts]}``
        :param str title: the first line
        """
        lines = [
            f"– {reclamacion.display_name}: {', '.join(texts)}"
            for reclamacion, texts in missing.items()
        ]
        if len(lines) > NAMES_SHOWN:
            rest = self.env._("… and %s more.", len(lines) - NAMES_SHOWN)
            lines = [*lines[:NAMES_SHOWN], rest]
        return "\n".join([title, *lines])

    # ------------------------------------------------------------
    # Evaluate
    # ------------------------------------------------------------

    def action_evaluate(self):
        """Take note that causes are known (O-13).

        :raises UserError: naming the claims whose cause is missing
        """
        self._check_state(
            ("open",), self.env._("Only open claims can be evaluated: %s.")
        )
        missing = self._get_missing_to_evaluate()
        if missing:
            raise UserError(
                self._format_missing(
                    missing, self.env._("These cannot be evaluated yet. They lack:")
                )
            )
        self._accion_transition("evaluated", {"date_evaluated": fields.Datetime.now()})
        return True

    def _get_missing_to_evaluate(self):
        """Return what claims lack to be evaluated: ``{claim: [names]}``."""
        labels = self._get_missing_labels()
        result = {}
        for reclamacion in self:
            texts = []
            if not reclamacion.causa_id:
                texts.append(labels["causa_id"])
            if reclamacion.tipo_id.require_cause_text and is_html_empty(
                reclamacion.causa_text
            ):
                texts.append(labels["causa_text"])
            if texts:
                result[reclamacion] = texts
        return result

    # ------------------------------------------------------------
    # Close, reject, reopen
    # ------------------------------------------------------------

    def action_close(self):
        """Close claims whose causes are known and whose actions are done (O-15).

        Asks for the resolution where nobody has written it yet.

        :return: an action dictionary when the resolution is asked for, else True
        :raises UserError: listing what keeps each of them from closing
        """
        self._check_closable()
        if not all(reclamacion.resolution for reclamacion in self):
            return self._accion_ask("done")
        self._close_checked()
        return True

    def action_close_possible(self):
        """Close what can be closed of a selection and name the rest, and why."""
        return self._gck_bulk_possible(
            "_bulk_close",
            title=self.env._("Close claims"),
            running=self.env._("%s claims are being closed in the background."),
            done=self.env._("Claims closed: %s."),
        )

    def _bulk_close(self):
        """Close what can be closed of a chunk; what is closed already stays so.

        :return: ``{claim: why it was left as it was}``
        """
        waiting = self._filter_pending()
        blockers = waiting._get_close_blockers()
        label = self._get_missing_labels()["resolution"]
        for reclamacion in waiting:
            if not reclamacion.resolution:
                blockers.setdefault(reclamacion, []).append(
                    self.env._("missing: %s", label)
                )
        (waiting - self.browse(r.id for r in blockers))._close_checked()
        ended = dict.fromkeys(self - waiting, self.env._("It had ended already."))
        return ended | {
            reclamacion: self.env._("It cannot be closed yet: %s.", ", ".join(texts))
            for reclamacion, texts in blockers.items()
        }

    def _do_done(self, text=None):
        """Close with the resolution given, which stays where there is one already.

        :raises UserError: listing what keeps each of them from closing
        """
        self._check_closable()
        if text:
            self.filtered(lambda r: not r.resolution).write({"resolution": text})
        self._close_checked()

    def _close_checked(self):
        """Close claims that nothing keeps from closing; evaluate those that were not.

        The closing text is the resolution, one write for each that differs.
        """
        now = fields.Datetime.now()
        for (text, evaluated), group in groupby(
            self, lambda r: (r.resolution, bool(r.date_evaluated))
        ):
            values = self._accion_finish_values(text)
            if not evaluated:
                values["date_evaluated"] = now
            self.browse(r.id for r in group)._accion_transition("done", values, text)

    def _check_closable(self):
        """:raises UserError: listing what keeps each of these from closing"""
        self._check_state(
            ("open", "evaluated"), self.env._("Only open claims can be closed: %s.")
        )
        self._lock_to_end()
        blockers = self._get_close_blockers()
        if blockers:
            raise UserError(
                self._format_missing(
                    blockers, self.env._("These cannot be closed yet:")
                )
            )

    def _get_close_blockers(self):
        """Return what keeps claims from closing (O-13, O-14).

        An addon whose documents must end first, such as repairs, adds them.

        :return: ``{claim: [texts]}``, in the order in which they are to be mended
        """
        result = {}
        for reclamacion in self.filtered(lambda r: r.state == "draft"):
            result.setdefault(reclamacion, []).append(self.env._("it is a draft"))
        for reclamacion, texts in self._get_missing_to_evaluate().items():
            result.setdefault(reclamacion, []).extend(
                self.env._("missing: %s", text) for text in texts
            )
        # sudo: an open action or task out of reach blocks the claim all the same.
        trusted = self.sudo()
        for model_name, label in (
            ("gck.reclamacion.accion", self.env._("open action: %s")),
            ("gck.tarea", self.env._("open task: %s")),
        ):
            pending = trusted.env[model_name].search(
                [("reclamacion_id", "in", self.ids), ("accion_state", "=", "pending")]
            )
            for record in pending:
                reclamacion = self.browse(record.reclamacion_id.id)
                text = label % record.display_name
                if record.user_id:
                    text += f" ({record.user_id.name})"
                result.setdefault(reclamacion, []).append(text)
        for reclamacion, texts in trusted._get_accion_blockers().items():
            result.setdefault(self.browse(reclamacion.id), []).extend(texts)
        return result

    def _get_accion_blockers(self):
        """Return what the types ask of the solution actions: ``{claim: [texts]}``."""
        demanding = self.filtered(
            lambda r: r.tipo_id.require_accion or r.tipo_id.require_efficacy
        )
        acciones = self.env["gck.reclamacion.accion"].search(
            [
                ("reclamacion_id", "in", demanding.ids),
                ("accion_state", "=", "done"),
            ]
        )
        done = {
            reclamacion: acciones.browse(a.id for a in group)
            for reclamacion, group in groupby(acciones, lambda a: a.reclamacion_id)
        }
        result = {}
        for reclamacion in demanding:
            own = done.get(reclamacion, acciones.browse())
            if reclamacion.tipo_id.require_accion and not own:
                result.setdefault(reclamacion, []).append(
                    self.env._("no solution action is done")
                )
            if reclamacion.tipo_id.require_efficacy:
                result.setdefault(reclamacion, []).extend(
                    self.env._("effectiveness not checked: %s", accion.display_name)
                    for accion in own
                    if accion.needs_efficacy and not accion.efficacy
                )
        return {reclamacion: texts for reclamacion, texts in result.items() if texts}

    def action_reject(self):
        """Open the dialog that asks why claims are rejected (O-15)."""
        self._check_not_locked()
        return self._accion_ask("reject")

    def _do_reject(self, reason):
        """End claims without solving them.

        :raises UserError: naming those that have ended already, or open actions
        """
        self._check_not_locked()
        self._lock_to_end()
        # sudo: open work out of reach has to end all the same.
        trusted = self.sudo()
        trusted.accion_ids._filter_pending()._do_cancel(reason)
        trusted.tarea_ids._filter_pending()._do_cancel(reason)
        self._accion_transition("rejected", self._accion_finish_values(reason), reason)

    def action_reopen(self):
        """Open the dialog that asks a manager why claims are reopened (O-15)."""
        self._accion_check_manager()
        return self._accion_ask("reopen")

    def _do_reopen(self, reason):
        """Bring ended claims back to the stage that they had reached.

        :raises AccessError: unless the user manages their direction
        """
        self._accion_check_manager()
        merged = self.filtered("merged_into_id")
        if merged:
            raise UserError(
                self.env._(
                    "These were merged into another claim and stay so: %s.",
                    self._accion_join_names(merged),
                )
            )
        finished = self.filtered("is_locked")
        for (state, count), group in groupby(
            finished, lambda r: (r._get_reached_state(), r.reopen_count)
        ):
            self.browse(r.id for r in group)._accion_transition(
                state,
                {**self._accion_reopen_values(), "reopen_count": count + 1},
                reason,
            )

    def _get_reached_state(self):
        """Return the state that a claim had before it ended."""
        self.ensure_one()
        if self.date_evaluated:
            return "evaluated"
        return "open" if self.date_open else "draft"

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _accion_check_manager(self):
        """:raises AccessError: unless the user manages the direction of each claim"""
        managed = self._get_managed_directions()
        if not set(self.mapped("direction")) <= managed:
            raise AccessError(
                self.env._("Only a manager may do this. Ask one of them to do it.")
            )

    @api.model
    def _accion_is_manager(self):
        return self.env.user.has_group(
            "gck_reclamaciones.group_gck_reclamacion_manager"
        )

    def _get_state_refusal(self):
        return self.env._(
            "The state is changed with the buttons, not written: use Open, Evaluate, "
            "Close, Reject or Reopen."
        )

    @api.model
    def _accion_unlocked_fields(self):
        """Nothing but the conversation changes once closed; tokens are technical."""
        return {"state", "access_token"}

    def _check_state(self, states, message):
        """:raises UserError: naming those that are in none of the states

        :raises AccessError: unless the user may write on them, before all else
        """
        self.check_access("write")
        others = self.filtered(lambda r: r.state not in states)
        if others or not self:
            raise UserError(
                message % self._accion_join_names(others)
                if others
                else self.env._("Choose at least one claim.")
            )

    def _check_not_locked(self):
        """:raises UserError: naming the claims that have ended

        :raises AccessError: unless the user may write on them, before all else
        """
        self.check_access("write")
        self._check_pending()

    def _lock_for_change(self):
        """Let nobody else end these claims, or add to them, in this transaction.

        A plain UPDATE: of two at once, one is retried and sees the other's work.
        """
        if self.ids:
            self.env.execute_query(
                SQL(
                    "UPDATE gck_reclamacion SET write_date = write_date WHERE id IN %s"
                    " RETURNING id",
                    tuple(self.ids),
                )
            )

    def _lock_to_end(self):
        """Let nobody else add to these claims in this transaction, which ends them.

        Whoever adds work meanwhile waits, and is retried once they have ended; what
        was added before makes this one be retried. They are written soon, so that
        there is no need to write them here as ``_lock_for_change`` does.
        """
        if self.ids:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM gck_reclamacion WHERE id IN %s"
                    " ORDER BY id FOR NO KEY UPDATE",
                    tuple(self.ids),
                )
            )

    def _on_part_changed(self):
        """Take note that a line, action, task or cost of these claims changes.

        :raises UserError: naming the claims that have ended
        """
        if not self:
            return
        # sudo: an action may be within the user's reach and its claim not.
        self = self.sudo()
        self._lock_for_change()
        locked = self.filtered("is_locked")
        if locked:
            raise UserError(
                self.env._(
                    "These claims are closed: %s. A manager has to reopen them before "
                    "anything of them changes.",
                    self._accion_join_names(locked),
                )
            )

    # ------------------------------------------------------------
    # Costs
    # ------------------------------------------------------------

    def action_charge_hours(self):
        """Count the hours logged on its tasks as labour of the claim.

        :raises UserError: when there are no hours, or an hour costs nothing yet
        """
        self.ensure_one()
        self.check_access("write")
        self._check_not_locked()
        self.env["gck.reclamacion.coste"]._charge_hours(self)
        return True
