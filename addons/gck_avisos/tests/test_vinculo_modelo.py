from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.gck_vinculo_modelo import DOCUMENT_MODELS
from .common import ALL, AvisosCase


@tagged("post_install", "-at_install")
class TestVinculoModelo(AvisosCase):
    """The table of linkable documents and the dialog that links them (K-15)."""

    def setUp(self):
        super().setUp()
        self.seller = self.new_user(
            "seller", f"{ALL},sales_team.group_sale_salesman_all_leads", "Sara Seller"
        )
        self.Modelo = self.env["gck.vinculo.modelo"].with_user(self.manager)
        self.lead = self.new_lead("Ampliación de la nave", self.customer)
        self.aviso = self.new_aviso(partner_id=self.customer.id)

    def new_lead(self, name, partner=None):
        return self.env["crm.lead"].create(
            {
                "name": name,
                "partner_id": partner and partner.id,
                "user_id": self.own.id,
                "company_id": self.company.id,
            }
        )

    def row(self, model_name):
        rows = self.Modelo.with_context(active_test=False)
        return rows.search([("model", "=", model_name)])

    def add(self, model_name, **vals):
        model_id = self.env["ir.model"]._get_id(model_name)
        return self.Modelo.create({"model_id": model_id, **vals})

    def offered(self, user=None):
        Modelo = self.env["gck.vinculo.modelo"].with_user(user or self.reception)
        return list(Modelo._get_models())

    def dialog(self, record=None, user=None, **vals):
        """Open «Vincular documento» as a form, for a person."""
        record = record or self.aviso
        action = record.action_link_document()
        Wizard = self.env[action["res_model"]].with_user(user or self.own)
        return Form(Wizard.with_context(**action["context"]))

    def names(self, form):
        return [line["document_name"] for line in form.line_ids._records]

    # ------------------------------------------------------------
    # The table
    # ------------------------------------------------------------

    def test_k15_documents_of_installed_apps_are_in_the_table(self):
        """Sale orders, invoices… whose app is installed come by themselves, once."""
        installed = [name for name in DOCUMENT_MODELS if name in self.env]
        self.assertLessEqual(
            {"crm.lead", "calendar.event", "product.template", "res.partner"}
            & set(self.env),
            set(installed),
        )
        for name in installed:
            self.assertTrue(self.row(name), name)
        before = self.Modelo.search_count([])
        self.Modelo._add_default_rows()
        self.assertEqual(self.Modelo.search_count([]), before)
        self.assertEqual(self.row("crm.lead").partner_field_id.name, "partner_id")

    def test_k15_row_adds_a_model_without_code(self):
        """A model with no chatter can be linked once it has a row."""
        group = self.env["res.partner.category"].create({"name": "Mayoristas"})
        self.assertNotIn("res.partner.category", self.offered())
        self.add("res.partner.category", name="Etiqueta de contacto")
        self.assertEqual(self.offered()[-1], "res.partner.category")
        form = self.dialog(user=self.reception)
        form.res_model = "res.partner.category"
        form.search_text = "mayor"
        self.assertEqual(self.names(form), ["Mayoristas"])
        with form.line_ids.edit(0) as line:
            line.selected = True
        form.save().action_confirm()
        link = self.aviso.vinculo_ids
        self.assertEqual(link.document_ref, group)
        selection = dict(self.env["gck.vinculo"]._selection_document_ref())
        self.assertEqual(selection["res.partner.category"], "Etiqueta de contacto")

    def test_k15_archived_row_hides_a_usual_document(self):
        """What was linked before stays linked and readable."""
        link = self.env["gck.vinculo"].with_user(self.reception)
        link = link._link(self.aviso, self.customer)
        self.assertIn("res.partner", self.offered())
        self.row("res.partner").active = False
        self.assertNotIn("res.partner", self.offered())
        self.forget()
        self.assertEqual(link.document_name, "Cerámicas Júcar")
        self.row("res.partner").active = True
        self.assertIn("res.partner", self.offered())

    def test_k15_deleted_row_of_a_usual_document_still_offers_it(self):
        """Only archiving hides; a row deleted by mistake is no loss."""
        self.row("crm.lead").unlink()
        self.assertIn("crm.lead", self.offered(self.env.user))

    def test_k15_order_of_the_table_is_the_order_of_the_dialog(self):
        """The sequence decides."""
        self.row("res.partner").sequence = 0
        self.assertEqual(self.offered()[0], "res.partner")

    def test_k15_only_kept_models_and_fields_of_partners(self):
        """Dialogs and abstract models hold no documents; fields must fit."""
        for name in ("gck.vinculo.crear", "mail.thread"):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.add(name)
        partner_field = self.env["ir.model.fields"]._get("crm.lead", "partner_id")
        user_field = self.env["ir.model.fields"]._get("crm.tag", "create_uid")
        for field in (partner_field, user_field):
            with self.subTest(field.name), self.assertRaises(ValidationError):
                self.add("crm.tag", partner_field_id=field.id)

    def test_k15_only_models_with_a_table(self):
        """Rows of a union or a report are no documents; those of a view are."""
        for name in ("gck.accion", "gck.parametros"):
            with self.subTest(name), self.assertRaises(ValidationError) as refusal:
                self.add(name)
            self.assertNames(refusal.exception, self.env["ir.model"]._get(name).name)
        self.assertTrue(self.add("hr.employee.public"))

    def test_k15_link_to_a_model_without_a_table_stops_no_cleaning(self):
        """One that a program made, or from before such models were refused."""
        Vinculo = self.env["gck.vinculo"].sudo()
        odd = Vinculo._link(self.aviso, self.env["gck.parametros"].browse(1).sudo())
        document = self.env["res.partner.category"].create({"name": "Efímero"})
        alive = Vinculo._link(self.aviso, self.customer)
        dead = Vinculo._link(self.aviso, document)
        document.unlink()
        Vinculo._gc_dead_links()
        self.env.invalidate_all()
        self.assertFalse(dead.exists())
        self.assertTrue(odd.exists())
        self.assertTrue(alive.exists())

    @mute_logger("odoo.sql_db")
    def test_k15_one_row_for_each_model(self):
        """The second row of a model is refused, an archived first one counting."""
        self.row("crm.lead").active = False
        with self.assertRaises(Exception) as refusal, self.cr.savepoint():
            self.add("crm.lead")
        self.assertIn("unique", str(refusal.exception).lower())

    def test_k15_removed_model_takes_its_row_along(self):
        """Uninstalling an app, or deleting a model, breaks nothing."""
        model, obra = self.new_manual_document()
        row = self.add("x_gck_obra")
        self.assertIn("x_gck_obra", self.offered())
        self.env["gck.vinculo"].with_user(self.reception)._link(self.aviso, obra)
        model.unlink()
        self.forget()
        self.assertFalse(row.exists())
        self.assertNotIn("x_gck_obra", self.offered())
        self.assertTrue(self.aviso.vinculo_ids.document_name)

    def test_k15_only_managers_keep_the_table(self):
        """The people who link read it; a manager without technical rights edits it."""
        self.assertFalse(self.manager.has_group("base.group_erp_manager"))
        with Form(self.Modelo, "gck_avisos.view_gck_vinculo_modelo_list") as form:
            form.model_id = self.env["ir.model"]._get("crm.tag").with_user(self.manager)
        self.assertEqual(form.record.name, form.record.model_id.name)
        self.assertFalse(form.record.custom_name)
        form.record.name = "Clase de lead"
        self.assertEqual(form.record.display_name, "Clase de lead")
        with self.assertRaises(AccessError):
            form.record.with_user(self.reception).active = False

    def test_k15_partner_field_is_proposed(self):
        """Choosing the document proposes its partner."""
        self.row("crm.lead").unlink()
        with Form(self.Modelo, "gck_avisos.view_gck_vinculo_modelo_list") as form:
            form.model_id = (
                self.env["ir.model"]._get("crm.lead").with_user(self.manager)
            )
            self.assertEqual(form.partner_field_id.name, "partner_id")

    def test_k15_partner_field_fills_what_is_created(self):
        """The new action is about whom the chosen field of the document names."""
        model, obra = self.new_manual_document(x_cliente_id=self.contact.id)
        field = self.env["ir.model.fields"]._get(model.model, "x_cliente_id")
        Accion = self.env["gck.accion"].with_user(self.reception)
        action = Accion.get_create_action("tarea", model.model, obra.id)
        self.assertFalse(action["context"].get("default_partner_id"))
        self.add(model.model, partner_field_id=field.id)
        context = Accion.get_create_action("tarea", model.model, obra.id)["context"]
        self.assertEqual(context["default_partner_id"], self.customer.id)
        self.assertEqual(context["default_contact_id"], self.contact.id)

    def new_manual_document(self, **vals):
        """Return a model made without code, readable by everybody, and a record."""
        model = self.env["ir.model"].create(
            {
                "name": "Obra",
                "model": "x_gck_obra",
                "state": "manual",
                "field_id": [
                    Command.create(
                        {
                            "name": "x_cliente_id",
                            "field_description": "Cliente",
                            "ttype": "many2one",
                            "relation": "res.partner",
                        }
                    )
                ],
                "access_ids": [
                    Command.create(
                        {
                            "name": "obra",
                            "group_id": self.env.ref("base.group_user").id,
                            "perm_read": True,
                        }
                    )
                ],
            }
        )
        return model, self.env["x_gck_obra"].sudo().create(vals)

    # ------------------------------------------------------------
    # The dialog
    # ------------------------------------------------------------

    def test_k15_latest_documents_of_the_partner_are_proposed(self):
        """Those of its contacts too; those of others are not."""
        of_contact = self.new_lead("Fuga en la cámara", self.contact)
        self.new_lead("De otro", self.vendor)
        form = self.dialog(user=self.seller)
        leads = [
            line["res_id"]
            for line in form.line_ids._records
            if line["res_model"] == "crm.lead"
        ]
        self.assertEqual(leads[:2], [of_contact.id, self.lead.id])
        self.assertNotIn("De otro", self.names(form))

    def test_k15_documents_are_found_by_name_and_by_partner(self):
        """Part of the number or of the customer's name; the partner's come first."""
        other = self.new_lead("Ampliación del taller", self.vendor)
        form = self.dialog(user=self.seller)
        form.res_model = "crm.lead"
        form.search_text = "ampliación"
        self.assertEqual(self.names(form), [self.lead.name, other.name])
        form.search_text = "duero"
        self.assertEqual(self.names(form), [other.name])
        form.search_text = "no existe"
        self.assertFalse(self.names(form))

    def test_k15_several_documents_at_once(self):
        """What is ticked stays ticked through another search."""
        other = self.new_lead("Cambio de local", self.vendor)
        form = self.dialog(user=self.seller)
        form.res_model = "crm.lead"
        with form.line_ids.edit(0) as line:
            line.selected = True
        form.search_text = "local"
        self.assertEqual(self.names(form), [self.lead.name, other.name])
        with form.line_ids.edit(1) as line:
            line.selected = True
        form.save().action_confirm()
        self.assertEqual(
            self.aviso.with_user(self.seller).vinculo_ids.mapped("document_name"),
            [self.lead.name, other.name],
        )

    def test_k15_what_is_linked_already_says_so(self):
        """And nothing ticked is an error that says what to do."""
        self.env["gck.vinculo"].with_user(self.seller)._link(self.aviso, self.lead)
        form = self.dialog(user=self.seller)
        lines = {
            line["document_name"]: line["linked"] for line in form.line_ids._records
        }
        self.assertTrue(lines[self.lead.name])
        with self.assertRaises(UserError):
            form.save().action_confirm()

    def test_k15_what_the_user_cannot_read_is_not_offered(self):
        """Nor its model, nor by guessing its id."""
        form = self.dialog(user=self.reception)
        self.assertFalse(self.reception.has_group("sales_team.group_sale_salesman"))
        self.assertNotIn(self.lead.name, self.names(form))
        models = dict(
            self.env["gck.vinculo.crear"]
            .with_user(self.reception)
            ._selection_res_model()
        )
        self.assertNotIn("crm.lead", models)
        wizard = form.save()
        wizard.line_ids = [
            Command.create(
                {"res_model": "crm.lead", "res_id": self.lead.id, "selected": True}
            )
        ]
        self.assertNotIn(self.lead.name, wizard.line_ids.mapped("document_name"))
        with self.assertRaises(UserError):
            wizard.action_confirm()
        self.assertFalse(self.aviso.vinculo_ids)

    def test_k15_internal_notice_proposes_nothing_until_asked(self):
        """Without a partner there is nothing to guess from."""
        aviso = self.new_aviso()
        form = self.dialog(aviso, user=self.seller)
        self.assertFalse(self.names(form))
        form.res_model = "crm.lead"
        self.assertIn(self.lead.name, self.names(form))
