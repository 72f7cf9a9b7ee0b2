"""The flows of a jewelry store, played on a book; their order is that of the document."""

from freezegun import freeze_time

from .accounting_flow import Played, get_flows
from .accounting_flows_ahead import AheadFlows
from .accounting_flows_counter import CounterFlows
from .accounting_flows_deposit import DepositFlows
from .accounting_flows_later import LaterFlows
from .accounting_flows_settled import SettledFlows
from .accounting_flows_trade import BuyingFlows, OpeningFlows, SellingFlows
from .accounting_flows_value import ClosingFlows, ValueFlows
from .accounting_flows_work import WorkFlows

PARTS = (
    OpeningFlows,
    BuyingFlows,
    SellingFlows,
    CounterFlows,
    LaterFlows,
    SettledFlows,
    DepositFlows,
    AheadFlows,
    ValueFlows,
    WorkFlows,
    ClosingFlows,
)


class Player(*PARTS):
    """Plays every flow once, in order, on one book."""

    def play(self):
        """Play all flows and return what each did."""
        return [self._play(flow) for part in PARTS for flow in get_flows(part)]

    def _play(self, flow):
        posted, values = self.book.get_entries(), self.book.get_piece_values()
        with freeze_time(flow.date):
            flow.play(self)
        added = (
            round(value - values.get(piece, 0), 2)
            for piece, value in self.book.get_piece_values().items()
        )
        return Played(flow, tuple(self._get_new_entries(posted)), tuple(filter(None, added)))

    def _get_new_entries(self, posted):
        """Yield what changed in the ledger: what was posted is gone, then what is new."""
        entries = self.book.get_entries()
        for move, entry in posted.items():
            if entries.get(move) != entry:
                yield entry.take_back()
        for move, entry in entries.items():
            if posted.get(move) != entry:
                yield entry
