"""Flows of the bench: stones, parcels and metal that change their form."""

from odoo import Command

from .accounting_flow import flow
from .accounting_steps import Steps


class WorkFlows(Steps):
    """What is set, unset, handed out, mixed, melted and cast."""

    @flow(
        "Setting a stone, with labour",
        "A diamond (cost 1,000.00) is set in a mount (cost 500.00) with work of 80.00, which is "
        "a cost of conversion (IAS 2.12): the stone has no cost of its own any more, the ring "
        "costs 1,580.00, and what passed through work in progress has left it, under periodic "
        "valuation by the closing.",
    )
    def setting(self):
        wizard = self.env["jewelry.transformation.set"].create(
            {
                "piece_id": self.pieces["mount"].id,
                "stone_ids": [Command.set(self._create_stone(self.pieces["diamond"]).ids)],
                "work": 80,
            }
        )
        wizard.action_set()

    @flow(
        "Setting small stones out of a parcel",
        "Ten stones (0.5 ct) of the parcel at 200.00 a carat are set in the ring of 600.00: they "
        "take 100.00 with them, the ring costs 700.00, and the average of the parcel stays "
        "(IAS 2.12, 2.25).",
    )
    def small_stones(self):
        stones = {"lot_id": self.pieces["parcel"].id, "stone_count": 10, "carat": 0.5}
        wizard = self.env["jewelry.transformation.set"].create(
            {"piece_id": self.pieces["ring"].id, "parcel_ids": [Command.create(stones)]}
        )
        wizard.action_set()

    @flow(
        "Taking a stone out again",
        "The diamond is taken out of its ring: it comes back with the 1,000.00 that it took in, "
        "under its own number, and the mount keeps the rest of the 1,580.00. The work of 80.00 "
        "is in these 580.00; where they will not be recovered, the mount is written down "
        "(IAS 2.28).",
    )
    def unsetting(self):
        wizard = self.env["jewelry.transformation.unset"].create(
            {"piece_id": self.pieces["mount"].id}
        )
        wizard.line_ids.outcome = "loose"
        wizard.action_unset()

    @flow(
        "Parcel at the bench, one stone lost",
        "Of the parcel 40 stones (2 ct, 400.00) are handed out to the bench, which is a place of "
        "ours: nothing is posted. 39 come back, one of 0.05 ct is missing: with a reason, and "
        "after a second person has approved it, its 10.00 are an expense of the period, because "
        "abnormal waste is no cost of what is made (IAS 2.16(a)).",
    )
    def bench(self):
        self._hand_out("parcel", 2, 40)
        draft = self._take_back("parcel", 1.95, 39, "Flew off the bench")
        draft.with_user(self.book.manager).action_approve_loss()
        draft.action_done()

    @flow(
        "Two parcels mixed",
        "What is left of the parcel (4.45 ct, 890.00) is mixed with the second one (3 ct, "
        "450.00): 7.45 ct cost 1,340.00 together, the weighted average of both (IAS 2.25). Value "
        "moves from lot to lot, and what is posted to the stock account cancels out.",
    )
    def mixing(self):
        first, second = self.pieces["parcel"].id, self.pieces["second parcel"].id
        self._transform(
            "mix",
            ("in", {"lot_id": first, "carat": 4.45, "stone_count": 89}),
            ("in", {"lot_id": second, "carat": 3, "stone_count": 60}),
            ("out", {"lot_id": first, "carat": 7.45, "stone_count": 149}),
        )

    @flow(
        "Scrap melted, with a loss",
        "The 10 g of scrap are melted and give 9.9 g: 0.1 g is slag, which takes its 4.00 along "
        "as an expense, and the gold costs 40.00 a gram as before. It is not above the norm of "
        "the workshop, so nobody is asked. Where such normal waste is to stay in the cost of what "
        "comes out (IAS 2.16(a) excludes abnormal waste only), the line of the loss states its "
        "cost as 0.00.",
    )
    def melting(self):
        alloy = self.book.metal_style.alloy_id.id
        melting = self._transform(
            "melt",
            ("in", {"lot_id": self.pieces["scrap"].id, "metal_weight": 10}),
            ("out", {"product_id": self.book.metal_style.id, "metal_weight": 9.9}),
            ("loss", {"alloy_id": alloy, "metal_weight": 0.1}),
        )
        self.pieces["gold"] = melting.output_ids.lot_id

    @flow(
        "Mount cast from metal",
        "From these 9.9 g (396.00) a mount of 8 g is cast, and 1.9 g of sprue go back to the "
        "metal: both cost 40.00 a gram, 320.00 and 76.00. From here on the mount is a piece with "
        "a cost of its own (IAS 2.23). Labour would be shared by weight, too: where it is to be "
        "borne by the mount alone, the line of the sprue states its cost.",
    )
    def casting(self):
        gold = self.pieces["gold"].id
        self._transform(
            "cast",
            ("in", {"lot_id": gold, "metal_weight": 9.9}),
            ("out", {"product_id": self.book.style.id, "gross_weight": 8}),
            ("out", {"lot_id": gold, "metal_weight": 1.9}),
        )

    # === STEPS === #

    def _hand_out(self, name, carat, count):
        """Hand some of a parcel out to the bench."""
        values = {"lot_id": self.pieces[name].id, "place_id": self.book.bench.id}
        self.env["jewelry.parcel.issue"].create(
            values | {"quantity": carat, "stone_count": count}
        ).action_issue()

    def _take_back(self, name, carat, count, reason):
        """Take back what came of a parcel; return the draft in which the rest is missing."""
        values = {"lot_id": self.pieces[name].id, "rest": "lost", "reason": reason}
        taking = self.env["jewelry.parcel.return"].create(
            values | {"quantity": carat, "stone_count": count}
        )
        return self.env["jewelry.transformation"].browse(taking.action_return()["res_id"])
