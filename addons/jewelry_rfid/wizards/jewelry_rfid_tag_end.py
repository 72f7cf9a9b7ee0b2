from odoo import fields, models
from odoo.exceptions import UserError

from ..models.jewelry_rfid_tag import LOST, RETIRED


class JewelryRfidTagEnd(models.TransientModel):
    """Say that tags are lost or taken off, and why."""

    _name = "jewelry.rfid.tag.end"
    _description = "Tags No Longer Live"

    tag_ids = fields.Many2many(
        comodel_name="jewelry.rfid.tag",
        string="Tags",
        required=True,
        default=lambda self: self._get_chosen_tags(),
    )
    state = fields.Selection(
        selection=[(LOST, "Lost: it may be found again"), (RETIRED, "Retired: it was destroyed")],
        string="What Became of It",
        required=True,
        default=LOST,
    )
    reason = fields.Char(required=True)

    # === DEFAULT METHODS === #

    def _get_chosen_tags(self):
        """Return the tags of the list that the dialog was opened from."""
        context, tags = self.env.context, self.env["jewelry.rfid.tag"]
        return tags.browse(
            context.get("active_ids") if context.get("active_model") == tags._name else []
        )

    # === ACTION METHODS === #

    def action_end(self):
        """Let the tags be lost or retired, with the reason.

        :raises UserError: for a tag that is retired already
        """
        self.ensure_one()
        tags = self.tag_ids
        tags.lot_id._lock_lots()
        if ended := tags.filtered(lambda tag: tag.state == RETIRED or tag.state == self.state):
            raise UserError(
                self.env._(
                    "%(tags)s is no longer live already. Leave it out.",
                    tags=", ".join(ended[:5].mapped("epc")),
                )
            )
        tags._set_ended(self.state, self.reason.strip())
        return {"type": "ir.actions.act_window_close"}
