"""Odoo's shell: give the demo company the Spanish chart of accounts, in euros.

Odoo's accounting demo loads a generic chart in dollars, whatever the company's country.
Done while accounting is the only app there, so that the demo documents of the others
are made in these books.
"""

company = env.ref("base.main_company")
if company.chart_template != "es_pymes":
    env["account.chart.template"].try_loading("es_pymes", company, install_demo=True)
    # Those of the demo products are in dollars by name.
    env["product.supplierinfo"].search([]).currency_id = company.currency_id
    env.cr.commit()
