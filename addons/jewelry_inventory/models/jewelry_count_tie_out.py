from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

ACTIVITY = "mail.mail_activity_data_todo"


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
        self.create(
            [
                self._prepare(count, place, count.close_date, self._count_pieces(count, place))
                for place in count.place_ids
            ]
        )

    @api.model
    def _count_pieces(self, count, place):
        """Return how many pieces were found in a place: those of the books, less what was missing
        or lay elsewhere, with what was found there and booked elsewhere.
        """
        found = self._get_book_quantity(place)
        for line in count.line_ids._filter_differences().filtered("lot_id.is_piece"):
            found += self._is_within(line.found_place_id, place)
            found -= self._is_within(line.place_id, place)
        return found

    @api.model
    def _is_within(self, place, around):
        return bool(place) and place.parent_path.startswith(around.parent_path)

    @api.model
    def _prepare(self, count, place, date, counted):
        """Return the values of a row: the count, and what became of the place since."""
        came, went = self._get_moved(count, place)
        held = self._get_book_quantity(place)
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
    def _get_book_quantity(self, place):
        domain = Domain("location_id", "child_of", place.id) & Domain("lot_id.is_piece", "=", True)
        return round(self.env["stock.quant"]._read_group(domain, [], ["quantity:sum"])[0][0] or 0)

    @api.model
    def _get_moved(self, count, place):
        """Return how many pieces came into a place and left it after a count, without the moves
        by which the count itself made the books right.
        """
        source = Domain("location_id", "child_of", place.id)
        dest = Domain("location_dest_id", "child_of", place.id)
        done = Domain("state", "=", "done") & Domain("date", ">", count.close_date)
        done &= Domain("lot_id.is_piece", "=", True)
        done &= Domain("move_id.jewelry_count_id", "!=", count.id)
        lines = self.env["stock.move.line"]
        return (
            lines.search_count(done & dest & ~source),
            lines.search_count(done & source & ~dest),
        )

    # === SCHEDULED === #

    @api.model
    def _cron_daily(self):
        """Tie every counted place out, and prepare the counts that are due."""
        now = fields.Datetime.now()
        self.create(
            [
                self._prepare(row.count_id, row.place_id, now, row.counted_quantity)
                for row in self._get_last_rows()
            ]
        )
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
