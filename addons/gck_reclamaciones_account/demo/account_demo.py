from datetime import timedelta

from odoo import Command, api, fields, models

PREFIX = "gck_reclamaciones_account.demo_"

# Of each: type, partner, days ago, lines (product, quantity, price).
INVOICES = {
    "factura_gas": (
        "out_invoice",
        "c08",
        26,
        [
            ("Mantenimiento trimestral de cámaras", "service", 1, 640),
            ("Refrigerante R-449A, por kg", "consu", 12, 58),
        ],
    ),
    "factura_mural": (
        "out_invoice",
        "c10",
        12,
        [("Reparación de mural de lácteos", "service", 2, 310)],
    ),
    "factura_proveedor": (
        "in_invoice",
        "s04",
        18,
        [("Panel frigorífico de 100 mm, por m²", "consu", 140, 46)],
    ),
}
# Of each: invoice, days ago, subject, what is said, line (quantity, problem), category
# and how much of the line is credited, with whether the credit note is posted.
CLAIMS = {
    "reclamacion_gas": (
        "factura_gas",
        15,
        "Facturados 12 kg de refrigerante; el parte dice 8",
        "<p>Adjuntan copia del parte firmado por el técnico. Piden el abono de los "
        "4 kg que no se cargaron.</p>",
        (1, 4, "No se cargaron"),
        "price",
        (4, True),
    ),
    "reclamacion_mural": (
        "factura_mural",
        4,
        "La reparación estaba en garantía",
        "<p>La avería es la misma de julio y la pieza tiene un año de garantía.</p>",
        (0, 2, "En garantía"),
        "price",
        (2, False),
    ),
    "reclamacion_panel": (
        "factura_proveedor",
        10,
        "El panel se ha facturado a 46 € y se acordó a 43 €",
        "<p>La oferta de marzo sigue vigente hasta fin de año.</p>",
        (0, 140, "Precio distinto del acordado"),
        "price",
        (9, True),
    ),
    "reclamacion_panel_humedo": (
        "factura_proveedor",
        6,
        "Doce metros de panel con la junta húmeda",
        "<p>Se apartaron al montar. El proveedor enviará a alguien a verlos.</p>",
        (0, 12, "Junta con humedad"),
        "material",
        None,
    ),
}


class AccountMove(models.Model):
    """Invoices with claims, where the demo company keeps books already."""

    _inherit = "account.move"

    @api.model
    def _gck_load_claims_demo(self):
        """Make the invoices of the demo company, their claims and credit notes.

        Nothing is made without a chart of accounts, which comes last of all when
        everything is installed at once.
        """
        company = self.env.ref("base.main_company")
        partner = self.env.ref("gck_avisos.demo_partner_c08", raise_if_not_found=False)
        types = self.env["account.journal"].search(
            self.env["account.journal"]._check_company_domain(company)
        )
        if not partner or not {"sale", "purchase"} <= set(types.mapped("type")):
            return
        self = self.with_company(company).with_context(
            mail_create_nosubscribe=True, mail_auto_subscribe_no_notify=True
        )
        moves = {name: self._gck_make_demo_invoice(name) for name in INVOICES}
        for name, (invoice, *values) in CLAIMS.items():
            self._gck_make_demo_claim(name, moves[invoice], *values)

    @api.model
    def _gck_make_demo_invoice(self, name):
        move_type, partner, days, lines = INVOICES[name]
        Product = self.env["product.product"]
        products = Product.create(
            [
                {
                    "name": label,
                    "type": product_type,
                    "list_price": price if move_type == "out_invoice" else price * 1.4,
                    "standard_price": price,
                }
                for label, product_type, _quantity, price in lines
            ]
        )
        move = self.create(
            {
                "move_type": move_type,
                "partner_id": self.env.ref(f"gck_avisos.demo_partner_{partner}").id,
                "invoice_date": fields.Date.today() - timedelta(days=days),
                "ref": "FV-3381" if move_type == "in_invoice" else False,
                "invoice_user_id": self.env.ref("gck_avisos.demo_user_marcos").id
                if move_type == "out_invoice"
                else False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": quantity,
                            "price_unit": price,
                        }
                    )
                    for product, (*_label, quantity, price) in zip(
                        products, lines, strict=True
                    )
                ],
            }
        )
        move.action_post()
        self._gck_name_demo(name, move)
        return move

    @api.model
    def _gck_make_demo_claim(
        self, name, move, days, subject, text, line, category, credit
    ):
        position, quantity, problem = line
        source = move.invoice_line_ids.filtered("product_id")[position]
        elena = self.env.ref("gck_avisos.demo_user_elena")
        claim = self.env["gck.reclamacion"].create(
            {
                "subject": subject,
                "description": text,
                "direction": move._gck_get_reclamacion_direction(),
                "date": fields.Datetime.today() - timedelta(days=days, hours=-9.5),
                "partner_id": move.commercial_partner_id.id,
                "tipo_id": self.env.ref(
                    "gck_reclamaciones.gck_reclamacion_tipo_invoice"
                    if category == "price"
                    else "gck_reclamaciones.gck_reclamacion_tipo_product"
                ).id,
                "categoria_id": self.env.ref(
                    f"gck_reclamaciones.gck_reclamacion_categoria_{category}"
                ).id,
                "evaluator_id": elena.id,
                "documento_model": move._name,
                "documento_id": move.id,
                "linea_ids": [
                    Command.create(
                        {
                            "product_id": source.product_id.id,
                            "name": problem,
                            "quantity": quantity,
                            "source_model": source._name,
                            "source_id": source.id,
                        }
                    )
                ],
            }
        )
        self._gck_name_demo(name, claim)
        claim.action_open()
        if not credit:
            return
        quantity, post = credit
        claim.causa_id = self.env.ref("gck_reclamaciones.gck_reclamacion_causa_mistake")
        claim.action_evaluate()
        refund = move._reverse_moves(
            [
                {
                    "ref": f"{claim.name} · {subject}",
                    "invoice_date": fields.Date.today(),
                }
            ]
        )
        credited = refund.invoice_line_ids.filtered(
            lambda line: line.product_id == source.product_id
        )
        (refund.invoice_line_ids - credited).unlink()
        credited.quantity = quantity
        self._gck_name_demo(f"{name}_abono", refund)
        self.env["gck.vinculo"]._link(claim, refund)
        if post:
            refund.action_post()

    @api.model
    def _gck_name_demo(self, name, record):
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": PREFIX + name, "record": record, "noupdate": True}]
        )
