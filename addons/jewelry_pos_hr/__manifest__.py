{
    "name": "Jewelry Point of Sale Employees",
    "summary": "A manager agrees to a price at the register by PIN, whoever is logged in there",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": ["jewelry_pos", "pos_hr"],
    "data": ["security/ir.model.access.csv", "views/res_users_views.xml"],
    "assets": {
        "point_of_sale._assets_pos": [
            "jewelry_pos_hr/static/src/app/**/*",
        ],
        "web.assets_tests": [
            "jewelry_pos_hr/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
