from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_centralita import CentralitaCase

# Rights on the model, by role: c(reate) r(ead) w(rite) u(nlink).
MATRIX = {
    #                       own  reception calls_manager nobody portal
    "gck.centralita":        ("", "",      "crwu",       "",    ""),
    "gck.extension":         ("", "",      "crwu",       "",    ""),
    "gck.centralita.evento": ("", "",      "r",          "",    ""),
    "gck.cdr.importacion":   ("", "",      "crwu",       "",    ""),
    "gck.cdr.columna":       ("", "",      "crwu",       "",    ""),
    "gck.cdr.fila":          ("", "",      "r",          "",    ""),
}  # fmt: skip
ROLES = ("own", "reception", "calls_manager", "nobody", "portal")
OPERATIONS = {"c": "create", "r": "read", "w": "write", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestCentralitaAccesos(CentralitaCase):
    """Who may do what with exchanges, and in which company (O-47)."""

    def test_o47_matrix_of_models_and_roles(self):
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

    def test_o47_nothing_of_another_company_is_seen(self):
        self.send(self.event("ringing", 0), self.other_centralita)
        other = self.other_centralita
        importacion = self.env["gck.cdr.importacion"].create(
            {"centralita_id": other.id, "file": b"YSxiCjEsMgo=", "layout": "generic"}
        )
        fila = self.env["gck.cdr.fila"].create(
            {"importacion_id": importacion.id, "line": 1, "cells": ["1"]}
        )
        evento = self.env["gck.centralita.evento"].search(
            [("centralita_id", "=", other.id)], limit=1
        )
        extension = self.env["gck.extension"].create(
            {"centralita_id": other.id, "number": "101"}
        )
        columnas = importacion.columna_ids
        for record in (other, extension, evento, importacion, fila, columnas[:1]):
            with self.subTest(model=record._name):
                self.assertTrue(record)
                own = record.with_user(self.calls_manager)
                self.assertFalse(own.search([("id", "=", record.id)]))
                self.assertFalse(own.has_access("read"))
        with self.assertRaises(AccessError):
            other.with_user(self.calls_manager).action_new_key()

    def test_o47_exchange_with_calls_stays_in_its_company(self):
        self.extension.user_id = False
        self.other_extension.user_id = False
        self.tell("ended", 5)
        with self.assertRaises(UserError):
            self.centralita.company_id = self.other_company

    def test_o47_digest_of_the_key_is_read_by_nobody(self):
        self.new_key()
        for user in (self.calls_manager, self.env.ref("base.user_admin")):
            centralita = self.centralita.with_user(user)
            self.assertNotIn("key_hash", centralita.fields_get())
            with self.assertRaises(AccessError):
                centralita.read(["key_hash"])

    def test_o47_calls_of_the_exchange_follow_the_rules_of_calls(self):
        call = self.tell("ended", 5)
        for user, sees in (
            (self.own, True),
            (self.calls_manager, True),
            (self.outsider, False),
            (self.foreign, False),
            (self.portal, False),
        ):
            with self.subTest(user=user.login):
                theirs = call.with_user(user).with_context(
                    allowed_company_ids=user.company_ids.ids
                )
                self.assertEqual(theirs.has_access("read"), sees)

    def test_o47_forms_show_calls_to_who_may_not_see_the_exchange(self):
        call = self.tell("ended", 5).with_user(self.own)
        view = call.get_view(view_type="form")
        self.assertNotIn("centralita_id", view["arch"])
        self.assertTrue(call.web_read({"extension": {}, "has_recording": {}}))
