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
        "security/jewelry_metal_security.xml",
        "data/ir_sequence_data.xml",
        "data/uom_data.xml",
        "data/jewelry_metal_data.xml",
        "data/jewelry_alloy_data.xml",
        "data/jewelry_shape_data.xml",
        "data/jewelry_grade_data.xml",
        # Species and varieties refer to treatments, varieties to species.
        "data/jewelry_treatment_data.xml",
        "data/jewelry_gem_species_data.xml",
        "data/jewelry_gem_variety_data.xml",
        "data/jewelry_laboratory_data.xml",
        # Menus before the views that hang their own below them.
        "views/jewelry_menus.xml",
        "views/jewelry_metal_views.xml",
        "views/jewelry_alloy_views.xml",
        # The list of rates has a button for the import.
        "wizards/jewelry_metal_rate_import_views.xml",
        "views/jewelry_metal_rate_views.xml",
        "views/jewelry_gem_species_views.xml",
        "views/jewelry_gem_variety_views.xml",
        "views/jewelry_shape_views.xml",
        "views/jewelry_grade_views.xml",
        "views/jewelry_treatment_views.xml",
        "views/jewelry_laboratory_views.xml",
        # The form of a piece has buttons for these.
        "wizards/jewelry_piece_intake_views.xml",
        "wizards/jewelry_piece_revalue_views.xml",
        "wizards/jewelry_piece_void_views.xml",
        "views/stock_lot_views.xml",
        "views/product_template_views.xml",
        "views/stock_location_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "jewelry_inventory/static/src/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "application": True,
}
