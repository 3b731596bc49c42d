from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime, groupby

ACCESS_GROUP = "gck_reclamaciones.group_gck_reclamacion_access"
MANAGER_GROUPS = {
    "customer": "gck_reclamaciones.group_gck_reclamacion_customer_manager",
    "vendor": "gck_reclamaciones.group_gck_reclamacion_vendor_manager",
    "internal": "gck_reclamaciones.group_gck_reclamacion_manager",
}


class GckReclamacion(models.Model):
    """Claims that are late are told to somebody above, once for each deadline."""

    _name = "gck.reclamacion"
    _inherit = ["gck.reclamacion", "gck.reparto.mixin"]

    date_escalated = fields.Datetime(
        string="Escalated on",
        compute="_compute_date_escalated",
        store=True,
        precompute=True,
        copy=False,
        help="When somebody above was told that it is late. Empty again when its "
        "deadline moves.",
    )
    escalated_deadline = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )

    _escalation_idx = models.Index(
        "(date_deadline) WHERE accion_state = 'pending' AND date_escalated IS NULL"
    )

    @api.depends("date_deadline")
    def _compute_date_escalated(self):
        """Forget the escalation of a deadline that has moved."""
        self._gck_set_by_value(
            "date_escalated",
            lambda r: r.escalated_deadline == r.date_deadline and r.date_escalated,
        )

    # ------------------------------------------------------------
    # Cron
    # ------------------------------------------------------------

    @api.model
    def _cron_escalate(self):
        """Tell who is above of the claims that are too late, a digest for each person.

        Those who are told of the same claims share a transaction: what was told is
        noted with it, so that another run, or another process, tells it to nobody
        twice.
        """
        self._tell_each(self._get_escalations(), "_escalate")

    @api.model
    def _get_escalation_domain(self):
        """Return the domain of the claims that have to be escalated now."""
        now = fields.Datetime.now()
        # pylint: disable=no-search-all
        companies = self.env["res.company"].search([])
        due = Domain.FALSE
        for hours, group in groupby(
            companies, lambda c: c.gck_reclamacion_escalation_hours
        ):
            due |= Domain("company_id", "in", [c.id for c in group]) & Domain(
                "date_deadline", "<", now - timedelta(hours=hours)
            )
        return (
            due
            & Domain("accion_state", "=", "pending")
            & Domain("date_escalated", "=", False)
        )

    @api.model
    def _get_escalations(self):
        """Return whom to tell of what.

        :return: pairs of people and ids of claims, each person and claim in one of
            them; of a claim of theirs, all of them are told
        """
        groups = self._read_group(
            self._get_escalation_domain(),
            ["tipo_id", "company_id", "department_id", "direction", "user_id"],
            ["id:array_agg"],
        )
        merged = []
        for *who, ids in groups:
            people = self._get_escalation_users(*who)
            if not people:
                self._log_unreachable(people, ids)
                continue
            batch = (people, ids)
            for other in [other for other in merged if other[0] & people]:
                merged.remove(other)
                batch = (batch[0] | other[0], batch[1] + other[1])
            merged.append(batch)
        return merged

    @api.model
    def _get_escalation_users(self, tipo, company, department, direction, late_user):
        """Return who is told of late claims: the first that a message reaches.

        Whom the type says, whom the company says, the head of the department; else
        those who manage the direction. Not who is late, unless there is nobody else.
        """
        candidates = [
            tipo.escalation_user_id,
            company.gck_reclamacion_escalation_user_id,
            department.manager_id.user_id,
        ]
        last = self.env["res.users"]
        for user in candidates:
            if self._may_be_told(user, company):
                if user != late_user:
                    return user
                last = user
        managers = self.env["res.users"].search(
            [
                ("all_group_ids", "in", self.env.ref(MANAGER_GROUPS[direction]).ids),
                ("company_ids", "in", company.ids),
                ("share", "=", False),
            ]
        )
        managers = managers.filtered(lambda u: self._may_be_told(u, company))
        return (managers - late_user) or managers or last

    @api.model
    def _may_be_told(self, user, company):
        """Tell whether a person gets messages and may open a claim of a company."""
        return (
            self._is_reachable(user)
            and company in user.company_ids
            and user.has_group(ACCESS_GROUP)
        )

    def _escalate(self, users, ids):
        """Tell people of late claims and note that they were told.

        :param users: those who are told
        :param ids: ids of claims
        """
        reclamaciones = self._lock_to_tell(users, ids, self._get_escalation_domain())
        if not reclamaciones:
            return
        names = {}
        for *who, group in reclamaciones._get_escalation_groups():
            people = self._get_escalation_users(*who) & users
            for user in people:
                names.setdefault(user, self.browse())
                names[user] |= group
        for user, theirs in names.items():
            theirs._gck_follow([(r.id, user.partner_id.id) for r in theirs])
            theirs.sorted("date_deadline")._send_escalation(user)
        told = reclamaciones & self.union(*names.values())
        if not told:
            return
        told._note_escalated(
            {
                reclamacion: self.env["res.users"].union(
                    *(user for user, theirs in names.items() if reclamacion in theirs)
                )
                for reclamacion in told
            }
        )

    def _get_escalation_groups(self):
        """Return these claims by who is told: what decides it, and the claims."""
        return [
            (*key, self.browse(r.id for r in group))
            for key, group in groupby(
                self,
                lambda r: (
                    r.tipo_id,
                    r.company_id,
                    r.department_id,
                    r.direction,
                    r.user_id,
                ),
            )
        ]

    def _send_escalation(self, user):
        """Send the digest of these late claims, in the person's language."""

        def get_texts(env, records):
            if len(records) == 1:
                subject = env._("%s is late", records.display_name)
            else:
                subject = env._("%s claims are late", len(records))
            return {
                "subject": subject,
                "title": env._("These claims are past their deadline:"),
                "link": env._("Open the claims"),
            }

        self._send_digest(user, get_texts, "gck_reclamaciones.action_gck_reclamacion")

    def _note_escalated(self, users_by_claim):
        """Note whom these claims were escalated to, in their history as well."""
        first = self.env["res.users"].union(*users_by_claim.values())[:1]
        localized = self.with_context(lang=first.lang or self.env.lang, tz=first.tz)
        localized._message_log_batch(
            {
                reclamacion.id: localized.env._(
                    "Late since %(date)s. %(people)s was told.",
                    date=format_datetime(localized.env, reclamacion.date_deadline),
                    people=", ".join(user.name for user in users_by_claim[reclamacion]),
                )
                for reclamacion in self
            }
        )
        # Not through write(): who is told is no change of the claim.
        self.env.execute_query(
            SQL(
                "UPDATE gck_reclamacion SET date_escalated = %s,"
                " escalated_deadline = date_deadline WHERE id IN %s RETURNING id",
                fields.Datetime.now(),
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["date_escalated", "escalated_deadline"])


class GckReclamacionAccion(models.Model):
    """Whoever has late solution actions is reminded, as of tasks (O-14)."""

    _name = "gck.reclamacion.accion"
    _inherit = ["gck.reclamacion.accion", "gck.recordatorio.mixin"]

    _reminder_action = "gck_reclamaciones.action_gck_reclamacion_accion"

    @api.model
    def _get_reminder_texts(self, env, records):
        if len(records) == 1:
            subject = env._("%s is late", records.display_name)
        else:
            subject = env._("You have %s late solution actions", len(records))
        return {
            "subject": subject,
            "title": env._("These solution actions are past their deadline:"),
            "link": env._("Open the solution actions"),
        }
