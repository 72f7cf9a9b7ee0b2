"""What installing the module changes in records of other modules."""

from .const import SPECIFIC

# A lot of 0.005 ct melee must not round to a whole point.
UNIT_DIGITS = 3

COST_METHOD_FIELDS = ("property_cost_method", "cost_method")


def post_init_hook(env):
    """Prepare the database for weights in milligrams."""
    _raise_precision(env)


def uninstall_hook(env):
    """Drop what the module made in the database beside its tables, before those go."""
    _leave_specific(env)
    _break_provenance_seal(env)


def _leave_specific(env):
    """Give every company's categories a method that core knows: pieces keep their value under
    the standard price of each serial number, which mirrors its cost.

    Core does so for the companies that whoever uninstalls has chosen, and for no others.
    """
    for company in env["res.company"].search([]):
        categories = env["product.category"].with_company(company)
        categories.search(
            [("property_cost_method", "=", SPECIFIC)]
        ).property_cost_method = "standard"
        company.filtered(lambda c: c.cost_method == SPECIFIC).cost_method = "standard"
    defaults = env["ir.default"].search([("json_value", "=", f'"{SPECIFIC}"')])
    defaults.filtered(lambda d: d.field_id.name in COST_METHOD_FIELDS).json_value = '"standard"'


def _raise_precision(env):
    """Give quantities at least three decimals; more, when the store has more, stays."""
    precision = env.ref("uom.decimal_product_uom")
    precision.digits = max(precision.digits, UNIT_DIGITS)


def _break_provenance_seal(env):
    """Drop the function, and with it the triggers, that refuse to change provenance."""
    env.cr.execute("DROP FUNCTION IF EXISTS jewelry_provenance_refuse() CASCADE")
