{
    "name": "Jewelry Point of Sale Quotations and Deposits",
    "summary": "A quotation that is paid ahead into a deposit is not settled at a register, too",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Jewelry",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": ["jewelry_pos_sale", "jewelry_deposit"],
    "auto_install": True,
}
