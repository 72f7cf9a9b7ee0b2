from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..const import CHANGE_REASON


class JewelryCountApplying(models.AbstractModel):
    """How a count changes the books: by ordinary stock moves, and what is gone only with an
    approval, asked once for the whole count.
    """

    _name = "jewelry.count.applying"
    _inherit = "jewelry.approval.mixin"
    _description = "Applying of a Count"

    # === ACTION METHODS === #

    def action_apply(self):
        """Put pieces where they were found, write off what is gone, bring back what was lost.

        :raises UserError: when a reason is missing, or a piece has moved since the count
        :raises RedirectWarning: when a second person must approve what is written off
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("counted")
        # In sudo: lines, moves and quants follow from the count, whose right was asked for.
        lines = self.sudo().line_ids.filtered("to_apply")
        self._check_reasons(lines)
        lines.lot_id._lock_lots()
        self._check_current(lines)
        self._require_shrink(lines._filter_shrink())
        self._move(lines)
        lines.is_applied = True
        done = {"done_date": fields.Datetime.now(), "done_by_id": self.env.uid}
        self._set_state("done", done)
        self.activity_unlink(["mail.mail_activity_data_todo"])

    # === APPROVAL HOOKS === #

    def _get_approval_types(self):
        """Override to let what a count misses be written off."""
        return super()._get_approval_types() | {"write_off": {"gone": str}}

    def _complete_approval(self, kind, values):
        """Override to add what it costs: once that changes, it is another question."""
        values = super()._complete_approval(kind, values)
        if kind != "write_off":
            return values
        return {
            count.id: values[count.id] | {"cost": count._get_shrink_cost(count._get_shrink())}
            for count in self
        }

    def _describe_approval(self, kind, values):
        """Override to say it in words and money."""
        if kind != "write_off":
            return super()._describe_approval(kind, values)
        return {
            count: self.env._(
                "gone: %(goods)s, at a cost of %(amount)s",
                goods=values[count.id]["gone"],
                amount=format_amount(self.env, values[count.id]["cost"], count.currency_id),
            )
            for count in self
        }

    def _carry_out_approval(self, kind, values, reason):
        """Override to apply the count."""
        if kind != "write_off":
            return super()._carry_out_approval(kind, values, reason)
        return self.action_apply()

    # === BUSINESS METHODS === #

    @api.model
    def _check_reasons(self, lines):
        """Refuse to apply what nobody has said a reason for.

        :raises UserError: naming the pieces
        """
        if unsaid := lines.filtered(lambda line: not line.reason):
            raise UserError(
                self.env._(
                    "Say why for each line that is applied. There is no reason yet for %(pieces)s.",
                    pieces=", ".join(unsaid[:10].lot_id.mapped("name")),
                )
            )

    def _check_current(self, lines):
        """Refuse to apply what the books have changed since.

        :raises UserError: naming the pieces
        """
        if gone := lines.filtered(lambda line: not line._is_current()):
            raise UserError(
                self.env._(
                    "%(pieces)s moved or was sold since the count. Untick “Apply” for it, or count "
                    "again.",
                    pieces=", ".join(gone[:10].lot_id.mapped("name")),
                )
            )

    def _get_shrink(self):
        # In sudo: it is compared, and shown only to those who may see costs.
        return self.sudo().line_ids.filtered("to_apply")._filter_shrink()

    @api.model
    def _get_shrink_cost(self, lines):
        return sum(line.lot_id._get_book_cost(line.quantity) for line in lines)

    def _require_shrink(self, lines):
        """Require a second person for what is written off. A manager who has not counted gives
        up alone what costs no more than the limit of the company.

        :raises RedirectWarning: offering to ask
        """
        if not lines:
            return
        manager = self.env.user.has_group("jewelry_inventory.group_manager")
        alone = manager and self.env.user not in self.sudo().part_ids.user_id
        exceeds = self.env["stock.lot"].with_company(self.company_id)._exceeds_limit
        if not alone or exceeds(self._get_shrink_cost(lines)):
            goods = sorted(f"{line.lot_id.name} ({line.quantity:g})" for line in lines)
            self._require_approval("write_off", {self: {"gone": ", ".join(goods)}})

    def _move(self, lines):
        """Move what the lines are of, those with the same reason in one go."""
        # In sudo: `jewelry_count_id` is the program's, and says that the write-off is approved.
        moves = self.env["stock.move"].sudo().with_company(self.company_id)
        for reason, alike in lines.grouped(lambda line: line._say_reason()).items():
            if vals_list := [vals for line in alike for vals in line._prepare_moves()]:
                moves.with_context(**{CHANGE_REASON: reason}).create(vals_list)._action_done()
