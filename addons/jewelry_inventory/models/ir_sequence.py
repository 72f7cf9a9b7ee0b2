from odoo import api, models
from odoo.tools import SQL


class IrSequence(models.Model):
    """Numbers drawn many at a time, for stones and pieces that are entered in bulk."""

    _inherit = "ir.sequence"

    @api.model
    def _next_by_code_many(self, code, count):
        """Draw numbers as `next_by_code` does, in as many queries as one needs.

        :param str code: code of the sequence; the current company's own comes first
        :param int count: how many
        :return: list of numbers in order; empty if there is no such sequence
        """
        domain = [("code", "=", code), ("company_id", "in", [self.env.company.id, False])]
        sequence = self.search(domain, order="company_id", limit=1)
        return sequence._next_many(count) if sequence else []

    def _next_many(self, count):
        """Take many numbers at once: one query instead of one for each.

        :param int count: how many
        :return: list of numbers in order
        """
        self.ensure_one()
        if self.implementation != "standard" or self.use_date_range:
            return [self.next_by_id() for _index in range(count)]
        table = f"ir_sequence_{self.id:03d}"
        rows = self.env.execute_query(
            SQL("SELECT nextval(%s) FROM generate_series(1, %s)", table, count)
        )
        # Not `get_next_char`: it formats a dozen dates for every number.
        prefix, suffix = self._get_prefix_suffix()
        return [f"{prefix}{number:0{self.padding}d}{suffix}" for (number,) in rows]
