"""Odoo's shell: give everybody in the demo database the Spanish language."""

users = env["res.users"].with_context(active_test=False).search([])
users.write({"lang": "es_ES", "tz": "Europe/Madrid"})
companies = env["res.company"].search([])
companies.partner_id.write({"lang": "es_ES"})
env["ir.default"].set("res.partner", "lang", "es_ES")
env["ir.config_parameter"].set_param("ir_attachment.location", "file")
env.cr.commit()
