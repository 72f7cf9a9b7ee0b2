from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..const import COST_FIELDS, COST_RECORDS
from .import_common import ImportCommon

COST = 4321.25

# Ways from what an associate may read to a cost.
PATHS = [
    ("stock.quant", "lot_id.standard_price"),
    ("stock.quant", "product_id.standard_price"),
    ("stock.lot", "product_id.standard_price"),
    ("stock.lot", "product_tmpl_id.standard_price"),
    ("product.template", "piece_ids.standard_price"),
    ("product.template", "seller_ids.price"),
    ("stock.move.line", "move_id.value"),
    ("stock.move.line", "lot_id.standard_price"),
]


class CostSecrecyCommon(ImportCommon):
    """A piece whose every cost is `COST`, and associates with and without other rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.style.product_tmpl_id.seller_ids = [
            Command.create({"partner_id": cls.vendor.id, "price": COST, "discount": 1.0})
        ]
        cls.style.standard_price = COST
        cls.piece = cls._stock_piece(cost=COST - 1, list_price=9000.0)
        cls.piece._set_cost({cls.piece: COST}, "correction", "found in a test")
        lines = cls.env["stock.move.line"].search([("lot_id", "=", cls.piece.id)])
        lines.cost_unit = lines.move_id.price_unit = COST
        cls.env["product.value"].create(
            {"move_id": lines.move_id.id, "product_id": cls.style.id, "value": COST}
        )
        cls._price_piece()
        cls.work = cls._rework_piece()
        cls.intake = cls._prepare_intake()
        cls.paper = cls._create_certificate()
        cls.job = cls._import_stone()
        cls.approval = cls._ask_for_approval()
        cls.count = cls._miss_piece()
        cls.sold = cls._sell_a_piece()
        cls.excess = cls._exceed_limit()
        line = {"product_id": cls.style.id, "price_unit": 9000.0}
        cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.vendor.id,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        cls.associate = cls._create_associate()
        cls.porter = cls._create_associate("stock.group_stock_user")
        cls.clerk = cls._create_associate("account.group_account_invoice")
        stock_manager = cls._create_associate("stock.group_stock_manager")
        blind_keeper = cls._create_associate("jewelry_inventory.group_keeper")
        cls.hidden_from = cls.associate + cls.porter + cls.clerk + stock_manager + blind_keeper
        cls.manager = cls._create_user("manager", "account.group_account_invoice")

    @classmethod
    def _price_piece(cls):
        """Price the piece by a policy, twice, so that a repricing keeps what was before."""
        policy = cls.env["jewelry.price.policy"].create({"name": "Rings", "labour_piece": COST})
        cls.category.jewelry_price_policy_id = policy
        cls.piece.write({"labour_amount": COST, "stone_price": COST})
        cls.piece._reprice()
        policy.floor_margin = 10
        cls.price_run = cls.env["jewelry.price.run"].create({"company_id": cls.company.id})
        cls.price_run.action_preview()
        cls.price_wizard = cls.env["jewelry.piece.price"].create({"piece_id": cls.piece.id})

    @classmethod
    def _rework_piece(cls):
        """Return what was done to another piece, at a cost and with a loss."""
        alloy = cls.env.ref("jewelry_inventory.alloy_gold_750_yellow")
        style = cls._create_style(name="Reworked")
        piece = cls._stock_piece(style, cost=COST, gross_weight=5)
        piece._set_metals({alloy: 5})
        loss = {"direction": "loss", "alloy_id": alloy.id, "metal_weight": 1}
        sides = [{"direction": side, "lot_id": piece.id} for side in ("in", "out")]
        sides[1]["stated_value"] = COST
        work = cls.env["jewelry.transformation"].create(
            {
                "kind": "disassemble",
                "company_id": cls.company.id,
                "line_ids": [
                    Command.create(vals) for vals in [*sides, loss | {"loss_kind": "weighed"}]
                ],
                "cost_ids": [Command.create({"name": "Filing", "amount": COST})],
            }
        )
        work.action_done()
        return work

    @classmethod
    def _prepare_intake(cls):
        style = cls._create_style(name="Melee", jewelry_kind="parcel")
        lot = cls.env["stock.lot"].create({"product_id": style.id, "company_id": cls.company.id})
        return cls.env["jewelry.parcel.intake"].create({"lot_id": lot.id, "cost": COST})

    @classmethod
    def _create_certificate(cls):
        """Return a certificate that states what its stones are worth."""
        return cls.env["jewelry.sourcing.document"].create(
            {
                "kind": "kimberley",
                "number": "BW1",
                "issuer_id": cls.vendor.id,
                "company_id": cls.company.id,
                "issue_date": fields.Date.today(),
                "carat": 10,
                "value": COST,
            }
        )

    @classmethod
    def _ask_for_approval(cls):
        """Return the question whether the piece may cost something else."""
        values = {"reason": "correction", "new_cost": 1.0}
        return cls.env["jewelry.approval"]._ask(
            "cost_change", cls.piece, "Secret", {cls.piece.id: values}
        )

    @classmethod
    def _miss_piece(cls):
        """Return a count that closed without a scan: all is missing, and what it cost."""
        count = cls.env["jewelry.count"].create({"place_ids": cls.piece.location_id.ids})
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            count.get_screen()
            count.action_sign()
        return count

    @classmethod
    def _sell_a_piece(cls):
        """Return a piece that was in stock for some days, and is delivered and invoiced."""
        style = cls._create_style(name="Sold")
        sold = cls._stock_piece(style, cost=COST)
        sold.received_date = fields.Date.today() - timedelta(days=50)
        cls._move(sold, cls.stock_location, cls.customer_location)
        line = {"product_id": style.id, "price_unit": 9000.0, "piece_ids": sold.ids}
        cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.vendor.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [Command.create(line)],
            }
        ).action_post()
        return sold

    @classmethod
    def _exceed_limit(cls):
        """Return the record of a limit, counted at cost, that a manager let be exceeded."""
        cls.company.custody_basis = "cost"
        limit = cls.env["jewelry.custody.limit"].create(
            {
                "name": "Policy 7",
                "company_id": cls.company.id,
                "place_id": cls.stock_location.id,
                "amount": 1.0,
            }
        )
        exposure = cls.piece._get_exposure()
        return cls.env["jewelry.custody.excess"]._confirm({limit: exposure}, "Until noon")

    @classmethod
    def _import_stone(cls):
        """Return an import whose one stone is in stock, and posted."""
        cls._open_books()
        job = cls._check(
            f"carat,cost\n0.5,{COST}\n", kind="stone", category_id=cls.category_auto.id
        )
        job.action_import()
        job._import_batch(list(job._read_values()))
        return job

    @classmethod
    def _create_associate(cls, *groups):
        """Return an associate who may export, with `groups` of core on top."""
        return cls._create_user("associate", ",".join(("base.group_allow_export", *groups)))

    @classmethod
    def _get_records(cls, model):
        """Return the records of `model` that carry the piece's cost."""
        move_lines = cls.env["stock.move.line"].search([("lot_id", "=", cls.piece.id)])
        return (
            cls._get_report_rows().get(model)
            or {
                "product.template": cls.style.product_tmpl_id,
                "product.product": cls.style,
                "product.supplierinfo": cls.style.seller_ids,
                "product.value": cls.env["product.value"].search(
                    [("product_id", "=", cls.style.id)]
                ),
                "stock.lot": cls.piece,
                "stock.move": move_lines.move_id,
                "stock.move.line": move_lines,
                "stock.quant": cls.piece.quant_ids,
                "jewelry.transformation": cls.work,
                "jewelry.transformation.cost": cls.work.cost_ids,
                "jewelry.transformation.line": cls.work.line_ids,
                "jewelry.count": cls.count,
                "jewelry.count.line": cls.count.line_ids,
                "jewelry.approval": cls.approval,
                "jewelry.approval.subject": cls.approval.subject_ids,
                "jewelry.custody.excess": cls.excess,
                "jewelry.parcel.intake": cls.intake,
                "jewelry.sourcing.document": cls.paper,
                "jewelry.import": cls.job,
                "jewelry.piece.price": cls.price_wizard,
                "jewelry.price.run.line": cls.env["jewelry.price.run.line"].search(
                    [("run_id", "=", cls.price_run.id)]
                ),
            }[model]
        )

    @classmethod
    def _get_report_rows(cls):
        """Return {model of a report: its rows about the piece and the one that was sold}."""
        product = [("product_id", "=", cls.style.id)]
        both = [("lot_id", "in", (cls.piece | cls.sold).ids)]
        domains = {
            "stock.avco.report": product,
            "account.invoice.report": product,
            "jewelry.stock.aging": both,
            "jewelry.audit": [*both, ("topic", "in", ("price", "cost"))],
            "jewelry.piece.cost": [("lot_id", "=", cls.piece.id)],
        }
        return {model: cls.env[model].search(domain) for model, domain in domains.items()}

    def _assert_hidden(self, read, *args):
        """Assert that a way to read ends with an access error, or with nothing."""
        try:
            found = read(*args)
        except (AccessError, ValueError):  # ValueError: closed for everybody
            return
        self.assertFalse(found, "a cost came out")


