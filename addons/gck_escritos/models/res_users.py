from odoo import fields, models


class ResUsers(models.Model):
    """The signature of a person on what the suite prints (M-56)."""

    _name = "res.users"
    _inherit = ["res.users"]

    gck_firma = fields.Image(
        string="Image of the signature",
        max_width=1024,
        max_height=512,
        # Else every colleague could read it; people have their own all the same.
        groups="base.group_system",
        help="A scanned signature, for the letters that you sign.",
    )
    gck_firma_delegate_ids = fields.Many2many(
        "res.users",
        "gck_firma_delegate_rel",
        "user_id",
        "delegate_id",
        string="May use my signature",
        domain="[('share', '=', False)]",
        groups="base.group_system",
        help="They issue letters in your name with the image of your signature. "
        "Whatever anybody else issues in your name leaves its place empty.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["gck_firma", "gck_firma_delegate_ids"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["gck_firma", "gck_firma_delegate_ids"]

    def _gck_get_firma(self):
        """Return the image of the signature, where the current user may put it."""
        self.ensure_one()
        # sudo: one image is read, of who signs or lets this user sign.
        signer = self.sudo()
        may = self == self.env.user or self.env.user in signer.gck_firma_delegate_ids
        return signer.gck_firma if may else False

    def _gck_get_job(self):
        """Return what a person is in the company, as below a signature."""
        self.ensure_one()
        # sudo: the job of a colleague is what the letter tells.
        user = self.sudo()
        return user.employee_id.job_title or user.partner_id.function or False
