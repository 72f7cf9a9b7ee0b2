"""What installing the module changes in records of other modules."""

# A lot of 0.005 ct melee must not round to a whole point.
UNIT_DIGITS = 3


def post_init_hook(env):
    """Prepare the database for weights in milligrams."""
    _raise_precision(env)


def uninstall_hook(env):
    """Drop what the module made in the database beside its tables, before those go."""
    _break_provenance_seal(env)


def _raise_precision(env):
    """Give quantities at least three decimals; more, when the store has more, stays."""
    precision = env.ref("uom.decimal_product_uom")
    precision.digits = max(precision.digits, UNIT_DIGITS)


def _break_provenance_seal(env):
    """Drop the function, and with it the triggers, that refuse to change provenance."""
    env.cr.execute("DROP FUNCTION IF EXISTS jewelry_provenance_refuse() CASCADE")
