from odoo.addons.gck_avisos.tests.common import AvisosCase

USER = "gck_llamadas.group_gck_llamada_user"
ALL = "gck_llamadas.group_gck_llamada_all"
MANAGER = "gck_llamadas.group_gck_llamada_manager"


class LlamadasCase(AvisosCase):
    """The company of the notices, with its telephone."""

    @classmethod
    def setup_tables(cls):
        result = super().setup_tables()
        cls.llamada_tipo = cls.env["gck.llamada.tipo"].create({"name": "Commercial"})
        return result

    @classmethod
    def new_call(cls, **vals):
        """Create an outgoing call to the customer."""
        return cls.env["gck.llamada"].create(
            {
                "direction": "out",
                "partner_id": cls.customer.id,
                "motivo_id": cls.motivo.id,
                "user_id": cls.own.id,
                **vals,
            }
        )


class LlamadasPersonasCase(LlamadasCase):
    """People with each of the rights on calls."""

    @classmethod
    def setup_people(cls):
        result = super().setup_people()
        cls.reception.group_ids += cls.env.ref(ALL)
        cls.foreign.group_ids += cls.env.ref(ALL)
        cls.call_manager = cls.new_user("call_manager", MANAGER, "Mar Manager")
        return result

    def in_other_company(self, record):
        """Return a record or model as somebody of the other company sees it."""
        return record.with_user(self.foreign).with_context(
            allowed_company_ids=self.other_company.ids
        )
