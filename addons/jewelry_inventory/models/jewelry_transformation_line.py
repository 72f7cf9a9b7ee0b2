from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from ..const import BULK_KINDS, COST_GROUPS, WEIGHT_DIGITS
from ..tools import balance, weight

DIRECTIONS = [("in", "In"), ("out", "Out"), ("loss", "Loss"), ("gain", "Gain")]

# What a transformation adds (+) or takes away (-) on the way to its outputs.
SIGNS = {"in": 1, "gain": 1, "loss": -1, "out": -1}


class JewelryTransformationLine(models.Model):
    """One thing that goes into a transformation, comes out of it, or is lost in it."""

    _name = "jewelry.transformation.line"
    _description = "Transformation Line"
    _order = "transformation_id, sequence, id"
    _rec_name = "lot_id"
    _check_company_auto = True

    # What
    transformation_id = fields.Many2one(
        comodel_name="jewelry.transformation", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="transformation_id.company_id", store=True)
    kind = fields.Selection(related="transformation_id.kind")
    state = fields.Selection(related="transformation_id.state", store=True)
    direction = fields.Selection(selection=DIRECTIONS, required=True, default="in", index=True)
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Piece or Lot",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="A piece, a loose stone, a parcel or a lot of metal. Left empty for what comes "
        "out new; for a loss, the lot that it is a loss of.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Style",
        check_company=True,
        compute="_compute_product_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        help="The style of what comes out new.",
    )
    content_kind = fields.Selection(
        selection=[
            ("piece", "Piece"),
            ("stone", "Loose stone"),
            ("parcel", "Parcel"),
            ("metal", "Metal"),
        ],
        compute="_compute_content_kind",
    )
    stone_ids = fields.Many2many(
        comodel_name="jewelry.stone",
        string="Stones",
        check_company=True,
        help="The stones that come out here, or are lost.",
    )

    # How much
    carat = fields.Float(
        string="Carats",
        digits=WEIGHT_DIGITS,
        compute="_compute_stone_figures",
        store=True,
        readonly=False,
        help="For parcels and groups: the carats that move.",
    )
    stone_count = fields.Integer(
        string="Count", compute="_compute_stone_figures", store=True, readonly=False
    )
    alloy_id = fields.Many2one(
        comodel_name="jewelry.alloy",
        compute="_compute_alloy_id",
        store=True,
        readonly=False,
        ondelete="restrict",
    )
    metal_weight = fields.Float(
        string="Metal (g)",
        digits=WEIGHT_DIGITS,
        help="Grams of a lot of metal, or of metal that is lost.",
    )
    gross_weight = fields.Float(
        string="Weighed (g)",
        digits=WEIGHT_DIGITS,
        help="Gross weight of the piece afterwards, on the scale. Empty: as it follows from "
        "the metal and the stones.",
    )

    # Loss
    loss_kind = fields.Selection(
        selection=[("declared", "Declared"), ("weighed", "Weighed")],
        string="Known By",
        default="declared",
        help="Weighed: dust and scrap that were collected and are on the scale. Declared: "
        "what remains missing; above the norm it takes a reason and a second person.",
    )
    reason = fields.Char()

    # Cost
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost_rule = fields.Selection(
        selection=[
            ("remainder", "Shares what is left"),
            ("kept", "What it cost when it was set"),
            ("stated", "Stated"),
        ],
        string="Cost",
        compute="_compute_cost_rule",
        store=True,
        readonly=False,
        groups=COST_GROUPS,
    )
    stated_value = fields.Monetary(string="Stated Cost", groups=COST_GROUPS)
    value = fields.Monetary(
        readonly=True, copy=False, groups=COST_GROUPS, help="What it took along, or brought."
    )

    # Stock
    place_id = fields.Many2one(
        comodel_name="stock.location",
        check_company=True,
        compute="_compute_place_id",
        store=True,
        readonly=False,
        domain=[("usage", "in", ("internal", "transit"))],
        help="Where it is taken from.",
    )
    owner_id = fields.Many2one(
        comodel_name="res.partner", readonly=True, copy=False, help="Empty: it is ours."
    )
    move_ids = fields.One2many(
        comodel_name="stock.move", inverse_name="transformation_line_id", string="Moves"
    )

    _amounts_not_negative = models.Constraint(
        "CHECK (carat >= 0 AND stone_count >= 0 AND metal_weight >= 0 AND gross_weight >= 0)",
        "A weight or a count cannot be negative. Enter a gain on a line of its own.",
    )

    # === COMPUTE METHODS === #

    @api.depends("lot_id")
    def _compute_product_id(self):
        for line in self:
            line.product_id = line.lot_id.product_id or line.product_id

    @api.depends("product_id")
    def _compute_content_kind(self):
        for line in self:
            line.content_kind = line.product_id.jewelry_kind

    @api.depends("product_id")
    def _compute_alloy_id(self):
        """Take the alloy of metal from its style; of what is lost, or of a piece, it is typed."""
        for line in self:
            line.alloy_id = line.product_id.alloy_id or line.alloy_id

    @api.depends("stone_ids", "lot_id")
    def _compute_stone_figures(self):
        """Take the figures of the stones; part of a group, or of a parcel, is typed."""
        for line in self:
            stones = line.stone_ids
            if line.direction == "in" and line.content_kind == "stone":
                stones = line.lot_id.stone_ids
            if stones:
                line.carat = sum(stones.mapped("carat"))
                line.stone_count = sum(stones.mapped("count"))

    @api.depends("direction", "stone_ids", "lot_id")
    def _compute_cost_rule(self):
        known = self.stone_ids._get_setting_lines()
        for line in self:
            if not line.stone_ids or line.direction == "in":
                line.cost_rule = "remainder"
            elif all(stone in known for stone in line.stone_ids):
                line.cost_rule = "kept"
            else:
                line.cost_rule = "stated"

    @api.depends("lot_id", "direction")
    def _compute_place_id(self):
        for line in self:
            places = line.lot_id._get_stock_quants().location_id
            line.place_id = places[:1] if line.direction == "in" else False

    # === CONSTRAINT METHODS === #

    @api.constrains("direction", "lot_id", "product_id", "stone_ids", "metal_weight", "carat")
    def _check_material(self):
        """Refuse a line that says nothing."""
        for line in self:
            if line.direction in ("in", "out") and not line.product_id:
                raise ValidationError(
                    self.env._("Choose what goes in, or comes out, on every line.")
                )
            amounts = (line.metal_weight, line.carat, line.stone_count)
            if line.direction in ("loss", "gain") and not any(amounts):
                raise ValidationError(
                    self.env._("Enter the grams of metal or the stones that were lost or gained.")
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base`: the lines of a done transformation are in the books."""
        lines = super().create(vals_list)
        lines.transformation_id._touch()
        return lines

    def write(self, vals):
        """Override of `base`: the lines of a done transformation are in the books."""
        touched = self.transformation_id
        touched._touch()
        result = super().write(vals)
        (self.transformation_id - touched)._touch()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self.transformation_id._touch()

    # === MATERIAL METHODS === #

    def _get(self, direction):
        """Return the lines of a direction."""
        return self.filtered(lambda line: line.direction == direction)

    def _is_main(self):
        """Tell whether the line is the piece that takes what no other line takes."""
        return self == self.transformation_id._get_main()

    def _get_content(self):
        """Return what goes in, comes out or is lost here, as `tools.balance` counts it."""
        self.ensure_one()
        if self.direction == "in" and self.content_kind in ("piece", "stone"):
            return self.lot_id._get_content()
        if self._is_main():
            return self._get_main_content()
        metals = (alloy._get_content(grams) for alloy, grams in self._get_metals().items())
        other = balance.metal_content(self._get_other_weight())
        return balance.add([other, *metals, *self._get_stones_content()])

    def _get_main_content(self):
        """Return the content of the main output: what is left for it, but never less than
        nothing, and metal as weighed if it was.
        """
        transformation = self.transformation_id
        content = {
            measure: max(amount, Decimal())
            for measure, amount in transformation._get_rest().items()
        }
        plan = transformation._get_main_plan()
        if self.gross_weight and plan["metals"]:
            net = weight.net_weight(self.gross_weight, plan["carats"], plan["other"])
            content[balance.Measure(balance.GRAMS)] = net + plan["other"]
        return content

    def _get_metals(self):
        """Return the grams of metal in the line by alloy; an empty alloy for the unknown."""
        self.ensure_one()
        if self.direction == "in" and self.content_kind == "piece":
            return self.lot_id._get_metals()
        if self.metal_weight and not self._is_other_part():
            return {self.alloy_id: weight.to_decimal(self.metal_weight)}
        if self.direction == "out" and self.content_kind == "piece":
            return self._get_side_metals()
        return {}

    def _get_side_metals(self):
        """Return the metal of a piece beside the main one: of the stated alloy, or as it was."""
        carats = sum(map(weight.to_decimal, self.stone_ids.mapped("carat")), Decimal())
        if self.gross_weight:
            net = weight.net_weight(self.gross_weight, carats, self.lot_id.other_weight)
            return {self.alloy_id: net}
        # What it once held is elsewhere now, and the line says what it holds again.
        return self.lot_id._get_metals(carats)

    def _get_other_weight(self):
        """Return the grams of parts that are neither metal nor stone."""
        self.ensure_one()
        if self.direction in ("in", "out") and self.content_kind == "piece":
            return weight.to_decimal(self.lot_id.other_weight)
        return weight.to_decimal(self.metal_weight) if self._is_other_part() else Decimal()

    def _is_other_part(self):
        """Tell whether a loss is of springs or glass: grams without an alloy, where the inputs
        have such parts.
        """
        unnamed = self.direction in ("loss", "gain") and not self.alloy_id
        return unnamed and any(self.transformation_id.input_ids.lot_id.mapped("other_weight"))

    def _get_stones_content(self):
        """Return the contents of the stones that the line names, or of its part of a lot."""
        if len(self.stone_ids) > 1:
            return [stone._get_content() for stone in self.stone_ids]
        if not (self.carat or self.stone_count):
            return []
        return [balance.stone_content(self._get_kind(), self.carat, self.stone_count)]

    def _get_average_shift(self):
        """Return by how many percent the average stone that comes back weighs more or less than
        those of its parcel in the place that it comes from.
        """
        self.ensure_one()
        inputs = self.transformation_id.input_ids
        source = inputs.filtered(lambda line: line.lot_id == self.lot_id)[:1]
        known = self.lot_id._get_amount_in(source.place_id) if source else (0, 0)
        return balance.average_shift(known, (self.carat, self.stone_count))

    def _get_kind(self):
        """Return the kind of the stones in the line: species and origin."""
        self.ensure_one()
        stone = self.stone_ids or self.lot_id.stone_ids or self._get_source_stone()
        return stone[:1]._get_kind() if stone else None

    def _get_source_stone(self):
        """Return the stone, group or parcel content that a new lot is taken from."""
        return (self.stone_ids or self.transformation_id.input_ids.lot_id.stone_ids)[:1]

    def _is_whole(self, stone):
        """Tell whether the line takes all of a stone or group."""
        if len(self.stone_ids) > 1:
            return True
        return not weight.round_milli(stone.carat) - weight.round_milli(self.carat)

    def _prepare_reversal_vals(self, direction):
        """Return the values of the line that undoes this one."""
        self.ensure_one()
        return {
            "direction": direction,
            "lot_id": self.lot_id.id,
            **self._prepare_returning_place(direction),
            "product_id": self.product_id.id,
            "stone_ids": [Command.set(self._get_returning_stones(direction).ids)],
            "carat": self.carat,
            "stone_count": self.stone_count,
            "alloy_id": self.alloy_id.id,
            "metal_weight": self.metal_weight,
            "cost_rule": "stated",
            "stated_value": self.value,
        }

    def _prepare_returning_place(self, direction):
        """Return where the line which undoes this one takes from: of what is stocked by weight,
        other goods are elsewhere; a piece is where it is.
        """
        bulk = self.content_kind in BULK_KINDS
        return {"place_id": self.place_id.id} if direction == "in" and bulk else {}

    def _get_returning_stones(self, direction):
        """Return the stones that the line which undoes this one names.

        A piece that was used up names what it held; one that is still there takes what is left.
        """
        outputs = self.transformation_id.output_ids
        kept = self.content_kind == "piece" and self.lot_id & outputs.lot_id
        return self.stone_ids.browse() if direction == "in" or kept else self.stone_ids

    # === STOCK METHODS === #

    def _get_quantity(self):
        """Return what the move counts: one piece, the carats of a parcel, grams of metal."""
        self.ensure_one()
        if self.content_kind == "parcel":
            return self.carat
        if self.content_kind == "metal":
            return self.metal_weight
        return 1.0

    def _consume(self, work):
        """Take the inputs out of their places, and remember what they were worth."""
        self._move(work)
        for line in self:
            line.value = sum(line.move_ids.mapped("value"))
            if line.content_kind in ("piece", "stone"):
                line.stone_ids = line.lot_id.stone_ids

    def _produce(self, work, place):
        """Bring the outputs in, at the value they were given."""
        self.place_id = place
        self._move(work)

    def _write_off_stones(self, work):
        """Take the serial numbers of lost stones out of the work place; of found ones, back."""
        for line in self:
            for home in line.stone_ids.home_lot_id:
                lost = home.product_id.with_company(line.company_id).property_stock_inventory
                source, dest = (work, lost) if line.direction == "loss" else (lost, work)
                quant = home.quant_ids.filtered(
                    lambda quant, place=source: quant.location_id == place and quant.quantity > 0
                )
                if quant:
                    vals = line._prepare_move_vals(source, dest, home, quant.owner_id)
                    self.env["stock.move"].create(vals)._action_done()

    def _move(self, work):
        """Move what the lines name from its place to work, or from work to its place."""
        moves = self.env["stock.move"]
        for line in self:
            places = (line.place_id, work) if line.direction == "in" else (work, line.place_id)
            moves += moves.create(line._prepare_move_vals(*places, line.lot_id, line.owner_id))
        moves._action_done()

    def _prepare_move_vals(self, source, destination, lot, owner):
        """Return the values of the move of this line's quantity of a lot."""
        self.ensure_one()
        quantity = self._get_quantity()
        common = {
            "product_id": lot.product_id.id,
            "location_id": source.id,
            "location_dest_id": destination.id,
        }
        line = common | {
            "lot_id": lot.id,
            "quantity": quantity,
            "owner_id": owner.id,
            "stone_count": self.stone_count if self.content_kind == "parcel" else 0,
        }
        return common | {
            "product_uom_qty": quantity,
            "product_uom": lot.product_id.uom_id.id,
            "company_id": self.company_id.id,
            "origin": self.transformation_id.name,
            "transformation_line_id": self.id,
            "move_line_ids": [Command.create(line)],
            "picked": True,
        }

    # === REBUILDING METHODS === #

    def _create_lots(self):
        """Give a number to each output that comes out new; a stone has its own for life."""
        for line in self.filtered(lambda line: not line.lot_id):
            home = line.stone_ids.home_lot_id if line.content_kind == "stone" else line.lot_id
            line.lot_id = home or line.lot_id.create(
                {"product_id": line.product_id.id, "company_id": line.company_id.id}
            )
            if line.content_kind == "parcel":
                source = line._get_source_stone()
                source._split_into(line.lot_id, line.carat, line.stone_count)

    def _is_revalued(self):
        """Tell whether a piece that came out costs something else by now."""
        self.ensure_one()
        if not (self._is_ours() and self.lot_id._filter_specific()):
            return False
        cost = self.lot_id.with_company(self.company_id).standard_price
        return bool(self.currency_id.compare_amounts(cost, self.value))

    def _take_stones(self):
        """Move the stones that the lines name to their lots; what is lost is gone, and what
        becomes part of a parcel is counted there.
        """
        for line in self:
            holder = (
                line.lot_id if line.content_kind in ("piece", "stone") else line.lot_id.browse()
            )
            for stone in line.stone_ids if line.direction != "gain" else ():
                if line._is_whole(stone):
                    stone._put_into(holder if line.direction == "out" else line.lot_id.browse())
                else:
                    stone._reduce(line.carat, line.stone_count)

    def _take_main_stones(self, stones):
        """Move stones, and what comes from parcels, into the main output."""
        self.ensure_one()
        stones._put_into(self.lot_id)
        inputs = self.transformation_id.input_ids
        for line in inputs.filtered(lambda line: line.content_kind == "parcel"):
            carat, count = line._get_remaining_amount()
            if count:
                line.stone_ids = line.lot_id.stone_ids._split_into(self.lot_id, carat, count)

    def _get_remaining_amount(self):
        """Return the carats and the count of a parcel that went in and were not lost."""
        losses = self.transformation_id.loss_ids._get("loss")
        lost = losses.filtered(lambda loss: loss.lot_id == self.lot_id)
        carat = sum(map(weight.to_decimal, lost.mapped("carat")), Decimal())
        count = self.stone_count - sum(lost.mapped("stone_count"))
        return float(weight.to_decimal(self.carat) - carat), count

    def _write_main(self, plan):
        """Write the weights and the metals that are left for the main output."""
        self.lot_id.write(
            {"gross_weight": float(plan["gross"]), "other_weight": float(plan["other"])}
        )
        self.lot_id._set_metals(plan["metals"])

    def _write_weights(self):
        """Write the weights of pieces beside the main output, and of new lots of metal."""
        for line in self.filtered(lambda line: line.content_kind == "piece" and line.gross_weight):
            line.lot_id.gross_weight = line.gross_weight
            line.lot_id._set_metals(line._get_side_metals())

    # === TOOLING === #

    def _is_ours(self):
        """Tell whether what the line names is in our books."""
        self.ensure_one()
        return not self.owner_id or self.owner_id == self.company_id.partner_id

    def _get_source_quants(self):
        """Return what is on hand of the input in the place that it is taken from."""
        self.ensure_one()
        return self.lot_id._get_source_quants(self.place_id)
