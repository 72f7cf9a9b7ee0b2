from odoo.tests import tagged

from odoo.addons.jewelry_pos.tests.price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestConflictManager(PriceCommon):
    """Where a register knows its employees, a manager who is one of them is asked."""

    def _get_asked(self):
        """Return who is asked about a new conflict."""
        return self._sell_at(1).conflict_ids.activity_ids.user_id

    def setUp(self):
        super().setUp()
        for user in (self.manager, self.other):
            user.write({"company_id": self.company.id, "company_ids": [(4, self.company.id)]})
        self._open_session().user_id = self.cashier

    def _employ(self, user, company=None):
        self.env["hr.employee"].create(
            {"name": user.name, "user_id": user.id, "company_id": (company or self.company).id}
        )

    def test_a_manager_who_is_an_employee_of_the_store_is_asked(self):
        self.config.module_pos_hr = True
        self._employ(self.other)
        self.assertEqual(self._get_asked(), self.other)

    def test_an_employee_of_another_store_is_none_of_this_one(self):
        self.config.module_pos_hr = True
        self._employ(self.manager, self.env["res.company"].create({"name": "Other store"}))
        self._employ(self.other)
        self.assertEqual(self._get_asked(), self.other)

    def test_without_employees_at_the_register_whose_store_it_is_counts(self):
        self.config.module_pos_hr = False
        self._employ(self.other)
        self.assertEqual(self._get_asked(), self.manager)
