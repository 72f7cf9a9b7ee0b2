from odoo import models

# By the books it is not in the store any more, or not in it yet: nobody can take it from there.
OUTSIDE = ("sold", "returned", "used", "expected")
# It may be outside when a paper says so.
WITH_PAPERS = ("memo_out", "transit")


class JewelryRfidExit(models.AbstractModel):
    """Why a piece may pass the door, and how it is found where it may be anywhere."""

    _name = "jewelry.rfid.exit"
    _description = "Piece at the Door"

    # === ACTION METHODS === #

    def action_find(self):
        """Open the meter that tells how near the piece is.

        :return: client action
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "jewelry_rfid_find",
            "name": self.env._("Find %(piece)s", piece=self.name),
            "target": "new",
            "params": {"lot_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _get_exit_reasons(self):
        """Hook: tell why pieces may leave the store now; rooms add theirs.

        :return: {piece: reason in the user's language}; a piece that may not leave is absent
        :rtype: dict
        """
        labels = dict(self._fields["piece_status"]._description_selection(self.env))
        papers = self._get_papers()
        return self._get_used_up() | {
            lot: labels[lot.piece_status]
            for lot in self
            if lot.piece_status in OUTSIDE or (lot.piece_status in WITH_PAPERS and lot in papers)
        }

    def _get_used_up(self):
        """Return the reason of parcels and metal of which nothing is left in the store itself."""
        bulk = self.filtered(lambda lot: not lot.piece_status)
        quants = self.env["stock.quant"].search([("lot_id", "in", bulk.ids), ("quantity", ">", 0)])
        inside = quants.filtered(
            lambda quant: (
                quant.location_id._is_of_store()
                and quant.location_id.jewelry_role not in WITH_PAPERS
            )
        )
        return dict.fromkeys(bulk - inside.lot_id, self.env._("Nothing of it is in the store"))

    def _get_papers(self):
        """Return {piece: transfer that brought it where it is by the books}, in one query."""
        away = self.filtered(lambda lot: lot.piece_status in WITH_PAPERS)
        lines = self.env["stock.move.line"].search(
            [("lot_id", "in", away.ids), ("state", "=", "done")], order="date, id"
        )
        latest = {line.lot_id: line for line in lines}
        return {
            lot: line.move_id.picking_id
            for lot, line in latest.items()
            if line.move_id.picking_id and line.location_dest_id == lot.location_id
        }
