from datetime import datetime, time, timedelta

from pytz import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime

from odoo.addons.gck_avisos.models.gck_accion_mixin import _TRANSITION
from odoo.addons.gck_avisos.models.gck_asignable_mixin import STAFF_DOMAIN

# Who took a call of a shared list and left it so long is not on it any more.
CLAIM_MINUTES = 60
DAY_END = time(23, 59)


class GckLlamadaCampana(models.Model):
    """A call list: many calls for one reason, made one after another (O-45).

    Its calls are made by the people of the list, each their own (``turns``) or
    whoever is free (``shared``).
    """

    _name = "gck.llamada.campana"
    _description = "Call list"
    _inherit = ["mail.thread"]
    _order = "state desc, date_start desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, index="trigram", tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    motivo_id = fields.Many2one(
        "gck.motivo",
        string="Reason",
        required=True,
        check_company=True,
        ondelete="restrict",
        help="Why the calls are made: each of them gets it.",
    )
    tipo_id = fields.Many2one(
        "gck.llamada.tipo", string="Type", check_company=True, ondelete="restrict"
    )
    reparto = fields.Selection(
        selection=[
            ("turns", "Each their own, handed out by turns"),
            ("shared", "The next one for whoever is free"),
        ],
        string="Who calls",
        default="turns",
        required=True,
    )
    user_ids = fields.Many2many(
        "res.users",
        string="People",
        required=True,
        domain=STAFF_DOMAIN,
        check_company=True,
        default=lambda self: self.env.user,
    )
    date_start = fields.Date(
        string="Begins on", required=True, default=fields.Date.context_today, index=True
    )
    date_end = fields.Date(string="Until", help="The calls are to be made by then.")
    state = fields.Selection(
        selection=[("open", "In progress"), ("done", "Finished")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    guion = fields.Html(
        string="Script", help="What to say; who calls has it in front of them."
    )
    llamada_ids = fields.One2many("gck.llamada", "campana_id", string="Calls")
    call_count = fields.Integer(string="All calls", compute="_compute_counts")
    made_count = fields.Integer(string="Calls already made", compute="_compute_counts")
    pending_count = fields.Integer(string="To be made", compute="_compute_counts")
    answered_count = fields.Integer(string="Answered calls", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", aggregator=None)
    progress_text = fields.Char(string="Made of all", compute="_compute_counts")
    answered_share = fields.Float(
        string="Answered share",
        compute="_compute_counts",
        aggregator=None,
        help="Of the calls made, those that somebody answered.",
    )

    _dates_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "A call list ends after it begins.",
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("llamada_ids.accion_state", "llamada_ids.outcome")
    def _compute_counts(self):
        """Count the calls of each list, in one query."""
        counts = {}
        # sudo: how far a list has come is no secret to who may read the list; the
        # calls themselves open with the reader's own rights.
        for campana, state, outcome, count in (
            self.env["gck.llamada"]
            .sudo()
            ._read_group(
                [("campana_id", "in", self.ids), ("accion_state", "!=", "cancel")],
                ["campana_id", "accion_state", "outcome"],
                ["__count"],
            )
        ):
            row = counts.setdefault(
                campana.id, {"pending": 0, "done": 0, "answered": 0}
            )
            row[state] += count
            if state == "done" and outcome == "answered":
                row["answered"] += count
        for campana in self:
            row = counts.get(campana.id, {"pending": 0, "done": 0, "answered": 0})
            made, total = row["done"], row["done"] + row["pending"]
            campana.call_count = total
            campana.made_count = made
            campana.pending_count = row["pending"]
            campana.answered_count = row["answered"]
            campana.progress = 100.0 * made / total if total else 0.0
            campana.progress_text = f"{made} / {total}"
            campana.answered_share = row["answered"] / made if made else 0.0

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        """Write values; the state only by the buttons, which see to the calls.

        :raises UserError: when the state is written
        """
        if (
            "state" in vals
            and self.env.context.get("gck_transition") is not _TRANSITION
        ):
            raise UserError(
                self.env._(
                    "The state is changed with the buttons, not written: use Finish "
                    "or Reopen."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: calls that the user does not see belong to the list as well.
        used = (
            self.env["gck.llamada"]
            .sudo()
            ._read_group([("campana_id", "in", self.ids)], ["campana_id"])
        )
        if used:
            raise UserError(
                self.env._(
                    "These lists have calls and stay on record: %s. Finish them.",
                    ", ".join(campana.name for (campana,) in used),
                )
            )

    # ------------------------------------------------------------
    # Adding calls
    # ------------------------------------------------------------

    def _add_calls(self, records):
        """Add a call for each record that is not in the list yet.

        :param records: of a model of ``gck.campana.origen.mixin``
        :return: ``{record: why it was left out}``
        :raises UserError: when the list is finished
        """
        self.ensure_one()
        self._check_open()
        refused = records._get_campana_refusals()
        records = records.filtered(lambda record: record not in refused)
        keys = {record: record._get_campana_key() for record in records}
        # sudo: a call that somebody else has of the list must not come twice.
        present = dict(
            self.env["gck.llamada"]
            .sudo()
            ._read_group(
                [
                    ("campana_id", "=", self.id),
                    ("campana_key", "in", list(keys.values())),
                ],
                ["campana_key"],
                ["id:recordset"],
            )
        )
        vals_by_key = {}
        common = self._prepare_call_vals()
        fresh = records.filtered(lambda record: keys[record] not in present)
        for record, vals in fresh._get_campana_call_vals().items():
            key = keys[record]
            if vals.get("phone"):
                vals_by_key.setdefault(key, {**common, **vals, "campana_key": key})
            else:
                refused[record] = self.env._("It has no telephone number.")
        vals_list = list(vals_by_key.values())
        self._hand_out(vals_list)
        calls = (
            self.env["gck.llamada"]
            .with_context(
                gck_transition=_TRANSITION,
                # One message tells people of the list, not one for each chunk of it.
                mail_auto_subscribe_no_notify=True,
            )
            .create(vals_list)
        )
        present.update(zip(vals_by_key, calls, strict=True))
        self._link_documents(records._get_campana_documents(), keys, present)
        return refused

    def _link_documents(self, documents, keys, call_by_key):
        """Link what calls are about to those calls that are still to be made.

        :param documents: of the records of which the list was made
        :param dict keys: ``{record: who is called for it}``
        :param dict call_by_key: the calls of the list
        """
        pairs = [
            (call_by_key[keys[document]].sudo(False), document)
            for document in documents
            if keys[document] in call_by_key
        ]
        Llamada = self.env["gck.llamada"]
        calls = Llamada.union(*(call for call, _document in pairs))
        # Not to calls of colleagues, which are theirs.
        open_calls = calls._filtered_access("write")._filter_pending()
        self.env["gck.vinculo"]._link_pairs(
            [pair for pair in pairs if pair[0] in open_calls]
        )

    def _prepare_call_vals(self):
        """Return what all calls of the list have in common."""
        self.ensure_one()
        deadline = False
        if self.date_end:
            evening = self.env.tz.localize(datetime.combine(self.date_end, DAY_END))
            deadline = evening.astimezone(UTC).replace(tzinfo=None)
        return {
            "campana_id": self.id,
            "company_id": self.company_id.id,
            "direction": "out",
            "state": "pending",
            "motivo_id": self.motivo_id.id,
            "tipo_id": self.tipo_id.id,
            "department_id": self.tipo_id.department_id.id,
            "subject": self.name,
            "date_deadline": deadline,
            "user_id": False,
        }

    def _hand_out(self, vals_list):
        """Give each call to who has fewest of the list, in the order of the people."""
        if self.reparto != "turns" or not vals_list:
            return
        # sudo: whether a colleague is archived is read, nothing else.
        people = self.sudo().user_ids.filtered("active")
        if not people:
            raise UserError(
                self.env._("Nobody of «%s» can log in any more.", self.name)
            )
        # sudo: the calls of colleagues are counted, for the turns to come out even.
        counts = dict.fromkeys(people.ids, 0)
        for user, count in (
            self.env["gck.llamada"]
            .sudo()
            ._read_group(
                [("campana_id", "=", self.id), ("user_id", "in", people.ids)],
                ["user_id"],
                ["__count"],
            )
        ):
            counts[user.id] = count
        for vals in vals_list:
            user_id = min(counts, key=counts.get)
            counts[user_id] += 1
            vals["user_id"] = user_id

    def _check_open(self):
        """:raises UserError: naming the lists that are finished"""
        finished = self.filtered(lambda campana: campana.state != "open")
        if finished:
            raise UserError(
                self.env._(
                    "These lists are finished: %s. Reopen them first.",
                    ", ".join(finished.mapped("name")),
                )
            )

    def _tell_people(self):
        """Tell the people of a list, once, that they have calls to make."""
        for campana in self:
            # sudo: partner_id of a colleague is read, nothing else.
            people = campana.sudo().user_ids.filtered("active") - self.env.user
            if people:
                campana.message_notify(
                    partner_ids=people.partner_id.ids,
                    subject=self.env._("Call list: %s", campana.name),
                    body=self.env._("You have calls to make of this list."),
                )

    # ------------------------------------------------------------
    # Working the list
    # ------------------------------------------------------------

    def action_work(self):
        """Open the next call that the user is to make.

        :return: a window action, or a notification when nothing is left for now
        :raises UserError: unless the list is open and the user is one of its people
        """
        self.ensure_one()
        call = self._claim_next()
        if call:
            return self._get_call_action(call)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self._get_nothing_left_text(),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _get_call_action(self, call):
        """Return the action that shows a call of the list with its big buttons."""
        view = self.env.ref("gck_llamadas.view_gck_llamada_campana_turno_form")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "gck.llamada",
            "res_id": call.id,
            "views": [(view.id, "form")],
            "context": {"create": False},
        }

    def _get_next_action(self):
        """Return the action that puts the next call in the place of the one done."""
        self.ensure_one()
        call = self._claim_next() if self.state == "open" else None
        params = {"action": self._get_call_action(call) if call else None}
        if not call:
            params["message"] = self._get_nothing_left_text()
            params["list"] = {
                "type": "ir.actions.act_window",
                "res_model": self._name,
                "res_id": self.id,
                "views": [(False, "form")],
            }
        return {
            "type": "ir.actions.client",
            "tag": "gck_llamada_campana_next",
            "params": params,
        }

    def _claim_next(self):
        """Take the next call of the list for the user; nobody else gets it.

        What the user took and did not finish comes first, what was skipped last;
        what nobody answered waits until it is due again.

        :return: one ``gck.llamada``, or none
        :raises UserError: unless the list is open and the user is one of its people
        """
        self.ensure_one()
        self.check_access("read")
        self._check_open()
        if self.env.user not in self.user_ids:
            raise UserError(
                self.env._("You are not among the people of «%s».", self.name)
            )
        # sudo: calls of a shared list are nobody's until somebody takes them; that
        # the user is one of its people has just been checked.
        Llamada = self.env["gck.llamada"].sudo()
        Llamada.flush_model()
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM gck_llamada
                 WHERE campana_id = %(campana)s AND accion_state = 'pending'
                   AND (attempts = 0 OR attempts IS NULL
                        OR date_deadline IS NULL OR date_deadline <= %(now)s)
                   AND (user_id = %(user)s OR %(shared)s AND (
                        user_id IS NULL OR campana_claim < %(abandoned)s))
                 ORDER BY (user_id = %(user)s AND campana_claim IS NOT NULL)
                          IS TRUE DESC,
                          campana_skip NULLS FIRST, id
                 LIMIT 1
                   FOR NO KEY UPDATE SKIP LOCKED
                """,
                campana=self.id,
                user=self.env.uid,
                now=now,
                shared=self.reparto == "shared",
                abandoned=now - timedelta(minutes=CLAIM_MINUTES),
            )
        )
        if not rows:
            return None
        call = Llamada.browse(rows[0][0])
        values = {"campana_claim": now}
        if call.user_id != self.env.user:
            values["user_id"] = self.env.uid
        if not call.campana_claim or "user_id" in values:
            # The result of the attempt before is none of this one.
            values["resultado_id"] = False
        call._accion_correct(values)
        return call.sudo(False)

    def _get_nothing_left_text(self):
        """Say why there is no next call, and when there will be one."""
        self.ensure_one()
        # sudo: only a moment is read, of calls of a list that the user works on.
        waiting = (
            self.env["gck.llamada"]
            .sudo()
            .search(
                [
                    ("campana_id", "=", self.id),
                    ("accion_state", "=", "pending"),
                    ("attempts", ">", 0),
                    ("user_id", "in", [self.env.uid, False]),
                ],
                order="date_deadline",
                limit=1,
            )
        )
        if waiting.date_deadline:
            return self.env._(
                "No call is left for now. The next one is due at %s.",
                format_datetime(self.env, waiting.date_deadline, dt_format="short"),
            )
        if self.pending_count:
            return self.env._(
                "No call is left for you. %s are in the hands of others.",
                self.pending_count,
            )
        return self.env._("All calls of the list are made.")

    # ------------------------------------------------------------
    # Other actions
    # ------------------------------------------------------------

    def action_finish(self):
        """Finish lists; what is still pending of them is called off.

        Many calls are dealt with in the background.

        :raises UserError: when the user does not see all of the pending calls
        """
        self._check_open()
        domain = [("campana_id", "in", self.ids), ("accion_state", "=", "pending")]
        pending = self.env["gck.llamada"].search(domain)
        # sudo: only how many there are, so that none is left of a finished list.
        if self.env["gck.llamada"].sudo().search_count(domain) > len(pending):
            raise UserError(
                self.env._(
                    "Colleagues have pending calls of these lists that you do not "
                    "see. Ask who made the list, or somebody who sees all calls, to "
                    "finish it."
                )
            )
        self._set_state("done")
        if not pending:
            return True
        return (
            pending._gck_bulk(
                "_bulk_cancel_campana",
                title=self.env._("Calls of finished lists"),
                running=self.env._("%s calls are being called off in the background."),
            )
            or True
        )

    def action_reopen(self):
        """Go on with lists that were finished."""
        self._set_state("open")
        return True

    def _set_state(self, state):
        self.with_context(gck_transition=_TRANSITION).write({"state": state})

    def action_view_calls(self):
        """Open the calls of the list; ``gck_calls`` in the context says which."""
        self.ensure_one()
        domain = [("campana_id", "=", self.id)]
        which = self.env.context.get("gck_calls")
        if which == "pending":
            domain += [("accion_state", "=", "pending")]
        elif which == "answered":
            domain += [("state", "=", "done"), ("outcome", "=", "answered")]
        action = self.env["gck.llamada"]._get_list_action(domain, {"create": False})
        return {**action, "name": self.name}
