{
    "name": "GCK: Gestor del Conocimiento",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "sequence": 40,
    "summary": "What no invoice holds: who called, who must act, what was done",
    "author": "GCK",
    "license": "LGPL-3",
    "depends": ["gck_avisos"],
    "assets": {
        "web.assets_tests": ["gck/static/tests/tours/*.js"],
    },
    "application": True,
}
