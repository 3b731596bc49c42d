{
    "name": "GCK Impresión",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "summary": "Informes PDF con membrete, pie y número de página, sin wkhtmltopdf",
    "author": "GCK",
    "website": "https://github.com/gck-suite/gck",
    "license": "LGPL-3",
    "depends": ["web", "bus"],
    "external_dependencies": {"python": ["weasyprint>=68"]},
    "data": [
        "security/security.xml",
        "security/ir.model.access.csv",
        "data/gck_impresion_data.xml",
        "report/print_templates.xml",
        "report/gck_impresora_report.xml",
        "views/ir_actions_report_views.xml",
        "views/gck_impresion_trabajo_views.xml",
        "views/gck_impresora_views.xml",
        "views/res_users_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "gck_impresion/static/src/js/**/*",
        ],
        "web.assets_unit_tests": [
            "gck_impresion/static/tests/**/*.test.js",
        ],
    },
}
