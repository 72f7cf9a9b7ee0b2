"""What installing the module changes in records of other modules."""

from odoo.addons.jewelry_inventory.const import PIECE_KINDS


def post_init_hook(env):
    """Let registers sell the styles that are there already, as they do new ones."""
    env["product.template"].search(
        [("jewelry_kind", "in", PIECE_KINDS), ("sale_ok", "=", True)]
    ).available_in_pos = True
