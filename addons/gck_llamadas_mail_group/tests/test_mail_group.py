from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.gck_llamadas.tests.common_correo import LlamadasCorreoCase


@tagged("post_install", "-at_install")
class TestMailGroup(LlamadasCorreoCase):
    """Messages of Odoo's mailing lists become calls where it is set (O-49)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env["mail.group"].create(
            {
                "name": "Clientes",
                "alias_name": "prueba-clientes",
                "alias_domain_id": cls.domain.id,
                "access_mode": "public",
                "alias_contact": "everyone",
                "gck_llamada_tipo_id": cls.soporte.id,
            }
        )
        cls.group_address = "prueba-clientes@talleres.example.com"

    def new_group_mail(self, **kwargs):
        return self.new_mail(**{"To": self.group_address, **kwargs})

    def test_o49_message_of_a_list_becomes_a_call(self):
        call = self.receive_call(
            self.new_group_mail(
                Subject="No enfría", files=[("a.wav", self.wav, "audio/wav")]
            )
        )
        self.assertEqual((call.direction, call.canal), ("in", "list"))
        self.assertEqual((call.subject, call.state), ("No enfría", "pending"))
        self.assertEqual(call.contact_id, self.contact)
        self.assertEqual(call.tipo_id, self.soporte)
        self.assertFalse(call.user_id)
        self.assertEqual(call.audio_ids.raw, self.wav)
        self.assertEqual(len(self.group.mail_group_message_ids), 1)

    def test_o49_answers_in_the_list_stay_with_the_call(self):
        call = self.receive_call(self.new_group_mail())
        original = self.group.mail_group_message_ids.mail_message_id
        for number, sender in enumerate((self.own.email, "marta@jucar.example.com"), 2):
            answer = self.new_group_mail(
                From=sender, In_Reply_To=original.message_id, Subject="Re: Presupuesto"
            )
            self.assertFalse(self.receive_call(answer))
            self.assertEqual(len(self.emails_of(call)), number)

    def test_o49_mail_to_lists_and_addresses_is_one_thing(self):
        """A call of the address, of two lists, or the notice that it became."""
        both = f"{self.group_address}, {self.soporte_address}"
        call = self.receive_call(self.new_group_mail(To=both))
        self.assertEqual(len(call), 1)
        self.assertEqual(len(self.emails_of(call)), 1)
        self.assertEqual(self.group.mail_group_message_ids.gck_llamada_id, call)
        other = self.group.copy({"name": "Otra", "alias_name": "prueba-otra"})
        other.alias_domain_id = self.domain
        other.gck_llamada_tipo_id = self.soporte
        two = f"{self.group_address}, prueba-otra@talleres.example.com"
        call = self.receive_call(self.new_group_mail(To=two))
        self.assertEqual(len(call), 1)
        self.assertEqual(other.mail_group_message_ids.gck_llamada_id, call)
        notice = f"{self.group_address}, {self.address}"
        before = self.env["gck.aviso"].search_count([])
        self.assertFalse(self.receive_call(self.new_group_mail(To=notice)))
        self.assertEqual(self.env["gck.aviso"].search_count([]), before + 1)

    def test_o49_nothing_for_colleagues_replies_and_lists_not_set(self):
        own = self.new_group_mail(From=self.own.email)
        self.assertFalse(self.receive_call(own))
        auto = self.new_group_mail(**{"Auto-Submitted": "auto-replied"})
        self.assertFalse(self.receive_call(auto))
        self.group.gck_llamada_tipo_id = False
        self.assertFalse(self.receive_call(self.new_group_mail()))
        self.assertEqual(len(self.group.mail_group_message_ids), 3)

    def test_o49_moderated_message_waits_for_the_moderator(self):
        self.group.write({"moderator_ids": [(4, self.manager.id)], "moderation": True})
        self.assertFalse(self.receive_call(self.new_group_mail()))
        self.assertFalse(self.receive_call(self.new_group_mail(Subject="Spam")))
        spam, good = self.group.mail_group_message_ids.sorted("id", reverse=True)
        spam.with_user(self.manager).action_moderate_reject()
        before = self.env["gck.llamada"].search_count([])
        good.with_user(self.manager).action_moderate_accept()
        good.moderation_status = "accepted"
        self.assertEqual(self.env["gck.llamada"].search_count([]), before + 1)
        self.assertTrue(good.gck_llamada_id)
        self.assertFalse(good.gck_llamada_id.user_id)
        self.assertFalse(spam.gck_llamada_id)

    def test_o49_only_managers_of_calls_set_it(self):
        with self.assertRaises(AccessError):
            self.group.with_user(self.own).gck_llamada_tipo_id = False
