{
    "name": "GCK Reclamaciones en Reparaciones",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "summary": "Las reparaciones de una reclamación y lo que cuestan",
    "author": "GCK",
    "license": "LGPL-3",
    "depends": ["gck_reclamaciones", "repair"],
    "data": [
        "security/ir.model.access.csv",
        "wizard/gck_reclamacion_reparar_views.xml",
        "views/gck_reclamacion_views.xml",
        "views/repair_order_views.xml",
        "views/gck_parametros_views.xml",
    ],
    "demo": ["demo/gck_reparaciones_demo.xml"],
    "auto_install": True,
}
