from odoo import fields, models
from odoo.exceptions import UserError


class JewelryRfidReadBack(models.TransientModel):
    """Take in what a label printer answered: which chips it has written and read again."""

    _name = "jewelry.rfid.read.back"
    _description = "Answer of a Label Printer"

    answer = fields.Text(
        required=True,
        help="All that the printer sent back, one line for each number. Other text is left out.",
    )
    tag_ids = fields.Many2many(comodel_name="jewelry.rfid.tag", string="Live Now", readonly=True)
    problems = fields.Text(readonly=True)

    # === ACTION METHODS === #

    def action_read(self):
        """Make the tags live that were read as they were written, and tell of the others.

        :raises UserError: when there is no answer in the text
        """
        self.ensure_one()
        done, problems = self.env["stock.lot"]._read_back(self.answer)
        if not done and not problems:
            raise UserError(
                self.env._("There is no answer in this text. Copy all that the printer sent back.")
            )
        self.write({"tag_ids": done.ids, "problems": "\n".join(problems)})
        return self._get_records_action(name=self._description, target="new")
