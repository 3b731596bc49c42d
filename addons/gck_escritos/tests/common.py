from odoo.tests import TransactionCase, new_test_user


class EscritoCase(TransactionCase):
    """A writer, a manager, a customer with a contact, and a text of each class."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.writer = new_test_user(
            cls.env,
            "esc_writer",
            "base.group_user,gck_avisos.group_gck_aviso_user",
            name="Marta Vidal",
        )
        cls.manager = new_test_user(
            cls.env,
            "esc_manager",
            "base.group_user,gck_escritos.group_gck_escrito_manager",
            name="Carmen Ruiz",
        )
        cls.spain = cls.env.ref("base.es")
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "Frutas Levante, S.L.",
                "is_company": True,
                "street": "Calle Mayor, 12",
                "zip": "46001",
                "city": "Valencia",
                "country_id": cls.spain.id,
                "email": "info@levante.example",
            }
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ana Soler", "parent_id": cls.partner.id, "type": "contact"}
        )
        cls.Escrito = cls.env["gck.escrito"].with_user(cls.writer)

    @classmethod
    def _create_escrito(cls, clase="carta", **vals):
        return cls.Escrito.create(
            {
                "clase": clase,
                "partner_id": cls.partner.id,
                "subject": "Revisión anual",
                "body": "<p>Les informamos de la revisión.</p>",
                **vals,
            }
        )
