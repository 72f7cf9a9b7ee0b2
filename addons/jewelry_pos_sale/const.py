"""Words that the models of this module share."""

# Context key: orders of registers are kept, and what they settle must not refuse them.
SETTLING = "settling_at_register"

# Context key: ids of the order lines whose pieces a register's open order is about to take.
SETTLED_LINES = "settled_sale_line_ids"

# Context key: a register asks about an order that the server does not have yet.
ASKING = "asking_register_prices"

# States of a register's order that was paid.
PAID_STATES = ("paid", "done")
