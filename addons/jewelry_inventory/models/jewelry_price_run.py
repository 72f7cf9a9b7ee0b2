from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import CHANGE_REASON, PRICED_STATUSES
from ..tools.reprice import STORED

# How many of the largest changes the form shows, each way.
SHOWN_MOVERS = 10

# Days after which the pieces of a repricing are forgotten, and an unused preview too.
KEPT_DAYS = 14


class JewelryPriceRun(models.Model):
    """One repricing of the stock: what it would change, then what it changed.

    A preview computes and keeps the new price of every piece; applying it computes again and
    stores the prices only if they are still those of the preview.
    """

    _name = "jewelry.price.run"
    _description = "Repricing"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env["ir.sequence"].next_by_code("jewelry.price.run"),
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("preview", "Preview"),
            ("done", "Applied"),
            ("undone", "Undone"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
    )
    is_automatic = fields.Boolean(readonly=True, help="Started by a new metal rate.")
    date = fields.Datetime(string="Previewed On", readonly=True, copy=False)
    done_date = fields.Datetime(string="Applied On", readonly=True, copy=False)

    # What is repriced, and by which rates
    categ_ids = fields.Many2many(
        comodel_name="product.category",
        string="Categories",
        help="With those below them. Empty for all.",
    )
    policy_ids = fields.Many2many(
        comodel_name="jewelry.price.policy",
        string="Policies",
        check_company=True,
        help="Empty for all.",
    )
    rate_time = fields.Datetime(
        string="Rates as Of", help="Empty: the newest rates. Else those that held at this time."
    )
    rate_ids = fields.Many2many(
        comodel_name="jewelry.metal.rate", string="Metal Rates", readonly=True, copy=False
    )
    rate_snapshot = fields.Json(readonly=True, copy=False)

    # Result
    mover_ids = fields.Many2many(
        comodel_name="jewelry.price.run.line",
        string="Largest Changes",
        compute="_compute_mover_ids",
    )
    piece_count = fields.Integer(string="Pieces Looked At", readonly=True, copy=False)
    up_count = fields.Integer(string="Up", readonly=True, copy=False)
    down_count = fields.Integer(string="Down", readonly=True, copy=False)
    same_count = fields.Integer(string="Unchanged", readonly=True, copy=False)
    locked_count = fields.Integer(string="Locked", readonly=True, copy=False)
    unpriced_count = fields.Integer(
        string="Without a Price",
        readonly=True,
        copy=False,
        help="Without policy, metal rate or anything that costs: they keep the price they have.",
    )
    lifted_count = fields.Integer(string="Held by Floor", readonly=True, copy=False)
    total_before = fields.Monetary(string="Before", readonly=True, copy=False)
    total_after = fields.Monetary(string="After", readonly=True, copy=False)
    difference = fields.Monetary(compute="_compute_difference", store=True)

    # === COMPUTE METHODS === #

    @api.depends("total_before", "total_after")
    def _compute_difference(self):
        for run in self:
            run.difference = run.total_after - run.total_before

    @api.depends("state", "date")
    def _compute_mover_ids(self):
        Line = self.env["jewelry.price.run.line"]
        for run in self:
            down, up = (
                Line.search(
                    [("run_id", "=", run._origin.id), ("state", "=", state)],
                    order=f"difference {direction}, id",
                    limit=SHOWN_MOVERS,
                )
                for state, direction in (("down", "ASC"), ("up", "DESC"))
            )
            run.mover_ids = up + down

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if self.filtered(lambda run: run.state in ("done", "undone")):
            raise UserError(self.env._("A repricing that was applied stays on record."))

    @api.autovacuum
    def _gc_runs(self):
        """Forget the pieces of old repricings, and previews that nobody applied."""
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        old = self.search([("write_date", "<", limit)])
        self.env["jewelry.price.run.line"]._delete(old)
        old.filtered(lambda run: run.state in ("draft", "preview")).unlink()

    # === ACTION METHODS === #

    def action_preview(self):
        """Compute what repricing would change, at the rates of now.

        :raises UserError: when the prices have been changed already
        """
        self.ensure_one()
        self._check_state("draft", "preview")
        rates = self._get_rates()
        quotes = self._get_quotes(self.env["stock.lot"].search(self._get_piece_domain()), rates)
        lines = self.env["jewelry.price.run.line"]
        lines._delete(self)
        lines._insert(self, quotes)
        self.write(
            {
                "state": "preview",
                "date": fields.Datetime.now(),
                "rate_ids": [rate.id for rate in rates.values()],
                "rate_snapshot": self._get_rate_snapshot(rates),
            }
            | self._prepare_totals(quotes)
        )

    def action_apply(self):
        """Store the prices of the preview.

        :raises UserError: when a rate or a price has changed since the preview
        """
        self.ensure_one()
        self.lock_for_update()
        self._check_state("preview")
        rates = self._get_rates()
        self._check_rates(rates)
        lines = self.env["jewelry.price.run.line"]
        expected = lines._get_prices(self)
        pricing = self._get_pricing()
        pieces = self.env["stock.lot"].browse(expected)
        quotes = pricing._get_quotes(pieces, rates, lock=True)
        kept = [quote for quote in quotes if quote.state in STORED]
        self._check_prices(kept, expected)
        kept_ids = [quote.piece_id for quote in kept]
        pricing._store(kept, "run", kept_ids)
        lines._leave_out(self, expected.keys() - set(kept_ids))
        self._set_done(len(kept))

    def action_undo(self):
        """Give the pieces of this repricing their former prices back.

        Pieces that have another price by now, or are locked, keep what they have.

        :raises UserError: when a later repricing was applied, or the pieces are forgotten
        """
        self.ensure_one()
        self.lock_for_update()
        self._check_state("done")
        self._check_undo()
        changes = self.env["jewelry.price.run.line"]._restore(self)
        pricing = self._get_pricing()
        pricing._after_update(self.env["stock.lot"].browse(changes))
        pricing._log_prices(changes, "undo")
        self.state = "undone"
        self.message_post(body=self.env._("%(count)s prices are back.", count=len(changes)))

    def action_view_lines(self):
        """Open the pieces of this repricing; the context key `price_state` picks a result."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_inventory.jewelry_price_run_line_action"
        )
        state = self.env.context.get("price_state")
        return action | {
            "domain": [("run_id", "=", self.id)],
            "context": {f"search_default_{state}": 1} if state else {},
        }

    # === BUSINESS METHODS === #

    def _get_pricing(self):
        """Return the pricing of pieces, which names this repricing as the reason."""
        return self.env["jewelry.piece.pricing"].with_context(**{CHANGE_REASON: self.name})

    @api.model
    def _cron_reprice(self):
        """Reprice, or offer to, in the companies that want it and have new metal rates."""
        companies = self.env["res.company"].search(
            [("parent_id", "=", False), ("jewelry_reprice", "!=", "off")]
        )
        for company in companies:
            self.with_company(company)._follow_rates(company)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _follow_rates(self, company):
        """Bring the automatic repricing of a company up to its newest rates."""
        runs = self.search(self._get_whole_domain(company), limit=1)
        snapshot = self._get_rate_snapshot(self.new({"company_id": company.id})._get_rates())
        if snapshot == (runs.rate_snapshot or {}):
            return
        run = runs.filtered(lambda run: run.is_automatic and run.state == "preview")
        run = run or self.create({"company_id": company.id, "is_automatic": True})
        run.action_preview()
        if not run.up_count + run.down_count:
            return
        if company.jewelry_reprice == "auto":
            run.action_apply()
        else:
            run._ask_managers()

    @api.model
    def _get_whole_domain(self, company):
        """Return the domain of the repricings that looked at all pieces of a company."""
        return [
            ("company_id", "=", company.id),
            ("state", "!=", "draft"),
            ("rate_time", "=", False),
            ("categ_ids", "=", False),
            ("policy_ids", "=", False),
        ]

    def _ask_managers(self):
        """Give each manager of the company something to do, once."""
        managers = self.env.ref("jewelry_inventory.group_manager").all_user_ids
        asked = self.activity_ids.user_id
        for manager in managers.filtered(lambda user: self.company_id in user.company_ids) - asked:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Metal rates have changed: look at the new prices"),
                user_id=manager.id,
            )

    def _set_done(self, count):
        self.write({"state": "done", "done_date": fields.Datetime.now()})
        self.activity_feedback(["mail.mail_activity_data_todo"])
        self.message_post(
            body=self.env._(
                "%(count)s pieces priced: %(up)s up, %(down)s down. Total %(before)s → %(after)s.",
                count=count,
                up=self.up_count,
                down=self.down_count,
                before=self.currency_id.format(self.total_before),
                after=self.currency_id.format(self.total_after),
            )
        )

    def _get_rates(self):
        """Return {metal id: `jewelry.metal.rate`} of this repricing, as of now."""
        metals = self.env["jewelry.metal"]._get_all()
        Rate = self.env["jewelry.metal.rate"]
        return Rate._get_rates(metals, self.company_id, self.rate_time or None)

    def _get_rate_snapshot(self, rates):
        """Return rates as they are kept, to tell later whether they have changed."""
        return {str(metal_id): [rate.id, rate.bid, rate.ask] for metal_id, rate in rates.items()}

    def _get_piece_domain(self):
        """Return the domain of the pieces that this repricing looks at."""
        domain = [
            ("company_id", "child_of", self.company_id.id),
            ("is_piece", "=", True),
            ("piece_status", "in", PRICED_STATUSES),
        ]
        if self.categ_ids:
            domain.append(("product_id.categ_id", "child_of", self.categ_ids.ids))
        return domain

    def _get_quotes(self, pieces, rates):
        quotes = self.env["jewelry.piece.pricing"]._get_quotes(pieces, rates)
        if not self.policy_ids:
            return quotes
        chosen = set(self.policy_ids.ids)
        return [quote for quote in quotes if quote.rule and quote.rule.policy_id in chosen]

    def _prepare_totals(self, quotes):
        """Return what the form says of quotes."""
        by_state = {}
        for quote in quotes:
            by_state.setdefault(quote.state, []).append(quote)
        counts = {state: len(group) for state, group in by_state.items()}
        stored = [quote for state in STORED for quote in by_state.get(state, ())]
        priced = [*stored, *by_state.get("locked", ())]
        return {
            "piece_count": len(quotes),
            "up_count": counts.get("up", 0),
            "down_count": counts.get("down", 0),
            "same_count": counts.get("same", 0),
            "locked_count": counts.get("locked", 0),
            "unpriced_count": len(quotes) - len(priced),
            "lifted_count": sum(quote.lifted for quote in stored),
            "total_before": float(sum(quote.old for quote in quotes)),
            "total_after": float(
                sum(quote.new if quote.state in STORED else quote.old for quote in quotes)
            ),
        }

    # === CHECKS === #

    def _check_state(self, *states):
        if self.state not in states:
            raise UserError(self.env._("%(run)s has been applied already.", run=self.name))

    def _check_rates(self, rates):
        if self._get_rate_snapshot(rates) != (self.rate_snapshot or {}):
            raise UserError(
                self.env._("A metal rate has changed since the preview. Preview again.")
            )

    def _check_prices(self, quotes, expected):
        """Refuse quotes that differ from the prices of the preview.

        :param dict expected: as of `jewelry.price.run.line._get_prices`
        """
        stale = [
            quote.piece_id
            for quote in quotes
            if [quote.old, quote.new] != list(map(Decimal, expected[quote.piece_id]))
        ]
        if stale:
            raise UserError(
                self.env._(
                    "%(count)s pieces have changed since the preview, such as %(pieces)s. "
                    "Preview again.",
                    count=len(stale),
                    pieces=", ".join(self.env["stock.lot"].browse(stale[:5]).mapped("name")),
                )
            )

    def _check_undo(self):
        later = [
            ("company_id", "=", self.company_id.id),
            ("state", "=", "done"),
            ("done_date", ">", self.done_date),
        ]
        if self.search_count(later, limit=1):
            raise UserError(self.env._("Undo the later repricing first."))
        if not self.env["jewelry.price.run.line"].search_count([("run_id", "=", self.id)], limit=1):
            raise UserError(
                self.env._("This repricing is too old: its former prices are not kept any more.")
            )
