from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ACCESS, MANAGER, ReclamacionesCase

ROLES = (
    "own",
    "helper",
    "noter",
    "quality",
    "seller",
    "sales_manager",
    "buyer",
    "purchase_manager",
    "claim_manager",
    "nobody",
    "portal",
)
# Rights on the model, by role: c(reate) r(ead) w(rite) u(nlink). The rules say on which
# of its records.
CLAIM = ("", "rw", "crw", "crw", "crw", "crwu", "crw", "crwu", "crwu", "", "r")
PART = ("", *["crwu"] * 8, "", "")
ACTION = ("", "crw", "crw", "crw", "crw", "crwu", "crw", "crwu", "crwu", "", "")
TABLE = ("", *["r"] * 7, "crwu", "", "")
MATRIX = {
    "gck.reclamacion": CLAIM,
    "gck.reclamacion.linea": PART,
    "gck.reclamacion.coste": PART,
    "gck.reclamacion.accion": ACTION,
    "gck.reclamacion.tipo": TABLE,
    "gck.reclamacion.categoria": TABLE,
    "gck.reclamacion.causa": TABLE,
    "gck.reclamacion.eficacia": PART,
    "gck.reclamacion.fusionar": PART,
}
OPERATIONS = {"c": "create", "r": "read", "w": "write", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestReclamacionAccess(ReclamacionesCase):
    """Who may do what with which claims (O-23, O-24)."""

    @classmethod
    def setup_people(cls):
        result = super().setup_people()
        cls.helper = cls.new_user("helper", ACCESS, "Hugo Helper")
        cls.claim_foreign = cls.new_user(
            "claim_foreign", MANAGER, "Fe Foreign", company=cls.other_company
        )
        return result

    def sees(self, record, *users):
        self.forget()
        return {
            user.login.removeprefix("gck_avisos_")
            for user in users
            if record.with_user(user).has_access("read")
            and record.with_user(user).search([("id", "=", record.id)])
        }

    def new_parts(self, claim):
        """Return a line, a cost and a solution action of a claim."""
        return (
            self.env["gck.reclamacion.linea"].create(
                {"reclamacion_id": claim.id, "product_id": self.product.id}
            ),
            self.env["gck.reclamacion.coste"].create(
                {"reclamacion_id": claim.id, "price_unit": 3}
            ),
            self.env["gck.reclamacion.accion"].create(
                {"reclamacion_id": claim.id, "subject": "Replace it"}
            ),
        )

    def test_o24_matrix_of_models_and_roles(self):
        """Every model of the addon gives every role exactly what the table says."""
        ours = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("gck.")
            and model._original_module == "gck_reclamaciones"
            and not model._abstract
        }
        self.assertEqual(set(MATRIX), ours)
        for name, rights in MATRIX.items():
            for role, expected in zip(ROLES, rights, strict=True):
                Model = self.env[name].with_user(getattr(type(self), role))
                found = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if Model.has_access(operation)
                )
                with self.subTest(model=name, role=role):
                    self.assertEqual(found, expected)

    def test_o24_those_one_has_to_do_with(self):
        """Evaluator, solver, requester, team, follower, and who has an action."""
        others = (self.helper, self.noter, self.own, self.seller, self.buyer)
        cases = [
            ({}, set()),
            ({"evaluator_id": self.helper.id}, {"helper"}),
            ({"solver_id": self.helper.id}, {"helper"}),
            ({"requester_id": self.helper.id}, {"helper"}),
            ({"requester_id": self.noter.id}, {"noter"}),
            ({"team_ids": [Command.link(self.helper.id)]}, {"helper"}),
            (
                {
                    "accion_ids": [
                        Command.create({"subject": "A", "user_id": self.helper.id})
                    ]
                },
                {"helper"},
            ),
        ]
        for vals, expected in cases:
            claim = self.new_claim(
                direction="internal",
                partner_id=False,
                **{"evaluator_id": self.quality.id, **vals},
            )
            with self.subTest(vals=vals):
                self.assertEqual(self.sees(claim, *others), expected)
        claim = self.new_claim(direction="internal", partner_id=False)
        claim.message_subscribe(self.helper.partner_id.ids)
        self.assertEqual(self.sees(claim, *others), {"helper"})

    def test_o24_parts_are_seen_with_their_claims(self):
        """Lines, costs and actions of vendor claims are none of sales' business."""
        for claim, expected in (
            (self.new_claim(), {"seller", "sales_manager", "quality"}),
            (
                self.new_claim(direction="vendor", partner_id=self.vendor.id),
                {"buyer", "purchase_manager", "quality"},
            ),
            (self.new_claim(direction="internal", partner_id=False), {"quality"}),
        ):
            for part in (claim, *self.new_parts(claim)):
                with self.subTest(direction=claim.direction, model=part._name):
                    seen = self.sees(
                        part,
                        self.seller,
                        self.sales_manager,
                        self.buyer,
                        self.purchase_manager,
                        self.quality,
                        self.helper,
                        self.noter,
                    )
                    self.assertEqual(seen, expected)

    def test_o24_responsible_of_an_action_does_it(self):
        """And reads its claim, but neither deletes it nor sees another."""
        claim, other = self.new_claim(), self.new_claim()
        action = self.env["gck.reclamacion.accion"].create(
            {
                "reclamacion_id": claim.id,
                "subject": "Replace it",
                "user_id": self.helper.id,
            }
        )
        self.forget()
        action = action.with_user(self.helper)
        action._do_done("Replaced")
        self.assertEqual(action.done_user_id, self.helper)
        self.assertEqual(action.reclamacion_id.subject, claim.subject)
        self.assertFalse(action.has_access("unlink"))
        self.assertFalse(other.with_user(self.helper).has_access("read"))
        with self.assertRaises(AccessError):
            self.env["gck.reclamacion.accion"].with_user(self.helper).create(
                {"reclamacion_id": other.id, "subject": "Peep"}
            )

    def test_o24_a_part_is_not_moved_to_a_claim_out_of_reach(self):
        """A seller hangs no line from a vendor claim, nor turns a claim into one."""
        claim = self.new_claim()
        vendor = self.new_claim(direction="vendor", partner_id=self.vendor.id)
        line, cost, action = self.new_parts(claim)
        self.env.flush_all()
        for part in (line, cost, action):
            with self.subTest(part._name), self.assertRaises(AccessError):
                part.with_user(self.seller).write({"reclamacion_id": vendor.id})
                self.env.flush_all()
            self.forget()
        with self.assertRaises(AccessError):
            claim.with_user(self.seller).write({"direction": "vendor"})
            self.env.flush_all()

    def test_o24_other_company_sees_nothing(self):
        claim = self.new_claim()
        for record in (claim, *self.new_parts(claim)):
            foreign = record.with_user(self.claim_foreign).with_context(
                allowed_company_ids=self.other_company.ids
            )
            self.forget()
            with self.subTest(record._name):
                self.assertFalse(foreign.search([("id", "=", record.id)]))
                for operation in ("read", "write", "unlink"):
                    self.assertFalse(foreign.has_access(operation))

    def test_o24_outsiders_of_the_suite_are_refused(self):
        """An employee without the role reads nothing of it.

        A portal user reads what is its own and was opened, and changes nothing.
        """
        claim = self.new_claim(partner_id=self.portal.partner_id.id)
        for user in (self.nobody, self.own):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    claim.with_user(user).read(["name"])
                with self.assertRaises(AccessError):
                    claim.with_user(user).search([])
        foreign = self.new_claim()
        foreign.action_open()
        Claim = claim.with_user(self.portal).browse()
        self.assertFalse(Claim.search([]) & (claim | foreign))
        for record in claim | foreign:
            for operation in ("read", "write", "unlink"):
                self.assertFalse(record.with_user(self.portal).has_access(operation))
        claim.action_open()
        self.forget()
        self.assertEqual(Claim.search([]) & (claim | foreign), claim)
        own = claim.with_user(self.portal)
        self.assertEqual(own.read(["name"])[0]["name"], claim.name)
        for operation in ("create", "write", "unlink"):
            self.assertFalse(own.has_access(operation))
        for part in self.new_parts(claim):
            for operation in ("create", "read", "write", "unlink"):
                self.assertFalse(part.with_user(self.portal).has_access(operation))

    def test_o24_a_document_out_of_reach_is_no_origin(self):
        """Nobody learns from a claim how a document is called that is not theirs."""
        secret = self.env["gck.reclamacion"].create(
            {"subject": "Theirs", "direction": "vendor", "partner_id": self.vendor.id}
        )
        origin = {"documento_model": secret._name, "documento_id": secret.id}
        claim = self.new_claim()
        self.env.flush_all()
        with self.assertRaises(AccessError):
            claim.with_user(self.seller).write(origin)
        self.forget()
        with self.assertRaises(AccessError):
            self.env["gck.reclamacion"].with_user(self.seller).create(
                {"subject": "Peep", "partner_id": self.customer.id, **origin}
            )
        self.forget()
        # Nor in two steps, nor of what has no records at all.
        claim.with_user(self.seller).write({"documento_model": "gck.reclamable.mixin"})
        claim.with_user(self.seller).write({"documento_id": secret.id})
        self.assertFalse(claim.documento_name)
        with self.assertRaises(AccessError):
            claim.with_user(self.seller).write({"documento_model": secret._name})
        self.forget()
        # A colleague's choice stays, and a copy goes without it.
        claim.write(origin)
        self.assertEqual(claim.documento_name, secret.display_name)
        claim.with_user(self.seller).subject = "It leaks a lot"
        self.assertFalse(claim.with_user(self.seller).copy().documento_id)
        self.assertEqual(claim.copy().documento_id, secret.id)

    def test_o1_menu_of_after_sales(self):
        """After-sales › Claims, for whoever has to do with any."""
        menu = self.env.ref("gck_reclamaciones.menu_gck_reclamacion")
        self.assertEqual(
            menu.parent_id, self.env.ref("gck_reclamaciones.menu_gck_posventa")
        )
        self.assertEqual(menu.action.res_model, "gck.reclamacion")
        for user, shown in (
            (self.helper, True),
            (self.seller, True),
            (self.buyer, True),
            (self.own, False),
            (self.nobody, False),
        ):
            self.forget()
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            with self.subTest(user.login):
                self.assertEqual(menu.id in visible, shown)

    def test_o24_counts_never_raise(self):
        """Whoever has no right to claims sees zero of them on partner and notice."""
        self.new_claim()
        for user, expected in (
            (self.own, 0),
            (self.buyer, 0),
            (self.seller, 1),
            (self.quality, 1),
        ):
            self.forget()
            partner = self.customer.with_user(user)
            with self.subTest(user.login):
                self.assertEqual(partner.gck_reclamacion_count, expected)
                self.assertEqual(partner.gck_reclamacion_pending_count, expected)
        for user in (self.nobody, self.portal):
            names = self.env["res.partner"].with_user(user).fields_get()
            self.assertNotIn("gck_reclamacion_count", names)
