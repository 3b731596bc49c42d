from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class GckReclamacionCartaMixin(models.AbstractModel):
    """What is written to the other side: a claim to the vendor, or our answer.

    Letters carry what was meant for them and nothing else: neither costs, nor causes,
    nor the internal description, nor who is to blame. Part of ``gck.reclamacion``.
    """

    _name = "gck.reclamacion.carta.mixin"
    _description = "Letters of a claim"

    demand = fields.Selection(
        selection=[
            ("replacement", "Replacement"),
            ("repair", "Repair"),
            ("credit", "Credit note"),
            ("discount", "Discount"),
            ("analysis", "Analysis and corrective actions"),
        ],
        string="What is asked for",
        help="What the customer asks of us, or we ask of the vendor. The letter to the "
        "vendor says it.",
    )
    answer_deadline = fields.Date(
        string="Answer expected by",
        copy=False,
        help="The day that the letter to the vendor gives. Empty: the day by which the "
        "claim is to be solved, while it lies ahead.",
    )
    letter_text = fields.Html(
        string="Text of the letter",
        copy=False,
        help="What the other side is told. The answer to a customer gives the "
        "resolution when this is empty.",
    )
    letter_kind = fields.Selection(
        selection=[("vendor", "Letter to the vendor"), ("customer", "Our answer")],
        compute="_compute_letter_kind",
        help="Which letter the claim allows now.",
    )

    @api.depends("direction", "state", "resolution", "closing_text", "letter_text")
    def _compute_letter_kind(self):
        """A vendor is written to any time, a customer once there is an answer."""
        for reclamacion in self:
            kind = False
            if reclamacion.direction == "vendor":
                kind = "vendor"
            elif reclamacion.direction == "customer" and reclamacion.is_locked:
                kind = reclamacion._get_answer_html() and "customer"
            reclamacion.letter_kind = kind

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_send_letter(self):
        """Open the mail to the vendor or the customer, with its letter attached.

        :return: an action dictionary
        :raises UserError: when there is nothing to write yet
        """
        self.ensure_one()
        if not self.letter_kind:
            raise UserError(self._get_letter_refusal())
        template = self.env.ref(
            f"gck_reclamaciones.mail_template_gck_reclamacion_{self.letter_kind}",
            raise_if_not_found=False,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send by e-mail"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id if template else False,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_layout",
                "force_email": True,
            },
        }

    @api.model
    def _get_letter_refusal(self):
        return self.env._(
            "There is no letter to write: vendors get one of claims to vendors, and "
            "customers an answer once their claim is closed or rejected."
        )

    # ------------------------------------------------------------
    # What the letters say
    # ------------------------------------------------------------

    def _get_letter_partner(self):
        """Return whose language the letter speaks: the contact, else the partner."""
        self.ensure_one()
        return self.contact_id if self.contact_id.lang else self.partner_id

    def _get_letter_lang(self):
        """Return the language of the letter, the reader's own when it is not known."""
        self.ensure_one()
        return self._get_letter_partner().lang or self.env.lang

    def _get_answer_html(self):
        """Return what the customer is told: the text of the letter, else how it ended.

        :return: HTML or text, empty without an answer
        """
        self.ensure_one()
        if not is_html_empty(self.letter_text):
            return self.letter_text
        return self.resolution if self.state == "done" else self.closing_text

    def _get_answer_date(self):
        """Return by when the vendor is asked to answer; False without a day ahead."""
        self.ensure_one()
        if self.answer_deadline:
            return self.answer_deadline
        deadline = self.resolution_deadline
        if not deadline or deadline < fields.Datetime.now():
            return False
        return fields.Datetime.context_timestamp(self, deadline).date()

    def _get_letter_date(self):
        """Return the day of the letter: today where it is printed."""
        return fields.Date.context_today(self)

    def _get_letter_city(self):
        """Return where the letter is dated: the city of the company."""
        self.ensure_one()
        # sudo: the address of the company is on its letterhead.
        return self.company_id.sudo().partner_id.city or ""
