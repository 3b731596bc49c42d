from odoo.addons.gck_avisos.tests.common import AvisosCase

ACCESS = "gck_reclamaciones.group_gck_reclamacion_access"
USER = "gck_reclamaciones.group_gck_reclamacion_user"
QUALITY = "gck_reclamaciones.group_gck_reclamacion_all"
MANAGER = "gck_reclamaciones.group_gck_reclamacion_manager"
CUSTOMER = "gck_reclamaciones.group_gck_reclamacion_customer"
CUSTOMER_MANAGER = "gck_reclamaciones.group_gck_reclamacion_customer_manager"
VENDOR = "gck_reclamaciones.group_gck_reclamacion_vendor"
VENDOR_MANAGER = "gck_reclamaciones.group_gck_reclamacion_vendor_manager"


class ReclamacionesCase(AvisosCase):
    """The company of the notices, with people who deal with claims."""

    @classmethod
    def setup_people(cls):
        result = super().setup_people()
        cls.seller = cls.new_user("seller", CUSTOMER, "Sara Seller")
        cls.sales_manager = cls.new_user("sales_manager", CUSTOMER_MANAGER, "Sol Sales")
        cls.buyer = cls.new_user("buyer", VENDOR, "Blas Buyer")
        cls.purchase_manager = cls.new_user(
            "purchase_manager", VENDOR_MANAGER, "Paz Purchase"
        )
        cls.noter = cls.new_user("noter", USER, "Nora Noter")
        cls.quality = cls.new_user("quality", QUALITY, "Quique Quality")
        cls.claim_manager = cls.new_user("claim_manager", MANAGER, "Marta Manager")
        return result

    @classmethod
    def setup_tables(cls):
        result = super().setup_tables()
        cls.claim_tipo = cls.env["gck.reclamacion.tipo"].create({"name": "Product"})
        cls.categoria = cls.env["gck.reclamacion.categoria"].create({"name": "Finish"})
        cls.causa = cls.env["gck.reclamacion.causa"].create({"name": "Mistake"})
        cls.product = cls.env["product.product"].create({"name": "Compressor"})
        return result

    @classmethod
    def new_claim(cls, **vals):
        """Create a claim that has all it needs to be opened."""
        return cls.env["gck.reclamacion"].create(
            {
                "subject": "It leaks",
                "direction": "customer",
                "partner_id": cls.customer.id,
                "tipo_id": cls.claim_tipo.id,
                "categoria_id": cls.categoria.id,
                "evaluator_id": cls.quality.id,
                **vals,
            }
        )
