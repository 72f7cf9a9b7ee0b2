from collections import Counter, defaultdict
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..const import BULK_KINDS
from ..tools import weight


class JewelryParcelMixin(models.AbstractModel):
    """Lots by weight: metal in grams, and parcels of stones that have both carats and a count.

    What is in a parcel is one group of `jewelry.stone` that the lot holds. Its carats are what
    is on hand; its count follows the moves, which say how many stones each of them took.
    """

    _name = "jewelry.parcel.mixin"
    _description = "Parcel"

    stock_quant_ids = fields.Many2many(
        comodel_name="stock.quant",
        string="By Place",
        compute="_compute_stock_quant_ids",
        help="What is on hand, wherever in the company.",
    )
    parcel_count = fields.Integer(string="Stones in the Parcel", compute="_compute_parcel")
    average_carat = fields.Float(
        string="Average Stone (ct)", digits=(16, 4), compute="_compute_parcel"
    )
    is_handed_out = fields.Boolean(compute="_compute_stock_quant_ids")

    # === COMPUTE METHODS === #

    @api.depends("quant_ids.quantity", "quant_ids.location_id.jewelry_role")
    def _compute_stock_quant_ids(self):
        for lot in self:
            lot.stock_quant_ids = lot._is_bulk() and lot._get_stock_quants()
            roles = lot.stock_quant_ids.location_id.mapped("jewelry_role")
            lot.is_handed_out = "bench" in roles or len(lot.stock_quant_ids.location_id) > 1

    @api.depends("jewelry_kind", "stone_ids.count", "stone_ids.carat")
    def _compute_parcel(self):
        for lot in self:
            group = lot.stone_ids[:1] if lot.jewelry_kind == "parcel" else lot.stone_ids.browse()
            lot.parcel_count = group.count
            lot.average_carat = group.count and group.carat / group.count

    # === ACTION METHODS === #

    def action_transform(self):
        """Open a new transformation, of the kind in the context, that takes all of these lots."""
        lines = [
            Command.create(lot._prepare_input_vals(quant))
            for lot in self
            for quant in lot._get_stock_quants()[:1]
        ]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_inventory.jewelry_transformation_action"
        )
        return action | {
            "views": [(False, "form")],
            "context": {
                "default_kind": self.env.context.get("transformation_kind"),
                "default_input_ids": lines,
            },
        }

    # === BUSINESS METHODS === #

    def _prepare_input_vals(self, quant):
        """Return the values of the line that takes all of the lot in the place of a quant."""
        vals = {"direction": "in", "lot_id": self.id, "place_id": quant.location_id.id}
        if self.jewelry_kind == "metal":
            return vals | {"metal_weight": quant.quantity}
        carat, count = self._get_amount_in(quant.location_id)
        return vals | {"carat": float(carat), "stone_count": count}

    def _filter_parcels(self):
        return self.filtered(lambda lot: lot.jewelry_kind == "parcel")

    def _get_group(self):
        """Return the one group of stones that the parcel holds. No slice, so that it is read in one
        query with those of the parcels at hand.
        """
        self.ensure_one()
        return next(iter(self.stone_ids), self.stone_ids)

    def _estimate_count(self, carat):
        """Return how many stones this many carats of a parcel are, by its average stone."""
        self.ensure_one()
        group = self._get_group()
        if not group.carat:
            return 0
        return int(carat * group.count / group.carat + 0.5)

    def _get_carat_on_hand(self):
        """Return the exact carats of a parcel in the company, whoever owns them."""
        self.ensure_one()
        return weight.round_milli(sum(self.sudo()._get_stock_quants().mapped("quantity")))

    def _get_amount_in(self, place):
        """Return the carats and the count of a parcel in one place."""
        self.ensure_one()
        return self._get_amounts()[self, place]

    def _get_amounts(self):
        """Return {(lot, place): (carats, count)} of what is on hand; nothing is (0, 0).

        The count is what its moves brought and took; where no move ever said one, 0.
        """
        quantities = defaultdict(float)
        for quant in self._get_stock_quants():
            quantities[quant.lot_id, quant.location_id] += quant.quantity
        counts, amounts = self._get_counts(), defaultdict(lambda: (Decimal(), 0))
        for key, quantity in quantities.items():
            if carat := weight.round_milli(quantity):
                amounts[key] = carat, max(counts[key], 0)
        return amounts

    def _get_counts(self):
        """Return {(lot, place): how many stones its moves brought there more than they took}."""
        counts = Counter()
        domain = [("lot_id", "in", self.ids), ("state", "=", "done"), ("stone_count", "!=", 0)]
        # In sudo: whoever counts stones need not see every place that they went through.
        lines = self.env["stock.move.line"].sudo()
        for end, sign in (("location_dest_id", 1), ("location_id", -1)):
            for lot, place, count in lines._read_group(
                domain, ["lot_id", end], ["stone_count:sum"]
            ):
                counts[lot, place] += sign * count
        return counts

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
            count = max((lot._get_group().count if before > 0 else 0) + change, 0)
            lot._write_parcel(carat, count)

    def _follow_edit(self, change):
        """Let carats and count follow done move lines that were edited.

        :param int change: how many stones the lines brought more than before
        """
        for lot in self._filter_parcels().filtered("stone_ids"):
            count = max(lot._get_group().count + change, 0)
            lot._write_parcel(lot._get_carat_on_hand(), count)

    def _write_parcel(self, carat, count):
        # In sudo: carats and counts follow the moves, whoever makes them.
        self._get_group().sudo().write({"carat": float(carat), "count": count if carat else 0})

    def _move_bulk(self, source, destination, quantity, count=0, owner=None, cost=None):
        """Move some of a lot by an ordinary stock move, stones and carats together.

        :param float quantity: carats of a parcel, grams of metal
        :param owner: whose goods move; ours if nobody
        :param float cost: what all of it cost, where it comes into stock
        :return: the done move
        :raises UserError: when that much is not there, or somebody else is handling the lot
        """
        self._lock_lots()
        self._check_transfer(destination, cost)
        if source._is_of_store():
            self._check_amount(source, quantity, count, owner)
        # In sudo: who may move goods need not be allowed to write costs.
        move = (
            self.env["stock.move"]
            .sudo()
            .create(self._prepare_bulk_vals(source, destination, quantity, count, owner))
        )
        if cost is not None:
            self.env["product.value"].sudo().create(
                {"move_id": move.id, "value": cost, "company_id": move.company_id.id}
            )
        move._action_done()
        return move

    def _check_transfer(self, destination, cost):
        """Refuse to hand goods out of the store, and costs below nothing.

        :raises UserError: saying what to do
        """
        if not destination._is_of_store():
            raise UserError(
                self.env._(
                    "%(place)s is not a place of the store. To take goods out of the store, "
                    "sell, return or scrap them.",
                    place=destination.display_name,
                )
            )
        if (cost or 0) < 0:
            raise UserError(self.env._("The cost of %(lot)s cannot be negative.", lot=self.name))

    def _prepare_bulk_vals(self, source, destination, quantity, count, owner):
        """Return the values of a move of some of a lot."""
        common = {
            "product_id": self.product_id.id,
            "location_id": source.id,
            "location_dest_id": destination.id,
        }
        line = common | {
            "lot_id": self.id,
            "quantity": quantity,
            "stone_count": count,
            "owner_id": owner.id if owner else False,
        }
        within = source._is_of_store()
        name = self.env._("Handed out") if within else self.env._("Taken into stock")
        return common | {
            "product_uom_qty": quantity,
            "product_uom": self.product_uom_id.id,
            "company_id": self.company_id.id,
            "inventory_name": name,
            "move_line_ids": [Command.create(line)],
            "picked": True,
        }

    def _check_amount(self, place, quantity, count, owner=None):
        """Refuse to take more out of a place than is free there, or stones without carats.

        :raises UserError: saying how much there is
        """
        unit = self.product_uom_id
        if unit.compare(quantity, 0) <= 0:
            raise UserError(
                self.env._("Enter how much of %(lot)s to take: more than 0.", lot=self.name)
            )
        free = self._get_free_quantity(place, owner)
        if unit.compare(quantity, free) > 0:
            raise UserError(
                self.env._(
                    "%(lot)s: only %(free)s %(unit)s are free in %(place)s. Take less, or "
                    "choose another place.",
                    lot=self.name,
                    free=f"{free:.3f}",
                    unit=unit.name,
                    place=place.display_name or self.env._("no place"),
                )
            )
        self._check_count(place, quantity, count)

    def _get_free_quantity(self, place, owner=None):
        """Return how much of an owner's goods, or of ours, is in a place and not reserved."""
        owner = owner or self.env["res.partner"]
        quants = (
            self.sudo()
            ._get_stock_quants()
            .filtered(lambda quant: quant.location_id == place and quant.owner_id == owner)
        )
        return sum(quant.quantity - quant.reserved_quantity for quant in quants)

    def _check_count(self, place, quantity, count):
        """Refuse to take carats without stones, or to leave one of the two behind alone.

        :raises UserError: saying how many stones and carats are in the place
        """
        carats, stones = self._get_amount_in(place)
        if self.jewelry_kind != "parcel" or not stones:
            return
        carats_left, left = carats - weight.round_milli(quantity), stones - count
        if count <= 0 or left < 0 or (carats_left >= 0 and bool(carats_left) != bool(left)):
            raise UserError(
                self.env._(
                    "%(parcel)s has %(count)s stones of %(carat)s ct in %(place)s. Take both "
                    "stones and carats, and leave both or neither.",
                    parcel=self.name,
                    count=stones,
                    carat=carats,
                    place=place.display_name,
                )
            )

    def _check_single_owner(self):
        """Refuse goods of two owners in one parcel: its stones are counted by place, and nobody
        could tell whose are missing.

        :raises UserError: naming the parcels
        """
        owners = self._filter_parcels()._get_owners()
        if mixed := [lot for lot, partners in owners.items() if len(partners) > 1]:
            raise UserError(
                self.env._(
                    "%(parcels)s would have goods of %(owners)s. Make a parcel of its own for each "
                    "owner.",
                    parcels=", ".join(lot.name for lot in mixed),
                    owners=self.env._(" and ").join(sorted(owners[mixed[0]])),
                )
            )

    def _get_owners(self):
        """Return {lot: names of those whose goods it holds in the store}."""
        domain = [
            ("lot_id", "in", self.ids),
            ("quantity", ">", 0),
            ("location_id.usage", "in", ("internal", "transit")),
        ]
        owners = defaultdict(set)
        # In sudo: it is somebody's, whoever may see the place it is in.
        quants = self.env["stock.quant"].sudo()
        for lot, company, owner in quants._read_group(domain, ["lot_id", "company_id", "owner_id"]):
            owners[lot].add((owner or company.partner_id).display_name)
        return owners

    def _is_bulk(self):
        """Tell whether the lot is stocked by weight."""
        self.ensure_one()
        return self.jewelry_kind in BULK_KINDS
