from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class GckReclamableMixin(models.AbstractModel):
    """A document where problems are seen: claims are raised from it (O-3…O-5).

    The glue addon of an app gives it to its documents, says there what a claim takes
    from them, and puts both buttons on the form.
    """

    _name = "gck.reclamable.mixin"
    _description = "Document that claims are raised from"

    gck_reclamacion_count = fields.Integer(
        string="Claims",
        compute="_compute_gck_reclamacion_count",
        groups="base.group_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_gck_reclamacion_count(self):
        """Count the claims that the reader may see; zero for whoever sees none."""
        claims = self._gck_get_reclamaciones()
        for document in self:
            document.gck_reclamacion_count = len(claims.get(document.id, ()))

    def _gck_get_reclamaciones(self):
        """Return the claims linked to each document, those within reach.

        :return: ``{document id: set of claim ids}``
        """
        return self.env["gck.reclamacion"]._get_linked(self)

    def action_view_gck_reclamaciones(self):
        """Open the claims of the document; a new one comes filled and linked."""
        self.ensure_one()
        ids = self._gck_get_reclamaciones().get(self.id, ())
        try:
            context = self.action_create_gck_reclamacion()["context"]
        except UserError:
            # What takes no more claims, or not of this user, still shows those it has.
            context = {"create": False}
        return self.env["gck.reclamacion"]._get_linked_action(ids, context)

    def action_create_gck_reclamacion(self):
        """Open a new claim filled from the document and linked to it.

        :return: a window action
        :raises AccessError: when the user may not raise claims
        :raises UserError: when the document takes none
        """
        self.ensure_one()
        self.env["gck.reclamacion"].check_access("create")
        self._gck_check_reclamable()
        return self.env["gck.accion"].get_create_action(
            "reclamacion", self._name, self.id
        )

    # ------------------------------------------------------------
    # What a claim takes from the document
    # ------------------------------------------------------------

    def _gck_get_reclamacion_direction(self):
        """Return the direction of claims on the document, None where any will do."""
        self.ensure_one()
        return None

    def _gck_get_reclamacion_partner(self):
        """Return the partner whose claims the document may have."""
        self.ensure_one()
        return self.env["gck.accion"]._get_partner(self)

    def _gck_get_reclamacion_claimants(self):
        """Return the companies whose claims fit the document, none where any does.

        Of goods sent on behalf of one company to another, either may claim.
        """
        self.ensure_one()
        return self._gck_get_reclamacion_partner().commercial_partner_id

    def _gck_get_reclamacion_user(self):
        """Return who is proposed to evaluate a claim on the document."""
        self.ensure_one()
        return self.env["res.users"]

    def _gck_get_reclamacion_lines(self):
        """Return the lines of the document that can be claimed: one recordset."""
        self.ensure_one()
        return self.env["gck.reclamable.linea.mixin"]

    def _gck_get_reclamacion_documents(self):
        """Return the documents it belongs to, as a list of records of any model.

        Of a receipt its order, of a return the receipt: claims show on them too.
        """
        self.ensure_one()
        return []

    def _gck_prepare_reclamacion_vals(self):
        """Return the values of a claim raised from the document (O-3…O-5)."""
        self.ensure_one()
        partner = self._gck_get_reclamacion_partner()
        direction = self._gck_get_reclamacion_direction()
        vals = {
            "documento_model": self._name,
            "documento_id": self.id,
            **self.env["gck.accion"]._get_partner_values(partner),
            "subject": self.env._("Problem with %s", self.display_name),
        }
        if direction:
            vals["direction"] = direction
        user = self._gck_get_reclamacion_user()
        # sudo: whether a colleague is archived is read, nothing else.
        if user.sudo().active and not user.share:
            vals["evaluator_id"] = user.id
        if "company_id" in self._fields and self.company_id:
            vals["company_id"] = self.company_id.id
        lines = self._gck_get_reclamacion_lines()
        if lines:
            vals["linea_ids"] = [
                (0, 0, line_vals) for line_vals in lines._gck_prepare_linea_vals()
            ]
        return vals

    def _gck_check_reclamacion(self, reclamacion):
        """Refuse a claim that does not fit the document.

        :raises ValidationError: saying what does not fit
        """
        self.ensure_one()
        directions = dict(
            reclamacion._fields["direction"]._description_selection(self.env)
        )
        direction = self._gck_get_reclamacion_direction()
        if direction and reclamacion.direction not in (direction, "internal"):
            raise ValidationError(
                self.env._(
                    "%(document)s takes claims of direction %(right)s, not %(wrong)s.",
                    document=self.display_name,
                    right=directions[direction],
                    wrong=directions[reclamacion.direction],
                )
            )
        companies = self._gck_get_reclamacion_claimants()
        claimant = reclamacion.commercial_partner_id
        if companies and claimant and claimant not in companies:
            raise ValidationError(
                self.env._(
                    "%(document)s is of %(partner)s. Choose that partner, or another "
                    "document.",
                    document=self.display_name,
                    partner=", ".join(companies.mapped("display_name")),
                )
            )

    def _gck_check_reclamable(self):
        """Refuse new claims on documents that take none: of which nothing moved.

        Claims that exist stay, whatever becomes of the document.

        :raises UserError: saying so
        """
        cancelled = self.filtered(
            lambda d: "state" in d._fields and d.state == "cancel"
        )
        if cancelled:
            raise UserError(
                self.env._(
                    "%s is cancelled: nothing of it can be claimed.",
                    cancelled[0].display_name,
                )
            )


class GckReclamablePedidoMixin(models.AbstractModel):
    """An order, of purchase or of sale: it is claimed about once confirmed (O-5)."""

    _name = "gck.reclamable.pedido.mixin"
    _description = "Order that claims are raised from"
    _inherit = ["gck.reclamable.mixin"]

    # The state of a confirmed order, and the direction of the claims on it.
    _gck_confirmed_state = None
    _gck_claim_direction = None

    def _gck_get_reclamacion_direction(self):
        self.ensure_one()
        return self._gck_claim_direction

    @api.model
    def _gck_has_confirmed(self, company):
        """Tell whether there is any confirmed order with a company."""
        return bool(
            self.search_count(
                [
                    ("partner_id.commercial_partner_id", "=", company.id),
                    ("state", "=", self._gck_confirmed_state),
                ],
                limit=1,
            )
        )

    def _gck_get_reclamacion_partner(self):
        self.ensure_one()
        return self.partner_id

    def _gck_get_reclamacion_user(self):
        """Return the buyer, or the salesperson."""
        self.ensure_one()
        return self.user_id

    def _gck_get_reclamacion_lines(self):
        """Return the lines with products."""
        self.ensure_one()
        return self.order_line.filtered(
            lambda line: (
                line.product_id and not line.display_type and not line.is_downpayment
            )
        )

    def _gck_check_reclamable(self):
        """Refuse claims on quotations and on cancelled orders."""
        result = super()._gck_check_reclamable()
        quotations = self.filtered(
            lambda order: order.state != self._gck_confirmed_state
        )
        if quotations:
            raise UserError(
                self.env._(
                    "%s is not confirmed: there is nothing to claim about it yet.",
                    quotations[0].display_name,
                )
            )
        return result


class GckReclamableLineaMixin(models.AbstractModel):
    """A line of such a document, of which some quantity can be claimed."""

    _name = "gck.reclamable.linea.mixin"
    _description = "Line that can be claimed"

    def _gck_get_moved(self):
        """Return how much each line moved: ``{id: (quantity, uom.uom)}``."""
        return {}

    def _gck_prepare_linea_vals(self):
        """Return the values of the lines of a claim on these, one dict for each."""
        moved = self._gck_get_moved()
        result = []
        for line in self:
            quantity, uom = moved.get(line.id, (0.0, self.env["uom.uom"]))
            if quantity > 0:
                result.append(
                    {
                        "product_id": line.product_id.id,
                        "quantity": quantity,
                        "product_uom_id": uom.id,
                        "source_model": line._name,
                        "source_id": line.id,
                    }
                )
        return result
