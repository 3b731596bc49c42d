{
    "name": "GCK Reclamaciones en Fabricación",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "summary": "No conformidades desde las órdenes de fabricación y de trabajo",
    "author": "GCK",
    "license": "LGPL-3",
    "depends": ["gck_reclamaciones", "mrp"],
    "data": [
        "views/gck_reclamacion_views.xml",
        "views/mrp_production_views.xml",
        "views/mrp_workorder_views.xml",
    ],
    "demo": ["demo/gck_fabricacion_demo.xml"],
    "auto_install": True,
}
