{
    "name": "Jewelry Customer Deposits",
    "summary": "Customers' money before delivery: a liability to the cent, until it is delivered, "
    "paid back or forfeited",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": ["jewelry_sale"],
    "data": [
        "security/ir.model.access.csv",
        "security/jewelry_deposit_security.xml",
        "data/ir_sequence_data.xml",
        "wizards/jewelry_deposit_receive_views.xml",
        "wizards/jewelry_deposit_return_views.xml",
        "views/jewelry_deposit_kind_views.xml",
        "views/jewelry_deposit_views.xml",
        "views/sale_order_views.xml",
    ],
}
