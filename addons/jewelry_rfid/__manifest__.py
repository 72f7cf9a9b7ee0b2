{
    "name": "Jewelry RFID",
    "summary": "Tags on pieces, readers at places, and what they have seen: counts of trays in "
    "seconds, and pieces that leave without being sold",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": ["jewelry_inventory", "bus"],
    "data": [
        "security/jewelry_rfid_groups.xml",
        "security/ir.model.access.csv",
        "security/jewelry_rfid_tag_security.xml",
        "data/ir_sequence_data.xml",
        "views/res_config_settings_views.xml",
        "views/stock_lot_views.xml",
        "wizards/jewelry_label_print_views.xml",
        "wizards/jewelry_rfid_tag_end_views.xml",
        "views/jewelry_rfid_menus.xml",
        # They hang their menu items below those above.
        "views/jewelry_rfid_tag_views.xml",
        "wizards/jewelry_rfid_read_back_views.xml",
        "wizards/jewelry_rfid_tag_pieces_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "jewelry_rfid/static/src/**/*",
        ],
        "web.assets_unit_tests": [
            "jewelry_rfid/static/tests/**/*.test.js",
        ],
        "web.assets_tests": [
            "jewelry_rfid/static/tests/tours/**/*",
        ],
    },
}
