from collections import defaultdict

from markupsafe import Markup

from odoo import api, models
from odoo.tools import SQL, clean_context, groupby

from .gck_asignable_mixin import NAMES_SHOWN

LOG_KEY = "gck_avisos.gck_tarea_changes"


class GckTarea(models.Model):
    """Whom a task concerns hears what others did with it (M-24).

    Changes are gathered until the end of the transaction, as mail tracking does: who
    postpones a thousand tasks, each to its own moment, sends one message to each
    person.
    """

    _inherit = "gck.tarea"

    _reminder_action = "gck_avisos.action_gck_tarea_mine"

    # What responsible and requester agreed on, in the order in which it is told.
    _told_fields = (
        "user_id",
        "date_deadline",
        "priority",
        "subject",
        "partner_id",
        "description",
    )
    # Writing these may fill in some of the others.
    _telling_fields = {*_told_fields, "tipo_id", "aviso_id", "department_id"}

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create tasks; what is written on them right after is no change."""
        tareas = super().create(vals_list)
        self._get_change_log()["created"].update(tareas.ids)
        return tareas

    def write(self, vals):
        """Write values; who else has to do with the tasks is told (M-24)."""
        if self._telling_fields & vals.keys() and not self._is_change_silent():
            self._remember_values()
        return super().write(vals)

    # ------------------------------------------------------------
    # What changed
    # ------------------------------------------------------------

    def _is_change_silent(self):
        """Tell whether nobody hears of changes made here: data that is loaded."""
        context = self.env.context
        return any(
            context.get(name)
            for name in ("mail_auto_subscribe_no_notify", "import_file", "install_mode")
        )

    def _get_change_log(self):
        """Return what was done to tasks in this transaction, told at its end.

        :return: ``{"created": ids, "before": {uid: {task id: {field: value}}}}``
        """
        precommit = self.env.cr.precommit
        if LOG_KEY not in precommit.data:
            precommit.data[LOG_KEY] = {"created": set(), "before": {}}
            precommit.add(self.browse()._tell_changes)
        return precommit.data[LOG_KEY]

    def _remember_values(self):
        log = self._get_change_log()
        before = log["before"].setdefault(self.env.uid, {})
        for tarea in self:
            if tarea.id not in before and tarea.id not in log["created"]:
                before[tarea.id] = tarea._get_told_values()

    def _get_told_values(self):
        """Return the values that people are told about, as they are compared."""
        self.ensure_one()
        return {
            name: self._fields[name].convert_to_write(self[name], self) or False
            for name in self._told_fields
        }

    def _tell_changes(self):
        """Tell the people of the tasks what was changed in this transaction."""
        log = self.env.cr.precommit.data.pop(LOG_KEY)
        for uid, before in log["before"].items():
            # sudo: whoever handed a task over may no longer see it; those who are
            # told do.
            tareas = (
                self.with_user(uid)
                .with_context(clean_context(self.env.context))
                .sudo()
                .browse(before)
            )
            tareas.exists()._filter_pending()._notify_changes(before)

    def _notify_changes(self, before):
        """Tell responsible and requester, and who was responsible, what changed.

        :param dict before: ``{task id: {field: former value}}``
        """
        former_ids = {before[tarea.id]["user_id"] for tarea in self} - {False}
        known = self.env["res.users"].browse(former_ids).exists()
        people = {}
        for tarea in self:
            former, current = before[tarea.id], tarea._get_told_values()
            if former == current:
                continue
            concerned = tarea.user_id | tarea.requester_id
            if former["user_id"] != current["user_id"]:
                # The new responsible has been told that the task is theirs.
                concerned -= tarea.user_id
                concerned |= known.browse(former["user_id"] or ()) & known
            people[tarea.id] = concerned
        self.browse(people)._notify_people(
            people,
            lambda env: env._("Changes in %s"),
            get_details=lambda tarea: tarea._format_told_changes(before[tarea.id]),
        )

    def _format_told_changes(self, former):
        """Return in HTML what changed, in the language of this environment.

        :param dict former: ``{field: former value}``
        """
        self.ensure_one()
        changed = {
            name: former[name]
            for name, value in self._get_told_values().items()
            if former[name] != value
        }
        rewritten = changed.pop("description", None) is not None
        before = {
            name: self._get_shown_value(
                name, self._fields[name].convert_to_record(value or None, self)
            )
            for name, value in changed.items()
        }
        changes = self._format_changes(before, self._get_shown_values(changed))
        if rewritten:
            # Which words of a long text are new is better read on the task.
            changes += Markup("<p>%s</p>") % self.env._("The description is another.")
        return changes

    # ------------------------------------------------------------
    # Whom it concerns
    # ------------------------------------------------------------

    def _notify_concerned(self, get_subject, note=None):
        """Tell responsible and requester what became of the tasks (M-24)."""
        people = {tarea.id: tarea.user_id | tarea.requester_id for tarea in self}
        self._notify_people(people, get_subject, note)

    def _notify_people(self, people, get_subject, note=None, get_details=None):
        """Tell people about these tasks, save who is doing it and who has left.

        Each gets one message with all of theirs; those with the same tasks share it.

        :param dict people: ``{task id: res.users}``
        :param get_subject, note, get_details: as in ``_accion_notify``
        """
        ids_by_user = defaultdict(list)
        for tarea in self:
            # sudo: whether a colleague is archived is read, and the partner.
            for user in people[tarea.id].sudo():
                if user.active and user != self.env.user:
                    ids_by_user[user].append(tarea.id)
        for ids, users in groupby(ids_by_user, lambda user: tuple(ids_by_user[user])):
            partners = self.env["res.users"].sudo().union(*users).partner_id
            self.browse(ids)._accion_notify(partners, get_subject, note, get_details)

    # ------------------------------------------------------------
    # Jobs in bulk: told once, at their end
    # ------------------------------------------------------------

    def _bulk_reassign(self, vals, note=None):
        """Hand tasks over; a job takes down whose they were, to tell them."""
        if lote_id := self.env.context.get("gck_lote_id"):
            self.flush_recordset(["user_id"])
            self.env.execute_query(
                SQL(
                    "UPDATE gck_lote_linea AS line SET former_user_id = tarea.user_id"
                    " FROM gck_tarea AS tarea WHERE tarea.id = line.res_id"
                    " AND line.lote_id = %s AND tarea.id IN %s RETURNING line.id",
                    lote_id,
                    tuple(self.ids),
                )
            )
        return super()._bulk_reassign(vals, note)

    @api.model
    def _gck_bulk_finished(self, lote):
        result = super()._gck_bulk_finished(lote)
        if lote.method in ("_bulk_postpone", "_bulk_reassign", "_bulk_transition"):
            self._bulk_tell_concerned(lote)
        return result

    @api.model
    def _bulk_tell_concerned(self, lote):
        """Tell responsible and requester, and whose a task was: one message each.

        Who launched it is not told, nor who has been told that the tasks are theirs.
        """
        told_ids = {self.env.uid}
        if lote.method == "_bulk_reassign":
            told_ids.add(self._bulk_get_given(lote.params["vals"]).id)
        people = self._bulk_get_people(lote)
        # sudo: language and time zone of colleagues, and whether they have left.
        users = self.env["res.users"].sudo().browse(people).exists()
        note = lote.params.get("note") or lote.params.get("text")
        for user in users.filtered(lambda u: u.active and u.id not in told_ids):
            count, ids = people[user.id]
            # sudo: whoever handed a task over may no longer see it; those who are
            # told do.
            tareas = self.sudo().with_context(
                lang=user.lang or self.env.lang,
                tz=user.tz or self.env.context.get("tz"),
            )
            if subject := tareas._bulk_get_subject(lote, count):
                tareas.browse(ids)._accion_notify_in_language(
                    user.partner_id, subject, note
                )

    @api.model
    def _bulk_get_people(self, lote):
        """Return whom the tasks of a job concern, with some of theirs.

        Tasks that the job found as they had to be are left out: nothing was written.

        :return: ``{user id: (number of tasks, ids of the first)}``
        """
        self.flush_model(["user_id", "requester_id", "write_date"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT person.id, count(*),
                       (array_agg(tarea.id ORDER BY tarea.id))[1:%(shown)s]
                  FROM gck_lote_linea AS line
                  JOIN gck_lote AS lote ON lote.id = line.lote_id
                  JOIN gck_tarea AS tarea ON tarea.id = line.res_id
                   AND tarea.write_date >= lote.date_start
                 CROSS JOIN LATERAL (
                        SELECT tarea.user_id UNION SELECT tarea.requester_id
                        UNION SELECT line.former_user_id
                       ) AS person (id)
                 WHERE line.lote_id = %(lote)s AND line.state = 'done'
                   AND person.id IS NOT NULL
                 GROUP BY person.id
                 ORDER BY person.id
                """,
                lote=lote.id,
                shown=NAMES_SHOWN,
            )
        )
        return {user_id: (count, ids) for user_id, count, ids in rows}

    @api.model
    def _bulk_get_subject(self, lote, count):
        """Return what a job did with a number of tasks, with ``%s`` for their names."""
        names = {"count": count, "names": "%s"}
        one, many = {
            "done": (
                self.env._("%s is finished"),
                self.env._(
                    "%(count)s tasks are finished, among them %(names)s", **names
                ),
            ),
            "cancel": (
                self.env._("%s was cancelled"),
                self.env._(
                    "%(count)s tasks were cancelled, among them %(names)s", **names
                ),
            ),
            "_bulk_postpone": (
                self.env._("%s was postponed"),
                self.env._(
                    "%(count)s tasks were postponed, among them %(names)s", **names
                ),
            ),
            "_bulk_reassign": (
                self.env._("%s was given to somebody else"),
                self.env._(
                    "%(count)s tasks were given to somebody else, among them %(names)s",
                    **names,
                ),
            ),
        }.get(lote.params.get("transition", lote.method), (None, None))
        return one if count == 1 else many

    # ------------------------------------------------------------
    # Reminder
    # ------------------------------------------------------------

    @api.model
    def _get_reminder_texts(self, env, records):
        if len(records) == 1:
            subject = env._("%s is late", records.display_name)
        else:
            subject = env._("You have %s late tasks", len(records))
        return {
            "subject": subject,
            "title": env._("These tasks are past their deadline:"),
            "link": env._("Open my tasks"),
        }
