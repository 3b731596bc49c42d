from datetime import timedelta

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user

USER = "gck_avisos.group_gck_aviso_user"
ALL = "gck_avisos.group_gck_aviso_all"
MANAGER = "gck_avisos.group_gck_aviso_manager"


def take_suite_from(env, *xmlids):
    """Let groups of other apps give none of the suite's, which an area may add."""
    for xmlid in xmlids:
        group = env.ref(xmlid)
        names = group.implied_ids.get_external_id()
        group.implied_ids = group.implied_ids.filtered(
            lambda implied, names=names: not names[implied.id].startswith("gck_")
        )


class AvisosCase(TransactionCase):
    """A Spanish company with its people, departments, customers and tables."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        spain = cls.env.ref("base.es")
        cls.company, cls.other_company = cls.env["res.company"].create(
            [
                {"name": "Talleres Ebro", "country_id": spain.id},
                {"name": "Talleres Tajo", "country_id": spain.id},
            ]
        )
        (cls.company | cls.other_company).write(
            {"gck_hours_mode": "calendar", "gck_tarea_partner_required": False}
        )
        cls.env = cls.env["base"].with_company(cls.company).env
        cls.setup_people()
        cls.setup_partners()
        cls.setup_tables()

    @classmethod
    def setup_people(cls):
        cls.own = cls.new_user("own", USER, "Olga Own")
        cls.colleague = cls.new_user("colleague", USER, "Carlos Colleague")
        cls.outsider = cls.new_user("outsider", USER, "Oscar Outsider")
        cls.dispatcher = cls.new_user("dispatcher", USER, "Diana Dispatcher")
        cls.reception = cls.new_user("reception", ALL, "Rosa Reception")
        cls.manager = cls.new_user("manager", MANAGER, "Mario Manager")
        cls.nobody = cls.new_user("nobody", "base.group_user", "Nadia Nobody")
        cls.portal = cls.new_user("portal", "base.group_portal", "Pablo Portal")
        cls.foreign = cls.new_user(
            "foreign", MANAGER, "Fermín Foreign", company=cls.other_company
        )
        cls.sales_department = cls.new_department("Ventas", cls.own | cls.colleague)
        cls.admin_department = cls.new_department(
            "Administración", cls.dispatcher, manager=cls.dispatcher
        )

    @classmethod
    def new_user(cls, login, groups, name, company=None, **vals):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=f"gck_avisos_{login}",
            groups=groups,
            name=name,
            email=f"{login}@gck.example.com",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            tz="Europe/Madrid",
            context={"no_reset_password": True},
            **vals,
        )

    @classmethod
    def new_department(cls, name, users, manager=None):
        department = cls.env["hr.department"].create(
            {"name": name, "company_id": cls.company.id}
        )
        for user in users:
            employee = cls.env["hr.employee"].create(
                {
                    "name": user.name,
                    "user_id": user.id,
                    "company_id": cls.company.id,
                    "department_id": department.id,
                }
            )
            if user == manager:
                department.manager_id = employee
        return department

    @classmethod
    def setup_partners(cls):
        cls.customer, cls.vendor = cls.env["res.partner"].create(
            [
                {
                    "name": "Cerámicas Júcar",
                    "is_company": True,
                    "phone": "600 123 456",
                    "email": "info@jucar.example.com",
                    "country_id": cls.env.ref("base.es").id,
                },
                {
                    "name": "Aceros Duero",
                    "is_company": True,
                    "phone": "+34 911 222 333",
                    "country_id": cls.env.ref("base.es").id,
                },
            ]
        )
        cls.contact, cls.vendor_contact = cls.env["res.partner"].create(
            [
                {
                    "name": "Marta Júcar",
                    "parent_id": cls.customer.id,
                    "email": "marta@jucar.example.com",
                    "phone": "611 222 333",
                },
                {"name": "Víctor Duero", "parent_id": cls.vendor.id},
            ]
        )

    @classmethod
    def setup_tables(cls):
        """Types that propose nothing, so that every test says what it means."""
        cls.tipo = cls.env["gck.aviso.tipo"].create({"name": "Consulta"})
        cls.motivo = cls.env["gck.motivo"].create({"name": "Pide presupuesto"})
        cls.tarea_tipo = cls.env["gck.tarea.tipo"].create({"name": "Llamar"})

    # ------------------------------------------------------------
    # Shortcuts
    # ------------------------------------------------------------

    @classmethod
    def new_aviso(cls, user=None, **vals):
        """Create a notice as a person, the receptionist unless told."""
        Aviso = cls.env["gck.aviso"].with_user(user or cls.reception)
        return Aviso.create({"subject": "Pide un presupuesto", **vals})

    @classmethod
    def new_tarea(cls, aviso=None, user=None, **vals):
        """Create a task as a person, the receptionist unless told."""
        Tarea = cls.env["gck.tarea"].with_user(user or cls.reception)
        return Tarea.create(
            {
                "subject": "Enviar el presupuesto",
                "aviso_id": aviso.id if aviso else False,
                **vals,
            }
        )

    @classmethod
    def new_intervencion(cls, user=None, **vals):
        """Log an intervention as a person, the receptionist unless told."""
        Intervencion = cls.env["gck.intervencion"].with_user(user or cls.reception)
        return Intervencion.create({"description": "<p>Llamé</p>", **vals})

    def confirm(self, action, **vals):
        """Fill the dialog that an action opens, as its user, and confirm it."""
        wizard = self.open_dialog(action)
        wizard.write(vals)
        return wizard.action_confirm()

    def open_dialog(self, action):
        """Return the dialog of an action, in the environment that opened it."""
        self.assertEqual(action["target"], "new")
        model = self.env[action["res_model"]]
        if user := action.get("test_user"):
            model = model.with_user(user)
        if action.get("res_id"):
            return model.browse(action["res_id"])
        return model.with_context(**action["context"]).create({})

    def as_user(self, user, action):
        """Say who confirms the dialog of an action."""
        return {**action, "test_user": user}

    def messages_to(self, user, records=None):
        """Return the messages that notified a person, on some records or on any."""
        domain = [("notified_partner_ids", "in", user.partner_id.ids)]
        if records is not None:
            domain += [("model", "=", records._name), ("res_id", "in", records.ids)]
        return self.env["mail.message"].search(domain)

    def log_text(self, record):
        """Return everything that the chatter of a record says."""
        messages = self.env["mail.message"].search(
            [("model", "=", record._name), ("res_id", "=", record.id)]
        )
        return " ".join(message.body or "" for message in messages)

    def forget(self):
        """Empty the caches, which a user would otherwise share with another."""
        self.env.flush_all()
        self.env.invalidate_all()

    def track(self):
        """Write the tracked changes to the log, as the end of a request does."""
        self.env.flush_all()
        self.cr.flush()

    def count_queries(self, function):
        """Return how many queries a call costs from cold caches to its commit."""
        self.track()
        self.forget()
        before = self.env.cr.sql_log_count
        function()
        self.track()
        return self.env.cr.sql_log_count - before

    def assertNames(self, error, *names):
        """Check that a message names everything that the reader needs."""
        for name in names:
            self.assertIn(name, str(error))

    @staticmethod
    def hours_from_now(hours):
        return fields.Datetime.now() + timedelta(hours=hours)
