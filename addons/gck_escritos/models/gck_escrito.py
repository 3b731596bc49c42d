from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.gck_avisos.models.gck_accion_mixin import SERVER_FIELDS

from .gck_texto import CLASES

# A draft has a provisional number: those of the classes are drawn on issue.
DRAFT_SERIES = "draft"
NOON = time(12)


class GckEscrito(models.Model):
    """A written document: letter, fax, contract, memo, procedure, e-mail (M-43…M-67).

    It is written as a draft from a standard text, and issued: numbered and fixed for
    good. ``user_id`` is who signs it, ``date_document`` the date that it bears.
    """

    _name = "gck.escrito"
    _description = "Written document"
    _inherit = ["gck.accion.mixin"]
    _order = "date desc, id desc"

    _numero_series_field = "clase"
    _numero_prefix = {
        "carta": "CA",
        "fax": "FX",
        "contrato": "CT",
        "memo": "ME",
        "procedimiento": "PR",
        "correo": "EM",
        DRAFT_SERIES: "BO",
    }
    _accion_kind_field = "clase"
    _accion_number = 11
    _accion_list_action = "gck_escritos.action_gck_escrito"
    _accion_done_states = ("issued", "sent")
    _accion_server_fields = (
        *SERVER_FIELDS,
        "date_issued",
        "date_sent",
        "body_issued",
        "documento_id",
        "version_id",
        "pdf_sha256",
        "page_count",
        "previous_id",
        "previous_relation",
        "version",
        "envio_id",
        "copy_documento_id",
        "mail_message_id",
        "mail_server_name",
        "fax_mail_id",
        "date_end_reminded",
    )

    clase = fields.Selection(
        selection=CLASES, string="Class", required=True, default="carta", index=True
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("issued", "Issued"),
            ("sent", "Sent"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    user_id = fields.Many2one(string="Sender", default=lambda self: self._get_sender())
    date = fields.Datetime(
        compute="_compute_date", store=True, readonly=False, precompute=True
    )
    date_document = fields.Date(
        string="Date",
        required=True,
        default=fields.Date.context_today,
        copy=False,
        tracking=True,
        help="The date that the document bears.",
    )
    texto_id = fields.Many2one(
        "gck.texto",
        string="Standard text",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('clase', '=', clase)]",
    )
    title = fields.Char()
    body = fields.Html(string="Text")
    date_issued = fields.Datetime(string="Issued on", readonly=True, copy=False)
    date_sent = fields.Datetime(string="Sent on", readonly=True, copy=False)

    _accion_id_idx = models.Index("((id::bigint * 32 + 11))")
    _clase_idx = models.Index("(clase, date DESC, id DESC)")
    _group_state_idx = models.Index("(clase, state, company_id)")

    # ------------------------------------------------------------
    # Defaults and computes
    # ------------------------------------------------------------

    @api.model
    def _get_sender(self):
        """Return who signs by default: the user, unless it is the system itself."""
        user = self.env.user
        return user if user.active and not user.share else user.browse()

    @api.depends("date_document")
    def _compute_date(self):
        """Place the document in the history of the partner by the date it bears."""
        now = fields.Datetime.now()
        today = fields.Date.context_today(self)
        for escrito in self:
            day = escrito.date_document or today
            escrito.date = now if day == today else datetime.combine(day, NOON)

    def _check_date_done(self):
        """A document may bear a later date than the day on which it is issued."""
        return None

    @api.constrains("texto_id", "clase")
    def _check_texto_id(self):
        """Refuse the text of another class (M-54)."""
        for escrito in self:
            if escrito.texto_id and escrito.texto_id.clase != escrito.clase:
                raise ValidationError(
                    self.env._(
                        "The text «%(text)s» is for another class of document. "
                        "Choose a text of the class of %(document)s.",
                        text=escrito.texto_id.name,
                        document=escrito.display_name,
                    )
                )

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """Keep the client's own defaults away from what only the system fills in.

        They come from the context, or from the defaults that every user may set.
        """
        values = super().default_get(fields)
        for name in {"state", *self._accion_server_fields} & values.keys():
            default = self._fields[name].default
            if default:
                values[name] = default(self)
            else:
                del values[name]
        return values

    # ------------------------------------------------------------
    # Numbers
    # ------------------------------------------------------------

    @api.model
    def _get_numero_series(self, vals):
        """Give drafts a provisional number: those of the classes have no gaps."""
        return DRAFT_SERIES

    @api.model
    def _prepare_numero_sequence_vals(self, company, series=None):
        if series != DRAFT_SERIES:
            return super()._prepare_numero_sequence_vals(company, series)
        name = self.env._("Drafts of written documents")
        return {
            **super()._prepare_numero_sequence_vals(company),
            "name": f"{name} ({company.name})",
            "code": self._get_numero_code(series),
            "prefix": f"{self._numero_prefix[series]}/%(range_year)s/",
        }

    @api.model
    def _accion_is_manager(self):
        return self.env.user.has_group("gck_escritos.group_gck_escrito_manager")
