"""Odoo's shell, on a database that has only `base`: make its company a Spanish one.

Done before accounting comes, which takes the country's chart of accounts. Attachments
are put in the database, so that copies of it need no files.
"""

spain = env.ref("base.es")
euro = env.ref("base.EUR")
euro.active = True
company = env.ref("base.main_company")
company.partner_id.write(
    {"country_id": spain.id, "state_id": False, "tz": "Europe/Madrid"}
)
company.write({"currency_id": euro.id})
env["res.users"].with_context(active_test=False).search([]).partner_id.write(
    {"tz": "Europe/Madrid"}
)
env["ir.config_parameter"].set_param("ir_attachment.location", "db")
env["ir.attachment"].force_storage()
env.cr.commit()
