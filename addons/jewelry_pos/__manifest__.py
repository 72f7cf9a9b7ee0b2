{
    "name": "Jewelry Point of Sale",
    "summary": "Scan a tag at the register and sell this very piece, at its price, never twice",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": ["jewelry_inventory", "point_of_sale"],
    "data": [
        "security/jewelry_pos_groups.xml",
        "security/ir.model.access.csv",
        "security/jewelry_pos_security.xml",
        "wizards/jewelry_sale_conflict_settle_views.xml",
        "views/jewelry_price_agreement_views.xml",
        "views/jewelry_price_question_views.xml",
        "views/jewelry_sale_conflict_views.xml",
        "views/pos_order_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": [
            "jewelry_pos/static/src/app/**/*",
        ],
        "web.assets_tests": [
            "jewelry_pos/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "jewelry_pos/static/tests/unit/**/*",
        ],
    },
    "auto_install": True,
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
