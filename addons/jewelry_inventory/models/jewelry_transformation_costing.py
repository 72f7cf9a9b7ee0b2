from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import balance, weight


class JewelryTransformationCosting(models.AbstractModel):
    """What the outputs of a transformation cost: inputs + added costs = outputs + losses.

    Stones take out again what they cost when they were set, or what is stated; the others
    share what is left, by weight. A loss takes its share of the input that it is a loss of.
    Goods of others are worth nothing in our books.
    """

    _name = "jewelry.transformation.costing"
    _description = "Transformation Costing"

    # === BUSINESS METHODS === #

    @api.model
    def _set_values(self, transformation):
        """Write the value of each loss and of each output, to the cent.

        :raises UserError: when stated costs are more than there is
        """
        lines = transformation.sudo()
        set_costs = self._get_set_costs(lines)
        for line in lines.loss_ids:
            line.value = self._get_loss_value(line, set_costs)
        total = self._get_total(lines)
        outputs = lines.output_ids.filtered(lambda line: line._is_ours())
        self._check_total(transformation, outputs, total)
        if outputs:
            values = self._allocate(outputs, total, set_costs)
            for line, value in zip(outputs, values, strict=True):
                line.value = float(value)

    @api.model
    def _get_set_costs(self, transformation):
        """Return {stone: what it cost when it was set} of all stones that go in or out."""
        lines = transformation.line_ids
        return (lines.stone_ids | lines.lot_id.stone_ids)._get_set_costs()

    @api.model
    def _get_total(self, transformation):
        """Return what the outputs cost together."""
        totals = transformation._get_totals()
        added = sum(transformation.cost_ids.mapped("amount"))
        total = totals["in"] + added + totals["gain"] - totals["loss"]
        return transformation.currency_id.round(total)

    @api.model
    def _check_total(self, transformation, outputs, total):
        """Refuse costs that no output can carry.

        :raises UserError: naming what to change
        """
        currency = transformation.currency_id
        stated = sum(outputs.filtered(lambda o: o.cost_rule == "stated").mapped("stated_value"))
        if currency.compare_amounts(stated, total) > 0 or (total and not outputs):
            raise UserError(
                self.env._(
                    "%(name)s: the stated costs are more than there is to share (%(total)s). "
                    "Lower them.",
                    name=transformation.name,
                    total=currency.format(total),
                )
            )
        unknown = outputs.filtered(lambda o: o.cost_rule == "stated" and not o.stated_value)
        if unknown and total and not transformation.reversal_of_id:
            raise UserError(
                self.env._(
                    "State what %(stones)s cost. This is not known, because the stones were "
                    "bought inside another piece.",
                    stones=", ".join(unknown.stone_ids.mapped("number")),
                )
            )

    @api.model
    def _allocate(self, outputs, total, set_costs):
        """Return the value of each output as a decimal."""
        return balance.allocate(
            total,
            [self._get_fixed_cost(line, set_costs) for line in outputs],
            [self._get_share(line) for line in outputs],
            outputs.currency_id.rounding,
        )

    @api.model
    def _get_fixed_cost(self, line, set_costs):
        """Return what an output is known to cost, or None if it shares what is left."""
        if line.cost_rule == "stated":
            return line.stated_value
        if line.cost_rule == "kept":
            return self._get_kept_cost(line, set_costs)
        return None

    @api.model
    def _get_share(self, line):
        """Return the grams by which an output shares what is left."""
        if line.content_kind == "parcel":
            return weight.stone_grams(line.carat)
        content = line._get_content()
        return sum(
            weight.stone_grams(amount) if measure.dimension == balance.CARATS else amount
            for measure, amount in content.items()
            if measure.dimension in (balance.GRAMS, balance.CARATS)
        )

    @api.model
    def _get_kept_cost(self, line, set_costs):
        """Return what the line's stones, or its part of a group, cost when they were set."""
        return sum(
            set_costs[stone]
            if line._is_whole(stone) or not stone.carat
            else line.currency_id.round(set_costs[stone] * line.carat / stone.carat)
            for stone in line.stone_ids
        )

    @api.model
    def _get_loss_value(self, line, set_costs):
        """Return what a loss takes of the cost of the inputs; a gain brings what is stated."""
        if line.direction == "gain" or line.cost_rule == "stated":
            return line.stated_value
        value = self._get_kept_cost(line, set_costs)
        sources = self._get_sources(line)
        if line.metal_weight:
            metal_cost = sum(self._get_metal_cost(source, set_costs) for source in sources)
            value += metal_cost * self._get_metal_share(line, sources)
        elif sources.content_kind == "parcel":
            value += sources.value * line.carat / sources.carat
        return line.currency_id.round(float(value))

    @api.model
    def _get_sources(self, line):
        """Return the inputs that a loss is a loss of: the one named, or those of its alloy."""
        inputs = line.transformation_id.input_ids
        named = inputs.filtered(lambda source: source.lot_id and source.lot_id == line.lot_id)
        if named or not line.metal_weight:
            return named[:1]
        return inputs.filtered(lambda source: line.alloy_id in source._get_metals())

    @api.model
    def _get_metal_cost(self, source, set_costs):
        """Return what the metal of an input cost: all of it but its stones."""
        stones = source.lot_id.stone_ids if source.content_kind == "piece" else ()
        return max(source.value - sum(set_costs[stone] for stone in stones), 0.0)

    @api.model
    def _get_metal_share(self, line, sources):
        """Return which part of the inputs' metal is lost."""
        metal = sum((sum(source._get_metals().values()) for source in sources), Decimal())
        lost = weight.to_decimal(line.metal_weight)
        return float(min(lost / metal, 1)) if metal > 0 else 0.0

    # === LEDGER METHODS === #

    @api.model
    def _prepare_entry_lines(self, transformation):
        """Return what was added and lost against the account of the work place.

        Nothing for a company without that account: the stock closing posts it.

        :raises UserError: when an account is missing
        """
        work = transformation.company_id.transformation_wip_account_id
        if not work:
            return []
        entries = []
        for account, amount, name in self._get_postings(transformation.sudo()):
            if transformation.currency_id.is_zero(amount):
                continue
            if not account:
                raise UserError(self.env._("Choose an account for “%(name)s”.", name=name))
            entries += [
                {"account_id": work.id, "balance": amount, "name": name},
                {"account_id": account.id, "balance": -amount, "name": name},
            ]
        return entries

    @api.model
    def _get_postings(self, transformation):
        """Return (account, what it adds to the work, name) of each cost and loss."""
        for cost in transformation.cost_ids:
            yield cost.account_id, cost.amount, cost.name
        losses = transformation.company_id.transformation_loss_account_id
        for line in transformation.loss_ids:
            sign = 1 if line.direction == "gain" else -1
            name = line.reason or self.env._("Loss: %(name)s", name=transformation.name)
            yield losses, sign * line.value, name
