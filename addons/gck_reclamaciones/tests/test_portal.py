from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.gck_avisos.tests.common_correo import PDF

from ..models.gck_reclamacion_portal import PORTAL_FIELDS
from .common import ReclamacionesCase

PORTAL = "base.group_portal"
URL = "/my/reclamaciones"


class PortalCase(ReclamacionesCase):
    """A person of the customer and one of the vendor, each with a portal user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = cls.new_user("cliente", PORTAL, "Clara Cliente")
        cls.client.partner_id.parent_id = cls.customer
        cls.supplier = cls.new_user("proveedor", PORTAL, "Pedro Proveedor")
        cls.supplier.partner_id.parent_id = cls.vendor
        cls.mine = cls.new_claim(subject="Mía")
        cls.mine.action_open()
        cls.draft = cls.new_claim(subject="Borrador nuestro")
        cls.sent = cls.new_claim(subject="Enviada", arrival="mail")
        cls.inner = cls.new_claim(subject="Interna", direction="internal")
        cls.inner.action_open()
        cls.stranger = cls.env["res.partner"].create({"name": "Otro"})
        cls.foreign_claim = cls.new_claim(subject="De otro", partner_id=cls.stranger.id)
        cls.foreign_claim.action_open()
        cls.to_vendor = cls.new_claim(
            subject="A proveedor", direction="vendor", partner_id=cls.vendor.id
        )
        cls.vendor_draft = cls.to_vendor.copy({"subject": "Borrador a proveedor"})
        cls.to_vendor.action_open()
        cls.everything = (
            cls.mine
            | cls.draft
            | cls.sent
            | cls.inner
            | cls.foreign_claim
            | cls.to_vendor
            | cls.vendor_draft
        )
        cls.env.flush_all()


@tagged("post_install", "-at_install")
class TestPortalAccess(PortalCase):
    """What RPC gives to a customer or vendor: its own claims, few fields, no more."""

    def as_client(self, records):
        self.forget()
        return records.with_user(self.client)

    def test_o6_portal_sees_its_own_claims_only(self):
        Reclamacion = self.as_client(self.env["gck.reclamacion"])
        self.assertEqual(
            Reclamacion.search([("id", "in", self.everything.ids)]),
            (self.mine | self.sent).with_user(self.client),
        )
        Reclamacion = Reclamacion.with_user(self.supplier)
        self.assertEqual(
            Reclamacion.search([("id", "in", self.everything.ids)]),
            self.to_vendor.with_user(self.supplier),
        )
        hidden = self.everything - self.mine - self.sent
        for claim in hidden:
            with self.subTest(claim.subject), self.assertRaises(AccessError):
                self.as_client(claim).read(["name"])

    def test_o6_portal_of_another_company_sees_nothing(self):
        alien = self.new_user("ajeno", PORTAL, "Ada Ajena", company=self.other_company)
        alien.partner_id.parent_id = self.customer
        Reclamacion = self.env["gck.reclamacion"].with_user(alien)
        found = Reclamacion.with_context(
            allowed_company_ids=self.other_company.ids
        ).search([])
        self.assertFalse(found & self.everything.with_user(alien))

    def test_o6_portal_reads_only_what_is_meant_for_it(self):
        """Each other field is refused, to read, to search, to sort and to group by."""
        claim = self.as_client(self.mine)
        values = claim.read(sorted(PORTAL_FIELDS))[0]
        self.assertEqual(values["subject"], "Mía")
        self.assertEqual(set(claim.read()[0]), PORTAL_FIELDS)
        self.assertEqual(set(claim.fields_get()), PORTAL_FIELDS)
        for name, field in claim._fields.items():
            if name in PORTAL_FIELDS:
                continue
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    claim.read([name])
                if field.store and not field.type.endswith("2many"):
                    with self.assertRaises(AccessError):
                        claim.search([], order=name)
        for name in ("cost_total", "causa_id", "evaluator_id"):
            with self.assertRaises(AccessError):
                claim.search([(name, "=", 1)])
            with self.assertRaises(AccessError):
                claim._read_group([], [name])
            with self.assertRaises(AccessError):
                claim.formatted_read_group([], [name], ["__count"])
            with self.assertRaises(AccessError):
                claim.web_read({name: {}})
            with self.assertRaises(UserError):
                claim.export_data([name])
            with self.assertRaises(AccessError):
                claim.mapped(name)

    def test_o6_portal_onchange_tells_nothing(self):
        self.mine.causa_text = "<p>secreto</p>"
        try:
            result = self.as_client(self.mine).onchange(
                {}, [], {"causa_text": {}, "evaluator_id": {"fields": {}}}
            )
        except AccessError:
            return
        self.assertNotIn("secreto", str(result))
        self.assertNotIn(self.quality.name, str(result))

    def test_o6_portal_changes_nothing(self):
        for claim in self.mine | self.foreign_claim:
            claim = self.as_client(claim)
            for values in ({"subject": "Otro"}, {"state": "done"}, {"priority": "2"}):
                with self.assertRaises(AccessError):
                    claim.write(values)
            with self.assertRaises(AccessError):
                claim.unlink()
            with self.assertRaises(AccessError):
                claim.copy()
        Reclamacion = self.as_client(self.env["gck.reclamacion"])
        with self.assertRaises(AccessError):
            Reclamacion.create({"subject": "X", "partner_id": self.customer.id})
        with self.assertRaises(AccessError):
            Reclamacion.name_create("X")
        with self.assertRaises(AccessError):
            Reclamacion.message_new({"subject": "X", "email_from": "a@b.example"})
        for model in (
            "gck.reclamacion.linea",
            "gck.reclamacion.coste",
            "gck.reclamacion.accion",
            "gck.reclamacion.tipo",
            "gck.reclamacion.causa",
            "gck.reclamacion.categoria",
            "gck.tarea",
            "gck.vinculo",
            "gck.accion",
            "gck.aviso.remitente",
            "gck.accion.transicion",
        ):
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(
                    self.env[model].with_user(self.client).has_access(operation),
                    f"{operation} {model}",
                )

    def test_o6_no_public_method_does_anything_for_the_portal(self):
        """Whatever button of ours is called by RPC: refused, and nothing changes."""
        Reclamacion = type(self.env["gck.reclamacion"])
        names = {
            name
            for klass in Reclamacion.mro()
            if (getattr(klass, "__module__", "") or "").startswith("odoo.addons.gck_")
            for name, value in vars(klass).items()
            if callable(value) and not name.startswith("_")
        } - {"create", "write", "unlink", "copy", "message_new", "name_create"}
        self.assertIn("action_open", names)
        self.mine.with_context(x=1).causa_id = self.causa
        for name in sorted(names):
            with self.subTest(name):
                before = self.mine.sudo().read(["state", "subject", "user_id"])
                # What it may answer is for other tests: here, that it does nothing.
                with suppress(UserError, TypeError), self.env.cr.savepoint():
                    getattr(self.as_client(self.mine), name)()
                self.env.invalidate_all()
                after = self.mine.sudo().read(["state", "subject", "user_id"])
                self.assertEqual(after, before)

    def test_o6_portal_comments_on_its_own_claims_only(self):
        claim = self.as_client(self.mine)
        message = claim.message_post(
            body="Sigue igual", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(message.sudo().author_id, self.client.partner_id)
        self.assertTrue(self.messages_to(self.quality, self.mine))
        for claim in (self.foreign_claim, self.inner, self.draft, self.to_vendor):
            with self.subTest(claim.subject), self.assertRaises(AccessError):
                self.as_client(claim).message_post(body="Hola")
        follower = self.client.partner_id
        self.as_client(self.foreign_claim).message_subscribe(follower.ids)
        self.assertNotIn(follower, self.foreign_claim.message_partner_ids)
        with self.assertRaises(AccessError):
            self.as_client(self.foreign_claim).get_portal_url()

    def test_o12_comment_on_a_closed_claim_tells_the_responsible(self):
        self.mine.write({"causa_id": self.causa.id, "resolution": "Hecho"})
        self.mine.action_close()
        before = self.messages_to(self.quality, self.mine)
        self.as_client(self.mine).message_post(
            body="No lo está", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        told = self.messages_to(self.quality, self.mine) - before
        self.assertIn("user_notification", told.mapped("message_type"))
        self.assertEqual(self.mine.state, "done")

    def test_o12_resolution_shows_once_it_ended(self):
        self.mine.write({"causa_id": self.causa.id, "resolution": "Se cambiará"})
        claim = self.as_client(self.mine)
        self.assertFalse(claim.portal_resolution)
        self.mine.action_close()
        self.assertEqual(self.as_client(self.mine).portal_resolution, "Se cambiará")
        self.mine._do_reopen("Sigue mal")
        self.assertFalse(self.as_client(self.mine).portal_resolution)
        self.mine._do_reject("No procede")
        self.assertEqual(self.as_client(self.mine).portal_resolution, "No procede")

    def test_o10_portal_sees_the_files_it_was_sent_and_no_internal_ones(self):
        def post(claim, name, author=None, **kwargs):
            message = claim.message_post(
                body="x",
                attachments=[(name, PDF)],
                author_id=(author or self.quality).partner_id.id,
                **kwargs,
            )
            return message.attachment_ids

        public = post(self.mine, "publico.pdf", subtype_xmlid="mail.mt_comment")
        inside = post(self.mine, "interno.pdf", subtype_xmlid="mail.mt_note")
        own = post(
            self.mine, "propio.pdf", self.client, subtype_xmlid="mail.mt_comment"
        )
        foreign = post(self.foreign_claim, "ajeno.pdf", subtype_xmlid="mail.mt_comment")
        self.assertEqual(self.mine._get_portal_attachments(), public | own)
        for attachment in public | inside | own | foreign:
            record = self.as_client(attachment)
            for operation in ("read", "write", "unlink"):
                self.assertFalse(record.has_access(operation), attachment.name)
        Attachment = self.as_client(self.env["ir.attachment"])
        with self.assertRaises(AccessError):
            Attachment.search_read([("res_model", "=", "gck.reclamacion")], ["name"])
        with self.assertRaises(AccessError):
            Attachment.create(
                {
                    "name": "x.pdf",
                    "raw": PDF,
                    "res_model": "gck.reclamacion",
                    "res_id": self.mine.id,
                }
            )

    def test_o12_portal_reads_no_notes(self):
        note = self.mine.with_user(self.quality).message_post(
            body="Cliente difícil", subtype_xmlid="mail.mt_note"
        )
        said = self.mine.with_user(self.quality).message_post(
            body="Lo miramos", subtype_xmlid="mail.mt_comment"
        )
        Message = self.as_client(self.env["mail.message"])
        found = Message.search(
            [("model", "=", "gck.reclamacion"), ("res_id", "=", self.mine.id)]
        )
        self.assertIn(said.id, found.ids)
        self.assertNotIn(note.id, found.ids)
        with self.assertRaises(AccessError):
            Message.browse(note.id).read(["body"])
        log = self.mine.message_ids.filtered(lambda m: "→" in (m.body or ""))
        self.assertTrue(log)
        for message in log:
            with self.assertRaises(AccessError):
                self.as_client(message).read(["body"])
