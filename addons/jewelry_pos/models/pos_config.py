from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.jewelry_inventory.const import PIECE_KINDS

# Statuses of a piece that is somewhere, to be sold or not.
SHOWN_STATUSES = (
    "available",
    "reserved",
    "memo_out",
    "bench",
    "layaway",
    "hold",
    "transit",
)
SHOWN = Domain("piece_status", "in", SHOWN_STATUSES)

# Columns of a piece that the register filters by, as they are in the database.
COLUMNS = (
    "id",
    "name",
    "product_id",
    "location_id",
    "species_id",
    "stone_origin",
    "shape_id",
    "color_grade_id",
    "clarity_grade_id",
    "cut_grade_id",
    "carat_weight",
    "metal_id",
    "alloy_id",
    "ring_circumference",
    "former_number",
    "inscription",
)

# What prices and reasons ask of each piece.
REASONED = ("jewelry_kind", "list_price", "piece_status", "product_id", "stock_type")

# Columns that hold records, and the model whose names they are shown by.
LABELLED = {
    "location_id": "stock.location",
    "species_id": "jewelry.gem.species",
    "shape_id": "jewelry.shape",
    "color_grade_id": "jewelry.grade",
    "clarity_grade_id": "jewelry.grade",
    "cut_grade_id": "jewelry.grade",
    "metal_id": "jewelry.metal",
    "alloy_id": "jewelry.alloy",
}


