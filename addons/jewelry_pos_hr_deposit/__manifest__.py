{
    "name": "Jewelry Point of Sale Employees and Deposits",
    "summary": "A manager gives customers' money back at the register by PIN, whoever is logged in",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": ["jewelry_pos_hr", "jewelry_pos_deposit"],
    "data": [
        "security/ir.model.access.csv",
        "security/jewelry_pos_hr_deposit_security.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": [
            "jewelry_pos_hr_deposit/static/src/app/**/*",
        ],
        "web.assets_tests": [
            "jewelry_pos_hr_deposit/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
