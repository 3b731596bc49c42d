{
    "name": "GCK Reclamaciones en Facturación",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "summary": "Reclamaciones desde las facturas, y sus facturas rectificativas",
    "author": "GCK",
    "license": "LGPL-3",
    "depends": ["gck_reclamaciones", "account"],
    "data": [
        "security/ir.model.access.csv",
        "wizard/gck_reclamacion_abono_views.xml",
        "wizard/account_move_reversal_views.xml",
        "views/account_move_views.xml",
        "views/gck_reclamacion_views.xml",
    ],
    "demo": ["demo/gck_reclamaciones_demo.xml"],
    "auto_install": True,
}
