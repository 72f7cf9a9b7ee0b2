from odoo import fields, models
from odoo.tools import format_date


class JewelryDepositTieOutOpen(models.TransientModel):
    """Ask for the day on which deposits are tied out."""

    _name = "jewelry.deposit.tie.out.open"
    _description = "Day of a Tie-Out of Deposits"

    date = fields.Date(required=True, default=fields.Date.context_today)

    # === ACTION METHODS === #

    def action_open(self):
        """Open the tie-out on that day.

        :return: window action
        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_deposit.jewelry_deposit_tie_out_action"
        )
        return action | {
            "context": {"deposit_date": fields.Date.to_string(self.date)},
            "display_name": self.env._(
                "Deposits and Ledger on %(date)s", date=format_date(self.env, self.date)
            ),
        }
