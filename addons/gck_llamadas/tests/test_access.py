from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ALL, MANAGER, LlamadasCase

# Rights on the model, by role: c(reate) r(ead) w(rite) u(nlink). The rules say on which
# of its records.
MATRIX = {
    #                        own    reception manager nobody portal
    "gck.llamada":           ("crw", "crw",   "crwu", "",    ""),
    "gck.llamada.tipo":      ("r",   "r",     "crwu", "",    ""),
    "gck.llamada.resultado": ("r",   "r",     "crwu", "",    ""),
}  # fmt: skip
ROLES = ("own", "reception", "manager", "nobody", "portal")
OPERATIONS = {"c": "create", "r": "read", "w": "write", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccess(LlamadasCase):
    """Who may do what with which calls (design §4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reception.group_ids += cls.env.ref(ALL)
        cls.manager.group_ids += cls.env.ref(MANAGER)

    def sees(self, record):
        """Return which people of the company read a call."""
        self.forget()
        return {
            user.login.removeprefix("gck_avisos_")
            for user in (
                self.own, self.colleague, self.outsider, self.dispatcher,
                self.reception, self.manager,
            )
            if record.with_user(user).search([("id", "=", record.id)])
            and record.with_user(user).has_access("read")
        }  # fmt: skip

    def test_o41_matrix_of_models_and_roles(self):
        """Every model gives every role exactly what the table says."""
        for name, rights in MATRIX.items():
            for role, expected in zip(ROLES, rights, strict=True):
                Model = self.env[name].with_user(getattr(self, role))
                found = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if Model.has_access(operation)
                )
                with self.subTest(model=name, role=role):
                    self.assertEqual(found, expected)

    def test_m10_managers_of_calls_reach_their_tables(self):
        """Of the configuration they see what is theirs, and nobody else sees it."""
        own = {"menu_gck_llamada_tipo", "menu_gck_llamada_resultado"}
        others = {"menu_gck_aviso_tipo", "menu_gck_evento", "menu_gck_parametros"}
        person = self.new_user("only_calls", MANAGER, "Olga Only")
        for user, expected in ((person, own), (self.reception, set())):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            seen = {
                name
                for module, names in (("gck_llamadas", own), ("gck_avisos", others))
                for name in names
                if self.env.ref(f"{module}.{name}").id in visible
            }
            with self.subTest(user=user.login):
                self.assertEqual(seen, expected)

    def test_o41_own_and_department(self):
        """Responsible, requester, department and followers see a call."""
        everybody = {"reception", "manager"}
        nobody = {"user_id": self.reception.id, "requester_id": self.reception.id}
        cases = [
            ({}, set()),
            ({"user_id": self.own.id}, {"own"}),
            ({"requester_id": self.outsider.id}, {"outsider"}),
            ({"department_id": self.sales_department.id}, {"own", "colleague"}),
        ]
        for vals, expected in cases:
            with self.subTest(vals=vals):
                call = self.new_call(**{**nobody, **vals})
                self.assertEqual(self.sees(call), everybody | expected)
        call = self.new_call(**nobody)
        call.message_subscribe(self.outsider.partner_id.ids)
        self.assertEqual(self.sees(call), everybody | {"outsider"})

    def test_o41_others_calls_are_out_of_reach(self):
        """Neither marked as made, nor read, nor found among all actions."""
        call = self.new_call(user_id=self.own.id, requester_id=self.own.id)
        self.forget()
        theirs = call.with_user(self.outsider)
        for change in (
            lambda: theirs.read(["phone"]),
            lambda: theirs.write({"state": "done"}),
            theirs.action_no_answer,
            theirs.action_create_opportunity,
            theirs.action_next_call,
        ):
            with self.assertRaises(AccessError):
                change()
        found = self.env["gck.accion"].with_user(self.outsider)
        domain = [("res_model", "=", call._name), ("res_id", "=", call.id)]
        self.assertFalse(found.search(domain))
        self.assertTrue(found.with_user(self.own).search(domain))

    def test_o41_only_managers_delete_and_never_what_was_made(self):
        call, made = self.new_call(), self.new_call(state="done")
        with self.assertRaises(AccessError):
            call.with_user(self.own).unlink()
        with self.assertRaises(UserError):
            made.with_user(self.manager).unlink()
        call.with_user(self.manager).unlink()
        self.assertFalse(call.exists())

    def test_o41_other_company_sees_nothing(self):
        """A manager of another company has no call here, nor its types."""
        call = self.new_call()
        tipo = self.env["gck.llamada.tipo"].create(
            {"name": "Nuestra", "company_id": self.company.id}
        )
        self.foreign.group_ids += self.env.ref(MANAGER)
        for record in (call, tipo):
            self.forget()
            foreign = record.with_user(self.foreign).with_context(
                allowed_company_ids=self.other_company.ids
            )
            with self.subTest(record._name):
                self.assertFalse(foreign.search([("id", "=", record.id)]))
                for operation in ("read", "write", "unlink"):
                    self.assertFalse(foreign.has_access(operation))

    def test_o41_tables_of_another_company_are_refused(self):
        tipo = self.env["gck.llamada.tipo"].create(
            {"name": "De otros", "company_id": self.other_company.id}
        )
        with self.assertRaises(UserError):
            self.new_call(tipo_id=tipo.id)

    def test_o41_each_company_has_its_own_parameters_and_numbers(self):
        """The attempts of a call are those that its own company allows."""
        self.company.gck_llamada_max_attempts = 1
        self.other_company.gck_llamada_max_attempts = 3
        ours = self.new_call()
        theirs = self.new_call(
            company_id=self.other_company.id, user_id=self.foreign.id,
            requester_id=self.foreign.id,
        )  # fmt: skip
        (ours | theirs)._do_no_answer()
        self.assertEqual((ours.state, theirs.state), ("done", "pending"))
        self.assertTrue(ours.name.startswith("LL"))
        self.assertTrue(theirs.name.startswith("LL"))

    def test_o41_partner_and_lead_of_people_without_the_role(self):
        """Partners and leads read as before for who has no role."""
        for model in ("res.partner", "crm.lead"):
            Model = self.env[model].with_user(self.nobody)
            with self.subTest(model):
                names = [name for name in Model.fields_get() if "llamada" in name]
                self.assertFalse(names)
        view = self.customer.with_user(self.nobody).get_view(view_type="form")
        self.assertNotIn("action_view_gck_llamadas", view["arch"])
