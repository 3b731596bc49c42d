from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime, groupby

from .gck_asignable_mixin import NAMES_SHOWN


class GckAviso(models.Model):
    """The life of a notice: dealt with, closed, cancelled, reopened (K-17, K-44)."""

    _inherit = "gck.aviso"

    _gck_bulk_methods = ("_bulk_close",)

    def action_open(self):
        """Start to deal with notices: the user takes those that are nobody's."""
        waiting = self.filtered(lambda aviso: aviso.state == "new")
        if self.env.user.active:  # the system itself takes nothing upon it
            waiting.filtered(lambda aviso: not aviso.user_id).write(
                {"user_id": self.env.uid}
            )
        if waiting:
            waiting._accion_transition("open")
        return True

    def action_close(self):
        """Close notices whose tasks are all done (K-44).

        The company decides what open tasks do: refuse (default), ask, or nothing.

        :return: an action dictionary when the company wants to be asked, else True
        :raises UserError: naming the open tasks of each notice, or who closed it
        """
        self._check_not_finished()
        pending = self._check_not_blocked()
        to_ask = self.browse(
            aviso.id for aviso in pending if aviso.company_id.gck_close_rule == "warn"
        )
        if to_ask:
            return self._accion_ask("close", self._get_pending_message(to_ask, pending))
        self._close_checked()
        return True

    def action_close_possible(self):
        """Close what can be closed of a selection and say what was not, and why.

        Many are closed in the background.

        :return: a notification
        """
        if self._gck_is_large():
            return self._gck_bulk(
                "_bulk_close",
                title=self.env._("Close notices"),
                running=self.env._("%s notices are being closed in the background."),
            )
        open_avisos = self._filter_pending()
        closable, refused, future, pending = open_avisos._split_closable()
        failures, _error = closable._gck_run_isolated("_close_checked")
        lines = [self.env._("%s notices closed.", len(closable) - len(failures))]
        already = self - open_avisos
        if already:
            lines.append(
                self.env._("Already closed: %s.", self._accion_join_names(already))
            )
        if future:
            lines.append(
                self.env._("Dated in the future: %s.", self._accion_join_names(future))
            )
        if refused:
            lines.append(self._get_pending_message(refused, pending))
        if failures:
            lines.append(self.env._("These could not be done:"))
            lines += self.browse(failures)._gck_get_failure_lines(failures)
        return self._gck_get_notification(
            "\n".join(lines), "warning" if refused or future or failures else "success"
        )

    def _bulk_close(self):
        """Close what can be closed of a chunk; what is closed already stays so.

        :return: ``{notice: why it was left open}``
        """
        closable, refused, future, pending = self._filter_pending()._split_closable()
        closable._close_checked()
        return {
            **{aviso: self._get_pending_message(aviso, pending) for aviso in refused},
            **dict.fromkeys(future, self.env._("It is dated in the future.")),
        }

    def _split_closable(self):
        """Tell open notices that can be closed from those that cannot.

        :return: notices to close, those that open tasks keep open, those dated in the
            future, and ``{notice: its open tasks}``
        """
        pending = self._get_pending_tareas()
        refused = self.browse(
            aviso.id for aviso in pending if aviso.company_id.gck_close_rule != "allow"
        )
        future = (self - refused).filtered(
            lambda aviso: aviso.date > fields.Datetime.now()
        )
        return self - refused - future, refused, future, pending

    def action_reopen(self):
        """Open the dialog that asks a manager why notices are reopened."""
        self._accion_check_manager()
        return self._accion_ask("reopen")

    def action_cancel(self):
        """Open the dialog that asks why notices are cancelled."""
        self._check_not_finished()
        return self._accion_ask("cancel")

    def _do_close(self, reason=None):
        """Close without asking.

        :raises UserError: where the company refuses to close with open tasks
        """
        self._check_not_finished()
        self._check_not_blocked()
        self._close_checked(reason)

    def _close_checked(self, reason=None):
        """Close notices that are open and that no task keeps from closing."""
        if self:
            self._accion_transition("done", self._accion_finish_values(reason), reason)

    def _do_reopen(self, reason):
        """Bring closed notices back to work.

        :raises AccessError: unless the user is a manager
        """
        self._accion_check_manager()
        finished = self.filtered("is_locked")
        finished._accion_transition("open", self._accion_reopen_values(), reason)

    def _do_cancel(self, reason):
        """Cancel notices; their open tasks have to end first.

        :raises UserError: naming the open tasks
        """
        self._check_not_finished()
        pending = self._get_pending_tareas()
        if pending:
            raise UserError(self._get_pending_message(self.union(*pending), pending))
        self._accion_transition("cancel", self._accion_finish_values(reason), reason)

    def _check_not_finished(self):
        """:raises UserError: naming the notices already closed, by whom and when"""
        finished = self.filtered("is_locked")
        if finished:
            # sudo: the name of whoever closed it is only read for the message.
            lines = [
                self.env._(
                    "%(notice)s was already closed by %(user)s on %(date)s.",
                    notice=aviso.name,
                    user=aviso.sudo().done_user_id.name or self.env._("the system"),
                    date=format_datetime(
                        self.env, aviso.date_done or aviso.write_date, dt_format="short"
                    ),
                )
                for aviso in finished[:NAMES_SHOWN]
            ]
            raise UserError("\n".join(lines))

    def _check_not_blocked(self):
        """Refuse to close notices with open tasks where the company says so.

        :return: ``{notice: its open tasks}``
        :raises UserError: naming the tasks
        """
        pending = self._get_pending_tareas()
        blocked = self.browse(
            aviso.id for aviso in pending if aviso.company_id.gck_close_rule == "block"
        )
        if blocked:
            raise UserError(self._get_pending_message(blocked, pending))
        return pending

    def _get_pending_tareas(self):
        """Return the open tasks of these notices.

        :return: ``{notice: its open tasks, as superuser}``
        """
        # sudo: an open task of another department blocks the notice all the same.
        tareas = (
            self.env["gck.tarea"]
            .sudo()
            .search([("aviso_id", "in", self.ids), ("accion_state", "=", "pending")])
        )
        return {
            self.browse(aviso_id): tareas.browse(tarea.id for tarea in group)
            for aviso_id, group in groupby(tareas, lambda tarea: tarea.aviso_id.id)
        }

    @api.model
    def _get_pending_message(self, avisos, pending):
        """Return the text that names what keeps notices from closing."""
        title = self.env._("These tasks are still open. Finish or cancel them first:")
        lines = [
            f"– {aviso.name}: {tarea.display_name}"
            f" ({tarea.user_id.name or self.env._('unassigned')})"
            for aviso in avisos
            for tarea in pending[aviso]
        ]
        if len(lines) > NAMES_SHOWN:
            rest = self.env._("… and %s more tasks.", len(lines) - NAMES_SHOWN)
            lines = [*lines[:NAMES_SHOWN], rest]
        return "\n".join([title, *lines])

    @api.model
    def _get_work_refusal(self, closed):
        return self.env._(
            "These notices are closed: %s. A manager has to reopen them before "
            "work is added.",
            self._accion_join_names(closed),
        )

    def _on_work_added(self):
        """Take note that a task or intervention was added or reopened.

        A closed notice refuses it when the company blocks closing with open tasks;
        one that waited in Recepción leaves the queue (K-17).

        :raises UserError: naming the closed notices
        """
        if not self:
            return
        # sudo: a task may be within the user's reach and its notice not.
        self = self.sudo()
        # A plain UPDATE, so that closing the same notice in another transaction
        # collides with it: one of the two is retried and sees the other's work.
        self.env.execute_query(
            SQL(
                "UPDATE gck_aviso SET write_date = write_date WHERE id IN %s"
                " RETURNING id",
                tuple(self.ids),
            )
        )
        closed = self.filtered("is_locked")
        refused = closed.filtered(
            lambda aviso: (
                aviso.company_id.gck_close_rule == "block"
                or aviso.accion_state == "cancel"
            )
        )
        if refused:
            raise UserError(self._get_work_refusal(refused))
        closed._message_log_batch(
            {
                aviso.id: Markup("<p>%s</p>")
                % self.env._("Work was added after the notice had been closed.")
                for aviso in closed
            }
        )
        waiting = self.filtered(lambda aviso: aviso.state == "new")
        if waiting:
            waiting._accion_transition("open")
