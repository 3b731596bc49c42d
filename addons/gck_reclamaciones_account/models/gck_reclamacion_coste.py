from odoo import models


class GckReclamacionCoste(models.Model):
    """A cost that is a credit note."""

    _inherit = "gck.reclamacion.coste"

    def _gck_log_ended(self, name, reason):
        """Tell an ended claim that a document of its costs counts no more.

        :param str name: how the document is called
        :param str reason: what became of it
        """
        self.ensure_one()
        self.reclamacion_id._message_log(
            body=self.env._(
                "%(document)s stays among the costs of this ended claim, but "
                "%(reason)s.",
                document=name,
                reason=reason,
            ),
            author_id=self.env.user.partner_id.id,
        )
