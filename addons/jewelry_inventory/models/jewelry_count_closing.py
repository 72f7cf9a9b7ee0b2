from collections import defaultdict
from typing import Any, NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import count as rules


class Finding(NamedTuple):
    """What became of one piece, or of a parcel in one place: records, and the verdict."""

    lot: Any
    place: Any
    scan: Any
    verdict: rules.Verdict


class JewelryCountClosing(models.AbstractModel):
    """How a count closes: what was scanned is compared with the books, as of one moment."""

    _name = "jewelry.count.closing"
    _description = "Closing of a Count"

    # === ACTION METHODS === #

    def action_close(self):
        """Close the count although somebody who joined has not signed.

        :raises UserError: when fewer people signed than the kind of count asks for
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("open")
        self._lock()
        if not self._has_signatures():
            raise UserError(
                self.env._(
                    "Too few people have signed. Whoever counted closes their part with “Finish” "
                    "on the screen; an opening or a closing takes two people."
                )
            )
        self._close()

    # === BUSINESS METHODS === #

    def _close(self):
        """Compare what was scanned with the books, and make a line of whatever needs a word."""
        # In sudo: whoever signs last may not read all that is compared.
        count = self.sudo()
        findings = count._compare()
        pieces = [finding.verdict for finding in findings if finding.lot.is_piece]
        self._set_state(
            "counted",
            {
                "close_date": fields.Datetime.now(),
                "expected_quantity": sum(verdict.expected for verdict in pieces),
                "found_quantity": sum(verdict.found for verdict in pieces),
            },
        )
        count._touch_parts()
        lines = count.env["jewelry.count.line"]
        lines.create([lines._prepare(count, f) for f in findings if f.verdict.kind])
        count.env["jewelry.count.tie.out"]._begin(count)

    def _touch_parts(self):
        """Write the parts anew as they are: a scan that comes in at this moment from a transaction
        that does not know of the close yet fails on them, is tried again, and is too late.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE jewelry_count_part SET scan_count = scan_count WHERE count_id = %s", self.id
            )
        )

    def _compare(self):
        """Return what was found of each piece and parcel that is, or was seen, in these places.

        :rtype: list[Finding]
        """
        places = self._get_places()
        last = self.scan_ids._filter_valid()._get_last()
        seen_lots = self.env["stock.lot"].union(*(lot for lot, _place in last))
        steps = self._read_steps(places, seen_lots)
        stock = self._read_stock(places, seen_lots.union(*steps))
        lots = seen_lots.union(*steps, *stock)
        pieces = lots.filtered("is_piece")
        findings = [
            self._judge_piece(piece, places, stock[piece], steps[piece], last.get((piece, None)))
            for piece in pieces
        ]
        for lot in lots - pieces:
            scans = {place: scan for (other, place), scan in last.items() if other == lot}
            findings += self._judge_bulk(lot, places, stock[lot], steps[lot], scans)
        return findings

    def _read_stock(self, places, lots):
        """Return where the books have what is in `places`, and `lots`, wherever they are.

        :rtype: dict
        :return: {lot: {place: quantity}}
        """
        domain = Domain("location_id", "in", places.ids) | Domain("lot_id", "in", lots.ids)
        domain &= Domain("quantity", ">", 0) & Domain("lot_id.jewelry_kind", "!=", False)
        stock = defaultdict(dict)
        for lot, place, quantity in self.env["stock.quant"]._read_group(
            domain, ["lot_id", "location_id"], ["quantity:sum"]
        ):
            stock[lot][place] = quantity
        return stock

    def _read_steps(self, places, lots):
        """Return what was booked since the count began, in its order.

        :rtype: dict
        :return: {lot: list of `Step`}
        """
        touched = Domain("lot_id", "in", lots.ids)
        for name in ("location_id", "location_dest_id"):
            touched |= Domain(name, "in", places.ids)
        domain = touched & Domain("state", "=", "done") & Domain("date", ">=", self.start_date)
        domain &= Domain("lot_id.jewelry_kind", "!=", False)
        steps = defaultdict(list)
        for line in self.env["stock.move.line"].search(domain, order="date, id"):
            steps[line.lot_id].append(
                rules.Step(
                    line.date,
                    self._get_rule_place(line.location_id),
                    self._get_rule_place(line.location_dest_id),
                    line.quantity_product_uom,
                )
            )
        return steps

    def _get_rule_place(self, place):
        """Return a place as the rules have it; none is nowhere."""
        return rules.Place(place.parent_path, place.usage) if place else rules.NOWHERE

    def _get_sighting(self, scan):
        place = self._get_rule_place(scan.place_id)
        return rules.Sighting(scan.scan_date, place, scan.quantity)

    def _judge_piece(self, piece, places, stock, steps, scan):
        # What is in the store comes first: what was used up leaves a trace elsewhere as well.
        ordered = sorted(stock, key=lambda place: not place._is_of_store())
        now = ordered[0] if ordered else self.env["stock.location"]
        verdict = rules.judge_piece(
            [self._get_rule_place(place) for place in self.place_ids],
            self._get_rule_place(now),
            steps,
            self._get_sighting(scan) if scan else None,
        )
        scans = scan or self.env["jewelry.count.scan"]
        return Finding(piece, now, scans, verdict)

    def _judge_bulk(self, lot, places, stock, steps, scans):
        """Return what was found of goods by weight, for each place they were weighed in, and each
        that they are in but were not weighed in.
        """
        known = {self._get_rule_place(place): place for place in places}
        weighed = [self._get_rule_place(place) for place in scans]
        shares = rules.share_out(known, weighed)
        unweighed = [{place} for place in shares.pop(None, ()) if stock.get(known[place])]
        groups = [(known[place], scans[known[place]], shares[place]) for place in weighed]
        groups += [
            (known[place], self.env["jewelry.count.scan"], {place}) for (place,) in unweighed
        ]
        findings = []
        for place, scan, share in groups:
            now = sum(stock.get(known[part], 0) for part in share)
            seen = self._get_sighting(scan) if scan else None
            verdict = rules.judge_weight(share, now, steps, seen)
            findings.append(Finding(lot, place, scan, verdict))
        return findings
