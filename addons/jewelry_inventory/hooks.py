"""What installing the module changes in records of other modules."""

# A lot of 0.005 ct melee must not round to a whole point.
UNIT_DIGITS = 3


def post_init_hook(env):
    """Prepare the database for weights in milligrams."""
    _raise_precision(env)


def _raise_precision(env):
    """Give quantities at least three decimals; more, when the store has more, stays."""
    precision = env.ref("uom.decimal_product_uom")
    precision.digits = max(precision.digits, UNIT_DIGITS)
