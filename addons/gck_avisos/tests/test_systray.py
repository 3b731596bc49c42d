from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AvisosCase


@tagged("post_install", "-at_install")
class TestSystray(AvisosCase):
    """What is assigned to a person shows in the systray (design §2)."""

    def counts(self, user, now, model="gck.tarea"):
        """Return late, today and future, as the menu of the user shows them."""
        with freeze_time(now):
            Users = self.env["res.users"].with_user(user).with_context(tz=user.tz)
            groups = {group["model"]: group for group in Users._get_activity_groups()}
        group = groups.get(model)
        return group and (
            group["overdue_count"],
            group["today_count"],
            group["planned_count"],
        )

    def give(self, user, *deadlines):
        for deadline in deadlines:
            self.new_tarea(
                user_id=user.id, date="2026-01-01 00:00:00", date_deadline=deadline
            )

    def test_m22_late_today_and_future(self):
        """Each deadline counts once; without deadline it is for later."""
        self.company.gck_tarea_hours = 0
        self.give(
            self.own,
            "2026-03-01 09:00:00",
            "2026-03-02 08:00:00",
            "2026-03-02 15:00:00",
            "2026-03-03 15:00:00",
            False,
        )
        self.assertEqual(self.counts(self.own, "2026-03-02 09:00:00"), (2, 1, 2))

    def test_m22_day_ends_at_the_users_midnight(self):
        """At 23:30 in Madrid the same deadline is today there, tomorrow in Manila."""
        self.give(self.own, "2026-03-02 22:30:00")
        self.assertEqual(self.counts(self.own, "2026-03-02 09:00:00"), (0, 1, 0))
        self.own.tz = "Asia/Manila"
        self.assertEqual(self.counts(self.own, "2026-03-02 09:00:00"), (0, 0, 1))
        self.own.tz = False
        self.assertEqual(self.counts(self.own, "2026-03-02 09:00:00"), (0, 1, 0))

    def test_m22_days_when_the_clock_changes(self):
        """On the days with 25 and 23 hours, the day still ends at midnight."""
        now = datetime(2026, 10, 24, 22, 30)  # 00:30 of the 25th in Madrid
        self.give(self.own, "2026-10-25 22:30:00", "2026-10-25 23:30:00")
        self.assertEqual(self.counts(self.own, now), (0, 1, 1))
        now = datetime(2026, 3, 28, 23, 30)  # 00:30 of the 29th in Madrid
        self.give(self.colleague, "2026-03-29 21:30:00", "2026-03-29 22:30:00")
        self.assertEqual(self.counts(self.colleague, now), (0, 1, 1))

    def test_k37_only_what_is_mine_and_pending(self):
        """Others' tasks, done and cancelled ones do not count; nothing, no line."""
        now = "2026-03-02 09:00:00"
        self.give(self.own, "2026-03-02 15:00:00")
        self.assertIsNone(self.counts(self.colleague, now))
        self.assertIsNone(self.counts(self.nobody, now))
        self.give(self.colleague, "2026-03-02 15:00:00", "2026-03-02 16:00:00")
        tareas = self.env["gck.tarea"].search([("user_id", "=", self.colleague.id)])
        tareas[0]._do_done("Hecho")
        tareas[1]._do_cancel("Sobra")
        self.assertIsNone(self.counts(self.colleague, now))
        self.assertEqual(self.counts(self.own, now), (0, 1, 0))

    def test_k13_notices_show_too(self):
        """A notice given to me shows with its own count and opens its own list."""
        self.new_aviso(user_id=self.own.id, date_deadline="2026-03-01 09:00:00")
        now = "2026-03-02 09:00:00"
        self.assertEqual(self.counts(self.own, now, "gck.aviso"), (1, 0, 0))
        groups = self.env["res.users"].with_user(self.own)._get_activity_groups()
        group = next(group for group in groups if group["model"] == "gck.aviso")
        action = self.env["ir.actions.actions"]._for_xml_id(group["gck_action"])
        self.assertEqual(action["res_model"], "gck.aviso")
        self.assertEqual(group["total_count"], 1)
