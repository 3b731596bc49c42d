from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class GckParametros(models.Model):
    """The parameters of a company, on one page (M-2).

    A view of ``res.company`` with the fields that managers of the suite may change:
    companies themselves belong to the system's administrators. An area adds a field
    related to ``company_id`` and its ``<setting>``; nothing else can be written.
    """

    _name = "gck.parametros"
    _description = "GCK parameters"
    _auto = False
    _log_access = False
    _order = "id"
    _table_query = "SELECT id, id AS company_id FROM res_company"

    company_id = fields.Many2one("res.company", readonly=True)
    is_current = fields.Boolean(compute="_compute_is_current")
    gck_close_rule = fields.Selection(
        related="company_id.gck_close_rule", readonly=False, required=True
    )
    gck_motivo_required = fields.Boolean(
        related="company_id.gck_motivo_required", readonly=False
    )
    gck_hours_mode = fields.Selection(
        related="company_id.gck_hours_mode", readonly=False, required=True
    )
    gck_tarea_hours = fields.Float(related="company_id.gck_tarea_hours", readonly=False)
    gck_tarea_partner_required = fields.Boolean(
        related="company_id.gck_tarea_partner_required", readonly=False
    )
    gck_reminder = fields.Boolean(related="company_id.gck_reminder", readonly=False)
    gck_reminder_days = fields.Integer(
        related="company_id.gck_reminder_days", readonly=False
    )
    gck_home = fields.Boolean(related="company_id.gck_home", readonly=False)
    gck_pending_events = fields.Boolean(
        related="company_id.gck_pending_events", readonly=False
    )
    gck_pending_activities = fields.Boolean(
        related="company_id.gck_pending_activities", readonly=False
    )
    report_footer = fields.Html(
        related="company_id.report_footer", string="Footer", readonly=False
    )
    company_details = fields.Html(
        related="company_id.company_details", string="Letterhead", readonly=False
    )
    gck_accion_impresion_ids = fields.One2many(
        related="company_id.gck_accion_impresion_ids", readonly=False
    )

    @api.depends("company_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for parametros in self:
            parametros.display_name = self.env._(
                "Parameters of %s", parametros.company_id.name
            )

    @api.depends_context("company")
    def _compute_is_current(self):
        for parametros in self:
            parametros.is_current = parametros.company_id == self.env.company

    # There is no table behind it to write on.
    # pylint: disable-next=method-required-super
    def write(self, vals):
        """Write parameters on their companies.

        :raises UserError: when something is no parameter
        :raises AccessError: for who is no manager, or works in other companies
        """
        names = self._get_company_names(vals)
        self._check_current()
        company_vals = {names[name]: value for name, value in vals.items()}
        # sudo: managers of the suite have no right on companies; only the fields of
        # this model, checked above, are written, and only on their own companies.
        self.company_id.sudo().write(company_vals)
        self.invalidate_recordset()
        return True

    def get_field_translations(self, field_name, langs=None):
        """Return the translations of a parameter, which are its company's.

        :raises UserError: when it is no parameter
        :raises AccessError: for who is no manager, or works in other companies
        """
        self.ensure_one()
        name = self._get_company_names([field_name])[field_name]
        self._check_current()
        # sudo: as in write, after the same checks; one parameter is read.
        return self.company_id.sudo().get_field_translations(name, langs)

    def update_field_translations(self, field_name, translations, source_lang=""):
        """Translate a parameter on its company.

        :raises UserError: when it is no parameter
        :raises AccessError: for who is no manager, or works in other companies
        """
        self.ensure_one()
        name = self._get_company_names([field_name])[field_name]
        self._check_current()
        # sudo: as in write, after the same checks; one parameter is written.
        company = self.company_id.sudo()
        result = company.update_field_translations(name, translations, source_lang)
        self.invalidate_recordset()
        return result

    def _check_current(self):
        """:raises AccessError: for who is no manager, or works in other companies"""
        self.check_access("write")
        if self.company_id - self.env.companies:
            raise AccessError(
                self.env._(
                    "These are the parameters of a company that you are not working "
                    "in. Switch to it first."
                )
            )

    @api.model
    def _get_company_names(self, names):
        """Return the field of the company behind each parameter.

        :param names: names of fields
        :return: ``{name: name on res.company}``
        :raises UserError: naming those that are no parameters
        """
        result, refused = {}, []
        for name in names:
            field = self._fields.get(name)
            path = (field and field.related or "").split(".")
            if len(path) == 2 and path[0] == "company_id" and not field.readonly:
                result[name] = path[1]
            else:
                refused.append(name)
        if refused:
            raise UserError(
                self.env._("These are no parameters of GCK: %s.", ", ".join(refused))
            )
        return result

    @api.model
    def action_open(self):
        """Open the parameters of the company that the user works in."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gck_avisos.action_gck_parametros"
        )
        return {**action, "res_id": self.env.company.id}
