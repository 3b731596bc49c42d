import logging

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from .gck_bloque_mixin import COLLISIONS

_logger = logging.getLogger(__name__)

RECORDS_SHOWN = 20
TRIES = 3


class GckRepartoMixin(models.AbstractModel):
    """Actions that a cron tells people of: one message to each, of all of theirs.

    Each message in a transaction of its own: one that fails does not stop the rest,
    what was sent stays sent, and of two processes only one sends it.
    """

    _name = "gck.reparto.mixin"
    _description = "GCK actions that people are told of"

    @api.model
    def _tell_each(self, batches, method):
        """Tell people of their records while time remains.

        :param batches: pairs of ``res.users`` and ids of records of this model
        :param str method: name of a method that takes such a pair, locks the records
            with ``_lock_to_tell``, sends what it has to and notes it
        """
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(batches))
        for users, ids in batches:
            self._tell_isolated(users, ids, method)
            if not cron._commit_progress(1):
                return

    def _tell_isolated(self, users, ids, method):
        """Tell people; what fails is taken back, logged, and tried in halves."""
        for _attempt in range(TRIES):
            try:
                getattr(self, method)(users, ids)
                self.env.flush_all()
                return
            except COLLISIONS:
                self.env.cr.rollback()
            except Exception:
                self.env.cr.rollback()
                if len(ids) == 1:
                    _logger.exception(
                        "Users %s could not be told of %s %s",
                        users.ids,
                        self._name,
                        ids,
                    )
                    return
                half = len(ids) // 2
                for some in (ids[:half], ids[half:]):
                    self._tell_isolated(users, some, method)
                    # What was sent stays sent, whatever fails next.
                    self.env["ir.cron"]._commit_progress()
                return

    def _lock_to_tell(self, users, ids, domain):
        """Lock people and those of the records that they still have to be told of.

        The lock is the first query of the transaction. Who gets the people's rows
        later finds the records noted, or collides on them.

        :param users: the people, of whom nobody may be in another process's hands
        :param ids: ids of records
        :param domain: which of them are still due
        :return: records; none when somebody else is telling these people
        """
        claim = SQL(
            "SELECT id FROM res_users WHERE id IN %s ORDER BY id"
            " FOR NO KEY UPDATE SKIP LOCKED",
            tuple(users.ids),
        )
        if len(self.env.execute_query(claim)) < len(users):
            return self.browse()
        query = self._search(Domain("id", "in", ids) & domain)
        # What somebody is changing right now is left for the next time.
        rows = self.env.execute_query(
            SQL(
                "%s FOR NO KEY UPDATE OF %s SKIP LOCKED",
                query.select(),
                SQL.identifier(self._table),
            )
        )
        return self.search([("id", "in", [row[0] for row in rows])])

    @api.model
    def _is_reachable(self, user):
        """Tell whether a message would ever reach a person."""
        return (
            user and user.active and (user.email or user.notification_type == "inbox")
        )

    @api.model
    def _log_unreachable(self, user, ids):
        """Leave a trace of the records that nobody can be told of."""
        _logger.warning(
            "Nobody can be told of %s %s of user %s", len(ids), self._name, user.ids
        )

    # ------------------------------------------------------------
    # The message
    # ------------------------------------------------------------

    def _send_digest(self, user, get_texts, action):
        """Send a person one message that lists these records, in their language.

        :param user: one ``res.users``
        :param get_texts: given an environment and these records, returns ``subject``,
            ``title`` and ``link``
        :param str action: xml id of the action that the link opens
        """
        records = self.with_context(
            lang=user.lang or self.env.lang,
            tz=user.tz or "UTC",
            # Through the queue: what is taken back must not have been mailed.
            mail_notify_force_send=False,
        )
        env = records.env
        texts = get_texts(env, records)
        items = Markup("").join(
            record._get_digest_item(user) for record in records[:RECORDS_SHOWN]
        )
        if len(records) > RECORDS_SHOWN:
            items += Markup("<li>%s</li>") % env._(
                "… and %s more.", len(records) - RECORDS_SHOWN
            )
        env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=texts["subject"],
            body=Markup('<p>%s</p><ul>%s</ul><p><a href="/odoo/action-%s">%s</a></p>')
            % (texts["title"], items, action, texts["link"]),
            email_layout_xmlid="mail.mail_notification_light",
        )

    def _get_digest_item(self, user):
        """Return the line of a record: what, for whom, since when, whose."""
        self.ensure_one()
        details = [
            self.tercero if "tercero" in self._fields else self.partner_id.display_name,
            format_datetime(self.env, self.date_deadline, dt_format="short"),
        ]
        if self.user_id != user:
            details.append(self.user_id.name or self.env._("unassigned"))
        return Markup(
            '<li><a href="/mail/view?model=%s&amp;res_id=%s">%s</a> · %s</li>'
        ) % (
            self._name,
            self.id,
            self.display_name,
            " · ".join(filter(None, details)),
        )
