{
    "name": "GCK Reclamaciones en Ventas",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "summary": "Las reclamaciones de clientes, desde sus pedidos de venta",
    "author": "GCK",
    "license": "LGPL-3",
    "depends": ["gck_reclamaciones_account", "sale"],
    "data": [
        "views/sale_order_views.xml",
        "views/menus.xml",
    ],
    "demo": ["demo/gck_reclamaciones_demo.xml"],
    "auto_install": True,
}