@tagged("post_install", "-at_install")
class TestCostSecrecy(CostSecrecyCommon):
    """Whoever carries the marker gets no cost by any way of reading."""

    def _walk(self, *ways):
        """Try each way to read every field that is a cost, as every associate."""
        for model, name in COST_FIELDS:
            records = self._get_records(model)
            self.assertTrue(records, model)
            for user in self.hidden_from:
                self.env.invalidate_all()
                for way in ways:
                    with self.subTest(model=model, field=name, user=user.login, way=way.__name__):
                        self._assert_hidden(way, records.with_user(user), name)

    def _read(self, records, name):
        return [row for row in records.read([name]) if row.get(name)]

    def _web_read(self, records, name):
        return [row for row in records.web_read({name: {}}) if row.get(name)]

    def _search(self, records, name):
        field = records._fields[name]
        if not field._description_searchable:
            return []
        return records.search([("id", "in", records.ids), (name, "!=", False)])

    def _sort(self, records, name):
        field = records._fields[name]
        if not field._description_sortable(self.env):
            return []
        return records.search([("id", "in", records.ids)], order=name)

    def _group(self, records, name):
        if not records._fields[name]._description_groupable(self.env):
            return []
        return records.formatted_read_group([("id", "in", records.ids)], [name], ["__count"])

    def _add_up(self, records, name):
        if records._fields[name].type not in ("float", "monetary"):
            return []
        groups = records.formatted_read_group([("id", "in", records.ids)], [], [f"{name}:sum"])
        return [group for group in groups if group[f"{name}:sum"]]

    def _export(self, records, name):
        return [row for row in records.export_data([name])["datas"] if row[0]]

    def _describe(self, records, name):
        hidden_records = (records._name, []) in COST_RECORDS
        return not hidden_records and name in records.fields_get()

    def test_no_way_to_read_a_cost_is_open(self):
        self._walk(self._read, self._web_read, self._export)

    def test_no_way_to_search_or_sort_by_a_cost_is_open(self):
        self._walk(self._search, self._sort)

    def test_no_way_to_group_or_add_up_costs_is_open(self):
        self._walk(self._group, self._add_up)

    def test_a_field_that_is_a_cost_is_not_even_described(self):
        self._walk(self._describe)

    def test_searching_along_a_path(self):
        for model, path in PATHS:
            for user in self.hidden_from:
                records = self.env[model].with_user(user)
                with self.subTest(model=model, path=path, user=user.login):
                    self._assert_hidden(records.search, [(path, ">=", COST - 1)])
                    self._assert_hidden(records.search_count, [(path, ">=", COST - 1)])
                    self._assert_hidden(records.formatted_read_group, [], [path], ["__count"])

    def test_managers_read_every_one_of_them(self):
        # Core leaves these empty for pieces: their receipt says it all.
        empty = {("stock.move", "value_computed_justification")} | {
            ("stock.avco.report", name)
            for name in ("added_value", "total_value", "avco_value", "justification")
        }
        for model, name in set(COST_FIELDS) - empty:
            records = self._get_records(model).with_user(self.manager)
            with self.subTest(model=model, field=name):
                self.assertTrue(any(row[name] for row in records.read([name])))

    def test_no_field_is_related_to_a_cost_unless_it_is_one(self):
        costs = set(COST_FIELDS)
        for model in self.env.registry.values():
            for field in model._fields.values():
                if not field.related or field.inherited or (model._name, field.name) in costs:
                    continue
                source = (field.related_field.model_name, field.related_field.name)
                self.assertNotIn(source, costs, f"{field} gives a cost away")

    def test_the_cost_of_goods_sold_is_out_of_sight(self):
        invoice = self._invoice_watch()
        lines = invoice.line_ids.filtered(lambda line: line.display_type == "cogs")
        self.assertTrue(lines)
        for user in self.hidden_from:
            rows = self.env["account.move.line"].with_user(user)
            self._assert_hidden(rows.search, [("id", "in", lines.ids)])
            self._assert_hidden(lines.with_user(user).read, ["balance"])

    def _invoice_watch(self, user=None):
        """Return a posted invoice of a product at average cost that books perpetually."""
        watch = self.env["product.product"].create(
            {
                "name": "Watch",
                "is_storable": True,
                "categ_id": self.category_avco_auto.id,
                "standard_price": 60.0,
            }
        )
        invoice = self._create_invoice(watch, price_unit=100.0, post=False)
        invoice.with_user(user or self.env.user).action_post()
        return invoice


