from odoo import Command
from odoo.tests import tagged

from .test_correo import ReclamacionesCorreoCase


@tagged("post_install", "-at_install")
class TestAvisoEstado(ReclamacionesCorreoCase):
    """Who learns that it is their turn, and what became of a claim (O-8, O-12)."""

    def close(self, claims, resolution="Repuesto"):
        claims.write({"causa_id": self.causa.id, "resolution": resolution})
        claims.action_close()

    def told_outside(self, claims):
        """Return the mails that tell people outside of a state, oldest first."""
        mails = self.outgoing_of(claims)
        return mails.filtered(lambda m: m.message_type == "auto_comment")

    def test_o8_each_is_told_once_that_it_is_their_turn(self):
        claim = self.new_claim(evaluator_id=False)
        self.assertFalse(self.messages_to(self.quality, claim))
        claim.evaluator_id = self.quality
        self.assertEqual(len(self.messages_to(self.quality, claim)), 1)
        claim.solver_id = self.seller
        self.assertFalse(self.messages_to(self.seller, claim))
        claim.action_open()
        claim.causa_id = self.causa
        claim.action_evaluate()
        self.assertEqual(len(self.messages_to(self.quality, claim)), 1)
        self.assertEqual(len(self.messages_to(self.seller, claim)), 1)
        claim.solver_id = self.claim_manager
        self.assertEqual(len(self.messages_to(self.claim_manager, claim)), 1)
        claim.solver_id = self.claim_manager
        self.assertEqual(len(self.messages_to(self.claim_manager, claim)), 1)

    def test_o8_type_that_proposes_somebody_tells_once(self):
        """Both the type and the person it proposes change the responsible."""
        claim = self.new_claim(evaluator_id=False, tipo_id=False)
        self.claim_tipo.user_id = self.quality
        claim.tipo_id = self.claim_tipo
        self.assertEqual(claim.user_id, self.quality)
        self.assertEqual(len(self.messages_to(self.quality, claim)), 1)

    def test_o12_requester_is_told_the_end_once_for_many(self):
        claims = self.new_claim(requester_id=self.noter.id)
        claims |= self.new_claim(requester_id=self.noter.id)
        own = self.new_claim(requester_id=self.quality.id)
        everything = claims | own
        everything.action_open()
        before = self.messages_to(self.noter)
        own_before = self.messages_to(self.quality)
        self.close(everything.with_user(self.quality))
        told = self.messages_to(self.noter) - before
        self.assertEqual(len(told), 1)
        self.assertIn("Repuesto", told.body)
        for claim in claims:
            self.assertIn(claim.name, told.body)
        self.assertEqual(self.messages_to(self.quality), own_before)

    def test_o12_requester_is_told_the_rejection(self):
        claim = self.new_claim(requester_id=self.noter.id)
        claim.with_user(self.quality)._do_reject("No es nuestro")
        told = self.messages_to(self.noter, claim)
        self.assertIn("No es nuestro", told.body)

    def test_o12_who_sent_it_in_is_told_each_state_without_secrets(self):
        claim = self.receive_claim(self.new_claim_mail())
        claim.write(
            {
                "evaluator_id": self.quality.id,
                "categoria_id": self.categoria.id,
                "causa_text": "<p>secreto interno</p>",
            }
        )
        claim.with_user(self.quality).action_open()
        mail = self.told_outside(claim)
        self.assertEqual(mail.recipient_ids, self.contact)
        self.assertIn(claim.name, mail.subject)
        self.assertIn(claim.access_token, mail.body_html)
        self.assertIn(f"/my/reclamaciones/{claim.id}", mail.body_html)
        self.assertIn(self.claim_address, mail.reply_to)
        claim.causa_id = self.causa
        claim.with_user(self.quality).action_evaluate()
        self.assertEqual(self.told_outside(claim), mail, "evaluating is internal")
        self.close(claim.with_user(self.quality), "Le mandamos otro <b>nuevo</b>")
        closed = self.told_outside(claim) - mail
        self.assertIn("Le mandamos otro &lt;b&gt;nuevo", closed.body_html)
        claim.with_user(self.claim_manager)._do_reopen("Sigue mal")
        reopened = self.told_outside(claim) - mail - closed
        self.assertEqual(len(reopened), 1)
        self.assertNotIn("Sigue mal", reopened.body_html)
        claim.with_user(self.quality)._do_reject("Fuera de garantía")
        rejected = self.told_outside(claim) - mail - closed - reopened
        self.assertIn("Fuera de garantía", rejected.body_html)
        for sent in self.told_outside(claim):
            self.assertNotIn("secreto", sent.body_html)
            self.assertNotIn("Mistake", sent.body_html)
        answer = self.new_claim_mail(
            To=rejected.reply_to, In_Reply_To=rejected.message_id, body="No conforme"
        )
        self.assertFalse(self.receive_claim(answer))
        self.assertIn("No conforme", self.log_text(claim))

    def test_o12_company_says_who_outside_is_told(self):
        self.customer.email = "info@jucar.example.com"
        for mode, told in (
            ("none", self.env["res.partner"]),
            ("followers", self.env["res.partner"]),
            ("partner", self.customer),
        ):
            with self.subTest(mode):
                self.company.gck_reclamacion_notify_partner = mode
                claim = self.new_claim()
                claim.action_open()
                self.assertEqual(self.told_outside(claim).recipient_ids, told)
        self.company.gck_reclamacion_notify_partner = "none"
        claim = self.new_claim()
        claim.message_subscribe(self.contact.ids)
        claim.action_open()
        self.assertFalse(self.told_outside(claim))

    def test_o12_internal_claims_and_our_drafts_are_never_told(self):
        self.company.gck_reclamacion_notify_partner = "partner"
        internal = self.new_claim(direction="internal")
        internal.message_subscribe(self.contact.ids)
        internal.action_open()
        draft = self.new_claim()
        draft._do_reject("Era un error nuestro")
        self.assertFalse(self.told_outside(internal | draft))

    def test_o12_dialog_says_that_people_outside_read_it(self):
        """Also where nobody is mailed: it shows in the portal."""
        claim = self.new_claim()
        dialog = self.open_dialog(claim.with_user(self.quality).action_reject())
        self.assertFalse(dialog.message)
        claim.action_open()
        dialog = self.open_dialog(claim.with_user(self.quality).action_reject())
        self.assertTrue(dialog.message)

    def test_o12_unknown_sender_is_told_at_the_address(self):
        self.claim_tipo.direction = "customer"
        claim = self.receive_claim(self.new_claim_mail(From="ana@obrador.example"))
        claim._do_reject("No vendemos eso")
        mail = self.told_outside(claim)
        self.assertEqual(mail.email_to, "ana@obrador.example")
        self.assertFalse(mail.recipient_ids)

    def test_o12_language_is_the_customers(self):
        self.env["res.lang"]._activate_lang("es_ES")
        template = self.env.ref("gck_reclamaciones.mail_template_reclamacion_open")
        template.with_context(lang="es_ES").subject = "Reclamación {{ object.name }}"
        self.contact.lang = "es_ES"
        claim = self.receive_claim(self.new_claim_mail())
        claim.write(
            {"evaluator_id": self.quality.id, "categoria_id": self.categoria.id}
        )
        claim.action_open()
        self.assertEqual(self.told_outside(claim).subject, f"Reclamación {claim.name}")

    def test_o12_many_are_told_in_one_batch(self):
        """No query for each claim: a hundred cost what ten do, and little more."""
        self.company.gck_reclamacion_notify_partner = "partner"
        self.customer.email = "info@jucar.example.com"
        claims = self.env["gck.reclamacion"].create(
            [
                {
                    "subject": f"Nº {number}",
                    "direction": "customer",
                    "partner_id": self.customer.id,
                    "tipo_id": self.claim_tipo.id,
                    "categoria_id": self.categoria.id,
                    "evaluator_id": self.quality.id,
                }
                for number in range(46)
            ]
        )
        claims[:3].action_open()
        few = self.count_queries(claims[3:6].action_open)
        many = self.count_queries(claims[6:].action_open)
        self.assertLess(many - few, 37, f"{few} for 3, {many} for 40")
        self.assertEqual(len(self.told_outside(claims)), 46)

    def test_o12_archived_follower_and_empty_selection_are_no_trouble(self):
        claim = self.new_claim()
        claim.message_subscribe(self.contact.ids)
        self.contact.active = False
        claim.action_open()
        self.assertFalse(self.told_outside(claim))
        claim.browse()._tell_outside("open")
        claim.team_ids = [Command.set(self.seller.ids)]
