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
        "security/jewelry_rfid_reader_security.xml",
        "data/ir_sequence_data.xml",
        "data/jewelry_rfid_cron_data.xml",
        "views/res_config_settings_views.xml",
        "views/stock_lot_views.xml",
        "views/stock_lot_seen_views.xml",
        "views/jewelry_count_views.xml",
        "wizards/jewelry_label_print_views.xml",
        "wizards/jewelry_rfid_tag_end_views.xml",
        "views/jewelry_rfid_menus.xml",
        # They hang their menu items below those above.
        "views/jewelry_rfid_tag_views.xml",
        "wizards/jewelry_rfid_read_back_views.xml",
        "wizards/jewelry_rfid_tag_pieces_views.xml",
        "wizards/jewelry_rfid_unknown_tag_views.xml",
        "wizards/jewelry_rfid_alarm_answer_views.xml",
        "views/jewelry_rfid_alarm_views.xml",
        "views/jewelry_rfid_gateway_views.xml",
        "views/jewelry_rfid_proposal_views.xml",
        "views/jewelry_rfid_sighting_views.xml",
        "views/jewelry_rfid_wall_views.xml",
        "views/jewelry_rfid_auto_count_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "jewelry_rfid/static/src/**/*",
        ],
        "web.assets_tests": [
            "jewelry_rfid/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "jewelry_rfid/static/tests/**/*.test.js",
        ],
    },
}
