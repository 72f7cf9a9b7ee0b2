from odoo import fields, models


class AccountMoveLine(models.Model):
    """Journal items of what a register could not hand over: what is owed for it, item by item, and
    invoice lines that cost nothing until it is handed over.
    """

    _inherit = "account.move.line"

    sale_conflict_id = fields.Many2one(
        comodel_name="jewelry.sale.conflict",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What a register was paid for and could not hand over: this is owed for it, or what "
        "settled it.",
    )

    def _get_cogs_value(self):
        """Override of `jewelry_inventory`, which lets a line without a piece cost what its style
        does, and of `point_of_sale`, which takes the mean of what the order moved.
        """
        if self.sale_conflict_id and not self.piece_ids:
            return 0.0
        if self.piece_ids and self.move_id.sudo().pos_order_ids:
            return self._get_pieces_cogs_value()
        return super()._get_cogs_value()
