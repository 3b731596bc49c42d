{
    "name": "GCK Avisos en Ventas",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "summary": "Los presupuestos, con sus avisos y entre los asuntos pendientes",
    "author": "GCK",
    "license": "LGPL-3",
    "depends": ["gck_avisos", "sale"],
    "data": [
        "data/gck_accion_clase_data.xml",
        "views/gck_parametros_views.xml",
        "views/sale_order_views.xml",
    ],
    "demo": ["demo/gck_presupuestos_demo.xml"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
