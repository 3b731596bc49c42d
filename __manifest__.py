{
    "name": "GCK: Gestor del Conocimiento",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "sequence": 40,
    "summary": "Lo que no está en ninguna factura: avisos, tareas y lo que se hizo",
    "author": "GCK",
    "license": "LGPL-3",
    "depends": [
        "gck_avisos",
        "gck_reclamaciones",
        "gck_llamadas",
        "gck_documentador",
        "gck_escritos",
        "gck_propuestas",
    ],
    "assets": {
        "web.assets_tests": ["gck/static/tests/tours/*.js"],
    },
    "application": True,
}
