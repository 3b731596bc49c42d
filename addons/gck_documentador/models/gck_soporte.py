from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class GckAccionTipoMixin(models.AbstractModel):
    """Types of action that ask for documents (W-25)."""

    _inherit = "gck.accion.tipo.mixin"

    soporte_tipo_ids = fields.Many2many(
        "gck.documento.tipo",
        string="Supporting documents",
        help="Types of document that an action of this type has to carry. What is "
        "missing is said on the action.",
    )

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Show the documents asked for on the lists and forms of types."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type in ("list", "form") and not arch.xpath(
            "//field[@name='soporte_tipo_ids']"
        ):
            field = etree.Element(
                "field",
                name="soporte_tipo_ids",
                widget="many2many_tags",
                options="{'no_create': True}",
            )
            if view_type == "list":
                field.set("optional", "hide")
            places = arch.xpath("//field[@name='deadline_hours'][not(ancestor::field)]")
            if places:
                places[0].addnext(field)
        return arch, view


class GckTipificadoMixin(models.AbstractModel):
    """Actions that say which of their supporting documents are missing (W-25)."""

    _inherit = "gck.tipificado.mixin"

    soporte_missing = fields.Char(
        string="Missing documents", compute="_compute_soporte_missing"
    )
    can_attach_soporte = fields.Boolean(compute="_compute_soporte_missing")

    @api.depends("tipo_id.soporte_tipo_ids")
    @api.depends_context("lang")
    def _compute_soporte_missing(self):
        """Name the documents that the type asks for and nobody has linked."""
        asking = self.filtered("tipo_id.soporte_tipo_ids")
        present = asking._get_soporte_pairs()
        for record in self:
            missing = record.tipo_id.soporte_tipo_ids.filtered(
                lambda tipo, record=record: (record.id, tipo.id) not in present
            )
            record.soporte_missing = ", ".join(missing.mapped("name"))
            # sudo: whether there is a model to make one of.
            record.can_attach_soporte = bool(missing.sudo().plantilla_id)

    def _get_soporte_pairs(self):
        """Return ``{(id of the action, id of the type of a linked document)}``."""
        ids = [record.id for record in self if record.id]
        if not ids:
            return set()
        # Whether a document of the type is there counts, whoever may read it.
        self.env["gck.vinculo"].flush_model()
        self.env["gck.documento"].flush_model(["tipo_id", "active"])
        return set(
            self.env.execute_query(
                SQL(
                    """
                    SELECT link.res_id, doc.tipo_id
                      FROM gck_vinculo link
                      JOIN gck_documento doc ON doc.id = link.origin_id
                     WHERE link.origin_model = 'gck.documento'
                       AND link.res_model = %s
                       AND link.res_id IN %s
                       AND doc.active IS TRUE
                    """,
                    self._name,
                    tuple(ids),
                )
            )
        )

    def action_attach_soporte(self):
        """Make the missing documents of the models of their types, linked to this.

        :return: the action that shows the new documents
        """
        self.ensure_one()
        present = self._get_soporte_pairs()
        missing = self.tipo_id.soporte_tipo_ids.filtered(
            lambda tipo: (self.id, tipo.id) not in present and tipo.plantilla_id
        )
        if not missing:
            raise UserError(
                self.env._(
                    "None of the missing documents has a model. Store them in the "
                    "Documentador and link them."
                )
            )
        documentos = self.env["gck.documento"]
        for tipo in missing:
            documentos |= tipo._create_from_plantilla(
                self, partner_id=self.partner_id.id
            )
        return documentos._get_records_action()

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Say on the form of every kind what is missing."""
        arch, view = super()._get_view(view_id, view_type, **options)
        sheets = arch.xpath("/form/sheet") if view_type == "form" else []
        if sheets and not arch.xpath("//field[@name='soporte_missing']"):
            sheets[0].insert(0, self._get_soporte_alert())
        return arch, view

    @api.model
    def _get_soporte_alert(self):
        """Return the element of a form that names what is missing."""
        alert = etree.Element(
            "div",
            {
                "class": "alert alert-warning mb-2",
                "role": "status",
                "invisible": "not soporte_missing",
            },
        )
        etree.SubElement(alert, "span").text = self.env._("Missing documents:") + " "
        etree.SubElement(alert, "field", name="soporte_missing", readonly="1")
        etree.SubElement(
            alert,
            "button",
            {
                "name": "action_attach_soporte",
                "type": "object",
                "string": self.env._("Attach the model"),
                "class": "btn btn-link py-0",
                "invisible": "not can_attach_soporte",
            },
        )
        etree.SubElement(alert, "field", name="can_attach_soporte", invisible="1")
        return alert
