{
    "name": "Jewelry Sale Margin",
    "summary": "The margin of a piece from its own cost, out of associates' sight",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": [
        "jewelry_sale",
        "sale_stock_margin",
    ],
    "data": [
        "views/sale_order_views.xml",
    ],
    "auto_install": True,
}
