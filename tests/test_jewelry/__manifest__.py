{
    "name": "Jewelry Tests",
    "summary": "Stories that cross modules; on the addons path only while testing",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": [
        "jewelry_deposit",
        "jewelry_inventory",
        "jewelry_landed_costs",
        "jewelry_layaway",
        "jewelry_sale_margin",
        "jewelry_pos",
        "jewelry_pos_deposit",
        "jewelry_pos_loyalty",
        "jewelry_pos_sale",
        "jewelry_purchase",
        "jewelry_rfid",
        "jewelry_sale",
        # The European chart of the accountants' document.
        "l10n_be",
    ],
}
