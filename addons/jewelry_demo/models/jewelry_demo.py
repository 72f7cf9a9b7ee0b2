import base64
import csv
import io
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import file_open

from ..tools.picture import draw_piece

PEOPLE = {
    "associate": (
        "Ada Associate",
        ["jewelry_inventory.group_associate", "base.group_partner_manager"],
    ),
    "keeper": ("Ken Keeper", ["jewelry_inventory.group_keeper"]),
    "manager": (
        "Mara Manager",
        [
            "jewelry_inventory.group_manager",
            # Core shows bills to nobody who may not see their payments.
            "account.group_account_invoice",
            "base.group_partner_manager",
            "base.group_allow_export",
        ],
    ),
    "accountant": (
        "Abel Accountant",
        [
            "jewelry_inventory.group_staff",
            "account.group_account_manager",
            "account.group_account_user",
            "base.group_allow_export",
        ],
    ),
    "auditor": (
        "Iris Auditor",
        ["jewelry_inventory.group_auditor", "base.group_allow_export"],
    ),
}
PASSWORD = "demo"  # a store to try, with nothing in it worth stealing

# Groups of other rooms that make a role whole, where they are installed.
ROOM_GROUPS = {
    "associate": ["sales_team.group_sale_salesman", "point_of_sale.group_pos_user"],
    "keeper": ["purchase.group_purchase_user"],
    "manager": [
        "sales_team.group_sale_manager",
        "purchase.group_purchase_manager",
        "point_of_sale.group_pos_manager",
    ],
}

# Registers at the counter, where that room is installed.
REGISTERS = ("Counter 1", "Counter 2")

# What customers agree to who pay ahead, where that room is installed: the house's own terms.
TERMS = {
    "layaway": {"name": "Six months", "first_percent": 20, "instalment_count": 5},
    "special_order": {"name": "Half at once", "first_percent": 50, "instalment_count": 1},
}
KEPT_PERCENT = 5

# Name, code and type of the account in each field of the company.
ACCOUNTS = {
    "piece_opening_account_id": ("Opening Stock of Pieces", "301500", "equity"),
    "piece_write_down_account_id": ("Write-Down of Pieces", "510500", "expense_direct_cost"),
}

PLACES = {
    "Safe": "safe",
    "Case A": "sale",
    "Case B": "sale",
    "Window": "sale",
    "Bench": "bench",
}

# USD per troy ounce; gold: World Bank, June 2026 (data/README.md); the others are made up.
RATES = {"gold": 4228.0, "platinum": 1400.0, "silver": 45.0}
GRAMS_PER_OUNCE = 31.1034768

# What the insurer covers: name, place, amount at retail, and when.
LIMITS = [
    ("Safe", "Safe", 2_500_000, "always"),
    ("Case A by day", "Case A", 40_000, "open"),
    ("Case B by day", "Case B", 14_000, "open"),
    ("Window by day", "Window", 25_000, "open"),
    ("Window at night", "Window", 0, "closed"),
]
POLICY_REF = "DEMO-2026"
TIME_ZONE = "America/New_York"
# The paper that the diamonds of the sample came with.
WARRANTY = {"kind": "warranty", "number": "DEMO-SOW-1", "issue_date": "2026-01-02"}

# Lots of metal: what it is, alloy, grams, cost of all.
METAL_LOTS = {
    "M-501": ("Gold bar", "gold-999", 50.0, 6500.0),
    "M-502": ("14K gold scrap", "gold-585-yellow", 31.2, 2250.0),
}
CATEGORY = "Finished Pieces"
# How much of what a set piece cost was paid for its stones.
STONE_SHARE = 0.75


