from odoo import fields, models


class AccountMoveReversal(models.TransientModel):
    """A credit note made for a claim is linked to it."""

    _inherit = "account.move.reversal"

    gck_reclamacion_id = fields.Many2one(
        "gck.reclamacion",
        string="For the claim",
        readonly=True,
        groups="gck_reclamaciones.group_gck_reclamacion_access",
        help="The credit note is linked to it, and once posted is among its costs.",
    )

    def reverse_moves(self, is_modify=False):
        """Make the credit notes, and link them to the claim they are made for.

        With a new invoice instead, that one is linked too.

        :raises UserError: when the claim ended meanwhile
        """
        # sudo: whether there is a claim; what is done with it is done by the user.
        claim = self.sudo().gck_reclamacion_id.with_env(self.env)
        before = self.move_ids.reversal_move_ids
        if claim:
            claim.check_access("write")
            claim._lock_for_change()
        action = super().reverse_moves(is_modify)
        if claim:
            made = (self.move_ids.reversal_move_ids - before) | self.new_move_ids
            self.env["gck.vinculo"]._link(claim, made)
        return action
