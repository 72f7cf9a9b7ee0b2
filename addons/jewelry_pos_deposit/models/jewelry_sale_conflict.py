from odoo import fields, models


class JewelrySaleConflict(models.Model):
    """Lines of registers that were paid for a deposit, or by one, that cannot be: their money is
    parked until a manager settles it.
    """

    _inherit = "jewelry.sale.conflict"

    kind = fields.Selection(
        selection_add=[("deposit", "Not for the deposit it names")],
        ondelete={"deposit": lambda conflicts: conflicts.write({"kind": "unknown"})},
    )
