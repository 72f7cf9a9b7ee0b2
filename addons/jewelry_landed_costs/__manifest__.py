{
    "name": "Jewelry Landed Costs",
    "summary": "Freight, insurance and duty spread over pieces by their value",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": [
        "jewelry_inventory",
        "stock_landed_costs",
    ],
    "data": ["views/stock_landed_cost_views.xml"],
    "auto_install": True,
}
