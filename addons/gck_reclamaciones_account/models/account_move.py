from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

# What is claimed about, and what solves it: the direction of the claims of each.
CLAIMED_TYPES = {
    "out_invoice": "customer",
    "out_receipt": "customer",
    "in_invoice": "vendor",
    "in_receipt": "vendor",
}
CREDIT_TYPES = {"out_refund": "customer", "in_refund": "vendor"}
CREDIT_CONCEPTS = {"out_refund": "credit_note", "in_refund": "recovery"}


class AccountMove(models.Model):
    """Invoices are claimed about (O-3); credit notes are what claims cost."""

    _name = "account.move"
    _inherit = ["account.move", "gck.reclamable.mixin"]

    # ------------------------------------------------------------
    # What a claim takes from the invoice
    # ------------------------------------------------------------

    def _gck_get_reclamacion_direction(self):
        """Return that of customers for what we invoice, of vendors for their bills."""
        self.ensure_one()
        return CLAIMED_TYPES.get(self.move_type) or CREDIT_TYPES.get(self.move_type)

    def _gck_get_reclamacion_partner(self):
        self.ensure_one()
        return self.partner_id

    def _gck_get_reclamacion_user(self):
        """Return the salesperson."""
        self.ensure_one()
        return self.invoice_user_id

    def _gck_get_reclamacion_lines(self):
        """Return the lines with products."""
        self.ensure_one()
        return self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and line.product_id
        )

    def _gck_check_reclamable(self):
        """Refuse claims on drafts, and on what is no invoice: credit notes, entries."""
        result = super()._gck_check_reclamable()
        for move in self:
            if move.move_type in CREDIT_TYPES:
                raise UserError(
                    self.env._(
                        "%s is a credit note, which solves claims: raise them from the "
                        "invoice.",
                        move.display_name,
                    )
                )
            if move.move_type not in CLAIMED_TYPES:
                raise UserError(
                    self.env._(
                        "%s is no invoice: nothing of it can be claimed.",
                        move.display_name,
                    )
                )
            if move.state != "posted":
                raise UserError(
                    self.env._(
                        "%s is a draft: there is nothing to claim about it yet.",
                        move.display_name,
                    )
                )
        return result

    # ------------------------------------------------------------
    # CRUD: the costs of claims follow their credit notes
    # ------------------------------------------------------------

    def write(self, vals):
        """Write values; what a credit note costs its claim follows its state."""
        result = super().write(vals)
        if "state" in vals:
            self._gck_update_reclamacion_costes()
        return result

    def unlink(self):
        """Delete entries, and what they cost their claims."""
        costes = self._gck_get_reclamacion_costes()
        ended = costes.filtered(lambda coste: coste.reclamacion_id.is_locked)
        for coste in ended:
            coste._gck_log_ended(coste.name, self.env._("it was deleted"))
        (costes - ended).unlink()
        return super().unlink()

    def _gck_get_reclamacion_costes(self):
        """Return the costs that these credit notes are, those of ended claims too."""
        credits_ = self.filtered(lambda move: move.move_type in CREDIT_TYPES)
        # sudo: whoever keeps the books need not see the claims.
        Coste = self.env["gck.reclamacion.coste"].sudo()
        if not credits_:
            return Coste
        return Coste.search(
            [("res_model", "=", self._name), ("res_id", "in", credits_.ids)]
        )

    def _gck_update_reclamacion_costes(self):
        """Bring the costs of claims into line with these credit notes.

        A posted one counts in the first claim that it was linked to, of its company
        and direction: what we give to a customer as cost, what a vendor gives us as
        recovered. A claim that has ended keeps its costs; it is told in its chatter.
        """
        credits_ = self.filtered(lambda move: move.move_type in CREDIT_TYPES)
        if not credits_:
            return
        known = {}
        for coste in credits_._gck_get_reclamacion_costes():
            known.setdefault(coste.res_id, coste)
        claims = credits_._gck_get_credited_reclamaciones()
        vals_list = []
        for move in credits_:
            coste = known.get(move.id)
            claim = claims.get(move.id)
            counts = claim and move.state == "posted"
            if coste and (not counts or coste.reclamacion_id != claim):
                if coste.reclamacion_id.is_locked:
                    coste._gck_log_ended(
                        move.display_name, self.env._("it is not posted any more")
                    )
                    continue
                coste.unlink()
                coste = None
            if counts:
                vals = move._gck_prepare_coste_vals()
                if claim.is_locked:
                    if not coste or coste.price_unit != vals["price_unit"]:
                        self._gck_log_credit_after_end(move, claim)
                elif coste:
                    coste.write(vals)
                else:
                    vals_list.append({**vals, "reclamacion_id": claim.id})
        # sudo: whoever keeps the books need not see the claims.
        self.env["gck.reclamacion.coste"].sudo().create(vals_list)

    def _gck_get_credited_reclamaciones(self):
        """Return ``{credit note id: the first claim it was linked to}`` (sudo)."""
        links = (
            self.env["gck.vinculo"]
            # sudo: whoever keeps the books need not see the claims.
            .sudo()
            .search(
                [
                    ("origin_model", "=", "gck.reclamacion"),
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("relation", "=", "document"),
                ],
                order="id",
            )
        )
        # sudo: as above.
        Reclamacion = self.env["gck.reclamacion"].sudo()
        claims = Reclamacion.browse(links.mapped("origin_id")).exists()
        by_id = {claim.id: claim for claim in claims}
        result = {}
        for link in links:
            move = self.browse(link.res_id)
            claim = by_id.get(link.origin_id)
            # Its costs went where the claim was merged into.
            claim = claim and (claim.merged_into_id or claim)
            if (
                claim
                and claim.company_id == move.company_id
                and claim.direction in (CREDIT_TYPES[move.move_type], "internal")
            ):
                result.setdefault(move.id, claim)
        return result

    def _gck_prepare_coste_vals(self):
        """Return what the credit note costs a claim, untaxed, in company currency."""
        self.ensure_one()
        return {
            "concepto": CREDIT_CONCEPTS[self.move_type],
            "name": self.display_name,
            "date": self.invoice_date or self.date,
            "quantity": 1,
            # Converted at the rate of the invoice.
            "price_unit": abs(self.amount_untaxed_signed),
            "res_model": self._name,
            "res_id": self.id,
        }

    @api.model
    def _gck_log_credit_after_end(self, move, claim):
        claim._message_log(
            body=self.env._(
                "%(credit)s of %(amount)s was posted after the end, and is not among "
                "the costs. Reopened, the claim takes it in.",
                credit=move.display_name,
                amount=format_amount(
                    self.env, abs(move.amount_untaxed_signed), claim.currency_id
                ),
            ),
            author_id=self.env.user.partner_id.id,
        )
