{
    "name": "GCK Notices for Sales",
    "version": "19.0.1.0.0",
    "category": "Services/GCK",
    "summary": "Quotations and orders show their notices; mailing a quotation logs it",
    "author": "GCK",
    "license": "LGPL-3",
    "depends": ["gck_avisos", "sale"],
    "data": ["views/sale_order_views.xml"],
    "auto_install": True,
}
