{
    "name": "Jewelry Inventory",
    "summary": "Pieces, stones, parcels and metals with their own cost, price and provenance",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": [
        "stock_account",
        "barcodes_gs1_nomenclature",
        "portal",
    ],
    "data": [
        # Groups first: every access row and rule refers to them.
        "security/jewelry_inventory_groups.xml",
        "security/ir.model.access.csv",
        "data/uom_data.xml",
        # Menus before the views that hang their own below them.
        "views/jewelry_menus.xml",
        "data/ir_sequence_data.xml",
    ],
    "post_init_hook": "post_init_hook",
    "application": True,
}
