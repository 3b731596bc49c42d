{
    "name": "GCK Avisos en Outlook",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "summary": "El panel de Outlook anota el correo abierto en un aviso, o crea uno",
    "author": "GCK",
    "license": "LGPL-3",
    "depends": ["gck_avisos", "mail_plugin"],
    "auto_install": True,
}
