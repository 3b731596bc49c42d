from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import AvisosCase


@tagged("post_install", "-at_install")
class TestAviso(AvisosCase):
    """The notice record (K-1, K-2, K-5, K-10…K-14, K-17, K-30, K-35)."""

    def test_k1_notice_has_number_date_and_author(self):
        """A saved notice knows its number, when it came and who took it."""
        with freeze_time("2026-03-02 09:00:00"):
            aviso = self.new_aviso()
        self.assertRegex(aviso.name, r"^AV/\d{4}/\d{5}$")
        self.assertEqual(aviso.date, datetime(2026, 3, 2, 9))
        self.assertEqual(aviso.requester_id, self.reception)
        self.assertEqual(aviso.state, "new")

    def test_k1_history_keeps_old_and_new_values(self):
        """Changing the responsible leaves both names and the author in the log."""
        aviso = self.new_aviso(user_id=self.own.id)
        self.track()
        aviso.with_user(self.manager).user_id = self.colleague
        self.track()
        tracking = aviso.sudo().message_ids.tracking_value_ids.filtered(
            lambda value: value.field_id.name == "user_id"
        )
        self.assertEqual(tracking.old_value_char, "Olga Own")
        self.assertEqual(tracking.new_value_char, "Carlos Colleague")
        self.assertEqual(tracking.mail_message_id.author_id, self.manager.partner_id)

    def test_k1_every_entry_field_leaves_a_trace(self):
        """Fields that decide who acts on what are tracked."""
        tracked = {
            "partner_id", "subject", "user_id", "department_id", "date_deadline",
            "priority", "tipo_id", "procedencia_id", "lead_id", "comercial_id",
        }  # fmt: skip
        self.assertLessEqual(tracked, set(self.env["gck.aviso"]._track_get_fields()))

    def test_k2_work_passes_to_another_department(self):
        """A task for Administración reaches the people of Administración."""
        aviso = self.new_aviso(self.own, department_id=self.sales_department.id)
        tarea = self.new_tarea(aviso, self.own, department_id=self.admin_department.id)
        Tarea = self.env["gck.tarea"].with_user(self.dispatcher)
        domain = [("department_id.member_ids.user_id", "=", self.dispatcher.id)]
        self.assertIn(tarea, Tarea.search(domain))
        groups = Tarea._read_group(domain, ["department_id"], ["__count"])
        self.assertEqual(groups, [(self.admin_department, 1)])

    def test_k5_notice_without_document(self):
        """A fact without any document is recorded, and the filter finds it."""
        bare = self.new_aviso(partner_id=self.customer.id)
        linked = self.new_aviso(partner_id=self.customer.id)
        through_task = self.new_aviso()
        Vinculo = self.env["gck.vinculo"].with_user(self.reception)
        Vinculo._link(linked, self.customer.with_user(self.reception))
        tarea = self.new_tarea(through_task)
        Vinculo._link(tarea, self.customer.with_user(self.reception))
        mine = [("id", "in", (bare | linked | through_task).ids)]
        Aviso = self.env["gck.aviso"].with_user(self.reception)
        self.assertEqual(Aviso.search([*mine, ("vinculo_count", "=", 0)]), bare)
        for with_document in (("!=", 0), (">", 0)):
            found = Aviso.search([*mine, ("vinculo_count", *with_document)])
            self.assertEqual(found, linked | through_task)

    def test_k6_call_is_the_first_channel(self):
        """Reception answers the phone: a new notice is a call until told."""
        self.assertEqual(self.new_aviso().procedencia_id.channel, "call")

    def test_k10_partner_counts_open_and_total(self):
        """The button counts the notices of a customer and of its contacts."""
        closed = self.new_aviso(partner_id=self.customer.id)
        closed.action_close()
        self.new_aviso(partner_id=self.contact.id)
        self.new_aviso(partner_id=self.vendor.id)
        for partner in (self.customer, self.contact):
            partner = partner.with_user(self.reception)
            self.assertEqual(partner.gck_aviso_count, 2)
            self.assertEqual(partner.gck_aviso_open_count, 1)
        action = self.customer.with_user(self.reception).action_view_gck_avisos()
        found = self.env["gck.aviso"].search(action["domain"])
        self.assertEqual(len(found), 2)

    def test_k12_salesperson_of_the_customer(self):
        """The notice takes the customer's salesperson, and is grouped by it."""
        self.customer.user_id = self.colleague
        aviso = self.new_aviso(partner_id=self.contact.id)
        self.assertEqual(aviso.comercial_id, self.colleague)
        colleague = self.colleague.with_user(self.reception)
        self.assertEqual(colleague.gck_aviso_comercial_count, 1)
        domain = colleague.action_view_gck_avisos_comercial()["domain"]
        self.assertEqual(self.env["gck.aviso"].search(domain), aviso)

    def test_k12_salesperson_sees_the_notices_of_its_customers(self):
        """The own rule includes being the salesperson."""
        aviso = self.new_aviso(comercial_id=self.outsider.id)
        self.assertTrue(aviso.with_user(self.outsider).has_access("read"))

    def test_k13_internal_notice_notifies_the_other(self):
        """A notice between users needs no third party; B is told."""
        aviso = self.new_aviso(self.own, user_id=self.colleague.id)
        self.assertFalse(aviso.partner_id)
        self.assertEqual(len(self.messages_to(self.colleague, aviso)), 1)
        self.assertTrue(aviso.with_user(self.colleague).has_access("write"))

    def test_k14_vendor_without_sales_rights(self):
        """Somebody without sales rights notes down what a vendor says."""
        self.assertFalse(self.own.has_group("sales_team.group_sale_salesman"))
        with Form(self.env["gck.aviso"].with_user(self.own)) as form:
            form.partner_id = self.vendor
            form.contact_id = self.vendor_contact
            form.description = "<p>Retrasa la entrega</p>"
        self.assertEqual(form.record.subject, "Retrasa la entrega")
        self.assertEqual(self.vendor.with_user(self.own).gck_aviso_open_count, 1)

    def test_k17_task_or_closing_takes_it_off_the_queue(self):
        """What arrives waits untreated until a task, a log or closing."""
        waiting, tasked, logged, closed, taken = (self.new_aviso() for _i in range(5))
        self.new_tarea(tasked)
        self.new_intervencion(aviso_id=logged.id)
        closed.action_close()
        taken.action_open()
        queue = self.env["gck.aviso"].search(
            [
                ("state", "=", "new"),
                ("id", "in", (waiting | tasked | logged | closed | taken).ids),
            ]
        )
        self.assertEqual(queue, waiting)
        self.assertEqual(taken.user_id, self.reception)

    def test_k17_dealing_with_it_keeps_the_responsible(self):
        """Who presses the button takes only what is nobody's."""
        given = self.new_aviso(user_id=self.own.id)
        given.action_open()
        self.assertEqual(given.user_id, self.own)
        given.action_open()
        self.assertEqual(given.state, "open")

    def test_k30_type_proposes_responsible_department_and_deadline(self):
        """What the type proposes does not overrule what was typed."""
        tipo = self.env["gck.aviso.tipo"].create(
            {
                "name": "Avería",
                "company_id": self.company.id,
                "user_id": self.own.id,
                "department_id": self.sales_department.id,
                "deadline_hours": 4,
            }
        )
        proposed = self.new_aviso(tipo_id=tipo.id, date="2026-03-02 09:00:00")
        self.assertEqual(proposed.user_id, self.own)
        self.assertEqual(proposed.department_id, self.sales_department)
        self.assertEqual(proposed.date_deadline, datetime(2026, 3, 2, 13))
        typed = self.new_aviso(tipo_id=tipo.id, user_id=self.colleague.id)
        self.assertEqual(typed.user_id, self.colleague)

    def test_m29_type_does_not_propose_somebody_archived(self):
        """Reception is not stopped by a type whose person has left."""
        tipo = self.env["gck.aviso.tipo"].create(
            {"name": "Avería", "user_id": self.outsider.id}
        )
        self.outsider.active = False
        self.assertFalse(self.new_aviso(tipo_id=tipo.id).user_id)
        tarea_tipo = self.env["gck.tarea.tipo"].create(
            {"name": "Visitar", "user_id": self.outsider.id}
        )
        self.assertFalse(self.new_tarea(tipo_id=tarea_tipo.id).user_id)

    def test_k35_reason_is_required_by_setting(self):
        """The setting refuses a notice without reason, and only then."""
        self.new_aviso()
        self.company.gck_motivo_required = True
        with self.assertRaises(ValidationError):
            self.new_aviso()
        self.assertTrue(self.new_aviso(motivo_id=self.motivo.id))

    def test_k30_late_is_pending_and_past_its_deadline(self):
        """Late is computed now and searchable both ways."""
        now = datetime(2026, 3, 2, 9)
        with freeze_time(now):
            late, future, none, closed = (
                self.new_aviso(date="2026-03-01 09:00:00", date_deadline=deadline)
                for deadline in (now - timedelta(minutes=1), now, False, now)
            )
            closed.action_close()
        with freeze_time(now + timedelta(seconds=30)):
            late.invalidate_recordset(["is_late"])
            avisos = late | future | none | closed
            mine = [("id", "in", avisos.ids)]
            expected = late | future
            self.assertEqual(avisos.filtered("is_late"), expected)
            Aviso = self.env["gck.aviso"]
            self.assertEqual(
                set(Aviso.search([*mine, ("is_late", "=", True)])._ids),
                set(expected._ids),
            )
            self.assertEqual(
                set(Aviso.search([*mine, ("is_late", "=", False)])._ids),
                set((none | closed)._ids),
            )

    def test_k30_subject_comes_from_what_is_known(self):
        """Without subject: first line of the text, else reason, type, channel."""
        aviso = self.new_aviso(
            subject=False, description="<p>Llama por el pedido 12</p><p>Urgente</p>"
        )
        self.assertEqual(aviso.subject, "Llama por el pedido 12")
        aviso = self.new_aviso(
            subject=False, motivo_id=self.motivo.id, tipo_id=self.tipo.id
        )
        self.assertEqual(aviso.subject, self.motivo.name)

    def test_k30_deleting_is_for_managers_and_not_for_what_was_done(self):
        """A closed notice stays on record."""
        aviso = self.new_aviso()
        aviso.action_close()
        with self.assertRaises(UserError) as refusal:
            aviso.with_user(self.manager).unlink()
        self.assertNames(refusal.exception, aviso.name)
        pending = self.new_aviso()
        pending.with_user(self.manager).unlink()
        self.assertFalse(pending.exists())

    def test_k30_number_and_subject_find_it(self):
        """Typing the number or a word of the subject finds the notice."""
        aviso = self.new_aviso(subject="Baldosas rotas")
        Aviso = self.env["gck.aviso"].with_user(self.reception)
        for text in (aviso.name, "baldosas"):
            ids = [id_ for id_, _name in Aviso.name_search(text)]
            self.assertIn(aviso.id, ids)
        self.assertNames(aviso.display_name, aviso.name, "Baldosas rotas")
