from odoo import api, fields, models
from odoo.tools import SQL

# Part of the ids: the row of each source times eight, plus its number.
INTERVENCION, REUNION, CORREO = 1, 2, 3


class GckEsfuerzo(models.Model):
    """What was done for who was not a customer yet, and the hours it took (O-28, O-29).

    One row per intervention (calls log theirs), meeting and mail with a prospect, up
    to its first sale; what comes after belongs to the customer, not to the effort of
    winning it.
    """

    _name = "gck.esfuerzo"
    _description = "Commercial effort"
    _auto = False
    _order = "date desc, id desc"

    date = fields.Datetime(readonly=True)
    name = fields.Char(string="What", readonly=True)
    kind = fields.Selection(
        selection=[
            ("intervencion", "Intervention or call"),
            ("reunion", "Meeting"),
            ("correo", "Mail"),
        ],
        readonly=True,
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    user_id = fields.Many2one("res.users", string="Who", readonly=True)
    partner_id = fields.Many2one("res.partner", string="New customer", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    prospect = fields.Char(
        string="Customer or prospect",
        readonly=True,
        help="The customer, or who the opportunity is about while there is none.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    hours = fields.Float(readonly=True, aggregator="sum")
    cost = fields.Monetary(
        currency_field="currency_id",
        readonly=True,
        aggregator="sum",
        groups="gck_propuestas.group_gck_propuesta_manager",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_first_sale = fields.Datetime(string="First sale", readonly=True)
    is_customer = fields.Boolean(string="Won", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT done.id, done.date, done.name, done.kind, done.res_model,
                   done.res_id, done.user_id, done.partner_id, done.lead_id,
                   done.company_id, done.hours,
                   COALESCE(customer.complete_name, prospect.partner_name,
                            prospect.contact_name, prospect.name) AS prospect,
                   done.hours * COALESCE(company.gck_hour_cost, 0) AS cost,
                   sale.date AS date_first_sale, sale.date IS NOT NULL AS is_customer
              FROM (%(sources)s) done
         LEFT JOIN res_company company ON company.id = done.company_id
         LEFT JOIN res_partner customer ON customer.id = done.partner_id
         LEFT JOIN crm_lead prospect ON prospect.id = done.lead_id
         LEFT JOIN (%(first_sales)s) sale
                ON sale.partner_id = done.partner_id
               AND sale.company_id = done.company_id
             WHERE (done.lead_id IS NOT NULL OR sale.date IS NOT NULL)
               AND (sale.date IS NULL OR done.date <= sale.date)
            """,
            sources=SQL(" UNION ALL ").join(self._get_sources()),
            first_sales=self._get_first_sales(),
        )

    @api.model
    def _get_sources(self):
        """Return the queries of what is done for prospects; an addon adds its own."""
        return [self._get_intervenciones(), self._get_reuniones(), self._get_correos()]

    @api.model
    def _get_first_sales(self):
        """Return the query of when each customer bought first.

        Its columns are ``partner_id`` (of the company, not the contact),
        ``company_id`` and ``date``. Without orders, the first opportunity won.
        """
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   COALESCE(lead.company_id, %(company)s) AS company_id,
                   MIN(lead.date_closed) AS date
              FROM crm_lead lead
              JOIN res_partner partner ON partner.id = lead.partner_id
             WHERE lead.won_status = 'won'
          GROUP BY 1, 2
            """,
            company=self.env.company.id,
        )

    @api.model
    def _get_intervenciones(self):
        """Return the query of interventions, found by partner or by linked lead."""
        return SQL(
            """
            SELECT log.id::bigint * 8 + %(number)s AS id,
                   'intervencion' AS kind, 'gck.intervencion' AS res_model,
                   log.id AS res_id, COALESCE(log.subject, log.name) AS name,
                   log.user_id, log.date_start AS date,
                   COALESCE(log.duration, 0) AS hours,
                   COALESCE(partner.commercial_partner_id,
                            customer.commercial_partner_id) AS partner_id,
                   lead.id AS lead_id, log.company_id
              FROM gck_intervencion log
         LEFT JOIN gck_aviso aviso ON aviso.id = log.aviso_id
         LEFT JOIN LATERAL (
                     SELECT link.res_id
                       FROM gck_vinculo link
                      WHERE link.origin_model = 'gck.intervencion'
                        AND link.origin_id = log.id
                        AND link.res_model = 'crm.lead'
                   ORDER BY link.id
                      LIMIT 1) linked ON TRUE
         LEFT JOIN crm_lead lead ON lead.id = COALESCE(aviso.lead_id, linked.res_id)
         LEFT JOIN res_partner partner ON partner.id = log.partner_id
         LEFT JOIN res_partner customer ON customer.id = lead.partner_id
            """,
            number=INTERVENCION,
        )

    @api.model
    def _get_reuniones(self):
        """Return the query of the meetings of leads."""
        return SQL(
            """
            SELECT event.id::bigint * 8 + %(number)s, 'reunion', 'calendar.event',
                   event.id, event.name, event.user_id, event.start,
                   COALESCE(event.duration, 0), customer.commercial_partner_id,
                   lead.id, COALESCE(lead.company_id, %(company)s)
              FROM calendar_event event
              JOIN crm_lead lead ON lead.id = event.opportunity_id
         LEFT JOIN res_partner customer ON customer.id = lead.partner_id
             WHERE event.active IS TRUE
            """,
            number=REUNION,
            company=self.env.company.id,
        )

    @api.model
    def _get_correos(self):
        """Return the query of the mails written to prospects and by them."""
        return SQL(
            """
            SELECT message.id::bigint * 8 + %(number)s, 'correo', 'crm.lead',
                   lead.id, COALESCE(message.subject, lead.name), author.id,
                   message.date, 0, customer.commercial_partner_id, lead.id,
                   COALESCE(lead.company_id, %(company)s)
              FROM mail_message message
              JOIN crm_lead lead ON lead.id = message.res_id
         LEFT JOIN res_partner customer ON customer.id = lead.partner_id
         LEFT JOIN LATERAL (
                     SELECT person.id
                       FROM res_users person
                      WHERE person.partner_id = message.author_id
                   ORDER BY person.active DESC, person.id
                      LIMIT 1) author ON TRUE
             WHERE message.model = 'crm.lead'
               AND message.is_internal IS NOT TRUE
               AND message.message_type IN ('comment', 'email', 'email_outgoing')
            """,
            number=CORREO,
            company=self.env.company.id,
        )

    def action_open(self):
        """Open what was done: the intervention, the meeting, the opportunity."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
