from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import USER, AvisosCase

# What an officer of each app needs to open its documents.
APP_GROUPS = (
    "sales_team.group_sale_salesman_all_leads",
    "account.group_account_invoice",
    "stock.group_stock_user",
    "purchase.group_purchase_user",
    "mrp.group_mrp_user",
    "project.group_project_user",
    "base.group_partner_manager",
)


@tagged("post_install", "-at_install")
class TestChatter(AvisosCase, HttpCase):
    """The «GCK» button of every chatter, and the cycle, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = [group for group in APP_GROUPS if cls.env.ref(group, False)]
        cls.officer = cls.new_user(
            "officer", ",".join([USER, *groups]), "Óscar Officer"
        )

    def get_documents(self):
        """Yield a document of each installed app, with the customer where it fits.

        The customer comes first: what is made for the others is the customer's too.
        """
        yield self.customer
        if "account.journal" in self.env:
            self.env["account.journal"].create(
                {
                    "name": "Ventas",
                    "code": "VEN",
                    "type": "sale",
                    "company_id": self.company.id,
                }
            )
        partner = {"partner_id": self.customer.id}
        vals_by_model = {
            "sale.order": partner,
            "account.move": {**partner, "move_type": "out_invoice"},
            "purchase.order": partner,
            "repair.order": partner,
            "project.project": {"name": "Obra", **partner},
            "crm.lead": {"name": "Ampliación", **partner, "user_id": self.officer.id},
        }
        for name, vals in vals_by_model.items():
            if name in self.env:
                model = self.env[name].with_company(self.company)
                yield model.create({**vals, "company_id": self.company.id})

    def tour(self, record, name, user):
        url = f"/odoo/{record._name}/{record.id}"
        self.start_tour(url, name, login=user.login)

    def test_k3_k15_k41_chatter_of_every_document(self):
        """Each document makes a filled and linked action and finds it again."""
        for document in self.get_documents():
            with self.subTest(document._name):
                self.tour(document, "gck_chatter", self.officer)
                tarea = self.env["gck.tarea"].search([], limit=1, order="id desc")
                self.assertEqual(tarea.subject, "Revisar el documento")
                self.assertEqual(tarea.partner_id, self.customer)
                link = tarea.vinculo_ids
                self.assertEqual(link.res_model, document._name)
                self.assertEqual(link.res_id, document.id)

    def test_k41_document_is_linked_to_an_action_that_exists(self):
        """From the chatter of the document, the count being refreshed at once."""
        aviso = self.new_aviso(user_id=self.officer.id)
        lead = self.env["crm.lead"].create(
            {
                "name": "Ampliación",
                "user_id": self.officer.id,
                "company_id": self.company.id,
            }
        )
        self.tour(lead, "gck_chatter_existing", self.officer)
        aviso = aviso.with_user(self.officer)
        self.assertEqual(aviso.vinculo_ids.document_ref, lead)

    def test_k3_no_button_for_those_outside_the_suite(self):
        """Nor is anything counted for them."""
        self.new_aviso(partner_id=self.customer.id)
        self.tour(self.customer, "gck_chatter_outsider", self.nobody)

    def test_m38_m39_spawn_and_cycle(self):
        """What is generated inherits, links back, and shows in the family."""
        hidden = self.new_aviso(subject="De otro departamento")
        tarea = self.new_tarea(
            subject="Enviarla",
            user_id=self.own.id,
            partner_id=self.customer.id,
            contact_id=self.contact.id,
        )
        # Generated from the notice, which its responsible does not see.
        self.env["gck.vinculo"]._link(tarea.sudo(), hidden.sudo(), "origin")
        self.assertFalse(hidden.with_user(self.own).has_access("read"))
        self.env["gck.vinculo"].with_user(self.reception)._link(tarea, self.customer)
        self.tour(tarea, "gck_ciclo", self.own)

    def test_k41_deleted_documents_do_not_break_the_cycle(self):
        """A document or model that is gone is simply not named."""
        tarea = self.new_tarea(user_id=self.own.id)
        gone = self.env["res.partner"].create({"name": "Efímero"})
        links = self.env["gck.vinculo"].with_user(self.own)
        links._link(tarea, gone)
        lost = links._link(tarea, self.customer)
        lost.sudo().res_model = "gone.model"
        links._link(tarea, self.vendor)
        gone.unlink()
        self.forget()
        Accion = self.env["gck.accion"].with_user(self.own)
        (node,) = Accion.get_family("gck.tarea", tarea.id)["nodes"]
        self.assertEqual([d["name"] for d in node["documents"]], ["Aceros Duero"])
        self.assertEqual(Accion.get_document_summary("gck.tarea", tarea.id)["count"], 0)

    def test_k41_deleted_action_leaves_the_menu(self):
        """Links of a deleted action neither count nor break."""
        tarea = self.new_tarea()
        link = self.env["gck.vinculo"].with_user(self.reception)
        link = link._link(tarea, self.vendor)
        # As a deletion past the ORM leaves it.
        self.env.cr.execute("DELETE FROM gck_tarea WHERE id = %s", [tarea.id])
        self.env.invalidate_all()
        self.assertTrue(link.sudo().exists())
        Accion = self.env["gck.accion"].with_user(self.reception)
        summary = Accion.get_document_summary("res.partner", self.vendor.id)
        self.assertEqual((summary["count"], summary["rows"]), (0, []))

    def test_m39_documents_out_of_reach_are_not_named_in_the_cycle(self):
        """The cycle names what its reader may read, and nothing else."""
        lead = self.env["crm.lead"].create({"name": "Secreto comercial"})
        tarea = self.new_tarea(user_id=self.own.id)
        self.env["gck.vinculo"].with_user(self.own)._link(tarea, self.vendor)
        self.env["gck.vinculo"]._link(tarea.sudo(), lead)
        self.forget()
        family = self.env["gck.accion"].with_user(self.own)
        (node,) = family.get_family("gck.tarea", tarea.id)["nodes"]
        self.assertEqual([d["name"] for d in node["documents"]], ["Aceros Duero"])

    def test_m39_documents_of_a_large_family_in_few_queries(self):
        """As many queries for forty tasks with documents as for two."""
        Accion = self.env["gck.accion"].with_user(self.reception)

        def family(count):
            aviso = self.new_aviso()
            for number in range(count):
                tarea = self.new_tarea(aviso, subject=str(number))
                self.env["gck.vinculo"].with_user(self.reception)._link(
                    tarea, self.customer
                )
            return self.count_queries(lambda: Accion.get_family("gck.aviso", aviso.id))

        family(1)
        self.assertLessEqual(family(40), family(2) + 2)

    def test_m39_cycle_of_an_appointment_and_of_an_intervention(self):
        """Records that are no action of their own have their cycle too."""
        tarea = self.new_tarea(user_id=self.own.id)
        line = self.new_intervencion(self.own, tarea_id=tarea.id)
        action = line.action_related()
        self.assertEqual(action["tag"], "gck_ciclo")
        Accion = self.env["gck.accion"].with_user(self.own)
        nodes = Accion.get_family(**action["params"])["nodes"]
        self.assertEqual(
            [node["key"] for node in nodes],
            [f"gck.tarea,{tarea.id}", f"gck.intervencion,{line.id}"],
        )
        event = (
            self.env["calendar.event"]
            .with_user(self.own)
            .create(
                {
                    "name": "Visita",
                    "start": self.hours_from_now(1),
                    "stop": self.hours_from_now(2),
                    "partner_ids": [Command.set(self.own.partner_id.ids)],
                }
            )
        )
        action = event.action_related()
        (node,) = Accion.get_family(**action["params"])["nodes"]
        self.assertTrue(node["current"])