class JewelryDemo(models.AbstractModel):
    """The demo store, furnished through the same methods that its staff use.

    Every step looks first whether it has been done, so that it may be interrupted and run again.
    """

    _name = "jewelry.demo"
    _description = "Demo Store"

    @api.model
    def _furnish(self):
        """Furnish the store of the current company."""
        self = self.with_context(tracking_disable=True)
        self._open_books()
        self._hire_people()
        places = self._build_places()
        self._quote_metals()
        self._take_in_stones(places["Safe"])
        self._take_in_parcels(places["Safe"])
        self._take_in_metal(places["Safe"])
        self._take_in_pieces(places)
        self._age_stock()
        self._set_a_stone()
        self._insure(places)
        self._warrant()
        if "pos.config" in self.env:
            self._set_up_registers()
        if "jewelry.layaway.term" in self.env:
            self._write_terms()

    @api.model
    def _open_books(self):
        """Give the company a chart of accounts and its pieces an opening account."""
        company = self.env.company
        if not company.country_id:
            company.country_id = self.env.ref("base.us")
        if not company.chart_template:
            self.env["account.chart.template"].try_loading("generic_coa", company, False)
        if company.inventory_valuation != "real_time":
            company.inventory_valuation = "real_time"
        for name, account in ACCOUNTS.items():
            if not company[name]:
                company[name] = self._create_account(*account)

    @api.model
    def _create_account(self, name, code, account_type):
        """Return the account of that code: it stays when the suite is uninstalled."""
        accounts = self.env["account.account"]
        return accounts.search([("code", "=", code)], limit=1) or accounts.create(
            {"name": name, "code": code, "account_type": account_type}
        )

    @api.model
    def _hire_people(self):
        """Create a user for each role; the password is the same for all."""
        users = self.env["res.users"].with_context(no_reset_password=True)
        for login, (name, groups) in PEOPLE.items():
            if not users.search_count([("login", "=", login)]):
                users.create(
                    {
                        "name": name,
                        "login": login,
                        "password": PASSWORD,
                        "group_ids": self._get_groups(login, groups).ids,
                    }
                )

    @api.model
    def _get_groups(self, login, groups):
        """Return the groups of a role, those of other rooms where they are installed."""
        found = self.env["res.groups"]
        for xmlid in groups + ROOM_GROUPS.get(login, []):
            found |= self.env.ref(xmlid, raise_if_not_found=False) or found
        return found

    @api.model
    def _build_places(self):
        """Return {name: place}, made where missing."""
        stock = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        return {name: self._get_place(name, role, stock) for name, role in PLACES.items()}

    @api.model
    def _get_place(self, name, role, parent):
        places = self.env["stock.location"]
        domain = [("name", "=", name), ("location_id", "=", parent.id)]
        return places.search(domain, limit=1) or places.create(
            {"name": name, "location_id": parent.id, "usage": "internal", "jewelry_role": role}
        )

    @api.model
    def _quote_metals(self):
        """Enter a rate for each metal, unless it has one."""
        rates = self.env["jewelry.metal.rate"]
        for code, ounce in RATES.items():
            metal = self.env["jewelry.metal"].search([("code", "=ilike", code)], limit=1)
            if metal and not rates.search_count([("metal_id", "=", metal.id)]):
                rates.create(self._prepare_rate(metal, ounce / GRAMS_PER_OUNCE))

    @api.model
    def _prepare_rate(self, metal, per_gram):
        return {
            "metal_id": metal.id,
            "bid": per_gram * 0.98,
            "ask": per_gram,
            "source": "Demo store",
        }

    @api.model
    def _insure(self, places):
        """Enter what the insurer covers in which place, unless there are limits already."""
        limits = self.env["jewelry.custody.limit"].with_context(active_test=False)
        if limits.search_count([("company_id", "=", self.env.company.id)]):
            return
        # Some cover holds by night, which begins by the clock of the store.
        self.env.company.partner_id.tz = TIME_ZONE
        limits.create(
            [
                {
                    "name": name,
                    "policy_ref": POLICY_REF,
                    "place_id": places[place].id,
                    "amount": amount,
                    "period": period,
                }
                for name, place, amount, period in LIMITS
            ]
        )

    @api.model
    def _warrant(self):
        """Put the warranty of the vendor on the diamonds of the sample, unless it is entered."""
        papers = self.env["jewelry.sourcing.document"]
        if papers.search_count([("number", "=", WARRANTY["number"])]):
            return
        loose = [("state", "=", "loose"), ("origin", "=", "natural")]
        loose.append(("species_id.code", "=", "diamond"))
        stones = self.env["jewelry.stone"].search(loose)
        vendor = self.env["res.partner"].create({"name": "Antwerp Sample House"})
        covered = {"issuer_id": vendor.id, "carat": sum(stones.mapped("carat"))}
        stones.sourcing_ids = papers.create(WARRANTY | covered)

    # === STOCK === #

    @api.model
    def _set_up_registers(self):
        """Put registers on the counter, each with its own drawer and one card terminal."""
        configs, methods = self.env["pos.config"], self.env["pos.payment.method"]
        company = self.env.company
        for name in REGISTERS:
            if configs.search_count([("name", "=", name), ("company_id", "=", company.id)]):
                continue
            drawer = methods.create(
                {"name": self.env._("Cash"), "journal_id": self._get_drawer(name)}
            )
            card = methods.search([("name", "=", "Card")], limit=1) or methods.create(
                {"name": "Card", "journal_id": self._get_bank_journal().id}
            )
            configs.create({"name": name, "payment_method_ids": (drawer | card).ids})

    @api.model
    def _write_terms(self):
        """Write down the terms of layaways and special orders, unless there are some."""
        terms = self.env["jewelry.layaway.term"].with_context(active_test=False)
        if not terms.search_count([("company_id", "=", self.env.company.id)]):
            terms.create(
                [
                    values | {"kind": kind, "kept_percent": KEPT_PERCENT}
                    for kind, values in TERMS.items()
                ]
            )

    @api.model
    def _get_drawer(self, name):
        """Return the id of a cash journal of a register's own."""
        code = f"D{name[-1]}"
        return (
            self.env["account.journal"]
            .create({"name": f"Cash {name}", "code": code, "type": "cash"})
            .id
        )

    @api.model
    def _get_bank_journal(self):
        journals = self.env["account.journal"]
        domain = journals._check_company_domain(self.env.company)
        return journals.search([*domain, ("type", "=", "bank")], limit=1)

    @api.model
    def _take_in_stones(self, place):
        """Take in the sample of the diamonds file; the file has prices only."""
        self._take_in_file("stones.csv", "stone", place, self._map_cost)

    @api.model
    def _take_in_parcels(self, place):
        """Take in four papers of small stones."""
        self._take_in_file("parcels.csv", "parcel", place)

    @api.model
    def _take_in_file(self, name, kind, place, map_more=None):
        """Take in a file of `data/`, the way a keeper would, unless it has been."""
        filename = f"demo_{name}"
        if self.env["jewelry.import"].search_count([("filename", "=", filename)]):
            return
        with file_open(f"jewelry_demo/data/{name}", "rb") as file:
            content = file.read()
        job = self.env["jewelry.import"].create(
            {
                "kind": kind,
                "file": base64.b64encode(content),
                "filename": filename,
                "place_id": place.id,
                "origin": "natural",
                "cut_scheme": "trade",
            }
        )
        job.action_read()
        if map_more:
            map_more(job)
        job.action_check()
        job._import_batch(list(job._read_values()))
        job._set_state("done")

    @api.model
    def _map_cost(self, job):
        """Let stones cost half of their price."""
        price = job.column_ids.filtered(lambda column: column.target == "list_price")
        price.action_duplicate()
        cost = job.column_ids.filtered(lambda column: not column.target)
        cost.write({"target": "cost", "factor": 0.5})

    @api.model
    def _take_in_metal(self, place):
        """Take in a bar of gold to cast from, and a box of scrap to melt."""
        for number, (name, code, grams, cost) in METAL_LOTS.items():
            if self.env["stock.lot"].search_count([("name", "=", number)]):
                continue
            lot = self.env["stock.lot"].create(
                {
                    "name": number,
                    "product_id": self._get_metal_style(name, code).product_variant_id.id,
                    "company_id": self.env.company.id,
                }
            )
            self.env["jewelry.parcel.intake"].create(
                {"lot_id": lot.id, "quantity": grams, "cost": cost, "place_id": place.id}
            ).action_take_in()

    @api.model
    def _get_metal_style(self, name, code):
        alloy = self.env["jewelry.alloy"].search([("code", "=", code)], limit=1)
        values = {"name": name, "jewelry_kind": "metal", "alloy_id": alloy.id}
        return self.env["product.template"].create(values)

    @api.model
    def _take_in_pieces(self, places):
        """Create the finished pieces and put each in its place."""
        with file_open("jewelry_demo/data/pieces.csv") as file:
            rows = list(csv.DictReader(io.StringIO(file.read())))
        known = self.env["stock.lot"].search([("name", "in", [row["number"] for row in rows])])
        new = [row for row in rows if row["number"] not in known.mapped("name")]
        lots = self.env["stock.lot"].create([self._prepare_piece(row) for row in new])
        source = self.env.company._get_opening_place()
        for name, place in places.items():
            here = lots.browse(
                lot.id for lot, row in zip(lots, new, strict=True) if row["place"] == name
            )
            if here:
                here._take_in(source, place)

    @api.model
    def _prepare_piece(self, row):
        category = self._get_priced_category()
        style = self.env["product.template"]._get_piece_style(row["style"], category)
        alloy = self.env["jewelry.alloy"].search([("code", "=", row["alloy"])], limit=1)
        number = {name: float(row[name] or 0) for name in ("gross", "metal", "cost", "price")}
        return {
            "name": row["number"],
            "product_id": style.product_variant_id.id,
            "company_id": self.env.company.id,
            "standard_price": number["cost"],
            "list_price": number["price"],
            "stone_price": number["cost"] * STONE_SHARE if row["carat"] else 0.0,
            "gross_weight": number["gross"],
            "hallmark": row["hallmark"],
            "ring_circumference": float(row["ring"] or 0),
            "metal_line_ids": [
                fields.Command.create({"alloy_id": alloy.id, "weight": number["metal"]})
            ],
            "stone_ids": [fields.Command.create(stone) for stone in self._prepare_stones(row)],
            "image_1920": base64.b64encode(draw_piece(row["picture"], alloy.color, row["shape"])),
        }

    @api.model
    def _get_priced_category(self):
        """Return the category whose policy prices finished pieces."""
        categories = self.env["product.category"]
        return categories.search([("name", "=", CATEGORY)], limit=1) or categories.create(
            {"name": CATEGORY, "jewelry_price_policy_id": self._create_policy().id}
        )

    @api.model
    def _create_policy(self):
        tiers = [{"start": 0, "multiplier": 2.4}, {"start": 3000, "multiplier": 2.2}]
        return self.env["jewelry.price.policy"].create(
            {
                "name": "House calculation",
                "loss": 8,
                "labour_piece": 25,
                "labour_gram": 2,
                "rounding_step": 10,
                "floor_margin": 20,
                "tier_ids": [fields.Command.create(tier) for tier in tiers],
            }
        )

    @api.model
    def _prepare_stones(self, row):
        if not row["carat"]:
            return []
        species = self.env["jewelry.gem.species"].search([("code", "=", row["species"])], limit=1)
        variety = self.env["jewelry.gem.variety"].search([("code", "=", row["variety"])], limit=1)
        shape = self.env["jewelry.shape"].search([("code", "=ilike", row["shape"])], limit=1)
        grades = {
            f"{scale}_grade_id": self.env["jewelry.grade"]
            .search([("scale", "=", scale), ("code", "=", row[scale])], limit=1)
            .id
            for scale in ("color", "clarity")
        }
        stone = {
            "species_id": species.id,
            "variety_id": variety.id,
            "shape_id": shape.id,
            "carat": float(row["carat"]),
            "count": int(row["count"]),
            "origin": row["origin"],
        }
        return [stone | grades]

    # === WORK === #

    @api.model
    def _age_stock(self):
        """Let pieces have come over the last two years: nobody can take something in yesterday."""
        today = fields.Date.context_today(self)
        lots = self.env["stock.lot"].search([("received_date", "!=", False)])
        if min(lots.mapped("received_date"), default=today) < today:
            return
        for weeks, pieces in lots.grouped(lambda lot: lot.id * 37 % 104).items():
            pieces.received_date = today - timedelta(weeks=weeks)

    @api.model
    def _set_a_stone(self):
        """Set a diamond in a mount and price the ring anew, the way a keeper would."""
        mount = self.env["stock.lot"].search([("name", "=", "R-1022")], limit=1)
        stone = self.env["jewelry.stone"].search([("number", "=", "S-000002")], limit=1)
        if stone.state == "loose" and not mount.stone_ids:
            self.env["jewelry.transformation.set"].create(
                {"piece_id": mount.id, "stone_ids": stone.ids, "work": 60}
            ).action_set()
            mount.action_reprice()
