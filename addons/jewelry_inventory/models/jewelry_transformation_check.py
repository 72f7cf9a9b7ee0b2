from odoo import api, models
from odoo.exceptions import UserError

from ..tools import weight

PIECE, STONE, PARCEL, METAL = "piece", "stone", "parcel", "metal"

# What may go in and what may come out, by kind of transformation.
CONTENTS = {
    "set": ({PIECE, STONE, PARCEL}, {PIECE}),
    "unset": ({PIECE}, {PIECE, STONE, PARCEL}),
    "assemble": ({PIECE, STONE, PARCEL, METAL}, {PIECE}),
    "disassemble": ({PIECE}, {PIECE, STONE, PARCEL, METAL}),
    "melt": ({PIECE, METAL}, {METAL, STONE, PARCEL}),
    "cast": ({METAL}, {PIECE, METAL}),
    "mix": ({PARCEL}, {PARCEL}),
    "split": ({PARCEL}, {PARCEL}),
    "regrade": ({PARCEL}, {PARCEL}),
    "return": ({PARCEL, METAL}, {PARCEL, METAL}),
}


class JewelryTransformationCheck(models.AbstractModel):
    """What stands in the way of a transformation, each with a message that says what to do."""

    _name = "jewelry.transformation.check"
    _description = "Transformation Check"

    # === BUSINESS METHODS === #

    @api.model
    def _check(self, transformation):
        """Refuse a transformation that cannot be done as it is written.

        :raises UserError: saying why
        """
        transformation._check_editable()
        self._check_forms(transformation)
        self._check_inputs(transformation)
        self._check_amounts(transformation)
        self._check_stones(transformation)
        self._check_outputs(transformation)
        self._check_place(transformation)
        self._check_mates(transformation)
        self._set_owners(transformation)
        self._check_owners(transformation)
        self._check_balance(transformation)
        self._check_losses(transformation)

    @api.model
    def _check_forms(self, transformation):
        """Refuse what cannot go into, or come out of, this kind of transformation."""
        labels = dict(transformation._fields["kind"]._description_selection(self.env))
        sides = (transformation.input_ids, transformation.output_ids)
        for lines, allowed in zip(sides, self._get_allowed(transformation), strict=True):
            if not lines:
                raise UserError(
                    self.env._("Enter at least one line that goes in and one that comes out.")
                )
            if wrong := lines.filtered(lambda line, ok=allowed: line.content_kind not in ok):
                raise UserError(
                    self.env._(
                        "%(lots)s cannot be on this side of “%(kind)s”. Leave it out, or choose "
                        "another kind of transformation.",
                        kind=labels[transformation.kind],
                        lots=self._name_lines(wrong),
                    )
                )

    @api.model
    def _get_allowed(self, transformation):
        """Return what may go in and what may come out; undoing, the other way round."""
        if undone := transformation.reversal_of_id:
            return CONTENTS[undone.kind][::-1]
        return CONTENTS[transformation.kind]

    @api.model
    def _check_inputs(self, transformation):
        """Refuse inputs that are named twice, not in the store, promised or held."""
        lots = transformation.input_ids.lot_id
        if len(lots) < len(transformation.input_ids):
            raise UserError(
                self.env._(
                    "Every line that goes in needs a number, and each number "
                    "can be on one line only."
                )
            )
        if reasons := lots._get_untransformable():
            raise UserError("\n".join(f"{lot.name}: {reason}" for lot, reason in reasons.items()))

    @api.model
    def _check_amounts(self, transformation):
        """Refuse to take more carats, stones or grams than are in the place."""
        for line in transformation.input_ids:
            line.lot_id._check_amount(
                line.place_id,
                line._get_quantity(),
                line.stone_count,
                line._get_source_quants().owner_id,
            )

    @api.model
    def _check_stones(self, transformation):
        """Refuse stones that are not in what goes in, or are taken twice or beyond."""
        found = transformation.loss_ids._get("gain").stone_ids
        held = transformation.input_ids.lot_id.stone_ids | found
        taken = self.env["jewelry.stone"]
        if known := found.filtered("holder_id"):
            raise UserError(
                self.env._(
                    "%(stones)s cannot be entered as found, because it is not gone. Leave it out.",
                    stones=", ".join(known.mapped("number")),
                )
            )
        for line in transformation.output_ids | transformation.loss_ids._get("loss"):
            if foreign := line.stone_ids - held:
                raise UserError(
                    self.env._(
                        "%(stones)s cannot come out, because nothing that goes in holds it. Add "
                        "the piece or parcel that holds it to what goes in.",
                        stones=", ".join(foreign.mapped("number")),
                    )
                )
            if twice := line.stone_ids & taken:
                raise UserError(
                    self.env._(
                        "%(stones)s is on two lines. Remove it from one of them.",
                        stones=", ".join(twice.mapped("number")),
                    )
                )
            taken |= line.stone_ids
            self._check_part(line)

    @api.model
    def _check_part(self, line):
        """Refuse a part of a group that is more than the group, or leaves stones of no weight."""
        stone = line.stone_ids
        if len(stone) != 1:
            return
        carats = weight.round_milli(stone.carat) - weight.round_milli(line.carat)
        stones = stone.count - line.stone_count
        if carats < 0 or stones < 0 or bool(carats) != bool(stones):
            raise UserError(
                self.env._(
                    "%(stone)s has %(count)s stones of %(carat)s ct. Take all of it, or a part "
                    "that leaves both stones and carats.",
                    stone=stone.number,
                    count=stone.count,
                    carat=f"{stone.carat:.3f}",
                )
            )

    @api.model
    def _check_outputs(self, transformation):
        """Refuse outputs that would take the number of something else."""
        for line in transformation.output_ids:
            lot, kind = line.lot_id, line.content_kind
            if kind == STONE and (len(line.stone_ids) != 1 or line.stone_ids.count != 1):
                raise UserError(
                    self.env._(
                        "%(line)s: one number is for one loose stone. Put several stones into a "
                        "parcel.",
                        line=line.display_name,
                    )
                )
            home = line.stone_ids.home_lot_id if kind == STONE else lot
            if (
                kind in (PIECE, STONE)
                and lot
                and lot not in (transformation.input_ids.lot_id | home)
            ):
                raise UserError(
                    self.env._(
                        "%(lot)s is the number of something else. Use the "
                        "number that the piece or stone had, or leave it "
                        "empty to get a new one.",
                        lot=lot.name,
                    )
                )
        self._check_metal(transformation)
        for line in transformation.output_ids.filtered(lambda line: line.content_kind == PARCEL):
            self._check_mixture(line)

    @api.model
    def _check_place(self, transformation):
        """Refuse a place outside: what comes out would be out of stock, and of nobody's loss."""
        if not transformation._get_place()._is_of_store():
            raise UserError(self.env._("Choose a place of the store for what comes out."))

    @api.model
    def _check_metal(self, transformation):
        """Refuse a main output without metal, or with less than none of an alloy."""
        main = transformation._get_main()
        if not main:
            return
        plan = transformation._get_main_plan()
        net = sum(plan["metals"].values())
        if main.gross_weight:
            net = weight.net_weight(main.gross_weight, plan["carats"], plan["other"])
        known = main.gross_weight or plan["gross"]
        short = [grams for alloy, grams in plan["metals"].items() if alloy and grams < 0]
        if (known and net <= 0) or plan["other"] < 0 or short:
            raise UserError(
                self.env._(
                    "%(piece)s: nothing would be left for the metal. Check the gross weight, "
                    "the stones and the alloy of what is lost or taken out.",
                    piece=main.display_name,
                )
            )

    @api.model
    def _check_mixture(self, line):
        """Refuse a parcel of more than one kind of stone."""
        inputs = line.transformation_id.input_ids
        sources = line.stone_ids or inputs.lot_id.stone_ids
        kinds = {stone._get_kind() for stone in sources | line.lot_id.stone_ids}
        if len(kinds) > 1:
            raise UserError(
                self.env._(
                    "%(parcel)s: stones of different species, or natural and lab-grown ones, "
                    "are never mixed.",
                    parcel=line.display_name,
                )
            )

    @api.model
    def _check_mates(self, transformation):
        """Refuse to set one stone of a matched pair without the other."""
        loose = transformation.input_ids.filtered(lambda line: line.content_kind == STONE)
        together = transformation._get_main_stones()
        for stone in loose.lot_id.stone_ids.filtered("mate_id") & together:
            if stone.mate_id not in together:
                raise UserError(
                    self.env._(
                        "%(stone)s is matched with %(mate)s: set both, or let a manager break "
                        "the pair.",
                        stone=stone.number,
                        mate=stone.mate_id.number,
                    )
                )

    @api.model
    def _set_owners(self, transformation):
        """Note whose goods the inputs are; what comes out of them is the same owner's."""
        for line in transformation.input_ids.sudo():
            line.owner_id = line._get_source_quants().owner_id[:1]
        owner = transformation._get_main_input().owner_id
        outputs = transformation.output_ids.sudo()
        settings = outputs.stone_ids._get_setting_lines()
        for line in outputs:
            setting = settings.get(line.stone_ids)
            line.owner_id = setting.owner_id if setting else owner

    @api.model
    def _check_owners(self, transformation):
        """Refuse to make our goods part of somebody else's, and to mix owners.

        A numbered stone of somebody else may be set in a piece of ours: it stays theirs.
        """
        owner = transformation._get_main_input().owner_id
        others = transformation.input_ids.filtered(lambda line: line.owner_id != owner)
        theirs = others.filtered(lambda line: line.content_kind == STONE)
        wrong = others if owner else others - theirs
        if wrong:
            raise UserError(
                self.env._(
                    "%(lots)s and %(piece)s have different owners. Change the owner first.",
                    lots=self._name_lines(wrong),
                    piece=transformation._get_main_input().lot_id.name,
                )
            )
        if owner and transformation.cost_ids:
            raise UserError(
                self.env._(
                    "The piece belongs to %(owner)s, so the work on it adds nothing to "
                    "our cost. Remove the cost lines.",
                    owner=owner.name,
                )
            )

    @api.model
    def _check_balance(self, transformation):
        """Refuse what does not balance, naming each thing that is missing or too much."""
        if missing := transformation._get_difference():
            raise UserError(
                self.env._(
                    "%(name)s does not balance.\n%(differences)s\n"
                    "Correct the weights, or enter what is lost or gained.",
                    name=transformation.name,
                    differences=transformation._describe_difference(missing),
                )
            )

    @api.model
    def _check_losses(self, transformation):
        """Refuse a loss above the norm, or a gain, without a reason and a second person."""
        if not transformation.needs_approval:
            return
        if not (transformation.loss_reason or "").strip():
            raise UserError(
                self.env._("More is lost than usual, or something is gained. Enter the reason.")
            )
        if not transformation.loss_approved_by_id:
            raise UserError(
                self.env._("A manager who did not enter this must approve the loss or gain.")
            )

    # === TOOLING === #

    @api.model
    def _name_lines(self, lines):
        return ", ".join(line.lot_id.name or line.product_id.display_name or "?" for line in lines)
