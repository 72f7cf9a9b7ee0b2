"""What installing and uninstalling the module changes in records of other modules."""

from odoo import Command

from odoo.addons.jewelry_inventory.const import PIECE_KINDS


def post_init_hook(env):
    """Let registers sell the styles that are there already, as they do new ones."""
    env["product.template"].search(
        [("jewelry_kind", "in", PIECE_KINDS), ("sale_ok", "=", True)]
    ).available_in_pos = True


def uninstall_hook(env):
    """Part cashiers from the staff of the jewelry store: Odoo forgets no group that another one of
    core's implies. Who is staff by a role of the store stays so.
    """
    staff = env.ref("jewelry_inventory.group_staff")
    env.ref("point_of_sale.group_pos_user").implied_ids = [Command.unlink(staff.id)]
