{
    "name": "GCK Impresión",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "summary": "Informes PDF con membrete, pie y número de página, sin wkhtmltopdf",
    "author": "GCK",
    "website": "https://github.com/gck-suite/gck",
    "license": "LGPL-3",
    "depends": ["web"],
    "external_dependencies": {"python": ["weasyprint>=68"]},
    "data": [
        "report/print_templates.xml",
        "views/ir_actions_report_views.xml",
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
