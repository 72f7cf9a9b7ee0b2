from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

ACTIVITY = "mail.mail_activity_data_todo"
# What the query of moves reads.
QUERIED = {
    "stock.location": ["parent_path"],
    "stock.lot": ["is_piece"],
    "stock.move": ["jewelry_count_id"],
    "stock.move.line": ["date", "location_dest_id", "location_id", "lot_id", "move_id", "state"],
}


class JewelryCountTieOut(models.Model):
    """Each day and place: pieces at the last count, what came and went since, and what the books
    have. Written every night; a difference was left by a count, or came without a move.
    """

    _name = "jewelry.count.tie.out"
    _inherit = "jewelry.guard.mixin"
    _description = "Daily Tie-Out"
    _order = "date desc, id desc"

    date = fields.Datetime(required=True, readonly=True, index=True)
    count_id = fields.Many2one(
        comodel_name="jewelry.count",
        string="Last Count",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="count_id.company_id", store=True)
    place_id = fields.Many2one(
        comodel_name="stock.location", required=True, readonly=True, index=True, ondelete="cascade"
    )
    count_date = fields.Datetime(related="count_id.close_date", string="Counted On")
    counted_quantity = fields.Integer(string="Counted", readonly=True, help="Pieces.")
    in_quantity = fields.Integer(string="Came In", readonly=True)
    out_quantity = fields.Integer(string="Went Out", readonly=True)
    book_quantity = fields.Integer(string="By the Books", readonly=True)
    difference = fields.Integer(readonly=True, help="By the books, less counted, less moves.")

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: written by the close of a count and every night."""
        return super()._get_guarded_fields() | (self._fields.keys() - set(models.MAGIC_COLUMNS))

    # === BUSINESS METHODS === #

    @api.model
    def _begin(self, count):
        """Write down what was counted in each place of a count that closes."""
        count.tie_out_ids.unlink()
        held = self._read_held(count.place_ids)
        counted = {
            (count, place): self._count_pieces(count, place, held[place])
            for place in count.place_ids
        }
        self._write_down(counted, count.close_date)

    @api.model
    def _count_pieces(self, count, place, held):
        """Return how many pieces were found in a place: those of the books, less what was missing
        or lay elsewhere, with what was found there and booked elsewhere.
        """
        found = held
        for line in count.line_ids._filter_differences().filtered("lot_id.is_piece"):
            found += self._is_within(line.found_place_id, place)
            found -= self._is_within(line.place_id, place)
        return found

    @api.model
    def _is_within(self, place, around):
        return bool(place) and place.parent_path.startswith(around.parent_path)

    @api.model
    def _write_down(self, counted, date):
        """Write a row for each place: the count, and what became of the place since.

        :param dict counted: {(count, place): how many pieces were there}
        """
        held = self._read_held(self.env["stock.location"].union(*(place for _c, place in counted)))
        moved = self._read_moved(counted)
        self.create(
            [
                self._prepare(count, place, date, number, held[place], *moved[count, place])
                for (count, place), number in counted.items()
            ]
        )

    @api.model
    def _prepare(self, count, place, date, counted, held, came, went):
        return {
            "date": date,
            "count_id": count.id,
            "place_id": place.id,
            "counted_quantity": counted,
            "in_quantity": came,
            "out_quantity": went,
            "book_quantity": held,
            "difference": held - (counted + came - went),
        }

    @api.model
    def _read_held(self, places):
        """Return how many pieces the books have in each place, and in those inside it.

        :rtype: dict
        :return: {place: number}
        """
        domain = Domain("location_id", "child_of", places.ids)
        domain &= Domain("lot_id.is_piece", "=", True)
        found = self.env["stock.quant"]._read_group(domain, ["location_id"], ["quantity:sum"])
        return {
            place: round(sum(number for inside, number in found if self._is_within(inside, place)))
            for place in places
        }

    @api.model
    def _read_moved(self, counted):
        """Return how many pieces came into each place and left it after its count, without the
        moves by which the count itself made the books right. One query, for however many places.

        :param counted: pairs of count and place
        :rtype: dict
        :return: {(count, place): (came, went)}
        """
        for model, names in QUERIED.items():
            self.env[model].flush_model(names)
        rows = [
            SQL("(%s, %s, %s, %s)", count.id, place.id, place.parent_path, count.close_date)
            for count, place in counted
        ]
        found = self.env.execute_query(self._get_moved_query(rows)) if rows else []
        moved = {(count, place): (came, went) for count, place, came, went in found}
        return {(count, place): moved.get((count.id, place.id), (0, 0)) for count, place in counted}

    @api.model
    def _get_moved_query(self, rows):
        """Return the query of what came and went; `rows` are count, place, its path and a date."""
        return SQL(
            """
            WITH inside AS (
                SELECT counted.count_id, counted.place_id, counted.since, location.id
                  FROM (VALUES %(rows)s) AS counted (count_id, place_id, path, since)
                  JOIN stock_location location ON location.parent_path LIKE counted.path || '%%'
            ),
            ways AS (
                SELECT inside.count_id, inside.place_id, line.id, 1 AS way
                  FROM inside
                  JOIN stock_move_line line ON line.location_dest_id = inside.id
                 WHERE line.state = 'done' AND line.date > inside.since
                 UNION ALL
                SELECT inside.count_id, inside.place_id, line.id, -1
                  FROM inside
                  JOIN stock_move_line line ON line.location_id = inside.id
                 WHERE line.state = 'done' AND line.date > inside.since
            ),
            -- What moves within a place comes and goes.
            crossed AS (
                SELECT count_id, place_id, id, SUM(way) AS way
                  FROM ways GROUP BY count_id, place_id, id HAVING SUM(way) <> 0
            )
            SELECT crossed.count_id, crossed.place_id,
                   COUNT(*) FILTER (WHERE way > 0), COUNT(*) FILTER (WHERE way < 0)
              FROM crossed
              JOIN stock_move_line line ON line.id = crossed.id
              JOIN stock_lot lot ON lot.id = line.lot_id
              LEFT JOIN stock_move move ON move.id = line.move_id
             WHERE lot.is_piece AND move.jewelry_count_id IS DISTINCT FROM crossed.count_id
             GROUP BY crossed.count_id, crossed.place_id
            """,
            rows=SQL(", ").join(rows),
        )

    # === SCHEDULED === #

    @api.model
    def _cron_daily(self):
        """Tie every counted place out, and prepare the counts that are due."""
        now = fields.Datetime.now()
        rows = self._get_last_rows()
        self._write_down({(row.count_id, row.place_id): row.counted_quantity for row in rows}, now)
        self._prepare_due_counts(now)

    @api.model
    def _get_last_rows(self):
        """Return the row of the last count of each place that was counted."""
        last = Counter()
        states = Domain("count_id.state", "in", ("counted", "done"))
        for place, count_id in self._read_group(states, ["place_id"], ["count_id:max"]):
            last[place.id] = count_id
        rows = self.search([("count_id", "in", list(last.values()))], order="id desc")
        own = rows.filtered(lambda row: last[row.place_id.id] == row.count_id.id)
        return self.browse({row.place_id.id: row.id for row in own}.values())

    @api.model
    def _prepare_due_counts(self, now):
        """Prepare a count of each place that was not counted in time, and remind somebody."""
        places = self.env["stock.location"].search([("count_cycle_days", ">", 0)])
        longest = timedelta(days=max(places.mapped("count_cycle_days"), default=0))
        counted = self._get_counted_dates(now, now - longest)
        for place in places:
            around = [int(step) for step in place.parent_path.split("/") if step]
            last = max((counted[step] for step in around if step in counted), default=None)
            if last is None or last <= now - timedelta(days=place.count_cycle_days):
                self._prepare_due_count(place)

    @api.model
    def _get_counted_dates(self, now, since):
        """Return when each place was last counted since then; one that waits to be counted is as
        good as counted now, so that nobody is reminded twice.
        """
        pending = Domain("state", "in", ("draft", "open"))
        closed = Domain("state", "in", ("counted", "done")) & Domain("close_date", ">=", since)
        dates = {}
        for count in self.env["jewelry.count"].search(pending | closed):
            for place in count.place_ids:
                date = count.close_date or now
                dates[place.id] = max(date, dates.get(place.id, date))
        return dates

    @api.model
    def _prepare_due_count(self, place):
        company = place.company_id or self.env.company
        count = self.env["jewelry.count"].create(
            {"kind": "cycle", "company_id": company.id, "place_ids": place.ids}
        )
        for user in place.count_user_id or self._get_managers(company):
            count.with_context(mail_activity_quick_update=True).activity_schedule(
                ACTIVITY,
                user_id=user.id,
                summary=self.env._("Count %(place)s", place=place.display_name),
            )

    @api.model
    def _get_managers(self, company):
        managers = self.env.ref("jewelry_inventory.group_manager").all_user_ids
        root = self.env.ref("base.user_root")
        return managers.filtered(
            lambda user: user.active and user != root and company in user.company_ids
        )
