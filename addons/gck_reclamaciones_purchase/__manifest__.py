{
    "name": "GCK Reclamaciones en Compras",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "summary": "Las reclamaciones a proveedores, desde los pedidos de compra",
    "author": "GCK",
    "license": "LGPL-3",
    "depends": ["gck_reclamaciones_account", "purchase"],
    "data": [
        "security/security.xml",
        "views/purchase_order_views.xml",
        "views/menus.xml",
    ],
    "demo": ["demo/gck_reclamaciones_demo.xml"],
    "assets": {
        "web.assets_tests": ["gck_reclamaciones_purchase/static/tests/tours/*.js"],
    },
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