class PosConfig(models.Model):
    """A register that knows every piece of the store."""

    _name = "pos.config"
    _inherit = [
        "pos.config",
        "jewelry.pos.config.price",
        "jewelry.pos.transfer",
        "jewelry.register.aftersale",
    ]

    # === PUBLIC METHODS, FOR THE REGISTER === #

    @api.readonly
    def load_piece_catalog(self, cursor=False):
        """Return the pieces that the register may show, in columns, or what changed since.

        :param cursor: what an earlier answer said; False for everything
        :return: `columns` {name: list}, `labels` {column: {id: name}}, `gone` ids of pieces that
            are no longer shown, and `cursor`
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        new_cursor = self._get_catalog_cursor()
        pieces, gone = self._get_catalog_pieces(cursor)
        columns = self._read_catalog_columns(pieces)
        return {
            "cursor": new_cursor,
            "columns": columns,
            "labels": self._get_catalog_labels(columns),
            "gone": gone.ids,
            "claims": self._get_catalog_claims(),
        }

    @api.readonly
    def find_piece(self, code, order_uuid=False):
        """Return the piece that a scanned code names, as `read_piece`, or False.

        :param str code: what the scanner read, of any kind that the store knows
        """
        self.ensure_one()
        piece = self.env["stock.lot"]._get_piece_by_scan(code)
        return bool(piece) and self.read_piece(piece.id, order_uuid)

    @api.readonly
    def read_piece(self, piece_id, order_uuid=False):
        """Return what the register shows of one piece, as it is now.

        :param int piece_id: id of the piece
        :param str order_uuid: the register's order that may take it
        :return: row of the catalog, `is_shown` whether the catalog has it, `reason` why it cannot
            be sold or False, `request` by which another shop sends it for the order,
            `description`, `reports`, prices of pricelists that start from the cost, and `sale`
            that it left by, as of `_get_piece_sale`
        :rtype: dict
        """
        self.ensure_one()
        piece = self.env["stock.lot"].browse(piece_id)
        piece.check_access("read")
        known = piece._get_unavailability()
        columns = self._read_catalog_columns(piece, known)
        elsewhere = self._get_elsewhere_reasons(piece, order_uuid)
        reasons = piece._get_register_reasons(order_uuid, known)
        can_ask = piece in elsewhere and piece not in reasons
        return {
            "row": {name: values[0] for name, values in columns.items()} | {"can_ask": can_ask},
            "labels": self._get_catalog_labels(columns),
            "is_shown": bool(piece.filtered_domain(self._get_catalog_domain() & SHOWN)),
            "reason": (elsewhere | reasons).get(piece, False),
            "request": piece._get_request_moves(order_uuid)._describe_request(),
            "sale": self._get_piece_sale(piece),
            "prices": self._get_cost_based_prices(piece),
            **piece._get_told_facts(),
        }

    @api.readonly
    def get_counter_sections(self, partner_id):
        """Return what the cashier should know of a customer, as of `_get_counter_sections`.

        :param int partner_id: id of the customer
        """
        self.ensure_one()
        self.check_access("read")
        partner = self.env["res.partner"].browse(partner_id)
        partner.check_access("read")
        return partner.with_company(self.company_id)._get_counter_sections()

    def claim_piece(self, piece_id, order_uuid):
        """Keep a piece for an open order of this register, and tell as `read_piece`; a piece that
        cannot be sold is not kept.

        :param int piece_id: id of the piece
        :param str order_uuid: the order that takes it
        """
        self.env["pos.order"].check_access("create")
        answer = self.read_piece(piece_id, order_uuid)
        if not answer["reason"]:
            piece = self.env["stock.lot"].browse(piece_id)
            self.env["jewelry.pos.claim"]._claim(piece, self, order_uuid)
        return answer

    def renew_claims(self, orders):
        """Keep the pieces of this register's open orders for another while.

        :param dict orders: {uuid of an order: ids of its pieces}
        :return: what was lost while the register was silent: `order_uuid`, `piece_id`, `number` and
            `reason` of each piece
        :rtype: list
        """
        self.ensure_one()
        self.check_access("read")
        lost = []
        for order_uuid, piece_ids in orders.items():
            pieces = self.env["stock.lot"].search([("id", "in", piece_ids)])
            elsewhere = self._get_elsewhere_reasons(pieces, order_uuid)
            reasons = elsewhere | pieces._get_register_reasons(order_uuid)
            free = pieces.filtered(lambda piece, reasons=reasons: piece not in reasons)
            self.env["jewelry.pos.claim"]._renew(free, self, order_uuid)
            lost += [
                {
                    "order_uuid": order_uuid,
                    "piece_id": piece.id,
                    "number": piece.name,
                    "reason": reason,
                }
                for piece, reason in reasons.items()
            ]
        return lost

    def release_pieces(self, order_uuid, piece_ids=None):
        """Give back what an open order of this register kept, or had asked another shop for.

        :param str order_uuid: the order
        :param list piece_ids: ids of pieces; all of the order without
        """
        self.ensure_one()
        self.check_access("read")
        own = Domain("order_uuid", "=", order_uuid) & Domain("config_id", "=", self.id)
        given = Domain.TRUE if piece_ids is None else Domain("piece_id", "in", piece_ids)
        self.env["jewelry.pos.claim"]._give_back(own & given)
        self.env["stock.move"]._give_up_requests([order_uuid], given)

    # === CATALOG === #

    def _get_catalog_cursor(self):
        """Return a time before which everything that was written can be seen.

        What a transaction writes carries the time at which it began, so that the oldest one that
        still runs bounds it, not the clock.
        """
        ((cursor,),) = self.env.execute_query(
            SQL(
                """SELECT LEAST(MIN(xact_start), NOW())::timestamptz AT TIME ZONE 'UTC'
                     FROM pg_stat_activity
                    WHERE datname = CURRENT_DATABASE() AND backend_type = 'client backend'"""
            )
        )
        return fields.Datetime.to_string(cursor)

    def _get_catalog_domain(self):
        return Domain(
            [
                ("jewelry_kind", "in", PIECE_KINDS),
                ("company_id", "=", self.company_id.id),
                ("product_id.available_in_pos", "=", True),
                ("product_id.sale_ok", "=", True),
            ]
        )

    def _get_catalog_pieces(self, cursor):
        """Return the pieces to send, and those to take out of the register."""
        lots, domain = self.env["stock.lot"], self._get_catalog_domain()
        if not cursor:
            return lots.search(domain & SHOWN, order="id"), lots
        changed = self._get_changed_pieces(cursor)
        # What the register may show no more is told, too, whatever kept it off the shelf.
        pieces = lots.search(domain & SHOWN & Domain("id", "in", changed.ids), order="id")
        return pieces, changed - pieces

    def _get_changed_pieces(self, cursor):
        """Return the company's pieces that were written since, or anything that is shown of them.

        Each kind of change is asked for by itself, so that its index finds the few that changed.
        """
        lots = self.env["stock.lot"]
        since = Domain("write_date", ">=", cursor)
        return lots.union(
            *(
                lots.search(Domain("company_id", "=", self.company_id.id) & change, order="id")
                for change in (
                    since,
                    Domain("product_id.product_tmpl_id", "any", since),
                    Domain("report_ids", "any", since),
                    Domain("stone_ids.report_ids", "any", since),
                )
            )
        )

    def _get_catalog_claims(self):
        """Return what open orders of the company's registers keep: ids of pieces, uuid of the order
        and name of the register.
        """
        claims = self.env["jewelry.pos.claim"]._get_company_claims(self.company_id)
        return [
            {
                "piece_ids": kept.piece_id.ids,
                "order_uuid": order_uuid,
                "register": kept.config_id[:1].name,
            }
            for order_uuid, kept in claims.grouped("order_uuid").items()
        ]

    def _read_catalog_columns(self, pieces, unavailable=None):
        """Return {name: values} of pieces, one list a column.

        :param dict unavailable: what `_get_unavailability` says of them, where it was asked already
        """
        self.env["stock.lot"].flush_model(COLUMNS)
        rows = self.env.execute_query(
            SQL(
                """SELECT %s FROM stock_lot WHERE id = ANY(%s) ORDER BY id""",
                SQL(", ").join(map(SQL.identifier, COLUMNS)),
                pieces.ids,
            )
        )
        columns = {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}
        pieces = pieces.browse(columns["id"])
        # At once, and no more of the pieces than prices and reasons ask for.
        pieces.fetch(REASONED)
        prices = pieces._compute_base_price()
        if unavailable is None:
            unavailable = pieces._get_unavailability()
        elsewhere = self._get_elsewhere_reasons(pieces)
        askable = elsewhere.keys() - unavailable.keys()
        reasons = elsewhere | unavailable
        rate = self._get_price_rate()
        reports, photos = self._get_report_numbers(pieces), self._get_photographed_ids(pieces)
        return columns | {
            "price": [prices[piece] * rate for piece in pieces],
            "reason": [reasons.get(piece, False) for piece in pieces],
            "can_ask": [piece in askable for piece in pieces],
            "reports": [reports.get(piece.id, False) for piece in pieces],
            "photo": [piece.id in photos for piece in pieces],
        }

    def _get_photographed_ids(self, pieces):
        """Return the ids of the pieces that have a picture."""
        return {
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """SELECT res_id FROM ir_attachment
                        WHERE res_model = 'stock.lot' AND res_field = 'image_128'
                          AND res_id = ANY(%s)""",
                    pieces.ids,
                )
            )
        }

    def _convert_price(self, amount):
        """Return a price of the company in the register's currency."""
        return amount * self._get_price_rate()

    def _get_price_rate(self):
        """Return what one of the company's currency is in the register's, today."""
        company = self.company_id
        return company.currency_id._get_conversion_rate(
            company.currency_id, self.currency_id, company, fields.Date.context_today(self)
        )

    def _get_report_numbers(self, pieces):
        """Return {piece id: numbers of the current laboratory reports, a space between}."""
        reports = self.env["jewelry.grading.report"]
        reports.flush_model(["piece_id", "stone_id", "number", "is_current"])
        self.env["jewelry.stone"].flush_model(["holder_id"])
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT piece_id, STRING_AGG(number, ' ' ORDER BY number)
                         FROM (SELECT report.piece_id, report.number
                                 FROM jewelry_grading_report report
                                WHERE report.is_current AND report.piece_id = ANY(%(ids)s)
                            UNION ALL
                               SELECT stone.holder_id, report.number
                                 FROM jewelry_stone stone
                                 JOIN jewelry_grading_report report ON report.stone_id = stone.id
                                WHERE report.is_current AND stone.holder_id = ANY(%(ids)s)
                              ) numbers
                     GROUP BY piece_id""",
                    ids=pieces.ids,
                )
            )
        )

    def _get_catalog_labels(self, columns):
        """Return {column: {id: name}} of the records that these columns hold."""
        return {
            name: {
                record.id: record.display_name
                for record in self.env[model].browse(filter(None, set(columns[name])))
            }
            for name, model in LABELLED.items()
        }

    # === PRICELISTS === #

    def _get_cost_based_pricelists(self):
        """Return the register's pricelists that have a rule on the cost, themselves or by what
        they start from.
        """
        # In sudo: rules on costs are out of sight for those who may not see costs.
        pricelists = self._get_available_pricelists().sudo()
        based = self.env["product.pricelist"].sudo()
        rules = self.env["product.pricelist.item"].sudo()
        found = rules.search([("base", "=", "standard_price")]).pricelist_id
        while found - based:
            based |= found
            found = rules.search([("base_pricelist_id", "in", found.ids)]).pricelist_id
        return (pricelists & based).sudo(False)

    def _get_cost_based_prices(self, piece):
        """Return {pricelist id: price} of a piece under the pricelists that reckon with its cost,
        which no browser does.
        """
        product = piece.product_id.with_context(priced_piece_id=piece.id)
        return {
            pricelist.id: pricelist._get_product_price(product, 1.0, currency=self.currency_id)
            for pricelist in self._get_cost_based_pricelists()
        }

    def _get_told_prices(self, products):
        """Return what products cost where a rule on the cost prices them: the browser is told the
        price, and not the rule. Pieces have each their own, see `read_piece`.

        :return: {product id: {pricelist id: [[quantity from which it holds, price or False]]}},
            largest quantity first; where a rule without a cost holds, the browser has that
        :rtype: dict
        """
        told = {}
        goods = products.filtered(lambda product: product.jewelry_kind not in PIECE_KINDS)
        for pricelist in self._get_cost_based_pricelists():
            steps = self._get_price_steps(pricelist, goods)
            for product in goods:
                prices = [[quantity, priced[product.id]] for quantity, priced in steps]
                if any(price is not False for _quantity, price in prices):
                    told.setdefault(product.id, {})[pricelist.id] = prices
        return told

    def _get_price_steps(self, pricelist, products):
        """Return [(quantity, {product id: price or False})], largest quantity first."""
        # In sudo: rules on costs are out of sight for those who may not see costs.
        chain = self._get_base_pricelists(pricelist.sudo())
        quantities = {0.0, *chain.item_ids.mapped("min_quantity")}
        based = chain.item_ids.filtered(
            lambda rule: rule.base == "standard_price" or rule.base == "pricelist"
        )
        steps = []
        for quantity in sorted(quantities, reverse=True):
            ruled = pricelist._compute_price_rule(
                products, quantity or 1.0, currency=self.currency_id
            )
            prices = {
                product_id: price if rule_id in based.ids else False
                for product_id, (price, rule_id) in ruled.items()
            }
            steps.append((quantity, prices))
        return steps

    def _get_base_pricelists(self, pricelists):
        """Return pricelists with all that they start from, directly or not."""
        found = pricelists
        while more := found.item_ids.base_pricelist_id - found:
            found |= more
        return found

    # === BUS === #

    @api.model
    def _tell_registers(self, companies, name, message=None):
        """Tell the open registers of companies of a change.

        :param companies: `res.company`
        :param str name: kind of message
        :param dict message: what to tell; registers ask for the rest
        """
        # In sudo: all registers hear of it, whoever made the change.
        sessions = (
            self.env["pos.session"]
            .sudo()
            .search([("state", "!=", "closed"), ("company_id", "in", companies.ids)])
        )
        for config in sessions.config_id:
            config._notify(name, message or {})
