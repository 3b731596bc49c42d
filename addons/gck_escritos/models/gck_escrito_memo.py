from odoo import fields, models


class GckEscrito(models.Model):
    """Memos between people of the company (M-63…M-65)."""

    _name = "gck.escrito"
    _inherit = ["gck.escrito"]

    to_user_ids = fields.Many2many(
        "res.users",
        relation="gck_escrito_para_rel",
        string="To",
        check_company=True,
        # Whoever has left stays on the memos that they got: no domain here, which
        # reading would apply as well.
        context={"active_test": False},
    )

    def _get_issue_problems(self):
        problems = super()._get_issue_problems()
        if self.clase != "memo":
            return problems
        if not (self.subject or "").strip():
            problems.append(self.env._("It has no reference. Write one."))
        # sudo: whether a colleague is archived is read, nothing else.
        users = self.sudo().to_user_ids
        if not users:
            problems.append(self.env._("It is for nobody. Choose the people in «To»."))
        archived = users.filtered(lambda user: not user.active)
        if archived:
            problems.append(
                self.env._(
                    "These people are archived and cannot read it: %s. Take them off.",
                    ", ".join(archived.mapped("name")),
                )
            )
        return problems

    def _do_after_issue(self):
        """Send the memos: their addressees follow them, are told and confirm."""
        result = super()._do_after_issue()
        for memo in self.filtered(lambda escrito: escrito.clase == "memo"):
            memo.message_subscribe(memo.to_user_ids.partner_id.ids)
            memo._assign_readers(
                memo.to_user_ids,
                lambda env: env._("You have a new memo: %s"),
            )
            memo.action_sent()
        return result