@tagged("post_install", "-at_install")
class TestWorkWithoutCosts(CostSecrecyCommon):
    """What an associate may do goes on working although costs are read on the way."""

    def test_an_associate_with_stock_rights_transfers_a_piece(self):
        picking = self._create_transfer(self.porter)
        picking.action_confirm()
        picking.move_ids.move_line_ids.lot_id = self.piece
        picking.action_assign()
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self.piece.location_id, self.safe)

    def _create_transfer(self, user):
        places = {"location_id": self.stock_location.id, "location_dest_id": self.safe.id}
        move = {"product_id": self.style.id, "product_uom_qty": 1} | places
        return (
            self.env["stock.picking"]
            .with_user(user)
            .create(
                {
                    "picking_type_id": self.warehouse.int_type_id.id,
                    "move_ids": [Command.create(move)],
                }
                | places
            )
        )

    def test_an_associate_without_stock_rights_moves_nothing(self):
        move = self._move(self.piece, self.stock_location, self.safe).with_user(self.associate)
        with self.assertRaises(AccessError):
            move._action_done()
        with self.assertRaises(AccessError):
            move._action_confirm()

    def test_an_associate_may_name_the_vendor_to_order_from(self):
        seller = self.style.with_user(self.associate)._select_seller()
        self.assertEqual(seller.partner_id, self.vendor)

    def test_an_invoice_posted_by_an_associate_has_its_cost_of_goods_sold(self):
        invoice = self._invoice_watch(self.clerk)
        self.assertEqual(self._get_cogs(invoice), 60.0)

    def test_an_invoice_reset_by_an_associate_leaves_no_cost_behind(self):
        invoice = self._invoice_watch(self.clerk)
        invoice.with_user(self.clerk).button_draft()
        self.assertEqual(self._get_cogs(invoice), 0.0)
        invoice.with_user(self.clerk).action_post()
        self.assertEqual(self._get_cogs(invoice), 60.0)

    def test_an_associate_without_invoicing_rights_posts_nothing(self):
        watch = self.env["product.product"].create({"name": "Watch"})
        invoice = self._create_invoice(watch, price_unit=100.0, post=False)
        with self.assertRaises(AccessError):
            invoice.with_user(self.associate)._post()

    def _get_cogs(self, invoice):
        self.env.invalidate_all()
        lines = invoice.line_ids.filtered(lambda line: line.display_type == "cogs")
        return sum(line.balance for line in lines if line.balance > 0)

    _invoice_watch = TestCostSecrecy._invoice_watch


@tagged("post_install", "-at_install")
class TestCostReports(CostSecrecyCommon):
    """Reports of core add costs up, and tell those who carry the marker nothing of it."""

    def _assert_told_nothing(self, read):
        try:
            found = read()
        except AccessError:
            return
        self.assertNotIn(str(int(COST)), str(found))

    def test_the_value_of_the_stock_is_out_of_sight(self):
        for user in self.hidden_from:
            report = self.env["stock_account.stock.valuation.report"].with_user(user)
            with self.subTest(user=user.login):
                self._assert_told_nothing(report.get_report_values)
        with self.assertRaises(AccessError):
            self.env["stock_account.stock.valuation.report"].with_user(
                self.associate
            ).get_report_values()

    def test_the_forecast_has_no_value(self):
        for user in self.hidden_from:
            report = self.env["stock.forecasted_product_product"].with_user(user)
            with self.subTest(user=user.login):
                self._assert_told_nothing(lambda r=report: r.get_report_values(self.style.ids))

    def test_a_manager_sees_the_value_in_the_forecast(self):
        report = self.env["stock.forecasted_product_product"].with_user(self.manager)
        docs = report.get_report_values(self.style.ids)["docs"]
        self.assertIn(str(int(COST)), docs["value"])
