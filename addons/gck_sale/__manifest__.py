{
    "name": "GCK Avisos en Ventas",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "summary": "Avisos de presupuestos y pedidos; enviar un presupuesto se anota solo",
    "author": "GCK",
    "license": "LGPL-3",
    "depends": ["gck_avisos", "sale"],
    "data": ["views/sale_order_views.xml"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
