from odoo import models


class ReportPosOrder(models.Model):
    """Analysis of the registers' orders: what is paid ahead is no turnover, the goods are when
    they are invoiced.
    """

    _inherit = "report.pos.order"

    def _from(self):
        """Override of `point_of_sale`. Others add their joins at the end, so that what is left out
        is so where lines are read.
        """
        goods = "FROM (SELECT * FROM pos_order_line WHERE deposit_id IS NULL) AS l"
        return super()._from().replace("FROM pos_order_line AS l", goods)
