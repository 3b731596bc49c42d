from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Start on the pending matters where the company wants it (M-5, M-6).

        What the user chose as home action stays with the user, so that switching
        this off restores it.
        """
        info = super().session_info()
        info["home_action_id"] = self._gck_get_home_action_id(
            info.get("home_action_id", False)
        )
        return info

    def _gck_get_home_action_id(self, former_id):
        """Return the id of the action that the user's web client starts with.

        :param former_id: what it would be without the suite
        """
        user = self.env.user
        home = self.env.ref("gck_avisos.action_gck_home", raise_if_not_found=False)
        if (
            home
            and self.env.company.gck_home
            and not user.gck_home_opt_out
            and user.has_group("gck_avisos.group_gck_aviso_user")
        ):
            return home.id
        return former_id
