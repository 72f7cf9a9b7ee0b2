{
    "name": "Jewelry Point of Sale Layaway",
    "summary": "Begin a layaway or a special order at the register: terms signed on the screen, "
    "the first payment on the same ticket, handed over with the last",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": ["jewelry_pos_deposit", "jewelry_layaway"],
    "data": ["views/jewelry_layaway_views.xml"],
    "assets": {
        "point_of_sale._assets_pos": [
            "jewelry_pos_layaway/static/src/app/**/*",
        ],
        "web.assets_tests": [
            "jewelry_pos_layaway/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "jewelry_pos_layaway/static/tests/unit/**/*",
        ],
    },
    "auto_install": True,
}
