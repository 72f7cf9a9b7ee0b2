from datetime import date, datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_datetime

from ..tools import rates
from ..tools.table import TableError, read_rows

# A century of daily rates is below two megabytes.
MAX_BYTES = 5_000_000


class JewelryMetalRate(models.Model):
    """What a gram of fine metal is bought and sold for, from a moment on.

    Rates are appended, never put in between: a price computed at a past moment must be found
    again.
    """

    _name = "jewelry.metal.rate"
    _inherit = ["jewelry.guard.mixin", "jewelry.approval.mixin"]
    _description = "Metal Rate"
    _order = "time desc, id desc"
    _check_company_domain = models.check_company_domain_parent_of

    metal_id = fields.Many2one(comodel_name="jewelry.metal", required=True, ondelete="restrict")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    time = fields.Datetime(required=True, default=fields.Datetime.now, copy=False)
    bid = fields.Float(
        string="Bid per gram",
        digits=(16, 6),
        required=True,
        aggregator="avg",
        help="What a gram of the fine metal is bought for, in the company's currency.",
    )
    ask = fields.Float(
        string="Ask per gram",
        digits=(16, 6),
        required=True,
        aggregator="avg",
        help="What a gram of the fine metal is sold for, in the company's currency.",
    )
    provider = fields.Selection(
        selection=[("manual", "Typed by hand"), ("csv", "File")],
        required=True,
        readonly=True,
        default="manual",
    )
    source = fields.Char(help="Who quoted it, such as a refiner or an exchange.")

    _time_unique = models.UniqueIndex(
        "(metal_id, company_id, time)",
        "This metal already has a rate at this time. Change that one.",
    )

    # === COMPUTE METHODS === #

    @api.depends("metal_id", "time")
    def _compute_display_name(self):
        for rate in self:
            moment = format_datetime(self.env, rate.time) if rate.time else ""
            rate.display_name = f"{rate.metal_id.name or ''} {moment}".strip()

    # === CONSTRAINT METHODS === #

    @api.constrains("bid", "ask")
    def _check_prices(self):
        """Refuse a rate that is not above zero, or that buys dearer than it sells."""
        for rate in self:
            if min(rate.bid, rate.ask) <= 0:
                raise ValidationError(
                    self.env._("%(rate)s: bid and ask must be above zero.", rate=rate.display_name)
                )
            if rate.bid > rate.ask:
                raise ValidationError(
                    self.env._(
                        "%(rate)s: the bid is what the metal is bought for and cannot be above "
                        "the ask.",
                        rate=rate.display_name,
                    )
                )

    @api.constrains("time")
    def _check_not_future(self):
        """Refuse a rate that does not hold yet."""
        now = fields.Datetime.now()
        for rate in self:
            if rate.time > now:
                raise ValidationError(
                    self.env._(
                        "%(rate)s lies in the future. Enter a time that has passed.",
                        rate=rate.display_name,
                    )
                )

    @api.constrains("metal_id", "company_id", "time")
    def _check_order(self):
        """Refuse a rate older than one that was entered before it."""
        if overtaken := self._get_out_of_order():
            raise ValidationError(
                self.env._(
                    "%(rate)s is older than a rate that is already there. Enter a later time: "
                    "rates can only be added after the newest one, because past prices depend "
                    "on the earlier ones.",
                    rate=overtaken[0].display_name,
                )
            )

    @api.constrains("company_id")
    def _check_main_company(self):
        """Keep rates on main companies, as exchange rates are."""
        for rate in self:
            if rate.company_id.sudo().parent_id:
                raise ValidationError(
                    self.env._(
                        "Metal rates belong to the main company, not to a branch. Enter them there."
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Let the stock be repriced after the transaction, where the company wants it.

        :raises RedirectWarning: when a rate is out of line, and nobody else approved it
        """
        rates = super().create(vals_list)
        rates._require_in_line()
        rates._request_repricing()
        return rates

    def write(self, vals):
        """Let the stock be repriced by a corrected rate too.

        :raises RedirectWarning: when it changes by more than may be typed alone
        """
        if corrected := vals.keys() & {"bid", "ask"}:
            self._require_correction(vals)
        res = super().write(vals)
        if corrected:
            self._request_repricing()
        return res

    def _get_frozen_fields(self):
        """Override: a rate that moves to another metal would be a new one, unseen."""
        return super()._get_frozen_fields() | {"metal_id", "company_id"}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_not_approved(self):
        self._require_override({rate: {"bid": 0.0, "ask": 0.0} for rate in self})

    # === ACTION METHODS === #

    def action_reprice(self):
        """Open a preview of what the newest rates do to the prices."""
        run = self.env["jewelry.price.run"].create({})
        run.action_preview()
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run.id,
            "view_mode": "form",
        }

    # === APPROVAL METHODS === #

    def _get_approval_types(self):
        """Override to let a rate that was entered be corrected, or deleted: both prices 0."""
        return super()._get_approval_types() | {"rate_override": {"bid": float, "ask": float}}

    def _describe_approval(self, kind, values):
        """Override to show the new prices beside those that were entered."""
        return self._describe_override(values, {rate.id: rate for rate in self}, self)

    def _carry_out_approval(self, kind, values, reason):
        """Override to correct or delete the rates."""
        for rate, row in values.items():
            if any(row.values()):
                rate.write(row)
            else:
                rate.unlink()

    @api.model
    def _describe_override(self, values, rates, subjects):
        """Say what prices become.

        :param dict values: {id of a subject: {"bid": price, "ask": price}}
        :param dict rates: {id of a subject: the rate that holds until now}
        :return: {subject: text}
        """
        texts = {}
        for subject in subjects:
            new, old = values[subject.id], rates.get(subject.id, self)
            texts[subject] = self.env._(
                "per gram: bid %(old_bid).6g → %(bid).6g, ask %(old_ask).6g → %(ask).6g",
                old_bid=old.bid,
                old_ask=old.ask,
                **new,
            )
            if not any(new.values()):
                texts[subject] = self.env._(
                    "deleted, per gram: bid %(bid).6g, ask %(ask).6g", bid=old.bid, ask=old.ask
                )
        return texts

    def _require_in_line(self):
        """Require a second person for new rates that are far from the ones before."""
        before = self._get_before()
        for (metal, company), new in self.grouped(
            lambda rate: (rate.metal_id, rate.company_id)
        ).items():
            newest = new.sorted("time")[-1:]
            old = before.get((metal.id, company.id))
            if old and newest._is_out_of_line(*old):
                values = {metal: {"bid": newest.bid, "ask": newest.ask}}
                metal.with_company(company)._require_approval("rate_override", values)

    def _require_correction(self, vals):
        """Require a second person for a correction that moves a rate far."""
        values = {}
        for rate in self:
            new = {name: vals.get(name, rate[name]) for name in ("bid", "ask")}
            if rate._is_out_of_line(new["bid"], new["ask"]):
                values[rate] = new
        if values:
            self.union(*values)._require_override(values)

    def _require_override(self, values):
        for rate in self:
            rate._require_approval("rate_override", {rate: values[rate]})

    def _is_out_of_line(self, bid, ask):
        """Tell whether two other prices are further from this rate than may be typed alone."""
        self.ensure_one()
        tolerance = self.company_id.sudo().approval_rate_percent / 100
        return any(
            min(old, new) <= 0 or max(old, new) / min(old, new) > 1 + tolerance
            for old, new in ((self.bid, bid), (self.ask, ask))
        )

    def _get_before(self):
        """Return {(metal id, company id): (bid, ask)} of the newest rates but these."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (metal_id, company_id) metal_id, company_id, bid, ask
                  FROM jewelry_metal_rate
                 WHERE metal_id = ANY(%(metals)s) AND company_id = ANY(%(companies)s)
                   AND id != ALL(%(ids)s)
              ORDER BY metal_id, company_id, time DESC
                """,
                metals=self.metal_id.ids,
                companies=self.company_id.ids,
                ids=self.ids,
            )
        )
        return {(metal, company): (float(bid), float(ask)) for metal, company, bid, ask in rows}

    # === BUSINESS METHODS === #

    def _request_repricing(self):
        """Start the repricing in the background; many rates at once start it once."""
        if set(self.company_id.mapped("jewelry_reprice")) - {"off"}:
            # In sudo: who enters a rate need not read scheduled actions.
            self.env.ref("jewelry_inventory.ir_cron_reprice").sudo()._trigger()

    @api.model
    def _get_rates(self, metals, company, moment=None):
        """Return the rate of each metal that held at a moment.

        :param metals: `jewelry.metal` records
        :param company: `res.company` record; a branch uses the rates of its main company
        :param moment: datetime in UTC, date (its end in UTC) or nothing for now
        :return: dict of metal id to `jewelry.metal.rate`; metals without a rate are left out
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT metal.id, rate.id
                  FROM jewelry_metal AS metal
                  JOIN LATERAL (
                    SELECT id
                      FROM jewelry_metal_rate
                     WHERE metal_id = metal.id AND company_id = %(company)s AND time <= %(moment)s
                     ORDER BY time DESC
                     LIMIT 1
                  ) AS rate ON TRUE
                 WHERE metal.id = ANY(%(metals)s)
                """,
                metals=list(metals.ids),
                company=company.root_id.id,
                moment=self._get_end(moment),
            )
        )
        return {metal_id: self.browse(rate_id) for metal_id, rate_id in rows}

    @api.model
    def _append_rates(self, provider, metal, company, **options):
        """Fetch quotes of a metal and add those newer than the newest rate.

        :param str provider: a key of the field `provider`; a module adds one with its
            `_fetch_rates_<provider>`
        :return: the new `jewelry.metal.rate` records
        """
        company = company.root_id
        quotes = getattr(self, f"_fetch_rates_{provider}")(metal, company, **options)
        newest = self._get_rates(metal, company, datetime.max).get(metal.id)
        return self.create(
            [
                {
                    "metal_id": metal.id,
                    "company_id": company.id,
                    "time": quote.time,
                    "bid": float(quote.bid),
                    "ask": float(quote.ask),
                    "provider": provider,
                    "source": options.get("source"),
                }
                for quote in quotes
                if not newest or quote.time > newest.time
            ]
        )

    @api.model
    def _fetch_rates_manual(self, metal, company, **options):
        """Return no quotes: they are typed into the list."""
        return []

    @api.model
    def _fetch_rates_csv(
        self, metal, company, *, content, filename, unit, currency, date_from, **options
    ):
        """Return the quotes of a table, in the company's currency.

        :param bytes content: a CSV file or a workbook
        :param str unit: what the prices are for, see `tools.weight.GRAMS_PER_UNIT`
        :param currency: `res.currency` of the file
        :param date_from: first day that counts, or False for all
        :raise UserError: if the file cannot be read or an exchange rate is missing
        """
        try:
            quotes = rates.read_quotes(read_rows(content, filename, MAX_BYTES), unit)
        except TableError as error:
            raise UserError(self._get_file_message(error.code, error.values)) from error
        quotes = [quote for quote in quotes if not date_from or quote.time.date() >= date_from]
        if currency == company.currency_id:
            return quotes
        return self._exchange_quotes(quotes, currency, company)

    # === TOOLING === #

    @api.model
    def _get_file_message(self, code, values):
        """Return what is wrong with a file of rates."""
        messages = {
            "columns": self.env._(
                "The first line must name the columns: Date and Price, or Date, Bid and Ask."
            ),
            "date": self.env._("Line %(line)s: “%(cell)s” is not a date such as 2026-06-01."),
            "price": self.env._("Line %(line)s: “%(cell)s” is not a price above zero."),
            "twice": self.env._(
                "Line %(line)s: %(cell)s is there twice. Remove one of the two lines."
            ),
            "empty": self.env._("The file is empty. Choose another one."),
            "too_large": self.env._(
                "The file is too large for a list of rates. Split it into smaller files."
            ),
        }
        unreadable = self.env._(
            "The file is neither a CSV file nor a workbook. Save it as CSV "
            "or XLSX and upload it again."
        )
        return messages.get(code, unreadable) % values

    @api.model
    def _exchange_quotes(self, quotes, currency, company):
        """Convert quotes by the exchange rate of their own day.

        Core falls back to a later rate or to 1 where it has none; a metal price must not.
        """
        foreign = self._get_exchange_table(currency, company)
        own = self._get_exchange_table(company.currency_id, company)
        converted = []
        for quote in quotes:
            day = quote.time.date()
            pair = rates.rate_on(foreign, day), rates.rate_on(own, day)
            if not all(pair):
                raise UserError(
                    self.env._(
                        "There is no exchange rate from %(foreign)s to %(own)s on %(day)s. "
                        "Enter one first.",
                        foreign=currency.name,
                        own=company.currency_id.name,
                        day=day,
                    )
                )
            converted.append(quote.exchanged(rates.weight.to_decimal(pair[1] / pair[0])))
        return converted

    @api.model
    def _get_exchange_table(self, currency, company):
        """Return `(date, rate)` of a currency; the company's own, if it has none, is 1."""
        rows = self.env["res.currency.rate"].search_fetch(
            [
                ("currency_id", "=", currency.id),
                ("company_id", "in", [False, company.id]),
            ],
            ["name", "rate"],
            order="name, company_id",
        )
        if not rows and currency == company.currency_id:
            return [(date.min, 1.0)]
        return [(row.name, row.rate) for row in rows]

    @api.model
    def _get_end(self, moment):
        """Return the last UTC datetime that a moment of `_get_rates` includes."""
        if isinstance(moment, date) and not isinstance(moment, datetime):
            return datetime.combine(moment, time.max)
        return moment or fields.Datetime.now()

    def _get_out_of_order(self):
        """Return the rates of self that are not between their neighbours by entry.

        Where all others are in order, one that is not differs from a neighbour already.
        """
        self.flush_model(["metal_id", "company_id", "time"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id
                  FROM (
                    SELECT id,
                           time,
                           LAG(time) OVER entries AS before,
                           LEAD(time) OVER entries AS after
                      FROM jewelry_metal_rate
                     WHERE metal_id = ANY(%(metals)s) AND company_id = ANY(%(companies)s)
                    WINDOW entries AS (PARTITION BY metal_id, company_id ORDER BY id)
                  ) AS entry
                 WHERE id = ANY(%(ids)s) AND (time < before OR time > after)
                """,
                metals=self.metal_id.ids,
                companies=self.company_id.ids,
                ids=self.ids,
            )
        )
        return self.browse(row[0] for row in rows)
