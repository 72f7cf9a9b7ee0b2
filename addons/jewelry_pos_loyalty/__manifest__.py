{
    "name": "Jewelry Point of Sale Loyalty",
    "summary": "Gift cards pay for a piece, rewards act on its price, and the lowest price holds",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": ["jewelry_pos", "pos_loyalty"],
    "data": ["views/loyalty_program_views.xml"],
    "assets": {
        "point_of_sale._assets_pos": [
            "jewelry_pos_loyalty/static/src/app/**/*",
        ],
        "web.assets_tests": [
            "jewelry_pos_loyalty/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "jewelry_pos_loyalty/static/tests/unit/**/*",
        ],
    },
    "auto_install": True,
}
