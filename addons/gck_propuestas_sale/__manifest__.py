{
    "name": "GCK Propuestas de clientes en Ventas",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "summary": "Sin presupuestos para quien no es cliente todavía",
    "author": "GCK",
    "license": "LGPL-3",
    "depends": ["gck_propuestas", "sale_crm"],
    "data": ["views/crm_lead_views.xml"],
    "auto_install": True,
}
