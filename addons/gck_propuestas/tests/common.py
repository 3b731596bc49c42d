import base64

from odoo import Command
from odoo.tests import TransactionCase, new_test_user

SELLER = "sales_team.group_sale_salesman,gck_avisos.group_gck_aviso_user"
VALIDATOR = "gck_propuestas.group_gck_propuesta_validator"
MANAGER = "gck_propuestas.group_gck_propuesta_manager"


class PropuestasCase(TransactionCase):
    """A company that admits customers by proposal: seller, validator and manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {
                "name": "Fríos Ebro",
                "country_id": cls.env.ref("base.es").id,
                "gck_propuesta_enabled": True,
                "gck_hour_cost": 30,
            }
        )
        cls.env = cls.env["base"].with_company(cls.company).env
        cls.seller = cls.new_user("seller", f"{SELLER},base.group_partner_manager")
        cls.colleague = cls.new_user("colleague", SELLER)
        cls.validator = cls.new_user("validator", VALIDATOR)
        cls.manager = cls.new_user("manager", MANAGER)
        cls.nobody = cls.new_user("nobody", "base.group_user")
        cls.portal = cls.new_user("portal", "base.group_portal")
        cls.cif, cls.sepa, cls.brochure = cls.env["gck.documento.tipo"].create(
            [{"name": "CIF"}, {"name": "Mandato SEPA"}, {"name": "Folleto"}]
        )
        cls.clase = cls.env["gck.cliente.clase"].create(
            {
                "name": "Empresa a crédito",
                "documento_ids": [
                    Command.create({"tipo_id": cls.cif.id}),
                    Command.create({"tipo_id": cls.sepa.id, "validity_months": 12}),
                    Command.create({"tipo_id": cls.brochure.id, "is_required": False}),
                ],
            }
        )
        cls.won_stage = cls.env["crm.stage"].search([("is_won", "=", True)], limit=1)

    @classmethod
    def new_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login=f"gck_propuestas_{login}",
            groups=groups,
            name=login.title(),
            email=f"{login}@gck.example.com",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            context={"no_reset_password": True},
        )

    @classmethod
    def new_lead(cls, user=None, **vals):
        user = user or cls.seller
        return (
            cls.env["crm.lead"]
            .with_user(user)
            .with_context(mail_create_nosubscribe=True)
            .create(
                {
                    "name": "Cámara frigorífica",
                    "type": "opportunity",
                    "partner_name": "Conservas Segura",
                    "contact_name": "Sara Segura",
                    "email_from": "sara@segura.example.com",
                    "user_id": user.id,
                    "company_id": cls.company.id,
                    **vals,
                }
            )
        )

    @classmethod
    def new_propuesta(cls, user=None, **vals):
        vals = {"gck_cliente_clase_id": cls.clase.id, **vals}
        return cls.new_lead(user, gck_is_propuesta=True, **vals)

    def line_of(self, lead, tipo):
        return lead.gck_propuesta_line_ids.filtered(lambda line: line.tipo_id == tipo)

    def receive(self, lead, *tipos):
        """Bring a file for each of these documents, as whoever holds the lead."""
        for tipo in tipos:
            self.line_of(lead, tipo).write(
                {
                    "upload_name": f"{tipo.name}.pdf",
                    "upload": base64.b64encode(f"%PDF-1.4 {tipo.name}".encode()),
                }
            )

    def make_valid(self, lead):
        """Take a proposal to its validation."""
        self.receive(lead, self.cif, self.sepa)
        lead.action_gck_submit()
        judged = lead.with_user(self.validator)
        judged.gck_propuesta_line_ids.filtered(
            lambda line: line.state == "received"
        ).action_validate()
        judged.action_gck_validate()
