{
    "name": "Jewelry Point of Sale Deposits",
    "summary": "Take, use and give back customers' deposits at the register, and hand over what "
    "is paid",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": ["jewelry_pos", "jewelry_deposit"],
    "data": [
        "views/jewelry_deposit_views.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": [
            "jewelry_pos_deposit/static/src/app/**/*",
        ],
        "web.assets_tests": [
            "jewelry_pos_deposit/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "jewelry_pos_deposit/static/tests/unit/**/*",
        ],
    },
    "auto_install": True,
}
