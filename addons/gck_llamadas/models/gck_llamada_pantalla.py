from datetime import timedelta

from odoo import api, fields, models

# How many pending matters the card of a caller names.
PENDING_MATTERS = 5


class GckLlamada(models.Model):
    """The card of who is calling, shown to whoever is called (O-47)."""

    _name = "gck.llamada"
    _inherit = ["gck.llamada"]

    def _pbx_tell(self, users):
        """Tell people that the call rings, is answered or is over; no more than that.

        What they see of it is read with their own rights, see ``get_caller_card``.
        """
        self.ensure_one()
        for user in users:
            user._bus_send(
                "gck_llamadas/call", {"id": self.id, "phase": self.pbx_phase}
            )

    def _pbx_let_see(self, user):
        """Let somebody whose extension rings see the call, whoever gets it."""
        self.ensure_one()
        if user and user != self.user_id:
            self.env["mail.followers"]._insert_followers(
                self._name, self.ids, user.partner_id.ids, check_existing=True
            )

    @api.readonly
    def get_caller_card(self):
        """Return what the card of an incoming call shows, as its reader may see it.

        :return: a dict; without ``partner`` when the number is nobody's
        """
        self.ensure_one()
        self.check_access("read")
        partner = (self.contact_id or self.partner_id)._filtered_access("read")
        company = self.commercial_partner_id
        Accion = self.env["gck.accion"]
        matters = Accion
        if company:
            matters = Accion.search(
                [
                    ("commercial_partner_id", "=", company.id),
                    ("accion_state", "=", "pending"),
                    "|",
                    ("res_model", "!=", self._name),
                    ("res_id", "!=", self.id),
                ],
                limit=PENDING_MATTERS + 1,
            )
        return {
            "id": self.id,
            "phase": self.pbx_phase,
            # «anonymous» and the like are no number.
            "phone": any(map(str.isdigit, self.phone or "")) and self.phone,
            "name": partner.name or self.tercero or False,
            "company": company.name if partner and partner != company else False,
            "partner": partner.id,
            "lead": self.lead_id.id if self.lead_id.has_access("read") else False,
            "matters": matters[:PENDING_MATTERS]._to_rows(),
            "more": len(matters) > PENDING_MATTERS,
        }

    @api.model
    @api.readonly
    def get_ringing_cards(self):
        """Return the cards of the calls that ring at the user's just now.

        For a page that is loaded, or comes back to the network, while it rings.
        """
        if not self.has_access("read"):
            # Every page asks, of whoever works with Odoo.
            return []
        since = fields.Datetime.now() - timedelta(minutes=2)
        calls = self.search(
            [
                ("user_id", "=", self.env.uid),
                ("direction", "=", "in"),
                ("pbx_phase", "=", "ringing"),
                ("date", ">=", since),
                ("accion_state", "=", "pending"),
            ],
            limit=3,
        )
        # sudo: whether the exchange shows calls is read, which concerns its users.
        shown = calls.filtered(lambda call: call.sudo().centralita_id.screen_pop)
        return [call.get_caller_card() for call in shown]
