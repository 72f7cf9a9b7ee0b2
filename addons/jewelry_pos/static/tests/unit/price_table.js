/**
 * What a piece costs by each kind of rule, discount and tax. Both sides of the register reckon with
 * this: the browser in `price_table.test.js`, the server in `test_price_table.py`, which reads what
 * stands between the backquotes as JSON.
 *
 * `price` is that of the piece in the company's currency, `rate` what of the register's currency is
 * one of it. `rules` are those of the order's pricelist, then those of the one it starts from.
 * `unit` is the price of the line, `total` what it comes to, tax included.
 */
export const PRICE_TABLE = JSON.parse(`[
    {"name": "no pricelist", "price": 2000, "unit": 2000, "total": 2000},
    {"name": "a percentage off, not to a round amount", "price": 1999.99,
     "rules": [[{"compute_price": "percentage", "percent_price": 12.5}]],
     "unit": 1749.99, "total": 1749.99},
    {"name": "a fixed price", "price": 2000,
     "rules": [[{"compute_price": "fixed", "fixed_price": 1234.56}]],
     "unit": 1234.56, "total": 1234.56},
    {"name": "a formula that rounds, then takes five cents off", "price": 1987,
     "rules": [[{"compute_price": "formula", "price_discount": 10, "price_round": 10,
                 "price_surcharge": -0.05}]],
     "unit": 1789.95, "total": 1789.95},
    {"name": "a formula with the most that is taken off", "price": 2000,
     "rules": [[{"compute_price": "formula", "price_discount": 50, "price_min_margin": -300}]],
     "unit": 1700, "total": 1700},
    {"name": "a formula with the most that is put on", "price": 2000,
     "rules": [[{"compute_price": "formula", "price_discount": -50, "price_max_margin": 250}]],
     "unit": 2250, "total": 2250},
    {"name": "a rule from two on is not for one piece", "price": 2000,
     "rules": [[{"compute_price": "percentage", "percent_price": 30, "min_quantity": 2},
                {"compute_price": "percentage", "percent_price": 5}]],
     "unit": 1900, "total": 1900},
    {"name": "a pricelist that starts from another", "price": 2000,
     "rules": [[{"compute_price": "formula", "price_discount": 5, "base": "pricelist"}],
               [{"compute_price": "percentage", "percent_price": 10}]],
     "unit": 1710, "total": 1710},
    {"name": "a discount of the line", "price": 999.99, "discount": 7.5,
     "unit": 999.99, "total": 924.99},
    {"name": "tax on top, and a discount", "price": 1234.5, "discount": 33.33,
     "tax": {"amount": 8.875, "included": false}, "unit": 1234.5, "total": 896.08},
    {"name": "tax included", "price": 1500, "tax": {"amount": 20, "included": true},
     "unit": 1500, "total": 1500},
    {"name": "tax included, a pricelist and a discount", "price": 1999, "discount": 10,
     "rules": [[{"compute_price": "percentage", "percent_price": 15}]],
     "tax": {"amount": 21, "included": true}, "unit": 1699.15, "total": 1529.24},
    {"name": "a fiscal position with a lower tax on top", "price": 2000,
     "tax": {"amount": 20, "included": false}, "mapped": {"amount": 5.5, "included": false},
     "unit": 2000, "total": 2110},
    {"name": "a fiscal position without the tax that was included", "price": 1200,
     "tax": {"amount": 20, "included": true}, "mapped": {"amount": 0, "included": false},
     "unit": 1200, "total": 1200},
    {"name": "another currency", "price": 1999.99, "rate": 0.9137,
     "unit": 1827.39, "total": 1827.39},
    {"name": "another currency, a formula in it, and tax", "price": 2000, "rate": 0.9137,
     "rules": [[{"compute_price": "formula", "price_discount": 10, "price_surcharge": 25}]],
     "tax": {"amount": 19, "included": false}, "unit": 1669.66, "total": 1986.9}
]`);
