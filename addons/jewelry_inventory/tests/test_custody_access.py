from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .custody_common import CustodyCommon

# Of core, what says where goods are and what they are worth.
STOCK_MODELS = [
    "product.product",
    "product.template",
    "product.value",
    "stock.location",
    "stock.lot",
    "stock.move",
    "stock.package",
    "stock.picking",
    "stock.quant",
]


@tagged("post_install", "-at_install")
class TestAuditor(CustodyCommon):
    """The insurer's auditor reads everything, and changes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.piece = cls._stock(cls.case)

    def test_the_auditor_reads_custody_stock_and_its_records(self):
        models = [
            "jewelry.approval",
            "jewelry.audit",
            "jewelry.case.item",
            "jewelry.case.opening",
            "jewelry.count",
            "jewelry.count.line",
            "jewelry.count.scan",
            "jewelry.count.tie.out",
            "jewelry.custody.excess",
            "jewelry.custody.limit",
            "jewelry.label",
            "jewelry.piece.cost",
            "jewelry.provenance.check",
            "jewelry.provenance.event",
            "jewelry.stock.aging",
            "jewelry.sourcing.document",
            "jewelry.transformation",
            "jewelry.warranty.report",
            "stock.move.line",
            *STOCK_MODELS,
        ]
        for model in models:
            with self.subTest(model=model):
                self.env[model].with_user(self.auditor).search([], limit=1).read(["display_name"])

    def test_the_auditor_writes_nothing_of_ours_nor_of_the_stock(self):
        ours = [
            name
            for name, model in self.env.registry.items()
            if not model._abstract
            and not model._transient
            and model._original_module.startswith("jewelry_")
        ]
        for model in [*ours, *STOCK_MODELS]:
            for operation in ("write", "create", "unlink"):
                with self.subTest(model=model, operation=operation):
                    records = self.env[model].with_user(self.auditor)
                    self.assertFalse(records.has_access(operation))

    def test_the_auditor_opens_none_of_our_dialogs(self):
        dialogs = [
            name
            for name, model in self.env.registry.items()
            if model._transient and model._original_module == "jewelry_inventory"
        ]
        for model in dialogs:
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(self.auditor).has_access("create"))

    def test_the_auditor_reads_counts_and_takes_no_part_in_them(self):
        values = {"kind": "cycle", "place_ids": self.case.ids}
        count = self.env["jewelry.count"].with_user(self.keeper).create(values)
        audited = count.with_user(self.auditor)
        acts = {
            "begin": audited.action_count,
            "join": audited.get_screen,
            "scan": lambda: audited.register_scans([]),
            "sign": audited.action_sign,
        }
        for name, act in acts.items():
            with self.subTest(act=name), self.assertRaises(AccessError):
                act()
        self.assertEqual(count.state, "draft")
        self.assertFalse(count.part_ids)

    def test_the_auditor_moves_nothing_although_core_lets_employees_write_moves(self):
        lines = self.env["stock.move.line"].search([("lot_id", "=", self.piece.id)])
        lines = lines.with_user(self.auditor)
        self.assertTrue(lines.read(["quantity"]))
        with self.assertRaises(AccessError):
            lines.write({"quantity": 0})
        with self.assertRaises(AccessError):
            lines.unlink()
        values = {
            "product_id": self.piece.product_id.id,
            "lot_id": self.piece.id,
            "quantity": 1,
            "location_id": self.case.id,
            "location_dest_id": self.customer_location.id,
        }
        values["company_id"] = self.company.id
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            lines.create(values)
        self.assertEqual(self.piece.location_id, self.case)

    def test_the_auditor_opens_a_piece_with_all_that_its_form_shows(self):
        view = self.env.ref("jewelry_inventory.stock_lot_view_form_piece")
        pieces = self.env["stock.lot"].with_user(self.auditor)
        names = pieces.get_views([(view.id, "form")])["models"]["stock.lot"]["fields"]
        (values,) = pieces.browse(self.piece.id).web_read({name: {} for name in names})
        self.assertEqual(values["standard_price"], 400)

    def test_other_employees_write_moves_as_before(self):
        lines = self.env["stock.move.line"].search([("lot_id", "=", self.piece.id)])
        self.assertTrue(lines.with_user(self.associate).has_access("write"))

    def test_the_auditor_sees_costs(self):
        page = self._read_page(self.auditor)
        self.assertTrue(page["with_cost"])
        self.assertEqual(self._get_row(page, self.case)["cost"], 400)


@tagged("post_install", "-at_install")
class TestCustodyAccess(CustodyCommon):
    """Who sees what is at risk, and who sees it without costs."""

    def test_associates_and_others_do_not_see_the_page(self):
        for user in (self.associate, self._create_user("employee"), self._create_user("portal")):
            exposures = self.env["jewelry.custody.exposure"].with_user(user)
            for act in (exposures.get_page, exposures.action_open_goods):
                with self.assertRaises(AccessError):
                    act()

    def test_only_managers_enter_limits(self):
        values = {"name": "New", "company_id": self.company.id, "role": "safe", "amount": 1}
        for user in (self.associate, self.keeper, self.auditor):
            with self.assertRaises(AccessError):
                self.env["jewelry.custody.limit"].with_user(user).create(values)
        self.assertTrue(self.env["jewelry.custody.limit"].with_user(self.manager).create(values))

    def test_a_keeper_whom_costs_are_hidden_from_reads_none_and_nothing_that_gives_one_away(self):
        self.company.custody_basis = "cost"
        self._stock(self.case, 1000, 432.10)
        limit = self._create_limit(400, self.case)
        self.keeper.group_ids += self.env.ref("jewelry_inventory.group_cost_hidden")
        page = self._read_page(self.keeper)
        self.assertFalse(page["with_cost"])
        self.assertNotIn("432", str(page))
        found = self._get_limit(page, limit)
        self.assertEqual({found["used"], found["percent"], found["level"]}, {None})
        self.assertEqual((page["over"], page["near"]), (0, 0))
        costs = [page["total"], *page["sections"]]
        costs += [row for section in page["sections"] for row in section["rows"]]
        self.assertEqual({row["cost"] for row in costs}, {None})

    def test_a_limit_is_of_no_place_of_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        warehouses = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        limits = self.env["jewelry.custody.limit"].with_user(self.manager)
        with self._refused("belongs to another company", UserError):
            limits.create({"name": "Abroad", "place_id": warehouses.lot_stock_id.id, "amount": 1})

    def test_records_of_another_company_are_hidden(self):
        other = self.env["res.company"].create({"name": "Branch"})
        place = self.env["stock.warehouse"].search([("company_id", "=", other.id)]).lot_stock_id
        limit = self._create_limit(1, place, company_id=other.id)
        opening = self.env["jewelry.case.opening"]._open(place, "show")
        excess = self.env["jewelry.custody.excess"].create(
            {
                "limit_id": limit.id,
                "company_id": other.id,
                "basis": "price",
                "period": "always",
                "reason": "Theirs",
            }
        )
        piece = self._create_piece(company_id=other.id)
        self._move(piece, self.supplier_location, place, company_id=other.id)
        item = self.env["jewelry.case.item"]._take_out(opening, piece)
        for record in (limit, opening, excess, item):
            for user in (self.keeper, self.manager, self.auditor):
                with self.subTest(model=record._name, user=user.login):
                    self.assertFalse(record.with_user(user).has_access("read"))
