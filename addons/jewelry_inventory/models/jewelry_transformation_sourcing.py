from collections import defaultdict

from odoo import Command, api, fields, models

from ..tools import sourcing
from ..tools.balance import FINE
from ..tools.weight import to_decimal

# Here everything is liquid at once; elsewhere what goes in and comes out again stays itself.
POOLING_KINDS = ("melt", "cast")
# Where stones of several parcels become one.
MIXING_KINDS = ("mix", "split", "regrade")


class JewelryTransformationLine(models.Model):
    """Lines that keep what their metal was of, and what was said of them before."""

    _inherit = "jewelry.transformation.line"

    sourcing = fields.Json(
        readonly=True,
        copy=False,
        help="The source of the fine metal in grams, and what was said of the lot before.",
    )


class JewelryTransformationSourcing(models.AbstractModel):
    """How sources go through a transformation: metal by its weight, stones with their papers.

    The fine grams of each metal and source that go in come out or are lost, to the microgram. What
    is melted or cast is one mix. What is worked on otherwise stays what it is, and only what comes
    to it is mixed. A piece that somebody had before becomes recycled metal when it is melted: that
    is narrower than the OECD's gold supplement, which counts scrap of making as well, and agrees
    with 16 CFR 260.13, by which scrap that a maker uses again was never waste.
    """

    _name = "jewelry.transformation.sourcing"
    _description = "Sourcing through Transformations"

    # === BUSINESS METHODS === #

    @api.model
    def _plan(self, transformation):
        """Return what will be known of what comes out; before anything moves.

        :return: metals ({line: {metal: mix}}), donors ({line: lots whose metal it gets}), stones
            ({line: stones that a parcel is mixed of}), before ({line: what was said of it})
        :rtype: dict
        """
        lines = transformation.sudo()._get_lines()
        before = {line: self._take_picture(line) for line in lines._get("in")}
        plan = {"before": before, "stones": self._plan_stones(transformation.sudo())}
        undone = transformation.sudo().reversal_of_id
        if undone and not self._is_mixed(transformation.sudo()):
            return plan | {"undone": {line.lot_id: line for line in undone.input_ids}}
        return plan | self._plan_metals(transformation.sudo())

    @api.model
    def _is_mixed(self, transformation):
        """Tell whether a lot gives back only part of its metal: of a mix nobody gets out again
        what came in, so that undoing it parts the mix as any other work does.
        """
        return any(
            grams > self._get_fine(line).get(metal, 0)
            for line in transformation.input_ids
            if line.content_kind == "metal"
            for metal, grams in line.lot_id._get_fine_on_hand().items()
        )

    @api.model
    def _carry(self, transformation, plan):
        """Write on what came out where it comes from."""
        lines = transformation.sudo()._get_lines()
        for line in lines:
            metals = plan.get("metals", {}).get(line, {})
            line.sourcing = self._prepare_record(metals, plan["before"].get(line))
        for line in lines._get("out"):
            if undone := plan.get("undone", {}).get(line.lot_id):
                self._restore(line, undone.sourcing or {})
            elif "undone" not in plan and line.content_kind in ("piece", "metal"):
                self._carry_metal(line, plan)
            if line in plan["stones"] and "undone" not in plan:
                group = line.lot_id._get_group()
                group._write_sourcing(plan["stones"][line]._get_carried_vals())

    # === METAL === #

    @api.model
    def _plan_metals(self, transformation):
        """Return what each line gives or gets of each metal, and from which lots."""
        lines = transformation._get_lines()
        given = {line: self._get_given(line) for line in lines._get("in") | lines._get("gain")}
        takers = lines._get("out") | lines._get("loss")
        needs = {line: self._get_fine(line) for line in takers}
        shares, donors = defaultdict(dict, given), defaultdict(self.env["stock.lot"].browse)
        for metal in {metal for mixes in given.values() for metal in mixes}:
            giving = {line: mixes[metal] for line, mixes in given.items() if metal in mixes}
            taking = {line: fine[metal] for line, fine in needs.items() if metal in fine}
            dealt = self._deal(giving, taking, transformation.kind in POOLING_KINDS)
            for line, (mix, lots) in dealt.items():
                shares[line] = shares[line] | {metal: mix}
                donors[line] |= lots
        return {"metals": dict(shares), "donors": donors}

    @api.model
    def _get_fine(self, line):
        """Return {metal: fine grams} of a line."""
        return {
            measure.key: sourcing.round_micro(grams)
            for measure, grams in line._get_content().items()
            if measure.dimension == FINE and grams > 0
        }

    @api.model
    def _get_given(self, line):
        """Return {metal: mix} of what a line brings. What is found has no known source."""
        fine, lot = self._get_fine(line), line.lot_id
        if line.direction == "gain":
            return {metal: {sourcing.UNKNOWN: grams} for metal, grams in fine.items()}
        if line.kind == "melt" and line.content_kind == "piece" and lot._is_worn():
            return {metal: {sourcing.RECYCLED: grams} for metal, grams in fine.items()}
        return {metal: lot._get_metal_mix(metal, grams) for metal, grams in fine.items()}

    @api.model
    def _deal(self, giving, taking, pooling):
        """Return {taking line: (mix, lots)} of one metal.

        :param dict giving: {line: mix}
        :param dict taking: {line: grams}
        :param bool pooling: everything is one mix; else each lot first gets what is its own
        """
        no_lots = self.env["stock.lot"]
        giving, needs = dict(giving), dict(taking)
        own = dict.fromkeys(taking, ({}, no_lots))
        for line in () if pooling else taking:
            source = next(
                (one for one in giving if line.lot_id and one.lot_id == line.lot_id), None
            )
            if source:
                share, giving[source] = sourcing.take(
                    giving[source], min(needs[line], sum(giving[source].values()))
                )
                needs[line] -= sum(share.values())
                own[line] = share, line.lot_id if share else no_lots
        pool = sourcing.add(giving.values())
        lots = no_lots.union(*(line.lot_id for line, mix in giving.items() if mix))
        dealt = zip(taking, sourcing.deal(pool, list(needs.values())), strict=True)
        return {
            line: (sourcing.add([own[line][0], mix]), own[line][1] | (lots if mix else no_lots))
            for line, mix in dealt
        }

    @api.model
    def _carry_metal(self, line, plan):
        """Write the source of the metal of a piece or lot that came out."""
        mixes, donors, lot = plan["metals"].get(line, {}), plan["donors"][line], line.lot_id
        if not mixes:
            return
        if line.content_kind == "metal":
            mixes, donors = self._add_to_lot(lot, mixes, donors)
        lot._set_metal_mixes(mixes)
        if donors != lot:
            lot._write_sourcing(lot._unite_origins(donors))

    @api.model
    def _add_to_lot(self, lot, mixes, donors):
        """Return mixes and donors of a lot of metal that some is added to."""
        kept = lot._get_fine_on_hand()
        for metal, fine in kept.items():
            known = lot._get_metal_mix(metal, fine)
            mixes = mixes | {metal: sourcing.add([known, mixes.get(metal, {})])}
        return mixes, donors | lot if kept else donors

    # === STONES === #

    @api.model
    def _plan_stones(self, transformation):
        """Return {line: stones that the parcel which comes out is mixed of}."""
        parcels = transformation.output_ids.filtered(lambda line: line.content_kind == "parcel")
        return {line: self._get_sources(line) for line in parcels}

    @api.model
    def _get_sources(self, line):
        transformation, lot = line.transformation_id, line.lot_id
        inputs = transformation.input_ids.lot_id
        # What is in the parcel already, and does not go in, is mixed with what comes.
        present = lot.stone_ids.filtered("carat") if lot not in inputs else lot.stone_ids.browse()
        if line.stone_ids:
            return present | line.stone_ids
        if lot in inputs and transformation.kind not in MIXING_KINDS:
            return lot.stone_ids
        return present | inputs._filter_parcels().stone_ids

    # === UNDOING === #

    @api.model
    def _get_subject(self, line):
        """Return what a line's sources are written on: the stones of a parcel, or the lot."""
        return line.lot_id._get_group() if line.content_kind == "parcel" else line.lot_id

    @api.model
    def _take_picture(self, line):
        """Return what is said of what goes in, so that undoing can say it again."""
        subject = self._get_subject(line)
        if not subject or line.content_kind == "stone":
            return None
        picture = {
            "material_source": subject.material_source,
            "mine": subject.mine,
            "country_ids": subject.country_ids.ids,
            "sourcing_ids": subject.sourcing_ids.ids,
            "is_partly_unknown": subject.is_partly_unknown,
        }
        if line.content_kind == "parcel":
            return picture | {"is_partly_warranted": subject.is_partly_warranted}
        rows = subject.metal_source_ids
        return picture | {
            "rows": [[row.metal_id.id, row.source, str(row.fine_weight)] for row in rows]
        }

    @api.model
    def _restore(self, line, record):
        """Say again of what an undone transformation gives back what was said of it before."""
        lot = line.lot_id
        if line.content_kind == "metal" and lot.metal_source_ids and lot._get_fine_on_hand():
            self._restore_part(lot, record.get("metals", {}))
        elif picture := record.get("before"):
            self._restore_picture(line, dict(picture))

    @api.model
    def _restore_picture(self, line, picture):
        """Write a picture on what a line gives back; papers that are gone are left out."""
        rows, subject = picture.pop("rows", None), self._get_subject(line)
        for name in ("country_ids", "sourcing_ids"):
            picture[name] = subject[name].browse(picture[name]).exists()
        if rows is not None:
            commands = [
                Command.create({"metal_id": metal, "source": source, "fine_weight": float(grams)})
                for metal, source, grams in rows
            ]
            picture["metal_source_ids"] = [Command.clear(), *commands]
        subject._write_sourcing(picture)

    @api.model
    def _restore_part(self, lot, texts):
        """Give back to a lot of metal, of which some is still there, what was taken of it."""
        metals = {metal.code: metal for metal in lot.product_id.alloy_id.metal_id}
        mixes = {
            metals[code]: {source: to_decimal(grams) for source, grams in mix.items()}
            for code, mix in texts.items()
        }
        lot._set_metal_mixes(self._add_to_lot(lot, mixes, lot)[0])

    @api.model
    def _prepare_record(self, metals, before):
        """Return what a line keeps: its metal by source, and what was said before."""
        texts = {
            metal.code: {source: str(grams) for source, grams in mix.items()}
            for metal, mix in metals.items()
        }
        return {"metals": texts, "before": before}
