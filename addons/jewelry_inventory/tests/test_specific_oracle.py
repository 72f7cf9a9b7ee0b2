from collections import defaultdict
from datetime import datetime, timedelta

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common import JewelryCommon

COSTS = st.integers(min_value=0, max_value=10**7).map(lambda cents: cents / 100)
STEPS = st.one_of(
    st.tuples(st.just("receive"), st.just(0), COSTS),
    st.tuples(st.just("receive_theirs"), st.just(0), COSTS),
    st.tuples(
        st.sampled_from(["sell", "take_back", "to_bench", "from_bench", "send_back"]),
        st.integers(0, 5),
        st.just(0),
    ),
    st.tuples(st.just("revalue"), st.integers(0, 5), COSTS),
)
OUTSIDE = ("customer", "vendor")


class Oracle:
    """Plain double entry: each day, what each piece added to or took from the stock."""

    def __init__(self):
        self.place, self.cost, self.owned = {}, {}, {}
        self.entries = defaultdict(list)

    def in_stock(self, piece):
        return self.place.get(piece, "vendor") not in OUTSIDE

    def book(self, day, piece, amount):
        if self.owned[piece]:
            self.entries[piece].append((day, amount))

    def move(self, day, piece, place):
        was = self.in_stock(piece)
        self.place[piece] = place
        if was != self.in_stock(piece):
            self.book(day, piece, self.cost[piece] * (1 if self.in_stock(piece) else -1))

    def revalue(self, day, piece, cost):
        if self.in_stock(piece):
            self.book(day, piece, cost - self.cost[piece])
        self.cost[piece] = cost

    def value(self, day, pieces):
        return round(
            sum(a for piece in pieces for when, a in self.entries[piece] if when <= day), 2
        )


@tagged("post_install", "-at_install")
class TestSpecificOracle(JewelryCommon):
    """Random histories, valued five ways, against a plain double entry."""

    MOVES = {
        "sell": ("shop", "customer"),
        "take_back": ("customer", "shop"),
        "to_bench": ("shop", "bench"),
        "from_bench": ("bench", "shop"),
        "send_back": ("shop", "vendor"),
    }

    def setUp(self):
        super().setUp()
        self.places = {
            "shop": self.stock_location,
            "bench": self.bench,
            "customer": self.customer_location,
            "vendor": self.supplier_location,
        }

    # Without shrinking: a history takes a second to play, and is short as it is.
    @settings(
        max_examples=15,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=st.lists(STEPS, min_size=4, max_size=12))
    def test_every_history_has_one_value(self, steps):
        savepoint = self.cr.savepoint(flush=True)
        try:
            self._play(steps)
        finally:
            savepoint.rollback()
            savepoint.close()
            self.env.invalidate_all(flush=False)

    def _play(self, steps):
        oracle, pieces = Oracle(), []
        start = datetime(2026, 1, 1, 12)
        for day, (act, index, cost) in enumerate(steps):
            with freeze_time(start + timedelta(days=day)):
                self._act(oracle, pieces, day, act, index, cost)
        self._compare(oracle, pieces, start, len(steps))

    def _act(self, oracle, pieces, day, act, index, cost):
        if act.startswith("receive"):
            piece = self._create_piece(cost=cost)
            pieces.append(piece)
            oracle.cost[piece], oracle.owned[piece] = cost, act == "receive"
            owner = None if act == "receive" else self.owner
            self._move(piece, self.places["vendor"], self.places["shop"], owner=owner)
            oracle.move(day, piece, "shop")
        elif index < len(pieces):
            self._act_on(oracle, pieces[index], day, act, cost)

    def _act_on(self, oracle, piece, day, act, cost):
        if act == "revalue":
            piece._set_cost({piece: cost}, "correction")
            oracle.revalue(day, piece, cost)
            return
        source, dest = self.MOVES[act]
        if oracle.place[piece] == source:
            owner = None if oracle.owned[piece] else self.owner
            self._move(piece, self.places[source], self.places[dest], owner=owner)
            oracle.move(day, piece, dest)

    def _compare(self, oracle, pieces, start, days):
        lots = self.env["stock.lot"].concat(*pieces)
        quants = lots.quant_ids
        now = oracle.value(days, pieces)
        self.env.invalidate_all()
        self.assertAlmostEqual(self._value(self.style), now, 2)
        self.assertAlmostEqual(sum(lots.mapped("total_value")), now, 2)
        self.assertAlmostEqual(sum(quants.mapped("value")), now, 2)
        company_value = self.company.stock_value(self.company._get_accounts_by_product(self.style))
        self.assertAlmostEqual(sum(company_value.values()), now, 2)
        for day in range(days):
            at_date = (start + timedelta(days=day)).date()
            self.assertAlmostEqual(
                self._value(self.style, to_date=at_date), oracle.value(day, pieces), 2
            )
