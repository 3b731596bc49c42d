from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import AvisosCase


@tagged("post_install", "-at_install")
class TestRegistro(AvisosCase):
    """The register of activities (M-71)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action = cls.env.ref("gck_avisos.action_gck_registro")
        cls.list_view = "gck_avisos.view_gck_registro_list"
        cls.visit = cls.env["gck.actividad.tipo"].create(
            {"name": "Visita <de obra>", "category": "visit"}
        )

    def register(self, user, **vals):
        """Save a line of the register, with what the list sends."""
        context = {"gck_registro": True}
        Register = self.env["gck.intervencion"].with_user(user).with_context(**context)
        return Register.create(vals)

    def log(self, start, end, user=None, **vals):
        return self.register(
            user or self.own,
            subject="Montaje",
            date_start=f"2026-03-02 {start}:00",
            date_end=f"2026-03-02 {end}:00",
            **vals,
        )

    def test_m71_line_with_the_five_data(self):
        """User, customer, activity, start, end: hours come, text is the activity's."""
        line = self.register(
            self.own,
            partner_id=self.customer.id,
            activity_id=self.visit.id,
            date_start="2026-03-02 09:00:00",
            date_end="2026-03-02 10:30:00",
        )
        self.assertEqual(line.user_id, self.own)
        self.assertEqual(line.duration, 1.5)
        self.assertEqual(line.subject, "Visita <de obra>")
        self.assertEqual(line.description, "<p>Visita &lt;de obra&gt;</p>")
        self.assertFalse(line.tarea_id or line.aviso_id)

    def test_m71_new_line_in_the_list(self):
        """In the list: customer, activity and a reference, and it is saved."""
        Register = self.env["gck.intervencion"].with_user(self.own)
        with freeze_time("2026-03-02 12:10:20"):
            self.log("09:00", "11:00")
            with Form(Register.with_context(gck_registro=True), self.list_view) as form:
                self.assertEqual(form.user_id, self.own)
                self.assertEqual(form.date_start, datetime(2026, 3, 2, 11))
                self.assertEqual(form.date_end, datetime(2026, 3, 2, 12, 10))
                form.partner_id = self.customer
                form.subject = 'Ajuste de "puertas" & burletes'
                form.date_end = datetime(2026, 3, 2, 12)
                self.assertEqual(form.duration, 1)
        line = form.record
        self.assertEqual(line.duration, 1)
        self.assertIn("&amp; burletes", line.description)
        line.subject = "Ajuste de <b>puertas</b>"
        self.assertIn("&lt;b&gt;puertas", line.description)
        line.description = "<p>Otra cosa</p>"
        line.subject = "Ajuste"
        self.assertEqual(line.description, "<p>Otra cosa</p>")

    def test_m71_start_is_the_end_of_my_last_of_today(self):
        """Not yesterday's, nor a colleague's; now where today has none."""
        Register = self.env["gck.intervencion"].with_user(self.own)
        Register = Register.with_context(gck_registro=True)
        self.log("09:00", "10:00")
        with freeze_time("2026-03-03 08:00:40"):
            self.log("07:00", "07:30", self.colleague)
            defaults = Register.default_get(["date_start", "duration"])
            self.assertEqual(defaults["date_start"], datetime(2026, 3, 3, 8))
            self.assertFalse(defaults["duration"])
        # 23:30 UTC of the 2nd is half past midnight of the 3rd in Madrid.
        with freeze_time("2026-03-02 23:30:00"):
            defaults = Register.default_get(["date_start"])
            self.assertEqual(defaults["date_start"], datetime(2026, 3, 2, 23, 30))
            plain = self.env["gck.intervencion"].with_user(self.own)
            self.assertFalse(plain.default_get(["duration"])["duration"])

    def test_m71_line_that_says_nothing_is_refused(self):
        """Without text nor activity nobody would know what was done."""
        with self.assertRaises(UserError):
            self.register(self.own, partner_id=self.customer.id)
        with self.assertRaises(UserError):
            self.register(self.own, description="<p><br></p>")

    def test_m71_overlap_warns_and_saves(self):
        """While typing, naming the other; on the line of both; never refused."""
        first = self.log("09:00", "10:00")
        Register = self.env["gck.intervencion"].with_user(self.own)
        new = Register.new(
            {
                "date_start": datetime(2026, 3, 2, 9, 30),
                "date_end": datetime(2026, 3, 2, 11),
                "duration": 1.5,
            }
        )
        warning = new._onchange_overlap()["warning"]
        self.assertEqual(warning["type"], "notification")
        self.assertNames(warning["message"], first.name, "Montaje", "10:00", "11:00")
        self.assertTrue(new.has_overlap)
        second = self.log("09:30", "11:00")
        self.forget()
        self.assertTrue(first.has_overlap and second.has_overlap)
        lines = self.env["gck.intervencion"].search(
            second.action_view_overlaps()["domain"]
        )
        self.assertEqual(lines, (first | second).sudo())
        touching = self.log("11:00", "12:00")
        self.assertFalse(touching.has_overlap or touching._onchange_overlap())
        other = self.log("09:00", "12:00", self.colleague)
        self.assertFalse(other._onchange_overlap())
        # A line does not overlap itself.
        self.assertIsNone(Register.new(origin=touching)._onchange_overlap())

    def test_m71_own_lines_are_editable(self):
        """Those of others, and those of finished tasks, are read only."""
        mine = self.log("09:00", "10:00")
        other = self.log("09:00", "10:00", self.colleague)
        tarea = self.new_tarea(user_id=self.own.id)
        done = self.log("11:00", "12:00", tarea_id=tarea.id)
        tarea._do_done()
        self.forget()
        lines = (mine | other | done).with_user(self.own)
        self.assertEqual(lines.filtered("can_edit"), mine)
        self.assertTrue(self.env["gck.intervencion"].with_user(self.own).new().can_edit)
        manager = (mine | other | done).with_user(self.manager)
        self.assertEqual(manager.filtered("can_edit"), (mine | other).sudo())
        with self.assertRaises(AccessError):
            other.with_user(self.own).subject = "Otro"

    def test_m71_totals_by_user_and_customer(self):
        """The list groups and the pivot add up, work of tasks and notices included."""
        tarea = self.new_tarea(partner_id=self.customer.id, user_id=self.own.id)
        self.log("09:00", "10:00", partner_id=self.customer.id)
        self.log("10:00", "12:30", tarea_id=tarea.id)
        self.log("09:00", "10:00", self.colleague, partner_id=self.contact.id)
        self.log("12:30", "13:00", partner_id=self.vendor.id)
        Register = self.env["gck.intervencion"].with_user(self.own)
        totals = Register._read_group(
            [("date_start", ">=", "2026-03-02"), ("date_start", "<", "2026-03-03")],
            ["user_id", "commercial_partner_id"],
            ["duration:sum"],
        )
        self.assertEqual(
            set(totals),
            {
                (self.own, self.customer, 3.5),
                (self.own, self.vendor, 0.5),
                (self.colleague, self.customer, 1.0),
            },
        )
        arch = Register.get_view(self.env.ref(self.list_view).id, "list")["arch"]
        self.assertRegex(arch, r'name="duration"[^>]*sum="Hours"')

    def test_m71_filters(self):
        """Mine, today, this week, this month, without parent, by type."""
        now = datetime(2026, 3, 18, 12)  # a Wednesday
        tarea = self.new_tarea(user_id=self.own.id)
        with freeze_time(now):
            hours = {"today": 1, "week": 24 * 2, "month": 24 * 16, "older": 24 * 40}
            lines = {
                name: self.register(
                    self.own, subject=name, date_start=now - timedelta(hours=back)
                )
                for name, back in hours.items()
            }
            lines["task"] = self.register(
                self.own, subject="x", date_start=now, tarea_id=tarea.id
            )
            lines["visit"] = self.register(self.own, activity_id=self.visit.id)
            lines["other"] = self.register(self.colleague, subject="x")
            cases = {
                "mine": set(lines) - {"other"},
                "today": {"today", "task", "visit", "other"},
                "week": {"today", "week", "task", "visit", "other"},
                "month": {"today", "week", "month", "task", "visit", "other"},
                "no_parent": set(lines) - {"task"},
                "visit": {"visit"},
            }
            arch = self.env["gck.intervencion"].with_user(self.own)
            arch = arch.get_view(self.action.search_view_id.id, "search")["arch"]
            filters = self.filters_of(arch)
            ours = [line.id for line in lines.values()]
            for name, expected in cases.items():
                found = (
                    self.env["gck.intervencion"]
                    .with_user(self.own)
                    .search(
                        [
                            ("id", "in", ours),
                            *safe_eval(filters[name], {"uid": self.own.id}),
                        ]
                    )
                )
                with self.subTest(name):
                    self.assertEqual(
                        {key for key, line in lines.items() if line in found}, expected
                    )

    def filters_of(self, arch):
        """Return the domains of the filters of a search view by their names."""
        return {
            node.get("name"): node.get("domain")
            for node in etree.fromstring(arch).iter("filter")
            if node.get("domain")
        }

    def test_m71_menu_opens_the_list(self):
        """Acciones › Registro de actividades: list, calendar, pivot; mine first."""
        menu = self.env.ref("gck_avisos.menu_gck_registro")
        self.assertEqual(menu.action, self.action)
        self.assertEqual(menu.parent_id, self.env.ref("gck_avisos.menu_gck_acciones"))
        modes = [mode for _id, mode in self.action.views]
        self.assertEqual(modes[:3], ["list", "calendar", "pivot"])
        self.assertEqual(self.action.views[0][0], self.env.ref(self.list_view).id)
        context = safe_eval(self.action.context)
        self.assertTrue(context["search_default_mine"] and context["gck_registro"])

    def test_m71_reading_the_register_is_flat(self):
        """Warnings and rights of a page cost the same for few and many lines."""

        def read(count):
            lines = (
                self.env["gck.intervencion"]
                .with_user(self.own)
                .create(
                    [
                        {"subject": "x", "date_start": f"2026-03-02 {n % 24:02d}:00:00"}
                        for n in range(count)
                    ]
                )
            )
            return self.count_queries(
                lambda: lines.read(["subject", "has_overlap", "can_edit"])
            )

        few, many = read(10), read(100)
        self.assertLessEqual(many, few + 5)
