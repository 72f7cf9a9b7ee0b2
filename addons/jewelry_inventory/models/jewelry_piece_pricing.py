import json
from collections import Counter

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ..const import PRICED_STATUSES
from ..tools.bulk import behind, paused_collection, to_array
from ..tools.reprice import MOVES, STORED, PieceRow, describe_quote, quote_piece

# Prices that are stored at once, while the next are put together.
BATCH = 5_000


class JewelryPiecePricing(models.AbstractModel):
    """The prices of pieces by their policies, set-based.

    One query reads what the pieces are made of, pure rules price them, and for some thousands of
    them at a time one query stores the prices and one call writes their provenance.
    """

    _name = "jewelry.piece.pricing"
    _description = "Piece Pricing"

    # === BUSINESS METHODS === #

    @api.model
    @paused_collection()
    def _get_quotes(self, pieces, rates=None, *, lock=False):
        """Return a list of what `_quote` yields of the rows of `_get_rows`."""
        return list(self._quote(self._get_rows(pieces, lock=lock), rates))

    @api.model
    @paused_collection()
    def _reprice(self, pieces, rates=None):
        """Price pieces and store their prices; the database works while the next are computed.

        :return: list of `tools.reprice.PriceQuote`, what became of each piece
        """
        rows = self._get_rows(pieces, lock=True)
        quotes = self._quote(rows, rates)
        return self._store(quotes, "policy", [row.piece_id for row in rows])

    @api.model
    def _get_rows(self, pieces, *, lock=False):
        """Return a list of `tools.reprice.PieceRow`, by piece id.

        :param pieces: recordset of `stock.lot`; those that are sold, gone, promised at a price
            or a client's own are left out
        :param bool lock: keep the pieces for this transaction alone, locked in id order
        """
        if not pieces:
            return []
        self.env.flush_all()
        query = self._get_piece_query(pieces, SQL("FOR NO KEY UPDATE OF lot") if lock else SQL())
        return [PieceRow(*row) for row in self.env.execute_query(query)]

    @api.model
    def _quote(self, rows, rates=None):
        """Yield a `tools.reprice.PriceQuote` for each row, by the policy of its category.

        :param dict rates: {metal id: `jewelry.metal.rate`}; the newest of each metal by default
        """
        rules = self._get_rules({(row.company_id, row.categ_id) for row in rows}, rates)
        for row in rows:
            yield quote_piece(row, rules.get((row.company_id, row.categ_id)))

    @api.model
    @paused_collection()
    def _store(self, quotes, why, piece_ids):
        """Store the prices of quotes, except where the price is locked or there is none.

        :param quotes: iterable of `tools.reprice.PriceQuote`, of pieces that have been locked
        :param str why: what provenance says: policy or run
        :param list piece_ids: of all the quotes
        :return: list of the quotes
        """
        done = []
        heads = self.env["jewelry.provenance.head"].sudo()
        locked = heads._lock(self._browse_lots(piece_ids).mapped("chain_uuid"))
        with behind(self.env.cr) as execute:
            for batch in split_every(BATCH, quotes, list):
                done += batch
                if stored := [quote for quote in batch if quote.state in STORED]:
                    execute(self._get_update(stored))
                moved = [quote for quote in stored if quote.state in MOVES]
                changes = {quote.piece_id: (str(quote.old), str(quote.new)) for quote in moved}
                self._log_prices(changes, why, locked, execute)
        self._after_update(self.env["stock.lot"].browse(piece_ids))
        return done

    @api.model
    def _after_update(self, pieces):
        """Hook: the prices of `pieces` were changed in SQL, past `write`."""
        names = ["list_price", "price_floor", "stone_price", "price_breakdown", "price_date"]
        pieces.invalidate_recordset(names, flush=False)
        pieces.modified(names)

    @api.model
    def _log_prices(self, changes, why, heads=None, execute=None):
        """Write new prices into the provenance of their pieces.

        :param dict changes: {piece id: (old price, new price)}, prices as texts with all decimals
        :param str why: manual, policy, run (a repricing of the stock) or undo (of one)
        :param heads: see `_append`, as of `execute`
        """
        entries = [
            (lot, "price", {"old": old, "new": new, "why": why})
            for lot, (old, new) in zip(self._browse_lots(changes), changes.values(), strict=True)
        ]
        self.env["jewelry.provenance.event"]._append(entries, heads, execute)

    @api.model
    def _browse_lots(self, piece_ids):
        """Return lots whose chains are read; reading a piece the usual way reads all of it."""
        # In sudo: whoever may set a price need not read provenance.
        lots = self.env["stock.lot"].sudo().browse(piece_ids)
        lots.fetch(["chain_uuid"])
        return lots

    # === SCREENS === #

    @api.model
    def _render_breakdown(self, breakdown, currency, price=None):
        """Return what `tools.reprice.describe` keeps as a table, or False.

        :param dict breakdown: as kept with a price
        :param currency: `res.currency` of its amounts
        :param float price: the present price, shown where it was set by hand since
        """
        if not breakdown:
            return False
        codes = [part["metal"] for part in breakdown["metals"]]
        metals = self.env["jewelry.metal"].with_context(active_test=False)
        names = {metal.code: metal.name for metal in metals.search([("code", "in", codes)])}
        return self.env["ir.qweb"]._render(
            "jewelry_inventory.price_breakdown",
            {"breakdown": breakdown, "currency": currency, "names": names, "price": price},
        )

    @api.model
    def _get_summary_action(self, quotes):
        """Return a notification of how many of the quotes have which state."""
        state = self.env["jewelry.price.run.line"]._fields["state"]
        labels = dict(state._description_selection(self.env))
        counts = Counter(quote.state for quote in quotes)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Prices"),
                "message": ", ".join(
                    f"{labels[state]}: {counts[state]}" for state in labels if counts[state]
                )
                or self.env._("None of these pieces is for sale."),
                "type": "success" if counts.keys() & set(STORED) else "warning",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === RULES === #

    @api.model
    def _get_rules(self, keys, rates=None):
        """Return {(company id, category id): `tools.reprice.PriceRule`} of those with a policy."""
        categories = self.env["product.category"].browse({categ_id for _, categ_id in keys})
        policies = {}
        for company_id in {company_id for company_id, _ in keys}:
            company = self.env["res.company"].browse(company_id)
            for category in categories.with_company(company):
                if policy := category._get_price_policy():
                    policies[company_id, category.id] = policy
        union = self.env["jewelry.price.policy"].union(*policies.values())
        rules = {policy: policy._get_rule(rates) for policy in union}
        return {key: rules[policy] for key, policy in policies.items()}

    # === QUERIES === #

    @api.model
    def _get_piece_query(self, pieces, lock):
        """Return the query of the columns of `tools.reprice.PieceRow`. Numbers come as text,
        because numerics would arrive as floats.
        """
        return SQL(
            """
            WITH chosen AS (SELECT unnest(%(pieces)s::int[]) AS id)
            SELECT lot.id, lot.company_id, template.categ_id, COALESCE(lot.price_locked, FALSE),
                   COALESCE(lot.list_price, 0)::text,
                   COALESCE(lot.standard_price->>lot.company_id::text, '0'),
                   COALESCE(lot.labour_amount, 0)::text,
                   COALESCE(lot.stone_price, 0)::text,
                   COALESCE(held.cost, 0)::text,
                   COALESCE(held.price, 0)::text,
                   COALESCE(metal.grams, 0)::text,
                   COALESCE(metal.ids, '{}'),
                   COALESCE(metal.fines, '{}')
              FROM chosen
              JOIN stock_lot lot ON lot.id = chosen.id
              JOIN product_product product ON product.id = lot.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN (%(metals)s) metal ON metal.lot_id = lot.id
              LEFT JOIN (%(stones)s) held ON held.lot_id = lot.id
             WHERE lot.is_piece
               AND lot.piece_status IN %(statuses)s
               AND lot.stock_type <> 'customer'
             ORDER BY lot.id
               %(lock)s
            """,
            pieces=to_array(pieces.ids),
            statuses=PRICED_STATUSES,
            metals=self._get_metal_query(),
            stones=self._get_stone_query(),
            lock=lock,
        )

    @api.model
    def _get_metal_query(self):
        """Return the query of the metals in each of the pieces `chosen`."""
        return SQL(
            """
            SELECT line.lot_id, SUM(line.weight) AS grams, ARRAY_AGG(alloy.metal_id) AS ids,
                   ARRAY_AGG(line.fine_weight::text) AS fines
              FROM chosen
              JOIN jewelry_piece_metal line ON line.lot_id = chosen.id
              JOIN jewelry_alloy alloy ON alloy.id = line.alloy_id
             GROUP BY line.lot_id
            """
        )

    @api.model
    def _get_stone_query(self):
        """Return the query of what the stones in each of the pieces `chosen` cost and were
        offered for when they were loose.
        """
        return SQL(
            """
            SELECT stone.holder_id AS lot_id, SUM(home.list_price) AS price,
                   SUM((home.standard_price->>home.company_id::text)::numeric) AS cost
              FROM chosen
              JOIN jewelry_stone stone ON stone.holder_id = chosen.id
              JOIN stock_lot home ON home.id = stone.home_lot_id
             GROUP BY stone.holder_id
            """
        )

    @api.model
    def _get_update(self, quotes):
        """Return the query that stores the price, floor, stone value and breakdown of quotes."""
        now = fields.Datetime.now()
        return SQL(
            """
            UPDATE stock_lot lot
               SET list_price = new.price, price_floor = new.floor, stone_price = new.stones,
                   price_breakdown = new.breakdown,
                   price_date = %s, write_date = %s, write_uid = %s
              FROM unnest(%s::int[], %s::numeric[], %s::numeric[], %s::numeric[], %s::jsonb[])
                   AS new(id, price, floor, stones, breakdown)
             WHERE lot.id = new.id
            """,
            now,
            now,
            self.env.uid,
            to_array(quote.piece_id for quote in quotes),
            to_array(quote.new for quote in quotes),
            to_array(quote.result.floor for quote in quotes),
            to_array(quote.result.stones for quote in quotes),
            to_array(json.dumps(describe_quote(quote)) for quote in quotes),
        )
