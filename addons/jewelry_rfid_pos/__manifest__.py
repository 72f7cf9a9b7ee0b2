{
    "name": "Jewelry RFID Point of Sale",
    "summary": "Pieces that lie on the pad beside the register are on its order, and leave it "
    "when they are taken away",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": ["jewelry_pos", "jewelry_rfid"],
    "data": ["views/res_config_settings_views.xml"],
    "assets": {
        "point_of_sale._assets_pos": [
            "jewelry_rfid/static/src/alarm/**/*",
            "jewelry_rfid_pos/static/src/app/**/*",
        ],
        "web.assets_tests": [
            "jewelry_rfid_pos/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "jewelry_rfid_pos/static/tests/unit/**/*",
        ],
    },
    "auto_install": True,
}
