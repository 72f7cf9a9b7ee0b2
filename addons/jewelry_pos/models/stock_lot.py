from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .jewelry_pos_pricing import PRICED_AT
from .jewelry_sale_conflict import KEEPING

# What waits for the end of the transaction: ids of the pieces that it changed.
CHANGED = "jewelry_pos.changed"


class StockLot(models.Model):
    """What registers know of a piece, and how one order at a time gets it."""

    _inherit = "stock.lot"

    # What registers ask for after each change: see `pos.config._get_changed_pieces`.
    _write_date_index = models.Index("(write_date)")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override to tell registers of new pieces."""
        lots = super().create(vals_list)
        lots._tell_at_commit()
        return lots

    def _write_multi(self, vals_list):
        """Override to tell registers of changed pieces: whatever is written passes here."""
        res = super()._write_multi(vals_list)
        self._tell_at_commit()
        return res

    def _tell_at_commit(self):
        """Tell the open registers once for all that the transaction changes, when it is done."""
        precommit = self.env.cr.precommit
        if CHANGED not in precommit.data:
            precommit.data[CHANGED] = set()
            precommit.add(self.env["stock.lot"]._tell_of_changes)
        precommit.data[CHANGED].update(self._ids)

    @api.model
    def _tell_of_changes(self):
        """Tell the open registers of the companies whose pieces this transaction changed."""
        ids = self.env.cr.precommit.data.pop(CHANGED)
        # In sudo: registers hear of every change, whoever made it.
        groups = self.sudo()._read_group(
            [("id", "in", list(ids)), ("jewelry_kind", "!=", False)], ["company_id"]
        )
        companies = self.env["res.company"].union(*(company for (company,) in groups))
        self.env["pos.config"]._tell_registers(companies, "PIECES_CHANGED")

    # === BUSINESS METHODS === #

    def _get_unavailability(self):
        """Override of `jewelry_inventory`: a piece that is paid for is not for others. The context
        keys `pos_order_uuid` and `settled_conflict_id` name what it may be kept by: the order, the
        conflict. What an open order keeps is no reason here, but for other registers.
        """
        reasons = super()._get_unavailability()
        # What another shop sends for the order is reserved or under way for it.
        order_uuid = self.env.context.get("pos_order_uuid")
        for piece, moves in self._get_requests().items():
            if piece.piece_status not in ("reserved", "transit"):
                continue
            if order_uuid and moves.picking_id[:1].pos_request_uuid == order_uuid:
                reasons.pop(piece, None)
            else:
                reasons[piece] = moves._get_request_text()
        for conflict in self._get_keeping_conflicts():
            reasons[conflict.piece_id] = self.env._(
                "Paid for on %(order)s", order=conflict.order_id.name
            )
        return reasons

    def _get_keeping_conflicts(self):
        """Return the pending conflicts that keep these pieces for whoever paid for them."""
        domain = [
            ("piece_id", "in", self.ids),
            ("is_pending", "=", True),
            ("kind", "in", KEEPING),
            ("id", "!=", self.env.context.get("settled_conflict_id", 0)),
        ]
        # In sudo: it is paid for, whoever may see that order.
        return self.env["jewelry.sale.conflict"].sudo().search(domain)

    def _get_register_reasons(self, order_uuid, known=None):
        """Return {piece: why the register's order may not take it now}.

        :param dict known: what `_get_unavailability` said just now, for no order
        """
        # Known is enough, unless another shop sends something for this very order.
        if known is None or self._get_request_moves(order_uuid):
            known = self.with_context(pos_order_uuid=order_uuid)._get_unavailability()
        reasons = dict(known)
        for claim in self.env["jewelry.pos.claim"]._get_claims(self, order_uuid):
            reasons.setdefault(
                claim.piece_id,
                self.env._("In an open order at %(register)s", register=claim.config_id.name),
            )
        return reasons

    def _get_request_moves(self, order_uuid):
        """Return the moves by which other shops send these pieces for a register's order, in
        sudo, as far as they are to be done.
        """
        moves = self.env["stock.move"]
        own = Domain("piece_id", "in", self.ids) & Domain(
            "picking_id.pos_request_uuid", "=", order_uuid
        )
        return moves._search_requests(own) if order_uuid else moves

    def _get_requests(self):
        """Return {piece: the moves that are to be done to bring it to another shop}."""
        moves = self.env["stock.move"]._search_requests(Domain("piece_id", "in", self.ids))
        return moves.grouped("piece_id")

    def _get_status_label(self):
        """Return the word for the piece's status in the user's language."""
        self.ensure_one()
        return dict(self._fields["piece_status"]._description_selection(self.env)).get(
            self.piece_status, ""
        )

    def _get_priced_amount(self, price_type):
        """Override of `jewelry_inventory`: the context may name an earlier price to start from."""
        amounts = self.env.context.get(PRICED_AT) or {}
        if price_type == "list_price" and self.id in amounts:
            return amounts[self.id]
        return super()._get_priced_amount(price_type)

    def _get_approval_types(self):
        """Override of `jewelry_inventory`: a register may ask for a price."""
        return super()._get_approval_types() | {
            "price_override": {"order": str, "register": int, "price": float, "currency": str}
        }

    def _describe_approval(self, kind, values):
        """Override of `jewelry_inventory` to say what the register asks for."""
        if kind != "price_override":
            return super()._describe_approval(kind, values)
        return {piece: piece._describe_price_override(values[piece.id]) for piece in self}

    def _describe_price_override(self, row):
        currency = self.env["res.currency"].search([("name", "=", row["currency"])])
        config = self.env["pos.config"].browse(row["register"])
        return self.env._(
            "%(price)s at %(register)s",
            price=currency.format(row["price"]),
            register=config.display_name,
        )

    def _get_told_facts(self):
        """Return what registers and receipts tell: `description`, `reports` and `care`."""
        self.ensure_one()
        return {
            "description": self._get_specification(),
            "reports": [
                {"laboratory": report.laboratory_id.name, "number": report.number}
                for report in self._get_client_reports()
            ],
            "care": self._get_care_texts(),
        }

    def _get_care_texts(self):
        """Return how to care for the piece: what is known of its kinds of stones, each once."""
        self.ensure_one()
        # In sudo: whoever sells the piece may say how it is cared for.
        stones = self.sudo().stone_ids
        texts = [stone.variety_id.care or stone.species_id.care for stone in stones]
        return [*dict.fromkeys(filter(None, texts))]

    # === GUARDS === #

    def _wait_for_pieces(self):
        """Take these pieces for this transaction alone, in id order, and wait for whoever has one:
        an order that is paid is not refused because somebody else was at it.

        In a snapshot that is older than what the other one wrote, the database refuses, and the
        request runs again.
        """
        if self:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM stock_lot WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                    tuple(self.ids),
                )
            )
