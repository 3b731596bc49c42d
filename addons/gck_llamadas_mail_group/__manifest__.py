{
    "name": "GCK Llamadas en Listas de correo",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "summary": "Los mensajes de las listas de correo de Odoo, como llamadas",
    "author": "GCK",
    "license": "LGPL-3",
    "depends": ["gck_llamadas", "mail_group"],
    "data": ["views/mail_group_views.xml"],
    "auto_install": True,
}
