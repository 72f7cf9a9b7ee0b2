{
    "name": "Jewelry Point of Sale Quotations",
    "summary": "Settle a quotation at the register: this very piece, at the price that was agreed",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": ["jewelry_pos", "jewelry_sale", "pos_sale"],
    "assets": {
        "point_of_sale._assets_pos": [
            "jewelry_pos_sale/static/src/app/**/*",
        ],
        "web.assets_tests": [
            "jewelry_pos_sale/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
