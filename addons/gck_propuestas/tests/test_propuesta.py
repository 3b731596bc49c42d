from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PropuestasCase


@tagged("post_install", "-at_install")
class TestPropuesta(PropuestasCase):
    """No customer before the proposal is validated (O-30, O-32, O-33)."""

    def refused(self, lead, call, words="CIF"):
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            call(lead)
        self.assertFalse(lead.partner_id)

    def test_o26_leads_become_opportunities_as_always(self):
        """The setting of leads stays Odoo's, and so do leads that are no proposals."""
        lead = self.new_lead(type="lead")
        wizard = self.convert(lead, "create")
        wizard.action_apply()
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.partner_id.name, "Sara Segura")

    def test_o27_a_prospect_is_saved_without_partner(self):
        lead = self.new_lead(type="lead", email_from=False, contact_name=False)
        self.assertFalse(lead.partner_id)
        self.assertTrue(lead.id)

    def test_o30_an_opportunity_becomes_a_proposal(self):
        lead = self.new_lead(gck_cliente_clase_id=self.clase.id)
        self.assertFalse(lead.gck_propuesta_line_ids)
        lead.action_gck_propose()
        self.assertEqual(lead.gck_propuesta_state, "collecting")
        self.assertEqual(lead.gck_proposer_id, self.seller)
        self.assertEqual(len(lead.gck_propuesta_line_ids), 3)

    def test_o30_who_is_a_customer_already_is_not_proposed(self):
        known = self.env["res.partner"].create({"name": "Ya Cliente"})
        lead = self.new_lead(partner_id=known.id)
        with self.assertRaisesRegex(UserError, "Ya Cliente"):
            lead.action_gck_propose()
        with self.assertRaisesRegex(UserError, "Ya Cliente"):
            self.new_propuesta(partner_id=known.id)

    def convert(self, lead, action, partner=None):
        return (
            self.env["crm.lead2opportunity.partner"]
            .with_user(lead.env.user)
            .with_context(active_model="crm.lead", active_ids=lead.ids)
            .create(
                {
                    "lead_id": lead.id,
                    "name": "convert",
                    "action": action,
                    "partner_id": partner and partner.id,
                }
            )
        )

    def test_o32_every_way_to_a_customer_is_refused_before_validation(self):
        known = self.env["res.partner"].create({"name": "Un Contacto"})
        lead = self.new_propuesta()
        self.refused(lead, lambda lead: lead._create_customer())
        self.refused(lead, lambda lead: lead._handle_partner_assignment())
        self.refused(
            lead, lambda lead: lead._handle_partner_assignment(known.id, False)
        )
        self.refused(lead, lambda lead: lead.write({"partner_id": known.id}))
        self.refused(lead, lambda lead: self.convert(lead, "create").action_apply())
        self.refused(
            lead, lambda lead: self.convert(lead, "exist", known).action_apply()
        )
        self.refused(lead, lambda lead: lead.action_set_won())
        self.refused(lead, lambda lead: lead.write({"stage_id": self.won_stage.id}))
        with self.assertRaises(UserError), self.cr.savepoint():
            self.new_propuesta(partner_id=known.id)
        self.assertFalse(
            self.env["res.partner"].search([("name", "=", "Conservas Segura")])
        )

    def test_o32_mass_conversion_is_refused(self):
        lead = self.new_propuesta(type="lead")
        wizard = (
            self.env["crm.lead2opportunity.partner.mass"]
            .with_user(self.validator)
            .with_context(
                active_model="crm.lead", active_ids=lead.ids, active_id=lead.id
            )
            .create({"name": "convert", "action": "create", "deduplicate": False})
        )
        self.refused(lead, lambda _lead: wizard.action_mass_convert())

    def test_o32_an_import_brings_no_customer(self):
        known = self.env["res.partner"].create({"name": "Importado"})
        lead = self.new_propuesta()
        external_id = lead.sudo().export_data(["id"])["datas"][0][0]
        result = (
            self.env["crm.lead"]
            .with_user(self.seller)
            .load(["id", "partner_id/.id"], [[external_id, str(known.id)]])
        )
        self.assertFalse(result["ids"])
        self.assertIn("CIF", result["messages"][0]["message"])
        self.assertFalse(lead.partner_id)

    def test_o32_the_steps_are_not_written_past_their_buttons(self):
        lead = self.new_propuesta()
        for vals in (
            {"gck_propuesta_state": "validated"},
            {"gck_validator_id": self.validator.id},
            {"gck_proposer_id": self.colleague.id},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                lead.write(vals)
            with self.assertRaises(UserError), self.cr.savepoint():
                lead.with_context(gck_propuesta_gate=True).write(vals)
        with self.assertRaises(AccessError):
            lead.write({"gck_is_propuesta": False})

    def test_o32_a_manager_may_stop_a_proposal(self):
        lead = self.new_propuesta()
        lead.with_user(self.manager).write({"gck_is_propuesta": False})
        lead._handle_partner_assignment()
        self.assertEqual(lead.partner_id.name, "Sara Segura")

    def test_o32_validation_needs_the_documents_and_somebody_else(self):
        lead = self.new_propuesta()
        with self.assertRaisesRegex(UserError, "CIF, Mandato SEPA"):
            lead.action_gck_submit()
        self.receive(lead, self.cif, self.sepa)
        lead.action_gck_submit()
        with self.assertRaises(AccessError):
            lead.action_gck_validate()
        judged = lead.with_user(self.validator)
        with self.assertRaisesRegex(UserError, "CIF"):
            judged.action_gck_validate()
        lines = judged.gck_propuesta_line_ids.filtered("is_required")
        lines.action_validate()
        judged.action_gck_validate()
        self.assertEqual(lead.gck_propuesta_state, "validated")
        self.assertEqual(lead.gck_validator_id, self.validator)

    def test_o32_who_proposes_does_not_validate_unless_the_company_wants(self):
        lead = self.new_propuesta(self.validator)
        self.receive(lead, self.cif, self.sepa)
        lead.action_gck_submit()
        lines = lead.gck_propuesta_line_ids.filtered("is_required")
        with self.assertRaisesRegex(UserError, "somebody else"):
            lines.action_validate()
        self.company.gck_propuesta_two_people = False
        lines.action_validate()
        self.company.gck_propuesta_two_people = True
        with self.assertRaisesRegex(UserError, "somebody"):
            lead.action_gck_validate()
        self.company.gck_propuesta_two_people = False
        lead.action_gck_validate()
        self.assertEqual(lead.gck_propuesta_state, "validated")

    def test_o32_after_validation_the_customer_has_the_files(self):
        lead = self.new_propuesta()
        self.make_valid(lead)
        action = lead.action_gck_create_customer()
        customer = lead.partner_id.commercial_partner_id
        self.assertEqual(action["res_id"], customer.id)
        self.assertEqual(customer.name, "Conservas Segura")
        self.assertEqual(customer.sudo().gck_cliente_clase_id, self.clase)
        documents = lead.sudo().gck_propuesta_line_ids.documento_id
        self.assertEqual(len(documents), 2)
        self.assertEqual(documents.partner_id, customer)
        lead.action_set_won()
        self.assertEqual(lead.won_status, "won")

    def test_o32_who_let_another_ask_for_the_validation_does_not_validate(self):
        lead = self.new_propuesta(self.validator)
        self.receive(lead.with_user(self.manager), self.cif, self.sepa)
        lead.with_user(self.manager).action_gck_submit()
        lead.with_user(self.manager).user_id = self.seller
        lead.gck_propuesta_line_ids.filtered("is_required").action_validate()
        with self.assertRaisesRegex(UserError, "somebody"):
            lead.action_gck_validate()

    def test_o32_another_company_does_not_open_the_gate(self):
        lead = self.new_propuesta()
        other = self.env["res.company"].create({"name": "Otra"})
        self.env.user.company_ids |= other
        lead.sudo().write({"user_id": False, "company_id": other.id})
        self.refused(lead.sudo(), lambda lead: lead._create_customer(), "not validated")

    def test_o32_a_copy_of_a_proposal_is_one(self):
        copied = self.new_propuesta().copy()
        self.assertEqual(copied.gck_propuesta_state, "collecting")
        self.assertEqual(len(copied.gck_propuesta_line_ids), 3)
        self.refused(copied, lambda lead: lead._create_customer())

    def test_o32_a_proposal_without_class_is_not_validated(self):
        lead = self.new_propuesta(gck_cliente_clase_id=False)
        with self.assertRaisesRegex(UserError, "class"):
            lead.action_gck_submit()

    def test_o32_a_known_contact_becomes_the_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Sara", "email": "sara@segura.example.com"}
        )
        lead = self.new_propuesta()
        self.make_valid(lead)
        lead.action_gck_create_customer()
        self.assertEqual(lead.partner_id, contact)

    def test_o32_two_people_validate_once(self):
        lead = self.new_propuesta()
        self.make_valid(lead)
        with self.assertRaisesRegex(UserError, "already"):
            lead.with_user(self.manager).action_gck_validate()

    def test_o32_a_rejected_proposal_says_why_and_is_reopened(self):
        lead = self.new_propuesta()
        self.receive(lead, self.cif, self.sepa)
        lead.action_gck_submit()
        action = lead.with_user(self.validator).action_gck_reject()
        self.env["gck.propuesta.rechazar"].with_user(self.validator).with_context(
            **action["context"]
        ).create({"reason": "Sin solvencia"}).action_apply()
        self.assertEqual(lead.gck_propuesta_state, "rejected")
        self.refused(lead, lambda lead: lead._create_customer(), "Sin solvencia")
        lead.action_gck_reopen()
        self.assertEqual(lead.gck_propuesta_state, "collecting")

    def test_o32_a_validated_one_is_reopened_by_validators_only(self):
        lead = self.new_propuesta()
        self.make_valid(lead)
        with self.assertRaises(AccessError):
            lead.action_gck_reopen()
        lead.with_user(self.validator).action_gck_reopen()
        self.refused(lead, lambda lead: lead._create_customer(), "not validated yet")

    def test_o32_a_mail_to_the_prospect_makes_it_no_customer(self):
        lead = self.new_propuesta()
        partner = self.env["res.partner"].create(
            {"name": "Sara", "email": "sara@segura.example.com"}
        )
        lead.message_post(body="Hola", partner_ids=partner.ids)
        self.assertFalse(lead.partner_id)

    def test_o32_merging_keeps_the_proposal_and_its_documents(self):
        other = self.new_lead(name="Otra cámara")
        lead = self.new_propuesta()
        self.receive(lead, self.cif)
        other.stage_id = self.env["crm.stage"].search(
            [("is_won", "=", False)], order="sequence desc", limit=1
        )
        merged = (lead | other).with_user(self.manager).merge_opportunity()
        self.assertTrue(merged.gck_is_propuesta)
        self.assertEqual(merged.gck_propuesta_state, "collecting")
        self.assertIn(self.cif, merged.gck_propuesta_line_ids.tipo_id)
        self.refused(merged, lambda lead: lead._create_customer(), "not validated")

    def test_o32_the_company_may_want_a_proposal_for_every_new_customer(self):
        self.company.gck_propuesta_all = True
        lead = self.new_lead()
        self.refused(lead, lambda lead: lead._create_customer(), "proposal")
        fresh = self.env["res.partner"].create({"name": "Recién creado"})
        self.refused(
            lead, lambda lead: lead.write({"partner_id": fresh.id}), "proposal"
        )
        known = self.env.ref("base.main_partner")
        lead.partner_id = known
        lead.action_set_won()
        self.assertEqual(lead.won_status, "won")

    def test_o33_without_the_setting_nothing_changes(self):
        lead = self.new_propuesta()
        self.company.gck_propuesta_enabled = False
        lead._handle_partner_assignment()
        self.assertEqual(lead.partner_id.name, "Sara Segura")
        lead.action_set_won()
        self.assertEqual(lead.won_status, "won")
        plain = self.new_lead(type="lead", email_from="otro@otro.example.com")
        self.convert(plain, "create").action_apply()
        self.assertEqual(plain.type, "opportunity")
        self.assertTrue(plain.partner_id)
