{
    "name": "GCK Avisos en Compras",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "summary": "Las solicitudes de presupuesto, con avisos y entre los pendientes",
    "author": "GCK",
    "license": "LGPL-3",
    "depends": ["gck_avisos", "purchase"],
    "data": [
        "data/gck_accion_clase_data.xml",
        "views/gck_parametros_views.xml",
        "views/purchase_order_views.xml",
    ],
    "demo": ["demo/gck_solicitudes_demo.xml"],
    "auto_install": True,
}
