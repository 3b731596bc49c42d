from odoo import fields, models
from odoo.exceptions import UserError

# Of a type, which field asks for which of the document.
REQUIRED = {
    "partner_required": "partner_id",
    "reference_required": "reference",
    "expiry_required": "date_expiry",
    "tags_required": "tag_ids",
    "location_required": "location",
    "description_required": "description",
}


class GckDocumentoTipo(models.Model):
    """A type of document: what it must say, when it expires, how long it is kept.

    A type can have a model, a document of which others of the type are made (W-25).
    """

    _name = "gck.documento.tipo"
    _description = "Document type"
    _inherit = ["gck.tabla.mixin"]

    description = fields.Text(translate=True)
    partner_required = fields.Boolean(string="Customer or vendor")
    reference_required = fields.Boolean(string="Reference")
    expiry_required = fields.Boolean(string="Expiry date")
    tags_required = fields.Boolean(string="Tags")
    location_required = fields.Boolean(string="Location")
    description_required = fields.Boolean(string="Description (required)")
    expiry_months = fields.Integer(
        string="Expires after (months)",
        help="Proposed expiry, in months from the date of the document. Zero: none.",
    )
    warning_days = fields.Integer(
        string="Warn (days before)",
        default=30,
        help="How many days before it expires somebody is told.",
    )
    retention_months = fields.Integer(
        string="Kept for (months)",
        help="So long after its date the document goes to the bin, whence it is "
        "destroyed. Zero: it is kept for ever.",
    )
    legal_hold = fields.Boolean(
        string="Never destroyed",
        help="Documents of the type are kept whatever the rule of retention says.",
    )
    plantilla_id = fields.Many2one(
        "gck.documento",
        string="Model document",
        ondelete="set null",
        help="A form or a text to fill in: new documents of the type begin as a copy "
        "of it, and it can be attached as it is.",
    )

    _months_positive = models.Constraint(
        "CHECK (expiry_months BETWEEN 0 AND 1200"
        " AND retention_months BETWEEN 0 AND 1200)",
        "The months to the expiry or the end go from zero to a hundred years.",
    )
    _warning_positive = models.Constraint(
        "CHECK (warning_days BETWEEN 0 AND 3650)",
        "The days of warning go from zero to ten years.",
    )

    def _get_required_fields(self):
        """Return the names of the fields that documents of the type must fill in."""
        self.ensure_one()
        return [field for name, field in REQUIRED.items() if self[name]]

    def action_new_documento(self):
        """Store a copy of the model document as a new one, and open it.

        The record in the context (``gck_link_model``, ``gck_link_id``) gets it linked.
        """
        self.ensure_one()
        if not self.plantilla_id.version_id:
            raise UserError(
                self.env._("The type «%s» has no model document.", self.name)
            )
        documento = self._create_from_plantilla()
        return documento._get_records_action()

    def _create_from_plantilla(self, records=None, **vals):
        """Store a copy of the model document of the type.

        :param records: which the new document is linked to
        :param vals: values of the new document
        :return: the new ``gck.documento``
        """
        self.ensure_one()
        plantilla = self.plantilla_id
        plantilla.check_access("read")
        return self.env["gck.documento"]._store_files(
            [
                {
                    "name": plantilla.filename,
                    "title": vals.pop("name", plantilla.name),
                    "version": plantilla.version_id,
                    "records": [records] if records else [],
                }
            ],
            keep_duplicates=True,
            tipo_id=self.id,
            **vals,
        )
