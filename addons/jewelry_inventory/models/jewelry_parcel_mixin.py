from odoo import Command, models

from ..tools import weight


class JewelryParcelMixin(models.AbstractModel):
    """Parcels: lots of small stones that have both carats and a count.

    What is in a parcel is one group of `jewelry.stone` that the lot holds. Its carats are what
    is on hand; its count follows the moves, which say how many stones each of them took.
    """

    _name = "jewelry.parcel.mixin"
    _description = "Parcel"

    # === BUSINESS METHODS === #

    def _filter_parcels(self):
        return self.filtered(lambda lot: lot.jewelry_kind == "parcel")

    def _estimate_count(self, carat):
        """Return how many stones this many carats of a parcel are, by its average stone."""
        self.ensure_one()
        group = self.stone_ids[:1]
        if not group.carat:
            return 0
        return int(carat * group.count / group.carat + 0.5)

    def _get_carat_on_hand(self):
        """Return the exact carats of a parcel in the company, whoever owns them."""
        self.ensure_one()
        return weight.round_milli(sum(self.sudo()._get_stock_quants().mapped("quantity")))

    def _get_amount_in(self, place):
        """Return the carats and the count of a parcel in one place.

        The count is what its moves brought and took; where no move ever said one, 0.
        """
        self.ensure_one()
        quants = self._get_stock_quants().filtered(lambda quant: quant.location_id == place)
        carat = weight.round_milli(sum(quants.mapped("quantity")))
        domain = [("lot_id", "=", self.id), ("state", "=", "done")]
        lines = self.env["stock.move.line"]
        ((came,),) = lines._read_group(
            [*domain, ("location_dest_id", "=", place.id)], [], ["stone_count:sum"]
        )
        ((left,),) = lines._read_group(
            [*domain, ("location_id", "=", place.id)], [], ["stone_count:sum"]
        )
        return carat, max((came or 0) - (left or 0), 0) if carat else 0

    def _take_in_parcels(self, source, place, costs):
        """Bring new parcels into stock, each by a move of its own that has its exact cost: one
        move for many would give each the average.

        :param source: place the parcels come from, such as the opening stock
        :param place: place they are put in
        :param dict costs: {parcel: what all of it costs, company currency}
        :return: the done moves
        """
        moves = self.env["stock.move"].create(
            [parcel._prepare_parcel_intake_vals(source, place) for parcel in self]
        )
        # In sudo: keepers take in, and only this very value; the cost history is the accountant's.
        self.env["product.value"].sudo().create(
            [
                {"move_id": move.id, "value": costs[parcel], "reason": "opening"}
                for move, parcel in zip(moves, self, strict=True)
            ]
        )
        return moves._action_done()

    def _prepare_parcel_intake_vals(self, source, place):
        """Return the values of the move that takes in all that the parcel is described to hold."""
        self.ensure_one()
        group = self.stone_ids[:1]
        common = {
            "product_id": self.product_id.id,
            "location_id": source.id,
            "location_dest_id": place.id,
        }
        line = {"lot_id": self.id, "quantity": group.carat, "stone_count": group.count}
        return common | {
            "product_uom_qty": group.carat,
            "company_id": place.company_id.id,
            "inventory_name": self.env._("Taken into stock"),
            "move_line_ids": [Command.create(common | line)],
            "picked": True,
        }

    def _sync_parcels(self, lines):
        """Let carats and counts follow done move lines.

        What was written before a parcel first came is a plan, and replaced by what came.
        """
        for lot in self._filter_parcels().filtered("stone_ids"):
            moved = lines.filtered(lambda line, lot=lot: line.lot_id == lot)
            carat = lot._get_carat_on_hand()
            before = carat - sum(line._get_carat_change() for line in moved)
            change = sum(line._get_count_change() for line in moved)
            count = max((lot.stone_ids[:1].count if before > 0 else 0) + change, 0)
            lot.stone_ids[:1].sudo().write({"carat": float(carat), "count": count if carat else 0})
