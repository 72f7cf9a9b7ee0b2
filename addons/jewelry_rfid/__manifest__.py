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
        "views/jewelry_rfid_menus.xml",  # Depends on the actions
    ],
}
