from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AvisosCase


@tagged("post_install", "-at_install")
class TestVinculo(AvisosCase):
    """Links of actions with documents (K-3, K-15, K-41)."""

    def setUp(self):
        super().setUp()
        self.aviso = self.new_aviso(self.own)
        self.tarea = self.new_tarea(self.aviso, self.own, user_id=self.own.id)
        self.line = self.new_intervencion(self.own, tarea_id=self.tarea.id)

    def link(self, record, document, user=None):
        user = user or self.own
        return (
            self.env["gck.vinculo"]
            .with_user(user)
            ._link(record, document.with_user(user))
        )

    def test_k41_document_shows_once_on_the_notice(self):
        """The same document linked on three steps shows once, where it hangs."""
        for record in (self.aviso, self.tarea, self.line):
            self.link(record, self.customer)
        self.link(self.line, self.vendor)
        self.assertEqual(self.aviso.vinculo_count, 2)
        self.assertEqual(
            sorted(self.aviso.vinculo_ids.mapped("document_name")),
            ["Aceros Duero", "Cerámicas Júcar"],
        )
        self.assertEqual(self.tarea.vinculo_count, 2)
        self.assertEqual(self.line.vinculo_count, 2)

    def test_k15_dialog_links_and_refuses_twice(self):
        """«Vincular documento» finds the document and refuses a second link."""
        action = self.as_user(self.own, self.aviso.action_link_document())
        self.link_with_dialog(action, self.customer)
        self.assertEqual(self.aviso.vinculo_ids.document_ref, self.customer)
        with self.assertRaises(UserError) as refusal:
            self.link_with_dialog(action, self.customer)
        self.assertNames(refusal.exception, "Cerámicas Júcar")

    def link_with_dialog(self, action, document):
        wizard = self.open_dialog(action)
        wizard.line_ids = [
            Command.clear(),
            Command.create(
                {"res_model": document._name, "res_id": document.id, "selected": True}
            ),
        ]
        return wizard.action_confirm()

    def test_k41_unlinking_keeps_the_document(self):
        """«Desvincular» removes the link, never the document."""
        link = self.link(self.aviso, self.customer)
        link.action_unlink()
        self.assertFalse(link.exists())
        self.assertTrue(self.customer.exists())

    def test_k41_deleting_the_action_keeps_the_document(self):
        """Deleting a notice takes its links along and nothing else."""
        aviso = self.new_aviso()
        link = self.link(aviso, self.customer, self.reception)
        aviso.with_user(self.manager).unlink()
        self.assertFalse(link.exists())
        self.assertTrue(self.customer.exists())

    def links_of(self, record):
        """Return every link that a record has part in, whoever has it."""
        Vinculo = self.env["gck.vinculo"].sudo()
        return Vinculo.search([("origin_model", "=", record._name)]).filtered(
            lambda link: link.origin_id == record.id
        ) | Vinculo.search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )

    def test_m38_deleted_task_leaves_no_link_behind(self):
        """Neither its own nor those of what was generated from it, closed or not."""
        first = self.new_tarea()
        middle, other = (
            self.new_tarea(None, self.reception, user_id=self.own.id) for _ in range(2)
        )
        closed = self.new_tarea()
        Vinculo = self.env["gck.vinculo"].with_user(self.reception)
        Vinculo._link(middle, first, "origin")
        Vinculo._link(other | closed, middle, "origin")
        Vinculo._link(other, middle)
        Vinculo._link(middle, self.customer)
        kept = Vinculo._link(other, self.customer) | Vinculo._link(
            other, first, "origin"
        )
        closed._do_done("Hecho")
        self.assertEqual(len(self.links_of(middle)), 5)
        middle.with_user(self.manager).unlink()
        self.assertFalse(self.links_of(middle))
        self.assertEqual(kept.exists(), kept)
        self.assertEqual(self.links_of(other), kept)
        self.assertFalse(self.links_of(closed))

    def test_k41_deleted_appointment_leaves_no_link_behind(self):
        """Whether it was linked, had documents or gave rise to a task."""
        cita = self.env["calendar.event"].with_user(self.reception)
        cita = cita.create(
            {
                "name": "Revisar la cámara",
                "start": self.hours_from_now(24),
                "stop": self.hours_from_now(25),
            }
        )
        Vinculo = self.env["gck.vinculo"].with_user(self.reception)
        Vinculo._link(cita, self.customer)
        Vinculo._link(self.aviso.with_user(self.reception), cita)
        Vinculo._link(self.tarea.with_user(self.reception), cita, "origin")
        kept = Vinculo._link(self.aviso.with_user(self.reception), self.customer)
        self.assertEqual(len(self.links_of(cita)), 3)
        cita.unlink()
        self.assertFalse(self.links_of(cita))
        self.assertTrue(kept.exists())

    def test_k41_refused_deletion_keeps_the_links(self):
        link = self.link(self.tarea, self.customer)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.tarea.with_user(self.own).unlink()
        self.assertTrue(link.exists())

    def test_k41_deleted_document_breaks_no_screen(self):
        """A link to a deleted document shows, opens with a clear error, is cleaned."""
        document = self.env["res.partner"].create({"name": "Efímero"})
        link = self.link(self.aviso, document)
        document.unlink()
        self.env.invalidate_all()
        self.assertTrue(link.document_name)
        self.assertFalse(link.document_ref)
        with self.assertRaises(UserError):
            link.action_open()
        alive = self.link(self.aviso, self.customer)
        self.env["gck.vinculo"]._gc_dead_links()
        self.env.invalidate_all()
        self.assertFalse(link.exists())
        self.assertTrue(alive.exists())

    def test_k41_model_of_an_uninstalled_app_breaks_no_screen(self):
        """A link to a model that is gone shows, and is cleaned."""
        link = self.link(self.aviso, self.customer)
        link.sudo().res_model = "gone.model"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(self.aviso.vinculo_ids.document_name)
        with self.assertRaises(UserError):
            link.action_open()
        self.env["gck.vinculo"]._gc_dead_links()
        self.env.invalidate_all()
        self.assertFalse(link.exists())

    def test_k3_document_out_of_reach_is_not_shown(self):
        """The document keeps its own rights: its name is not read through a link."""
        lead = self.env["crm.lead"].create({"name": "Secreto comercial"})
        link = self.env["gck.vinculo"]._link(self.aviso.sudo(), lead)
        link = link.with_user(self.own)
        self.assertNotIn("Secreto", link.document_name)
        self.assertFalse(link.document_ref)
        with self.assertRaises(AccessError):
            link.action_open()
        with self.assertRaises(AccessError):
            self.link(self.tarea, lead)

    def test_k41_link_access_follows_its_action(self):
        """Who does not see the action finds no trace of its links."""
        link = self.link(self.aviso, self.customer)
        domain = [("id", "=", link.id)]
        for user, sees in (
            (self.own, True),
            (self.reception, True),
            (self.outsider, False),
            (self.foreign, False),
        ):
            Vinculo = self.env["gck.vinculo"].with_user(user)
            Vinculo = Vinculo.with_context(allowed_company_ids=user.company_ids.ids)
            values = link.copy_data()[0]
            self.env.invalidate_all()
            with self.subTest(user.login):
                self.assertEqual(bool(Vinculo.search(domain)), sees)
                self.assertEqual(Vinculo.search_count(domain), int(sees))
                groups = Vinculo._read_group(domain, ["res_model"], ["__count"])
                self.assertEqual(bool(groups), sees)
                self.assertEqual(bool(Vinculo.search_read(domain, ["res_id"])), sees)
                self.assertEqual(Vinculo.browse(link.id).has_access("read"), sees)
                if not sees:
                    with self.assertRaises(AccessError):
                        Vinculo.browse(link.id).read(["res_id"])
                    with self.assertRaises(AccessError):
                        Vinculo.browse(link.id).unlink()
                    with self.assertRaises(AccessError):
                        Vinculo.create({**values, "res_id": self.vendor.id})
        for user in (self.nobody, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["gck.vinculo"].with_user(user).search(domain)

    def test_k41_documents_of_a_notice_out_of_sight_stay_out_of_sight(self):
        """A task shows the documents of its notice to those who see the notice."""
        hidden = self.new_aviso()
        tarea = self.new_tarea(hidden, department_id=self.sales_department.id)
        self.link(hidden, self.customer, self.reception)
        self.link(tarea, self.vendor, self.reception)
        self.forget()
        tarea = tarea.with_user(self.colleague)
        self.assertFalse(hidden.with_user(self.colleague).has_access("read"))
        self.assertEqual(tarea.vinculo_ids.mapped("document_name"), ["Aceros Duero"])
        self.assertEqual(tarea.with_user(self.reception).vinculo_count, 2)

    def test_k41_link_is_not_moved_to_another_action(self):
        """Writing the action of a link does not plant it where one sees nothing."""
        hidden = self.new_aviso()
        link = self.link(self.aviso, self.customer)
        with self.assertRaises(UserError):
            link.write({"origin_id": hidden.id})
            self.env.flush_all()

    def test_k41_link_needs_an_action(self):
        """A link hangs from an action and from nothing else."""
        with self.assertRaises(UserError):
            self.env["gck.vinculo"].with_user(self.manager).create(
                {
                    "origin_model": "res.partner",
                    "origin_id": self.customer.id,
                    "res_model": "res.partner",
                    "res_id": self.vendor.id,
                }
            )

    def test_k41_intervention_links_are_its_authors(self):
        """Whoever may not change an intervention does not link on it."""
        with self.assertRaises(AccessError):
            self.link(self.line, self.customer, self.colleague)

    def test_k44_closed_notice_keeps_its_links(self):
        """The documents of a closed notice are neither added to nor removed."""
        tarea = self.new_tarea(self.aviso)
        self.link(self.aviso, self.customer)
        (tarea | self.tarea)._do_done("Hecho")
        self.aviso.action_close()
        with self.assertRaises(UserError):
            self.link(self.aviso, self.vendor)
        with self.assertRaises(UserError):
            self.aviso.vinculo_ids.action_unlink()
        self.assertEqual(self.aviso.vinculo_ids.document_ref, self.customer)

    @mute_logger("odoo.sql_db")
    def test_k41_same_link_twice_is_kept_once(self):
        """Linking again through the API is no error and no duplicate."""
        first = self.link(self.aviso, self.customer)
        self.assertTrue(first)
        self.assertFalse(self.link(self.aviso, self.customer))
        self.assertEqual(self.aviso.vinculo_count, 1)
