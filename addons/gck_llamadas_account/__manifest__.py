{
    "name": "GCK Llamadas en Facturación",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "summary": "Llamar a quien debe: listas de llamadas desde las facturas",
    "author": "GCK",
    "license": "LGPL-3",
    "depends": ["gck_llamadas", "account"],
    "data": ["views/account_move_views.xml"],
    "auto_install": True,
}
