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
        "data/jewelry_rfid_cron_data.xml",
        # Menus before the views that hang their own below them.
        "views/jewelry_rfid_menus.xml",
        "views/jewelry_rfid_gateway_views.xml",
        "views/jewelry_rfid_proposal_views.xml",
        "views/jewelry_rfid_sighting_views.xml",
        "views/jewelry_rfid_wall_views.xml",
        "views/stock_lot_seen_views.xml",
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
