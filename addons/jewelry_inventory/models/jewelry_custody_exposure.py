from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import custody
from ..tools.custody import Exposure, Place
from .stock_location import PLACE_ROLES

# What is in places of these usages is in our custody, the transport between two stores included.
CUSTODY_USAGES = ("internal", "transit")
# What a query of the exposure reads.
QUERIED = {
    "stock.quant": ["location_id", "lot_id", "owner_id", "quantity"],
    "stock.lot": ["company_id", "jewelry_kind", "list_price", "product_tmpl_id", "standard_price"],
    "product.template": ["list_price"],
}


class JewelryCustodyExposure(models.AbstractModel):
    """What is at risk in each place right now, against the limits of the insurer.

    One grouped query over what is on hand; nothing is stored.
    """

    _name = "jewelry.custody.exposure"
    _description = "Custody Exposure"

    # === ACTION METHODS === #

    @api.model
    @api.readonly
    def get_page(self, period=None):
        """Return what the page of custody shows of the current company.

        :param str period: open or closed; as it is now by default
        :return: sections by role, each with its places and the limits that hold, and totals; what
            is reckoned from costs is None for whom costs are hidden from
        :raises AccessError: for whoever may not see insured limits
        """
        self.env["jewelry.custody.limit"].check_access("read")
        company = self.env.company
        current_period = self._get_period(company)
        period = period or current_period
        places = self._get_places(company)
        amounts = self._get_amounts(company, places)
        rows = custody.fold(amounts, places)
        limits = self._get_limit_rows(company, period, amounts, places)
        shown = rows.keys() | {limit["place_id"] for limit in limits if limit["place_id"]}
        names = self._get_names(shown)
        total = custody.add_up(amounts.values())
        return {
            "company": company.name,
            "currency_id": company.currency_id.id,
            "basis": company.custody_basis,
            "period": period,
            "current_period": current_period,
            "clock": company.custody_tz or "",
            "with_cost": self._can_see_costs(),
            "time": fields.Datetime.to_string(fields.Datetime.now()),
            "sections": self._get_sections(names, rows, limits, places),
            "total": self._format(total),
            "over": sum(limit["level"] == "over" for limit in limits),
            "near": sum(limit["level"] == "near" for limit in limits),
            "limits": len(limits),
            **self._get_case_counts(company),
        }

    @api.model
    def action_open_goods(self, place_id=None, role=None):
        """Return the action that lists what is in a place, or in all places of a role.

        :param int place_id: with all places inside it
        :param str role: "" for places that have none
        """
        self.env["jewelry.custody.limit"].check_access("read")
        company = self.env.company
        if place_id:
            name, places = self.env["stock.location"].browse(place_id).display_name, None
            domain = [("location_id", "child_of", place_id)]
        else:
            known = self._get_places(company)
            name = self._get_role_label(role)
            places = [
                key for key, place in known.items() if custody.find_role(place, known) == role
            ]
            domain = [("location_id", "in", places)]
        held = [*domain, ("quantity", ">", 0), ("location_id.usage", "in", CUSTODY_USAGES)]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_inventory.jewelry_custody_goods_action"
        )
        goods = [
            ("jewelry_kind", "!=", False),
            ("company_id", "=", company.id),
            ("quant_ids", "any", held),
        ]
        return action | {"name": name, "domain": goods}

    # === PAGE === #

    @api.model
    def _get_sections(self, names, rows, limits, places):
        """Return the sections of the page, one for each role, without empty ones."""
        sections = []
        for role, label in self._get_role_labels():
            inside = [
                self._get_place_row(key, names[key], rows.get(key, Exposure()), limits)
                for key in names
                if self._get_role_of(key, places) == role
            ]
            own = [limit for limit in limits if not limit["place_id"] and limit["role"] == role]
            if inside or own:
                sums = [rows[row["id"]] for row in inside if row["id"] in rows]
                exposure = self._format(custody.add_up(sums))
                sections.append(
                    {"role": role, "name": label, "rows": inside, "limits": own} | exposure
                )
        return sections

    @api.model
    def _get_place_row(self, key, name, exposure, limits):
        own = [limit for limit in limits if limit["place_id"] == key]
        return {"id": key, "name": name, "limits": own} | self._format(exposure)

    @api.model
    def _get_role_of(self, key, places):
        """Return the role of a place of the page; those that only hold others have none."""
        return custody.find_role(places[key], places) if key in places else ""

    @api.model
    def _get_role_labels(self):
        """Return the roles in their order, and what has none first: it is the whole store."""
        labels = dict(
            self.env["stock.location"]._fields["jewelry_role"]._description_selection(self.env)
        )
        return [("", self.env._("Store"))] + [(role, labels[role]) for role, _label in PLACE_ROLES]

    @api.model
    def _get_role_label(self, role):
        return dict(self._get_role_labels())[role or ""]

    @api.model
    def _get_names(self, keys):
        """Return {id: name} of places, in the order of their names."""
        # In sudo: whose goods they are was decided by the company, not by who may see the place.
        places = self.env["stock.location"].sudo().browse(keys)
        return {place.id: place.complete_name for place in places.sorted("complete_name")}

    @api.model
    def _get_limit_rows(self, company, period, amounts, places):
        """Return the limits in force, with what they are compared with."""
        rows, totals = [], custody.total_up(amounts, places)
        for limit in self.env["jewelry.custody.limit"]._get_limits(company, period):
            exposure = custody.measure(limit._get_rule(), totals)
            rows.append(
                {
                    "id": limit.id,
                    "name": limit.name,
                    "policy": limit.policy_ref or "",
                    "place_id": limit.place_id.id,
                    "role": limit.role or "",
                    "period": limit.period,
                    "amount": limit.amount,
                }
                | self._get_use(company, exposure, limit.amount)
            )
        return rows

    @api.model
    def _get_use(self, company, exposure, amount):
        """Return how much of a limit is used; nothing where that would give a cost away."""
        if company.custody_basis == "cost" and not self._can_see_costs():
            return {"used": None, "percent": None, "level": None}
        used = company.currency_id.round(getattr(exposure, company.custody_basis))
        percent = round(100 * used / amount, 1) if amount else (100.0 if not used else None)
        return {"used": used, "percent": percent, "level": custody.rate(used, amount)}

    @api.model
    def _format(self, exposure):
        """Return an exposure for the page, without the cost where that is hidden."""
        currency = self.env.company.currency_id
        return {
            "count": exposure.count,
            "price": currency.round(exposure.price),
            "others": currency.round(exposure.others),
            "cost": currency.round(exposure.cost) if self._can_see_costs() else None,
        }

    @api.model
    def _can_see_costs(self):
        lots = self.env["stock.lot"]
        return lots._has_field_access(lots._fields["standard_price"], "read")

    @api.model
    def _get_case_counts(self, company):
        """Return how many cases are open, and how many pieces are out of them."""
        mine = [("company_id", "=", company.id)]
        return {
            "open_cases": self.env["jewelry.case.opening"].search_count(
                [*mine, ("closed_date", "=", False)]
            ),
            "items_out": self.env["jewelry.case.item"].search_count(
                [*mine, ("back_date", "=", False)]
            ),
        }

    # === QUERIES === #

    @api.model
    def _get_amounts(self, company, places):
        """Return {place: Exposure}, what is in each of the places by itself, in one query."""
        if not places:
            return {}
        for model, names in QUERIED.items():
            self.env[model].flush_model(names)
        rows = self.env.execute_query(self._get_query(company, places))
        return {
            key: Exposure(count, float(price), float(cost), float(others))
            for key, count, price, cost, others in rows
        }

    @api.model
    def _get_query(self, company, places):
        """Return the query of what a company has on hand in places, by place.

        The places are named one by one: the planner then knows how many quants to expect.

        A lot without a price counts at that of its style. Goods of others count as well: they are
        in our custody, whatever our books say of them.
        """
        price = SQL("quant.quantity * COALESCE(NULLIF(lot.list_price, 0), template.list_price, 0)")
        cost = SQL(
            "quant.quantity * COALESCE((lot.standard_price->>%s)::float8, 0)", str(company.id)
        )
        return SQL(
            """
            SELECT quant.location_id, COUNT(*), SUM(%(price)s), SUM(%(cost)s),
                   COALESCE(SUM(%(price)s) FILTER (
                       WHERE quant.owner_id IS NOT NULL AND quant.owner_id != %(owner)s
                   ), 0)
              FROM stock_quant quant
              JOIN stock_lot lot ON lot.id = quant.lot_id
              JOIN product_template template ON template.id = lot.product_tmpl_id
             WHERE quant.location_id IN %(places)s
               AND quant.quantity > 0
               AND lot.company_id = %(company)s
               AND lot.jewelry_kind IS NOT NULL
             GROUP BY quant.location_id
            """,
            price=price,
            cost=cost,
            owner=company.partner_id.id,
            places=tuple(places),
            company=company.id,
        )

    @api.model
    def _get_places(self, company):
        """Return {id: Place} of the places where goods are in the custody of a company."""
        # In sudo: a limit counts what is there, whoever asks. Places in the archive hold goods.
        places = self.env["stock.location"].sudo().with_context(active_test=False)
        found = places.search_fetch(
            [("company_id", "in", (company.id, False)), ("usage", "in", CUSTODY_USAGES)],
            ["parent_path", "jewelry_role", "usage"],
        )
        return {
            place.id: Place(
                place.id,
                tuple(int(key) for key in place.parent_path.split("/") if key),
                place.jewelry_role or ("transit" if place.usage == "transit" else ""),
            )
            for place in found
        }

    # === WARNINGS === #

    @api.model
    def _get_changes(self, goods):
        """Return {place: Exposure} that goods bring when they are moved, and take where negative.

        :param goods: lists of lot, place that it leaves, place that it comes to, and quantity
        """
        changes = defaultdict(Exposure)
        for lot, source, dest, quantity in goods:
            exposure = lot._get_exposure(quantity)
            changes[source.id] += -exposure
            changes[dest.id] += exposure
        return changes

    @api.model
    def _find_excess(self, company, changes, hold=False):
        """Return the limits that changes would exceed, or exceed by more.

        :param dict changes: {place: Exposure} that comes, or goes where negative
        :param bool hold: whether the changes are about to be made, so that nobody else fills the
            same place without seeing them
        :return: {limit: Exposure it would have}
        """
        limits = self._get_current_limits(company)
        places = self._get_places(company) if limits else {}
        basis, growth = company.custody_basis, custody.total_up(changes, places)
        more = {
            limit: change
            for limit in limits
            for change in [custody.measure(limit._get_rule(), growth)]
            if company.currency_id.compare_amounts(getattr(change, basis), 0) > 0
        }
        if hold and more:
            limits.browse([limit.id for limit in more]).checked_date = fields.Datetime.now()
        amounts = self._get_amounts(company, places) if more else {}
        totals = custody.total_up(amounts, places)
        after = {
            limit: change + custody.measure(limit._get_rule(), totals)
            for limit, change in more.items()
        }
        return self._filter_exceeded(company, after)

    @api.model
    def _find_excess_at(self, place):
        """Return {limit: Exposure} of the limits for a place that are exceeded right now."""
        company = place.company_id or self.env.company
        limits, places = self._get_current_limits(company), self._get_places(company)
        here = [
            limit
            for limit in limits
            if place.id in places and custody.covers(limit._get_rule(), places[place.id], places)
        ]
        totals = custody.total_up(self._get_amounts(company, places) if here else {}, places)
        used = {limit: custody.measure(limit._get_rule(), totals) for limit in here}
        return self._filter_exceeded(company, used)

    @api.model
    def _filter_exceeded(self, company, exposures):
        compare, basis = company.currency_id.compare_amounts, company.custody_basis
        return {
            limit: exposure
            for limit, exposure in exposures.items()
            if compare(getattr(exposure, basis), limit.amount) > 0
        }

    @api.model
    def _get_current_limits(self, company):
        # In sudo: a limit holds for everybody, whoever may read it.
        limits = self.env["jewelry.custody.limit"].sudo()
        return limits._get_limits(company, self._get_period(company))

    @api.model
    def _get_period(self, company):
        """Return whether the store is open or closed now, by its own clock, whoever asks: by the
        calendar of its opening hours, else by the hours that are the same every day.
        """
        clock = self.with_context(tz=company.custody_tz or "UTC")
        now = fields.Datetime.context_timestamp(clock, fields.Datetime.now())
        # In sudo: the hours of the store hold for everybody.
        if calendar := company.custody_calendar_id.sudo():
            moment = calendar._work_intervals_batch(now, now + timedelta(seconds=1))
            return "open" if moment[False] else "closed"
        hour = now.hour + now.minute / 60
        is_open = custody.is_open(hour, company.custody_opening, company.custody_closing)
        return "open" if is_open else "closed"
