from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import DocumentosCase


class TestPermisos(DocumentosCase):
    """Who sees and changes what: by the nearest folder that names them."""

    @classmethod
    def setup_tables(cls):
        result = super().setup_tables()
        cls.team = cls.env["res.groups"].create(
            {"name": "Equipo", "user_ids": (cls.own | cls.colleague).ids}
        )
        cls.sub = cls.new_folder("Obra", cls.folder)
        cls.document = cls.store(carpeta_id=cls.sub.id)
        return result

    def grant(self, folder, level, group=None, user=None):
        return self.env["gck.carpeta.permiso"].create(
            {
                "carpeta_id": folder.id,
                "level": level,
                "group_id": group.id if group else False,
                "user_id": user.id if user else False,
            }
        )

    def level(self, user, folder=None):
        self.forget()
        return (folder or self.sub).with_user(user).sudo().user_level

    def can_see(self, user):
        self.forget()
        Documento = self.env["gck.documento"].with_user(user)
        found = Documento.search([("id", "=", self.document.id)])
        self.assertEqual(bool(found), self.document.with_user(user).has_access("read"))
        version = self.document.version_id.with_user(user)
        self.assertEqual(bool(found), version.has_access("read"))
        attachment = self.document.version_id.attachment_id.with_user(user)
        self.assertEqual(bool(found), attachment.has_access("read"))
        return bool(found)

    def test_k28_without_rights_the_company_reads_and_writes(self):
        self.assertEqual(self.level(self.outsider), "write")
        self.assertTrue(self.can_see(self.outsider))
        self.assertFalse(
            self.env["gck.documento"].with_user(self.nobody).has_access("read")
        )
        self.assertFalse(
            self.env["gck.documento"].with_user(self.portal).has_access("read")
        )

    def test_k28_rights_go_down_to_the_folders_below(self):
        self.grant(self.folder, "read", group=self.team)
        self.assertEqual(self.level(self.own), "read")
        self.assertEqual(self.level(self.outsider), "none")
        self.assertTrue(self.can_see(self.own))
        self.assertFalse(self.can_see(self.outsider))
        self.assertEqual(self.level(self.keeper), "manage")

    def test_k28_the_nearest_folder_wins(self):
        self.grant(self.folder, "none", user=self.own)
        self.grant(self.folder, "read", group=self.team)
        self.assertEqual(self.level(self.own), "none")
        self.grant(self.sub, "write", user=self.own)
        self.assertEqual(self.level(self.own), "write")
        self.assertEqual(self.level(self.own, self.folder), "none")
        self.assertEqual(self.level(self.colleague), "read")

    def test_k28_at_one_folder_denial_wins_and_else_the_highest(self):
        self.grant(self.sub, "read", group=self.team)
        self.grant(self.sub, "write", user=self.own)
        self.assertEqual(self.level(self.own), "write")
        self.grant(self.sub, "none", user=self.colleague)
        self.assertEqual(self.level(self.colleague), "none")
        self.assertFalse(self.can_see(self.colleague))

    def test_k28_denying_one_person_leaves_the_others(self):
        self.grant(self.folder, "none", user=self.own)
        self.assertEqual(self.level(self.own), "none")
        self.assertEqual(self.level(self.outsider), "write")

    def test_k28_a_folder_that_does_not_inherit_starts_anew(self):
        self.grant(self.folder, "write", group=self.team)
        self.sub.inherit_rights = False
        self.assertEqual(self.level(self.own), "none")
        self.assertEqual(self.level(self.keeper), "manage")
        self.grant(self.sub, "read", user=self.outsider)
        self.assertEqual(self.level(self.outsider), "read")
        self.assertFalse(self.can_see(self.own))

    def test_k28_who_sees_all_reads_but_what_is_confidential_or_denied(self):
        self.grant(self.folder, "read", user=self.own)
        self.assertEqual(self.level(self.reader), "read")
        row = self.grant(self.folder, "none", user=self.reader)
        self.assertEqual(self.level(self.reader), "none")
        row.unlink()
        self.assertEqual(self.level(self.reader), "read")
        self.folder.is_confidential = True
        self.assertEqual(self.level(self.reader), "none")

    def test_k28_a_new_folder_has_the_rights_of_the_one_above(self):
        self.grant(self.folder, "read", group=self.team)
        below = self.new_folder("Planos", self.sub)
        self.assertEqual(self.level(self.outsider, below), "none")
        self.assertEqual(below.acl_id, self.folder)

    def test_k28_moving_a_folder_changes_who_sees_it(self):
        closed = self.new_folder("Dirección")
        self.grant(closed, "read", user=self.own)
        self.assertEqual(self.level(self.outsider), "write")
        self.sub.parent_id = closed
        self.assertEqual(self.level(self.outsider), "none")
        self.assertFalse(self.can_see(self.outsider))

    def test_k28_leaving_a_group_ends_its_rights_at_once(self):
        self.grant(self.folder, "read", group=self.team)
        self.assertTrue(self.can_see(self.own))
        self.team.user_ids -= self.own
        self.assertFalse(self.can_see(self.own))

    def test_k28_who_reads_cannot_change_anything(self):
        self.grant(self.folder, "read", user=self.own)
        document = self.document.with_user(self.own)
        self.forget()
        for change in (
            lambda: document.write({"name": "otro"}),
            lambda: document._add_version("a.txt", raw=b"x"),
            lambda: self.store("b.txt", b"b", carpeta_id=self.sub.id),
            lambda: self.sub.with_user(self.own).write({"name": "otra"}),
            lambda: (
                self.env["gck.carpeta"]
                .with_user(self.own)
                .create({"name": "x", "parent_id": self.sub.id})
            ),
            lambda: document.action_lock(),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_k28_nothing_is_moved_to_where_one_cannot_write(self):
        closed = self.new_folder("Dirección")
        self.grant(closed, "read", user=self.own)
        with self.assertRaises(AccessError) as error:
            self.document.with_user(self.own).carpeta_id = closed
        self.assertNames(error.exception, "Dirección")
        with self.assertRaises(AccessError):
            self.sub.with_user(self.own).parent_id = closed

    def test_k28_nobody_gives_themselves_rights(self):
        self.grant(self.folder, "write", user=self.own)
        Permiso = self.env["gck.carpeta.permiso"].with_user(self.own)
        with self.assertRaises(AccessError):
            Permiso.create(
                {
                    "carpeta_id": self.sub.id,
                    "user_id": self.own.id,
                    "level": "manage",
                }
            )
        with self.assertRaises(AccessError):
            self.folder.with_user(self.own).permiso_ids.write({"level": "manage"})
        with self.assertRaises(AccessError):
            self.sub.with_user(self.own).inherit_rights = False
        with self.assertRaises(AccessError):
            self.env["gck.carpeta"].with_user(self.own).create(
                {
                    "name": "Mía",
                    "parent_id": self.sub.id,
                    "permiso_ids": [
                        (0, 0, {"user_id": self.own.id, "level": "manage"})
                    ],
                }
            )

    def test_k28_who_manages_a_folder_gives_its_rights(self):
        self.grant(self.folder, "manage", user=self.own)
        self.forget()
        self.env["gck.carpeta.permiso"].with_user(self.own).create(
            {"carpeta_id": self.sub.id, "user_id": self.outsider.id, "level": "read"}
        )
        self.assertEqual(self.level(self.outsider), "read")

    def test_k28_documents_of_another_company_are_out_of_reach(self):
        foreign = self.document.with_user(self.foreign).with_context(
            allowed_company_ids=self.other_company.ids
        )
        self.assertFalse(foreign.has_access("read"))
        shared = self.new_folder("Común", company_id=False)
        document = self.store("c.txt", b"c", carpeta_id=shared.id)
        self.assertTrue(
            document.with_user(self.foreign)
            .with_context(allowed_company_ids=self.other_company.ids)
            .has_access("read")
        )

    def test_k28_the_folder_says_who_sees_it_and_why(self):
        self.grant(self.folder, "read", group=self.team)
        self.grant(self.sub, "none", user=self.colleague)
        self.forget()
        action = self.sub.with_user(self.keeper).action_view_accesos()
        rows = (
            self.env["gck.carpeta.acceso"]
            .with_user(self.keeper)
            .search(action["domain"])
        )
        by_user = {row.user_id: row for row in rows}
        self.assertEqual(by_user[self.own].level, "read")
        self.assertIn("Equipo", by_user[self.own].reason)
        self.assertIn("Proyectos", by_user[self.own].reason)
        self.assertEqual(by_user[self.colleague].level, "none")
        self.assertEqual(by_user[self.keeper].level, "manage")
        self.assertNotIn(self.outsider, by_user)
        for row in rows:
            self.assertEqual(row.level, self.level(row.user_id), row.user_id.name)

    def test_k28_rights_cost_the_same_for_few_and_for_many(self):
        self.grant(self.folder, "read", group=self.team)
        folders = self.env["gck.carpeta"].create(
            [{"name": f"Sub {n}", "parent_id": self.folder.id} for n in range(30)]
        )
        Documento = self.env["gck.documento"]
        Documento.create(
            [
                {"name": f"doc {n}", "carpeta_id": folder.id}
                for folder in folders
                for n in range(10)
            ]
        )
        fields = {"name": {}, "carpeta_id": {"fields": {"display_name": {}}}}

        def read(limit):
            Documento.with_user(self.own).web_search_read([], fields, limit=limit)

        self.env.registry.clear_cache()
        read(1)
        few = self.count_queries(lambda: read(10))
        many = self.count_queries(lambda: read(300))
        self.assertEqual(few, many)
        self.assertLessEqual(many, 8)

    def test_k28_only_managers_delete_for_good(self):
        with self.assertRaises(AccessError):
            self.document.with_user(self.own).unlink()
        user = new_test_user(
            self.env,
            login="gck_plain",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.assertFalse(self.folder.with_user(user).has_access("read"))
        with self.assertRaises(UserError):
            self.document.with_user(self.own).write({"state": "expired"})
