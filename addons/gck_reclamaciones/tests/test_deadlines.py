from odoo.tests import Form, tagged

from .common import ReclamacionesCase

MONDAY = "2026-03-02 08:00:00"  # 9:00 in Madrid


@tagged("post_install", "-at_install")
class TestDeadlines(ReclamacionesCase):
    """Deadlines in working hours, by type (O-8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "8 a 16",
                "tz": "Europe/Madrid",
                "company_id": cls.company.id,
                "attendance_ids": [(5, 0, 0)]
                + [
                    (
                        0,
                        0,
                        {
                            "name": f"Day {day}",
                            "dayofweek": str(day),
                            "hour_from": 8,
                            "hour_to": 16,
                            "day_period": "morning",
                        },
                    )
                    for day in range(5)
                ],
            }
        )
        cls.company.write(
            {"gck_hours_mode": "working", "resource_calendar_id": cls.calendar.id}
        )
        cls.claim_tipo.write({"evaluation_hours": 8, "deadline_hours": 40})
        cls.slow = cls.claim_tipo.copy(
            {"name": "Slow", "evaluation_hours": 16, "deadline_hours": 80}
        )

    def deadlines(self, claim):
        return tuple(
            str(claim[name]) for name in ("evaluation_deadline", "resolution_deadline")
        )

    def test_working_hours(self):
        """Eight and forty hours from Monday at nine, eight to four a day."""
        claim = self.new_claim(date=MONDAY)
        self.assertEqual(
            self.deadlines(claim), ("2026-03-03 08:00:00", "2026-03-09 08:00:00")
        )

    def test_holidays_and_summer_time(self):
        """A holiday does not count; the clock changes at the end of March."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": "2026-03-02 23:00:00",
                "date_to": "2026-03-03 22:59:59",
            }
        )
        claim = self.new_claim(date=MONDAY)
        self.assertEqual(str(claim.evaluation_deadline), "2026-03-04 08:00:00")
        claim = self.new_claim(date="2026-03-27 08:00:00")  # a Friday
        self.assertEqual(str(claim.evaluation_deadline), "2026-03-30 07:00:00")

    def test_without_calendar_calendar_hours(self):
        """It never fails, and the form says what was counted."""
        self.company.resource_calendar_id = False
        claim = self.new_claim(date=MONDAY)
        self.assertTrue(claim.no_calendar)
        self.assertEqual(
            self.deadlines(claim), ("2026-03-02 16:00:00", "2026-03-04 00:00:00")
        )
        self.company.gck_hours_mode = "calendar"
        self.assertFalse(claim.no_calendar)

    def test_calendar_without_hours(self):
        """A calendar in which nobody ever works gives calendar hours too."""
        self.calendar.attendance_ids.unlink()
        claim = self.new_claim(date=MONDAY)
        self.assertEqual(str(claim.evaluation_deadline), "2026-03-02 16:00:00")

    def test_another_type_moves_what_nobody_touched(self):
        claim = self.new_claim(date=MONDAY)
        claim.resolution_deadline = "2026-05-01 10:00:00"
        claim.tipo_id = self.slow
        self.assertEqual(
            self.deadlines(claim), ("2026-03-04 08:00:00", "2026-05-01 10:00:00")
        )
        self.assertEqual(claim.date_deadline, claim.evaluation_deadline)
        claim.tipo_id = self.claim_tipo.copy(
            {"name": "None", "evaluation_hours": 0, "deadline_hours": 0}
        )
        self.assertEqual(self.deadlines(claim), ("False", "2026-05-01 10:00:00"))

    def test_another_type_in_the_form(self):
        claim = self.new_claim(date=MONDAY)
        with Form(claim) as form:
            form.tipo_id = self.slow
        self.assertEqual(
            self.deadlines(claim), ("2026-03-04 08:00:00", "2026-03-16 08:00:00")
        )

    def test_given_by_hand_is_kept(self):
        claim = self.new_claim(date=MONDAY, evaluation_deadline="2026-03-20 10:00:00")
        self.assertEqual(str(claim.evaluation_deadline), "2026-03-20 10:00:00")
        claim.write({"tipo_id": self.slow.id, "resolution_deadline": MONDAY})
        self.assertEqual(self.deadlines(claim), ("2026-03-20 10:00:00", MONDAY))

    def test_late_evaluation_and_late_claim(self):
        Claim = self.env["gck.reclamacion"]
        claim = self.new_claim(
            date=MONDAY,
            evaluation_deadline=self.hours_from_now(-5),
            resolution_deadline=self.hours_from_now(5),
            causa_id=self.causa.id,
        )

        def found(name):
            return claim in Claim.search([(name, "=", True), ("id", "=", claim.id)])

        for late in (True, False):
            self.assertEqual(claim.is_evaluation_late, late)
            self.assertEqual(found("is_evaluation_late"), late)
            self.assertEqual(claim.is_late, late)
            self.assertEqual(found("is_late"), late)
            if late:
                claim.action_open()
                claim.action_evaluate()
        claim.resolution_deadline = self.hours_from_now(-1)
        self.assertTrue(claim.is_late)
        self.assertFalse(claim.is_evaluation_late)
        other = Claim.search([("is_evaluation_late", "=", False)])
        self.assertIn(claim, other)
