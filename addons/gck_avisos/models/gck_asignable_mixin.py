from markupsafe import Markup
from pytz import UTC

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, groupby

# How many names an error or a notification spells out.
NAMES_SHOWN = 10
# Who is offered as responsible or requester (M-29, M-30).
STAFF_DOMAIN = [("share", "=", False), ("gck_on_staff", "=", True)]


class GckAsignableMixin(models.AbstractModel):
    """Work that is given to a person, asked for by another, within a department.

    Whoever is given it follows it, is told once, and sees it counted in the systray.
    """

    _name = "gck.asignable.mixin"
    _description = "GCK assignable record"

    # Shown in the systray of the responsible while pending.
    _accion_systray = False
    # xml id of the window action that lists the kind.
    _accion_list_action = None

    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain=STAFF_DOMAIN,
        check_company=True,
        tracking=True,
        index="btree_not_null",
    )
    requester_id = fields.Many2one(
        "res.users",
        domain=STAFF_DOMAIN,
        check_company=True,
        default=lambda self: self.env.user,
        index="btree_not_null",
    )
    department_id = fields.Many2one(
        "hr.department",
        check_company=True,
        tracking=True,
        index="btree_not_null",
    )

    @api.constrains("user_id", "requester_id")
    def _check_users_active(self):
        """Refuse to hand work to somebody who cannot log in any more."""
        for record in self.filtered(lambda r: r.accion_state == "pending"):
            # sudo: the name of an archived user is only read for the message.
            user = record.user_id.sudo()
            if user and not user.active:
                raise ValidationError(
                    self.env._(
                        "%(user)s is archived and cannot be the responsible of "
                        "%(action)s. Choose an active user.",
                        user=user.name,
                        action=record.name,
                    )
                )

    @api.model
    def _get_proposed_user(self, tipo):
        """Return whom a type proposes, unless that person has left (M-29)."""
        # sudo: whether a colleague is archived is read, nothing else.
        return tipo.user_id if tipo.sudo().user_id.active else self.env["res.users"]

    def action_reassign(self):
        """Open the dialog that hands the actions to another person."""
        return self._accion_open_wizard("gck.accion.reasignar", self.env._("Reassign"))

    @api.model
    def _get_list_action(self, domain, context):
        """Return the window action that lists some records of this kind.

        :param domain: which records
        :param dict context: defaults of new ones, filters switched on
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(self._accion_list_action)
        return {**action, "domain": domain, "context": context}

    # ------------------------------------------------------------
    # Notification
    # ------------------------------------------------------------

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        """Leave subscription to ``_accion_notify_assigned``, which does a batch."""
        return True

    def _gck_follow(self, pairs):
        """Let colleagues follow records, in one query however many they are.

        ``mail.followers`` inserts a hundred at a time. Who follows already keeps
        what they chose to be told.

        :param pairs: ids of a record of this model and of a partner
        """
        if not pairs:
            return
        subtypes, _internal, _external = self.env[
            "mail.message.subtype"
        ].default_subtypes(self._name)
        record_ids, partner_ids = zip(*pairs, strict=True)
        self.env.execute_query(
            SQL(
                """
                WITH added AS (
                    INSERT INTO mail_followers (res_model, res_id, partner_id)
                    SELECT %(model)s, wanted.res_id, wanted.partner_id
                      FROM unnest(%(records)s::int[], %(partners)s::int[])
                        AS wanted (res_id, partner_id)
                        ON CONFLICT DO NOTHING
                 RETURNING id
                )
                INSERT INTO mail_followers_mail_message_subtype_rel
                       (mail_followers_id, mail_message_subtype_id)
                SELECT added.id, subtype.id
                  FROM added, unnest(%(subtypes)s::int[]) AS subtype (id)
             RETURNING mail_followers_id
                """,
                model=self._name,
                records=list(record_ids),
                partners=list(partner_ids),
                subtypes=subtypes.ids,
            )
        )
        self.browse(record_ids).invalidate_recordset(
            ["message_follower_ids", "message_partner_ids", "message_is_follower"],
            flush=False,
        )

    def _accion_notify_assigned(self, previous, creator=None):
        """Subscribe and notify the people who have just been given these actions.

        :param dict previous: ``{record id: former user id}``; empty on creation
        :param creator: the partner who follows all of these for having created them
        """
        pairs = {(record_id, creator.id) for record_id in self.ids if creator}
        given = self.filtered(
            lambda record: (
                record.accion_state == "pending"
                and record.user_id
                and record.user_id.id != previous.get(record.id)
            )
        )
        # sudo: partner_id of a colleague is read, nothing else.
        pairs.update(
            (record.id, record.sudo().user_id.partner_id.id) for record in given
        )
        self._gck_follow(sorted(pairs))
        for user, records in groupby(given, lambda record: record.user_id):
            actions = self.browse(record.id for record in records)
            # sudo: partner_id of a colleague is read, nothing else.
            partner = user.sudo().partner_id
            if user != self.env.user:
                actions._accion_notify(
                    partner, lambda env: env._("You have been given %s")
                )

    def _accion_notify(self, partners, get_subject, note=None, get_details=None):
        """Tell people about these actions: one message, however many they are.

        :param partners: the ``res.partner`` to notify, each in their language and
            with the hours of their time zone
        :param get_subject: given an environment, returns the subject in its language
            with one ``%s`` for the actions
        :param str note: what is said besides
        :param get_details: given one action, returns in HTML what is said of it
        """
        if not self or self.env.context.get("mail_auto_subscribe_no_notify"):
            return
        for (lang, tz), group in groupby(partners, lambda p: (p.lang, p.tz)):
            localized = self.with_context(
                lang=lang or self.env.lang, tz=tz or self.env.context.get("tz")
            )
            localized._accion_notify_in_language(
                partners.browse().union(*group),
                get_subject(localized.env),
                note,
                get_details,
            )

    def _accion_notify_in_language(self, partners, subject, note, get_details=None):
        names = self._accion_join_names(self)
        get_details = get_details or (lambda record: Markup())
        if len(self) == 1:
            body = Markup("<p>%s</p>") % (subject % self.display_name)
            body += get_details(self)
            thread = self
        else:
            items = Markup("").join(
                Markup('<li><a href="/mail/view?model=%s&amp;res_id=%s">%s</a>%s</li>')
                % (record._name, record.id, record.display_name, get_details(record))
                for record in self[:NAMES_SHOWN]
            )
            body = Markup("<p>%s</p><ul>%s</ul>") % (subject % names, items)
            thread = self.env["mail.thread"]
        if note:
            body += Markup("<p>%s</p>") % note
        thread.message_notify(
            partner_ids=partners.ids,
            subject=subject % names,
            body=body,
            email_layout_xmlid="mail.mail_notification_light",
        )

    # ------------------------------------------------------------
    # Systray
    # ------------------------------------------------------------

    @api.model
    def _get_systray_models(self):
        """Return the names of the kinds that show in the systray."""
        return [
            name
            for name in sorted(self.env.registry.descendants([self._name], "_inherit"))
            if not self.env[name]._abstract and self.env[name]._accion_systray
        ]

    @api.model
    def _accion_systray_counts(self):
        """Count the user's pending actions of this kind by urgency.

        :return: ``{"overdue_count": n, "today_count": n, "planned_count": n}``
        """
        now = fields.Datetime.now()
        local = fields.Datetime.context_timestamp(self, now)
        midnight = local.replace(hour=23, minute=59, second=59, tzinfo=None)
        # Not now plus the rest of the day: the clock may change before midnight.
        end_of_day = self.env.tz.localize(midnight).astimezone(UTC).replace(tzinfo=None)
        mine = Domain("user_id", "=", self.env.uid) & Domain(
            "accion_state", "=", "pending"
        )
        overdue = self.search_count(mine & Domain("date_deadline", "<", now))
        today = self.search_count(
            mine
            & Domain("date_deadline", ">=", now)
            & Domain("date_deadline", "<=", end_of_day)
        )
        total = self.search_count(mine)
        return {
            "overdue_count": overdue,
            "today_count": today,
            "planned_count": total - overdue - today,
        }
