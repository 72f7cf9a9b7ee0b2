{
    "name": "Jewelry Demo Store",
    "summary": "A small store to try the suite in: people, places, diamonds and finished pieces",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": [
        "jewelry_inventory",
    ],
    "post_init_hook": "post_init_hook",
}
