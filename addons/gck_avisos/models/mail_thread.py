import logging

from odoo import models

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """Log what was mailed outside for a task as an intervention on it (K-40).

        The task is the record itself, or the one from whose form a document, such
        as a quotation, was sent (``gck_tarea_id`` in the context).
        """
        recipients_data = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        tarea = self._gck_get_tarea_of_message()
        if tarea and message.message_type in ("comment", "email_outgoing"):
            outside_ids = [
                data["id"]
                for data in recipients_data or []
                if data["id"] and (data["share"] or not data["uid"])
            ]
            if outside_ids:
                tarea._accion_log_email(
                    message, self.env["res.partner"].browse(outside_ids)
                )
        return recipients_data

    def _thread_to_store(self, store, fields, *, request_list=None):
        """Tell the chatter how many actions hang from its record, for its button."""
        result = super()._thread_to_store(store, fields, request_list=request_list)
        if (
            request_list
            and not self.env.su
            and self.env.user.has_group("gck_avisos.group_gck_aviso_user")
        ):
            for thread in self.filtered("id"):
                try:
                    with self.env.cr.savepoint():
                        count, pending = self.env["gck.accion"]._count_of_record(thread)
                except Exception:
                    # The chatter of every app goes on without the button.
                    _logger.exception("The actions of %s could not be counted", thread)
                    continue
                store.add(
                    thread,
                    {"gck_accion_count": count, "gck_accion_pending": pending},
                    as_thread=True,
                )
        return result

    def _gck_get_tarea_of_message(self):
        """Return the task on which a message of this record is to be logged."""
        Tarea = self.env["gck.tarea"]
        if self._name == Tarea._name:
            return self
        tarea_id = self.env.context.get("gck_tarea_id")
        if not isinstance(tarea_id, int):
            return Tarea
        tarea = Tarea.browse(tarea_id).exists()
        return tarea if tarea and tarea.has_access("write") else Tarea
