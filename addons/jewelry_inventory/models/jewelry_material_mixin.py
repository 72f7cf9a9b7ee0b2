from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from ..tools import balance, weight

# What a scale says of a piece.
WEIGHT_FIELDS = {"gross_weight", "other_weight"}


class JewelryMaterialMixin(models.AbstractModel):
    """What a lot is made of, exactly, and whether it can be worked on."""

    _name = "jewelry.material.mixin"
    _description = "Material of a Lot"

    # === ACTION METHODS === #

    def action_view_transformations(self):
        """Open what these lots, and the stones that they hold or are home to, went through."""
        lines = self.env["jewelry.transformation.line"].search(
            [
                "|",
                "|",
                ("lot_id", "in", self.ids),
                ("stone_ids.holder_id", "in", self.ids),
                ("stone_ids.home_lot_id", "in", self.ids),
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_inventory.jewelry_transformation_action"
        )
        return action | {"domain": [("id", "in", lines.transformation_id.ids)]}

    # === MATERIAL METHODS === #

    def _get_carats(self):
        """Return the exact carats of all stones in the lot."""
        self.ensure_one()
        return sum(map(weight.to_decimal, self.stone_ids.mapped("carat")), Decimal())

    def _get_net_weight(self, carats=None):
        """Return the exact grams of metal; 0 for a lot that was never weighed.

        :param Decimal carats: of its stones, where they are not in it now
        """
        self.ensure_one()
        if not self.gross_weight:
            return Decimal()
        carats = self._get_carats() if carats is None else carats
        return weight.net_weight(self.gross_weight, carats, self.other_weight)

    def _get_metals(self, carats=None):
        """Return the exact grams of metal in a lot by alloy; an empty alloy for the unknown.

        :param Decimal carats: of its stones, where they are not in it now
        :rtype: dict
        """
        self.ensure_one()
        metals = {line.alloy_id: weight.to_decimal(line.weight) for line in self.metal_line_ids}
        unknown = self._get_net_weight(carats) - sum(metals.values())
        if self.gross_weight and unknown:
            metals[self.env["jewelry.alloy"]] = unknown
        return metals

    def _get_content(self):
        """Return what the lot holds, as `tools.balance` counts it."""
        self.ensure_one()
        return balance.add(
            [
                balance.metal_content(self.other_weight),
                *(alloy._get_content(grams) for alloy, grams in self._get_metals().items()),
                *(stone._get_content() for stone in self.stone_ids),
            ]
        )

    def _set_metals(self, metals):
        """Write what a lot is made of.

        :param dict metals: {alloy: grams}; what is of no known alloy is not written
        """
        self.ensure_one()
        metals = {alloy: float(grams) for alloy, grams in metals.items() if alloy and grams}
        lines = {line.alloy_id: line for line in self.metal_line_ids}
        for alloy in lines.keys() - metals.keys():
            lines[alloy].unlink()
        for alloy, grams in metals.items():
            if alloy in lines:
                lines[alloy].weight = grams
            else:
                self.metal_line_ids.create(
                    {"lot_id": self.id, "alloy_id": alloy.id, "weight": grams}
                )

    def _check_material(self):
        """Refuse to correct by hand what something weighs, or consists of, that has been in stock.

        :raises UserError: for anybody but a manager who says why
        """
        # In sudo: it is in stock, whoever may see the place it is in.
        kept = self.filtered(lambda lot: lot.jewelry_kind and lot.sudo().quant_ids)
        if self.env.su or not kept:
            return
        if not self.env.user.has_group("jewelry_inventory.group_manager"):
            raise UserError(
                self.env._(
                    "%(lots)s has been in stock, and its material is accounted for. Enter what is "
                    "really added, taken out or lost as a transformation; a wrong entry is "
                    "corrected by a manager.",
                    lots=", ".join(kept[:5].mapped("name")),
                )
            )
        if not self.env["jewelry.provenance.event"]._get_change_reason():
            raise UserError(
                self.env._(
                    "%(lots)s has been in stock. Correct a wrong entry with “Correct”, which asks "
                    "for the reason: the audit trail keeps it.",
                    lots=", ".join(kept[:5].mapped("name")),
                )
            )

    def _filter_reweighed(self, vals):
        """Return those that have been weighed and would get another weight by `vals`."""
        stated = {name: weight.round_milli(vals[name] or 0) for name in WEIGHT_FIELDS & vals.keys()}
        return self.filtered(
            lambda lot: (
                any(weight.round_milli(lot[name]) != stated[name] for name in stated)
                and any(map(lot.__getitem__, WEIGHT_FIELDS))
            )
        )

    # === AVAILABILITY METHODS === #

    def _get_stock_quants(self):
        """Return what of these lots is on hand, wherever in the company."""
        return self.quant_ids.filtered(
            lambda quant: quant.quantity > 0 and quant.location_id._is_of_store()
        )

    def _get_source_quants(self, place):
        """Return what is on hand in a place: ours, or one owner's where none of it is ours."""
        here = self._get_stock_quants().filtered(lambda quant: quant.location_id == place)
        owner = here.sorted(lambda quant: quant.owner_id.id)[:1].owner_id
        return here.filtered(lambda quant: quant.owner_id == owner)

    def _get_untransformable(self):
        """Tell why lots cannot be worked on now. Rooms extend it.

        :return: {lot: reason in the user's language}; lots that can be are absent
        :rtype: dict
        """
        labels = dict(self._fields["piece_status"]._description_selection(self.env))
        reasons, holders = {}, self._get_setting_pieces()
        for lot in self.filtered("jewelry_kind"):
            if lot in holders:
                reasons[lot] = self.env._("Already set in %(piece)s", piece=holders[lot].name)
            elif lot.is_piece and lot.piece_status not in ("available", "bench"):
                reasons[lot] = labels.get(lot.piece_status, lot.piece_status)
            elif lot.jewelry_kind in ("stone", "parcel") and not lot.stone_ids:
                reasons[lot] = self.env._("Describe the stones first")
        return reasons

    def _get_setting_pieces(self):
        """Return {lot: piece that the stone of this serial number is set in}; others are absent."""
        homes = self.filtered(lambda lot: lot.jewelry_kind == "stone")
        stones = self.env["jewelry.stone"].search([("home_lot_id", "in", homes.ids)])
        return {
            stone.home_lot_id: stone.holder_id
            for stone in stones
            if stone.holder_id - stone.home_lot_id
        }

    def _get_parted(self):
        """Tell which loose stones would part from their mates if just these lots were sold.

        Whoever sells asks it of all that goes together, beside `_get_unavailability`.

        :return: {lot: reason in the user's language}; lots whose pair stays whole are absent
        :rtype: dict
        """
        stones = self.filtered(lambda lot: lot.jewelry_kind == "stone")
        return {
            lot: self.env._(
                "Matched with %(mate)s: sell both, or let a manager break the pair",
                mate=mate.home_lot_id.name or mate.number,
            )
            for lot in stones
            if (mate := lot.stone_ids.mate_id) and mate.home_lot_id not in self
        }

    def _get_absent_mates(self):
        """Tell which loose stones have a mate that could not be sold together with them now.

        :return: {lot: its mate}; lots whose pair is whole, or that have none, are absent
        :rtype: dict
        """
        stones = self.env["jewelry.stone"].search(
            [
                ("holder_id", "in", self.ids),
                ("holder_id.jewelry_kind", "=", "stone"),
                ("mate_id", "any", [("state", "!=", "loose")]),
            ]
        )
        return {stone.holder_id: stone.mate_id for stone in stones}
