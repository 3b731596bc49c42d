from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import AvisosCase

TABLES = (
    "gck.aviso.tipo",
    "gck.motivo",
    "gck.procedencia",
    "gck.evento",
    "gck.tarea.tipo",
    "gck.actividad.tipo",
)
DIALOGS = (
    "gck.accion.transicion",
    "gck.accion.reasignar",
    "gck.accion.posponer",
    "gck.vinculo.crear",
    "gck.vinculo.crear.linea",
    "gck.vinculo.accion",
    "gck.agenda.imprimir",
    "gck.aviso.remitente",
)
# Rights on the model, by role: c(reate) r(ead) w(rite) u(nlink). The rules say on which
# of its records.
MATRIX = {
    #                     own     reception manager nobody portal
    "gck.aviso":         ("crw",  "crw",    "crwu", "",    ""),
    "gck.tarea":         ("crw",  "crw",    "crwu", "",    ""),
    "gck.intervencion":  ("crwu", "crwu",   "crwu", "",    ""),
    "gck.vinculo":       ("crwu", "crwu",   "crwu", "",    ""),
    "gck.vinculo.modelo": ("r",   "r",      "crwu", "",    ""),
    "gck.etiqueta":      ("cr",   "cr",     "crwu", "",    ""),
    "gck.accion":        ("r",    "r",      "r",    "",    ""),
    "gck.accion.clase":  ("r",    "r",      "rw",   "",    ""),
    "gck.accion.impresion": ("",  "",       "crwu", "",    ""),
    "gck.parametros":    ("",     "",       "rw",   "",    ""),
    **dict.fromkeys(TABLES, ("r", "r",      "crwu", "",    "")),
    **dict.fromkeys(DIALOGS, ("crwu", "crwu", "crwu", "",  "")),
    # One's own only, whoever launches them; nobody writes on them.
    "gck.lote":          ("r",    "r",      "r",    "r",   ""),
    "gck.lote.linea":    ("r",    "r",      "r",    "r",   ""),
}  # fmt: skip
ROLES = ("own", "reception", "manager", "nobody", "portal")
OPERATIONS = {"c": "create", "r": "read", "w": "write", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccess(AvisosCase):
    """Who may do what with which records (design §4)."""

    def sees(self, record, *users):
        """Return which of some people, all the company's unless told, read it."""
        users = users or (
            self.own, self.colleague, self.outsider, self.dispatcher,
            self.reception, self.manager,
        )  # fmt: skip
        self.forget()
        return {
            user.login.removeprefix("gck_avisos_")
            for user in users
            if record.with_user(user).search([("id", "=", record.id)])
            and record.with_user(user).has_access("read")
        }

    def test_matrix_of_models_and_roles(self):
        """Every model of the addon gives every role exactly what the table says."""
        ours = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("gck.")
            and model._original_module == "gck_avisos"
            and not model._abstract
        }
        self.assertEqual(ours, set(MATRIX))
        for name, rights in MATRIX.items():
            for role, expected in zip(ROLES, rights, strict=True):
                Model = self.env[name].with_user(self[role])
                found = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if Model.has_access(operation)
                )
                with self.subTest(model=name, role=role):
                    self.assertEqual(found, expected)

    def __getitem__(self, role):
        return getattr(type(self), role)

    def test_k2_own_notice_rules(self):
        """Responsible, requester, salesperson, department, assignee and follower."""
        everybody = {"reception", "manager"}
        cases = [
            ({}, set()),
            ({"user_id": self.own.id}, {"own"}),
            ({"requester_id": self.own.id}, {"own"}),
            ({"comercial_id": self.outsider.id}, {"outsider"}),
            ({"department_id": self.sales_department.id}, {"own", "colleague"}),
        ]
        for vals, expected in cases:
            with self.subTest(vals=vals):
                self.assertEqual(
                    self.sees(self.new_aviso(**vals)), everybody | expected
                )

    def test_k37_assignee_sees_the_notice_of_its_task(self):
        """And loses sight of it no sooner than the task is somebody else's."""
        aviso = self.new_aviso()
        self.assertEqual(self.sees(aviso, self.outsider), set())
        self.new_tarea(aviso, user_id=self.outsider.id)
        self.assertEqual(self.sees(aviso, self.outsider), {"outsider"})

    def test_k39_who_sees_a_notice_sees_its_work(self):
        """Salesperson, department and whoever took it read tasks and interventions."""
        aviso = self.new_aviso(
            self.own,
            comercial_id=self.colleague.id,
            department_id=self.admin_department.id,
        )
        tarea = self.new_tarea(aviso, self.manager, user_id=self.outsider.id)
        line = self.new_intervencion(self.outsider, tarea_id=tarea.id)
        for user in (self.own, self.colleague, self.dispatcher):
            self.forget()
            with self.subTest(user.login):
                self.assertTrue(aviso.with_user(user).has_access("read"))
                self.assertEqual(aviso.with_user(user).tarea_ids, tarea)
                self.assertEqual(aviso.with_user(user).intervencion_ids, line)
                self.assertFalse(tarea.with_user(user).has_access("unlink"))
                self.assertFalse(line.with_user(user).has_access("write"))

    def test_k2_follower_sees(self):
        """Somebody invited to follow reads the notice and the task."""
        for record in (self.new_aviso(), self.new_tarea()):
            self.assertEqual(self.sees(record, self.outsider), set())
            record.message_subscribe(self.outsider.partner_id.ids)
            self.assertEqual(self.sees(record, self.outsider), {"outsider"})

    def test_k2_own_task_rules(self):
        """Responsible, requester, department and whoever answers for the notice."""
        everybody = {"reception", "manager"}
        aviso = self.new_aviso(user_id=self.colleague.id)
        cases = [
            ({}, set()),
            ({"user_id": self.outsider.id}, {"outsider"}),
            ({"requester_id": self.own.id}, {"own"}),
            ({"department_id": self.admin_department.id}, {"dispatcher"}),
            ({"aviso_id": aviso.id}, {"colleague"}),
        ]
        for vals, expected in cases:
            with self.subTest(vals=vals):
                self.assertEqual(
                    self.sees(self.new_tarea(**vals)), everybody | expected
                )

    def test_k39_own_intervention_rules(self):
        """Author, department, and those of its task and notice."""
        everybody = {"reception", "manager"}
        aviso = self.new_aviso(user_id=self.colleague.id)
        tarea = self.new_tarea(user_id=self.outsider.id)
        cases = [
            (self.new_intervencion(), set()),
            (self.new_intervencion(self.own), {"own", "colleague"}),
            (self.new_intervencion(aviso_id=aviso.id), {"colleague"}),
            (self.new_intervencion(tarea_id=tarea.id), {"outsider"}),
        ]
        for line, expected in cases:
            self.assertEqual(self.sees(line), everybody | expected)

    def test_k2_colleague_logs_on_the_departments_task(self):
        """Somebody of the department may log on, finish and read its tasks."""
        aviso = self.new_aviso(department_id=self.sales_department.id)
        tarea = self.new_tarea(aviso, department_id=self.sales_department.id)
        self.forget()
        tarea = tarea.with_user(self.colleague)
        self.new_intervencion(self.colleague, tarea_id=tarea.id)
        tarea.action_done()
        self.assertEqual(tarea.done_user_id, self.colleague)

    def test_other_company_sees_nothing(self):
        """A manager of another company has no notice, task or intervention here."""
        aviso = self.new_aviso()
        tarea = self.new_tarea(aviso)
        records = (aviso, tarea, self.new_intervencion(tarea_id=tarea.id))
        for record in records:
            foreign = record.with_user(self.foreign).with_context(
                allowed_company_ids=self.other_company.ids
            )
            self.forget()
            with self.subTest(record._name):
                self.assertFalse(foreign.search([("id", "=", record.id)]))
                for operation in ("read", "write", "unlink"):
                    self.assertFalse(foreign.has_access(operation))

    def test_other_company_tables_are_not_offered(self):
        """Rows of a company are its own; rows of none are everybody's."""
        Motivo = self.env["gck.motivo"]
        shared, ours = Motivo.create(
            [{"name": "De todos"}, {"name": "Nuestro", "company_id": self.company.id}]
        )
        foreign = Motivo.with_user(self.foreign).with_context(
            allowed_company_ids=self.other_company.ids
        )
        found = foreign.search([("id", "in", (shared | ours).ids)])
        self.assertEqual(found, shared)

    def test_outsiders_of_the_suite_are_refused(self):
        """An employee without the role, and a portal user, read nothing at all."""
        aviso = self.new_aviso(partner_id=self.portal.partner_id.id)
        tarea = self.new_tarea(aviso)
        for user in (self.nobody, self.portal):
            for record in (aviso, tarea):
                with self.subTest(user=user.login, model=record._name):
                    with self.assertRaises(AccessError):
                        record.with_user(user).read(["name"])
                    with self.assertRaises(AccessError):
                        record.with_user(user).search([])

    def test_k10_partner_form_of_people_without_the_role(self):
        """Partners, users and leads read as before for who has no role."""
        Partner = self.env["res.partner"].with_user(self.nobody)
        names = [name for name in Partner.fields_get() if name.startswith("gck_")]
        self.assertFalse(names)
        self.nobody.with_user(self.nobody).read(["name", "email"])
        view = self.customer.with_user(self.nobody).get_view(view_type="form")
        self.assertNotIn("gck_aviso_count", view["arch"])
