import io
import json
import re
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.gck_avisos.tests.common_correo import PDF

from .test_portal import URL, PortalCase


@tagged("post_install", "-at_install")
class TestPortalPages(HttpCase, PortalCase):
    """The pages: own claims, by link, and a form that raises one."""

    def login(self, user):
        self.authenticate(user.login, user.login)

    def get(self, path, **kwargs):
        return self.url_open(path, **kwargs)

    def rpc(self, model, method, args, kwargs=None):
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": kwargs or {},
                    }
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()

    def test_o6_list_detail_and_counter(self):
        self.login(self.client)
        page = self.get(URL)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Mía", page.text)
        self.assertIn("Enviada", page.text)
        for text in ("Borrador", "Interna", "De otro", "A proveedor"):
            self.assertNotIn(text, page.text)
        self.assertNotIn("Enviada", self.get(f"{URL}?filterby=progress").text)
        self.assertNotIn("Mía", self.get(f"{URL}?search=Enviada&search_in=all").text)
        for query in ("sortby=subject", "sortby=x", "filterby=x", "search=%25&page=99"):
            self.assertEqual(self.get(f"{URL}?{query}").status_code, 200)
        self.assertEqual(self.get(f"{URL}/page/9").status_code, 200)
        counter = self.url_open(
            "/my/counters",
            data=json.dumps({"params": {"counters": ["reclamacion_count"]}}),
            headers={"Content-Type": "application/json"},
        )
        self.assertEqual(counter.json()["result"]["reclamacion_count"], 2)
        self.assertIn(URL, self.get("/my/home").text)
        self.mine.causa_text = "<p>secreto</p>"
        page = self.get(f"{URL}/{self.mine.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Mía", page.text)
        self.assertNotIn("secreto", page.text)
        self.assertNotIn(self.categoria.name, page.text)

    def test_o6_foreign_ids_and_tokens_lead_home(self):
        self.login(self.client)
        for claim in self.everything - self.mine - self.sent:
            page = self.get(f"{URL}/{claim.id}")
            self.assertTrue(page.url.rstrip("/").endswith(("/my", "/my/home")))
            self.assertNotIn(claim.subject, page.text)
            token = self.mine._portal_ensure_token()
            page = self.get(f"{URL}/{claim.id}?access_token={token}")
            self.assertNotIn(claim.subject, page.text)
        self.assertTrue(self.get(f"{URL}/999999999").url.rstrip("/").endswith("/my"))

    def test_o6_link_shows_that_claim_only_without_login(self):
        token = self.mine._portal_ensure_token()
        self.foreign_claim._portal_ensure_token()
        self.env.flush_all()
        page = self.get(f"{URL}/{self.mine.id}?access_token={token}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Mía", page.text)
        for path in (
            f"{URL}/{self.foreign_claim.id}?access_token={token}",
            f"{URL}/{self.mine.id}?access_token=x",
            f"{URL}/{self.mine.id}",
            f"{URL}/{self.sent.id}?access_token={token}",
            URL,
            f"{URL}/nueva",
        ):
            with self.subTest(path):
                page = self.get(path)
                self.assertIn("/web/login", page.url)
        self.mine.direction = "internal"
        self.env.flush_all()
        page = self.get(f"{URL}/{self.mine.id}?access_token={token}")
        self.assertNotIn("Mía", page.text)

    def test_o6_form_raises_a_draft_once(self):
        self.login(self.client)
        self.claim_tipo.write({"in_portal": True, "user_id": self.quality.id})
        hidden = self.claim_tipo.copy({"in_portal": False, "name": "Oculto"})
        self.env.flush_all()
        page = self.get(f"{URL}/nueva")
        self.assertIn(self.claim_tipo.name, page.text)
        self.assertNotIn("Oculto", page.text)
        data = {
            "csrf_token": Request.csrf_token(self),
            "subject": "Fuga <b>grave</b>",
            "description": "Pierde\n<script>x()</script>",
            "partner_ref": "R-7",
            "tipo_id": str(self.claim_tipo.id),
            # What is not asked for is not taken.
            "partner_id": str(self.stranger.id),
            "state": "done",
            "direction": "vendor",
        }

        def post(files=(), **changes):
            return self.url_open(
                f"{URL}/crear",
                data={**data, **changes},
                files=[("files", (name, io.BytesIO(raw))) for name, raw in files]
                or None,
                method="POST",
            )

        files = [("foto.pdf", PDF), ("malo.html", b"<script>x()</script>")]
        page = post(files)
        self.assertIn("received=1", page.url)
        claim = self.env["gck.reclamacion"].search(
            [("arrival", "=", "portal"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(claim), 1)
        self.assertEqual(claim.state, "draft")
        self.assertEqual(claim.direction, "customer")
        self.assertEqual(claim.partner_id, self.customer)
        self.assertEqual(claim.contact_id, self.client.partner_id)
        self.assertEqual(claim.company_id, self.company)
        self.assertEqual(claim.evaluator_id, self.quality)
        self.assertFalse(claim.requester_id)
        self.assertEqual(claim.partner_ref, "R-7")
        self.assertNotIn("<script", claim.description)
        self.assertIn("Pierde", claim.description)
        self.assertEqual(claim.message_attachment_count, 2)
        files = claim._get_portal_attachments()
        self.assertEqual(
            set(files.mapped("mimetype")), {"application/pdf", "text/plain"}
        )
        self.assertTrue(self.messages_to(self.quality, claim))
        # A double click, or the same form sent again.
        self.assertEqual(post().url, page.url)
        before = self.env["gck.reclamacion"].search_count([])
        for changes in (
            {"subject": " "},
            {"subject": "x" * 300},
            {"description": ""},
            {"description": "x" * 20001},
            {"tipo_id": str(hidden.id)},
            {"tipo_id": "abc"},
        ):
            with self.subTest(changes):
                page = post(**{"subject": "Otra cosa", **changes})
                self.assertEqual(page.status_code, 200)
                self.assertIn("is-invalid", page.text)
        page = post([(f"{n}.txt", b"x") for n in range(11)], subject="Muchos")
        self.assertIn("is-invalid", page.text)
        self.assertEqual(self.env["gck.reclamacion"].search_count([]), before)

    def test_o6_form_needs_the_setting_the_method_and_its_token(self):
        self.login(self.client)
        before = self.env["gck.reclamacion"].search_count([])
        data = {"subject": "Algo", "description": "Algo"}
        with mute_logger("odoo.http"):
            self.assertEqual(self.get(f"{URL}/crear").status_code, 405)
            answer = self.url_open(f"{URL}/crear", data=data, method="POST")
            self.assertEqual(answer.status_code, 400)
            answer = self.url_open(f"{URL}/{self.mine.id}", data=data, method="POST")
            self.assertEqual(answer.status_code, 405)
        self.company.gck_reclamacion_portal_create = False
        self.env.flush_all()
        self.assertEqual(
            self.get(f"{URL}/nueva").url.rpartition("/")[2], "reclamaciones"
        )
        self.assertNotIn("/nueva", self.get(URL).text)
        data["csrf_token"] = Request.csrf_token(self)
        self.url_open(f"{URL}/crear", data=data, method="POST")
        self.assertEqual(self.env["gck.reclamacion"].search_count([]), before)

    def test_o12_chatter_and_rpc_of_foreign_claims_are_refused(self):
        self.login(self.client)

        def json_post(path, params):
            return self.url_open(
                path,
                data=json.dumps({"params": params}),
                headers={"Content-Type": "application/json"},
            ).json()

        def comment(claim):
            return json_post(
                "/mail/message/post",
                {
                    "thread_model": "gck.reclamacion",
                    "thread_id": claim.id,
                    "post_data": {
                        "body": "desde el portal",
                        "message_type": "comment",
                        "subtype_xmlid": "mail.mt_comment",
                    },
                },
            )

        self.assertIn("result", comment(self.mine))
        self.assertIn("desde el portal", self.log_text(self.mine))
        self.mine.with_user(self.quality).message_post(body="nota interna")
        fetched = json_post(
            "/mail/chatter_fetch",
            {"thread_model": "gck.reclamacion", "thread_id": self.mine.id},
        )
        self.assertIn("desde el portal", json.dumps(fetched))
        self.assertNotIn("nota interna", json.dumps(fetched))
        with mute_logger("odoo.http"):
            for claim in (self.foreign_claim, self.draft, self.inner):
                self.assertIn("error", comment(claim))
                self.assertNotIn("desde el portal", self.log_text(claim))
            answer = self.rpc(
                "gck.reclamacion", "read", [self.foreign_claim.ids, ["name"]]
            )
            self.assertIn("error", answer)
            answer = self.rpc("gck.reclamacion", "read", [self.mine.ids, ["causa_id"]])
            self.assertIn("error", answer)
            answer = self.rpc(
                "gck.reclamacion", "write", [self.mine.ids, {"state": "done"}]
            )
            self.assertIn("error", answer)
            answer = self.rpc("gck.reclamacion", "action_open", [self.sent.ids])
            self.assertIn("error", answer)

    def test_o12_link_lets_answer_that_claim_only(self):
        """Without login: the token of a claim is of no use on another one."""
        token = self.mine._portal_ensure_token()
        self.foreign_claim._portal_ensure_token()
        self.env.flush_all()

        def comment(claim, **params):
            return self.url_open(
                "/mail/message/post",
                data=json.dumps(
                    {
                        "params": {
                            "thread_model": "gck.reclamacion",
                            "thread_id": claim.id,
                            "post_data": {
                                "body": "sin entrar",
                                "message_type": "comment",
                                "subtype_xmlid": "mail.mt_comment",
                            },
                            **params,
                        }
                    }
                ),
                headers={"Content-Type": "application/json"},
            ).json()

        self.assertIn("result", comment(self.mine, token=token))
        self.assertIn("sin entrar", self.log_text(self.mine))
        with mute_logger("odoo.http"):
            self.assertIn("error", comment(self.foreign_claim, token=token))
            self.assertIn("error", comment(self.foreign_claim, token="x"))
            self.assertIn("error", comment(self.foreign_claim))
        self.assertNotIn("sin entrar", self.log_text(self.foreign_claim))

    def test_o10_files_download_and_foreign_ones_do_not(self):
        def post(claim, xmlid):
            message = claim.with_user(self.quality).message_post(
                body="x", attachments=[("f.pdf", PDF)], subtype_xmlid=xmlid
            )
            return message.sudo().attachment_ids

        shown = post(self.mine, "mail.mt_comment")
        hidden = post(self.mine, "mail.mt_note") | post(
            self.foreign_claim, "mail.mt_comment"
        )
        self.env.flush_all()
        self.login(self.client)
        page = self.get(f"{URL}/{self.mine.id}").text
        links = re.findall(r'href="(/web/content/[^"]+)"', page)
        self.assertEqual(len(links), 1)
        link = links[0].replace("&amp;", "&")
        answer = self.get(link)
        self.assertEqual(answer.content, PDF)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        with mute_logger("odoo.http"):
            for attachment in hidden:
                for path in (
                    f"/web/content/{attachment.id}",
                    link.replace(str(shown.id), str(attachment.id), 1),
                ):
                    self.assertNotEqual(self.get(path).content, PDF)

    def test_o6_employee_goes_to_the_backend_and_old_claims_page(self):
        """A colleague who follows a link of the portal; more claims than a page."""
        self.env["gck.reclamacion"].create(
            [
                {
                    "subject": f"Vieja {number:03}",
                    "direction": "customer",
                    "partner_id": self.customer.id,
                    "arrival": "mail",
                    "date": fields.Datetime.now() - timedelta(days=number),
                }
                for number in range(90)
            ]
        )
        self.env.flush_all()
        self.login(self.client)
        page = self.get(f"{URL}/page/2?search=Vieja&search_in=subject")
        self.assertIn("Vieja 085", page.text)
        self.assertNotIn("Vieja 001", page.text)
        self.quality.group_ids = [Command.link(self.env.ref("base.group_user").id)]
        self.login(self.quality)
        self.assertEqual(self.get(URL).status_code, 200)
        page = self.get(f"{URL}/{self.foreign_claim.id}")
        self.assertIn("De otro", page.text)
        self.login(self.nobody)
        self.assertEqual(self.get(URL).status_code, 200)
        self.assertNotIn("De otro", self.get(f"{URL}/{self.foreign_claim.id}").text)
