{
    "name": "Jewelry Purchase",
    "summary": "Receive pieces from a vendor, each with its own number, stones and cost",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": [
        "jewelry_inventory",
        "purchase_stock",
    ],
    "data": [
        "security/ir.model.access.csv",
        "wizards/jewelry_delivery_entry_views.xml",
        "views/account_move_views.xml",
        "views/stock_move_line_views.xml",
        "views/stock_picking_views.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "jewelry_purchase/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
