from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TransformationCommon


@tagged("post_install", "-at_install")
class TestPieceCost(TransformationCommon):
    """The cost history of a piece tells all that changed its cost, in one list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mount = cls._stock_mount(cost=500, gross=5.0)
        cls.stone = cls._stock_stone(cost=1000, carat=1.5)

    def _get_changes(self, lot):
        """Return the changes as a screen that is opened now reads them."""
        self.env.flush_all()
        self.env.invalidate_all()
        return lot.cost_change_ids

    def _get_rows(self, lot, user=None):
        """Return (what, amount, cost after, note) of the changes, oldest first."""
        changes = self._get_changes(lot.with_user(user or self.env.user))
        return [
            (row.what, row.amount, row.cost_after, row.note)
            for row in changes.sorted(lambda row: (row.date, row.id))
        ]

    def test_receipt_setting_revaluation_and_unsetting_are_in_one_list(self):
        setting = self._set_stones(self.mount, self.stone)
        self.mount._set_cost({self.mount: 1600}, "correction", "Counted again")
        unsetting = self._unset_stones(self.mount, self.stone)
        rows = self._get_rows(self.mount)
        self.assertCountEqual(
            rows,
            [
                ("receipt", 500, 500, False),
                ("set", 1000, 1500, False),
                ("correction", 100, 1600, "Counted again"),
                ("unset", -1000, 600, False),
            ],
        )
        self.assertEqual(sum(row[1] for row in rows), self.mount.standard_price)
        works = self.mount.cost_change_ids.transformation_id
        self.assertEqual(works, setting | unsetting)

    def test_the_work_on_a_piece_is_part_of_what_was_added_and_named(self):
        setting = self._prepare_setting(self.mount, self.stone, costs=[80, 20])
        setting.action_done()
        self.assertIn(("set", 1100, 1600, "Work, Work"), self._get_rows(self.mount))

    def test_a_stone_passes_its_cost_on_and_takes_it_back(self):
        home = self.stone.home_lot_id
        self._set_stones(self.mount, self.stone)
        self.assertIn(("set", -1000, 0, False), self._get_rows(home))
        self._unset_stones(self.mount, self.stone)
        rows = self._get_rows(home)
        self.assertIn(("unset", 1000, 1000, False), rows)
        self.assertEqual(sum(row[1] for row in rows), 1000)

    def test_a_sale_and_a_return_of_the_customer_change_no_cost(self):
        self._move(self.mount, self.stock_location, self.customer_location)
        self._move(self.mount, self.customer_location, self.stock_location)
        self.assertEqual(self._get_rows(self.mount), [("receipt", 500, 500, False)])

    def test_what_did_not_happen_yet_is_not_told(self):
        self._prepare_setting(self.mount, self.stone)
        self.assertEqual(len(self._get_rows(self.mount)), 1)

    def test_a_change_opens_the_document_it_comes_from(self):
        setting = self._set_stones(self.mount, self.stone)
        change = self._get_changes(self.mount).filtered("transformation_id")
        self.assertEqual(change.document, setting.display_name)
        action = change.action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), (setting._name, setting.id))
        receipt = self.mount.cost_change_ids - change
        self.assertFalse(receipt.document)

    def test_keepers_read_it_and_associates_by_no_way(self):
        keeper, associate = self._create_user("keeper"), self._create_user("associate")
        self.assertEqual(self._get_rows(self.mount, keeper), [("receipt", 500, 500, False)])
        changes = self.mount.cost_change_ids
        blind = self._create_user("keeper", "jewelry_inventory.group_cost_hidden", login="blind")
        for user in (associate, blind):
            self.env.invalidate_all()
            with self.subTest(user=user.login):
                for records, name in ((self.mount, "cost_change_ids"), (changes, "amount")):
                    with self.assertRaises(AccessError):
                        records.with_user(user).read([name])
                self.assertNotIn("cost_change_ids", self.mount.with_user(user).fields_get())
        self.assertFalse(changes.with_user(blind).search([]))

    def test_nobody_writes_it(self):
        keeper = self._create_user("manager")
        with self.assertRaises(AccessError):
            self.mount.cost_change_ids.with_user(keeper).write({"note": "x"})

    def test_another_store_sees_none_of_it(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_user("keeper", company_id=other.id, company_ids=other.ids)
        changes = self.env["jewelry.piece.cost"].with_user(stranger).with_company(other)
        self.assertFalse(changes.search([("lot_id", "=", self.mount.id)]))
