{
    "name": "Jewelry Sales",
    "summary": "A quotation line sells this very piece, at its price, and reserves no other",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": ["jewelry_inventory", "sale_stock"],
    "data": [
        "security/ir.model.access.csv",
        "security/jewelry_discretion_security.xml",
        # The list of pieces to add before the order form whose button opens it.
        "views/stock_lot_views.xml",
        "views/sale_order_views.xml",
        "report/sale_order_templates.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "jewelry_sale/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
