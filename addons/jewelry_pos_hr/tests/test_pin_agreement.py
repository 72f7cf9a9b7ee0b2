import hashlib

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.jewelry_pos.tests.price_common import PriceCommon
from odoo.addons.jewelry_pos.tests.test_price_browser import PriceTourCommon

from ..models.jewelry_pin_failure import LIMIT


class PinCommon(PriceCommon):
    """A register that knows its employees; the manager has a PIN, and so has the cashier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config.module_pos_hr = True
        cls.boss = cls._create_employee(cls.manager, "4711")
        cls.clerk = cls._create_employee(cls.cashier, "1234")
        cls.failures = cls.env["jewelry.pin.failure"]

    @classmethod
    def _create_employee(cls, user, pin):
        employee = cls.env["hr.employee"].create(
            {"name": user.name, "user_id": user.id, "company_id": cls.company.id, "pin": "1111"}
        )
        user.with_user(user).price_pin = pin
        return employee

    def _agree(self, pin, employee=None, question=None, reason="An old client"):
        """Return what the register of the cashier is told, or False."""
        register = self.config.with_user(self.cashier)
        question = question or self.question
        answer = register.agree_prices_by_pin(question, reason, (employee or self.boss).id, pin)
        return answer["error"]


@tagged("post_install", "-at_install")
class TestPinAgreement(PinCommon):
    """A manager types the PIN where the cashier is logged in; the server checks it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.question = cls._prepare_question(1000)

    def test_the_right_pin_lets_the_order_through(self):
        self.assertFalse(self._agree("4711"))
        line = self._prepare_line(self.high, price_unit=1000)
        order = self._sell(line, uuid=self.question["uuid"], user=self.cashier)
        self.assertFalse(order.conflict_ids)
        agreement = self.env["jewelry.price.agreement"].search([])
        self.assertEqual(
            (agreement.manager_id, agreement.asked_by_id), (self.manager, self.cashier)
        )
        self.assertEqual(agreement.agreed_by, "pin")

    def test_a_manager_agrees_by_pin_where_the_cashier_asked_too_often(self):
        for price in (1900, 1800, 1700):
            self._check(self._prepare_question(price))
        question = self._prepare_question(1600)
        self.assertTrue(self._check(question))
        self.assertFalse(self._agree("4711", question=question))
        self.assertEqual(self._check(question), [])

    def test_a_wrong_pin_agrees_to_nothing_and_is_counted(self):
        self.assertIn("not the PIN", self._agree("0000"))
        self.assertTrue(self._check(self.question))
        failure = self.failures.search([])
        self.assertEqual((failure.employee_id, failure.config_id), (self.boss, self.config))
        self.assertEqual(failure.user_id, self.cashier)

    def test_after_too_many_wrong_ones_the_right_one_is_not_tried(self):
        for _time in range(LIMIT):
            self._agree("0000")
        self.assertIn("Too many", self._agree("4711"))
        self.assertTrue(self._check(self.question))
        self.assertEqual(self.failures.search_count([]), LIMIT)

    def test_it_is_tried_again_once_the_time_is_over(self):
        for _time in range(LIMIT):
            self._agree("0000")
        self.env.cr.execute(
            "UPDATE jewelry_pin_failure SET create_date = create_date - INTERVAL '16 minutes'"
        )
        self.env.invalidate_all()
        self.assertFalse(self._agree("4711"))

    def test_the_wrong_ones_of_one_manager_do_not_count_for_another(self):
        second = self._create_employee(self.other, "8888")
        for _time in range(LIMIT):
            self._agree("0000")
        self.assertFalse(self._agree("8888", employee=second))

    def test_only_managers_agree(self):
        self.assertIn("Choose a manager", self._agree("1234", employee=self.clerk))
        self.assertTrue(self._check(self.question))

    def test_an_employee_without_a_pin_agrees_to_nothing(self):
        self.manager.sudo().price_pin_hash = False
        for pin in ("", False, None, "False"):
            with self.subTest(pin=pin):
                self.assertIn("Choose a manager", self._agree(pin))

    def test_whatever_is_typed_is_no_error(self):
        for pin in ("", None, 4712, "ß", "4711 ", ["4711"]):
            with self.subTest(pin=pin):
                self.assertTrue(self._agree(pin))
                self.failures.sudo().search([]).unlink()

    def test_a_register_without_employees_has_no_pins(self):
        self.config.module_pos_hr = False
        self.assertIn("Choose a manager", self._agree("4711"))

    def test_a_manager_of_another_company_is_none_here(self):
        other = self.env["res.company"].create({"name": "Other store"})
        stranger = self.env["hr.employee"].create(
            {"name": "Stranger", "user_id": self.other.id, "company_id": other.id}
        )
        self.other.price_pin = "9999"
        self.assertIn("Choose a manager", self._agree("9999", employee=stranger))

    def test_the_pin_that_each_register_knows_is_no_pin_for_prices(self):
        for pin in ("1111", "12", "12a4", "    "):
            with self.subTest(pin=pin), self.assertRaises(UserError):
                self.manager.with_user(self.manager).price_pin = pin
        self.assertIn("not the PIN", self._agree("1111"))
        self.assertFalse(self._agree("4711"))

    def test_a_pin_is_chosen_by_its_owner_and_read_by_nobody(self):
        with self.assertRaises(AccessError):
            self.manager.with_user(self.cashier).price_pin = "5555"
        for user in (self.cashier, self.manager):
            with self.assertRaises(AccessError):
                self.manager.with_user(user).read(["price_pin_hash"])
        self.assertFalse(self.manager.with_user(self.manager).price_pin)
        self.assertNotIn("4711", self.manager.sudo().price_pin_hash)

    def test_no_register_is_sent_anything_to_try_pins_against(self):
        session = self._open_session().with_user(self.cashier)
        sent = str(session.load_data([]))
        self.assertNotIn(self.manager.sudo().price_pin_hash, sent)
        self.assertNotIn(hashlib.sha1(b"4711").hexdigest(), sent)

    def test_an_agreement_has_a_reason(self):
        with self.assertRaisesRegex(UserError, "Enter why"):
            self._agree("4711", reason=" ")

    def test_the_register_hears_who_may_agree(self):
        answer = self.config.with_user(self.cashier).check_prices(self.question)
        self.assertEqual(answer["managers"], [{"id": self.boss.id, "name": self.boss.name}])
        self.assertNotIn("4711", str(answer))
        answer = self.config.with_user(self.cashier).check_prices(self._prepare_question(2000))
        self.assertEqual(answer["managers"], [])

    def test_the_login_of_a_manager_is_no_agreement_where_employees_take_turns(self):
        register = self.config.with_user(self.manager)
        self.assertFalse(register.check_prices(self.question)["can_agree"])
        with self.assertRaisesRegex(AccessError, "Only managers"):
            register.agree_prices(self.question, "An old client")
        self.assertTrue(self._check(self.question))

    def test_the_login_of_a_manager_agrees_where_nobody_else_uses_it(self):
        self.config.module_pos_hr = False
        register = self.config.with_user(self.manager)
        self.assertTrue(register.check_prices(self.question)["can_agree"])
        register.agree_prices(self.question, "An old client")
        self.assertEqual(self._check(self.question), [])

    def test_nobody_writes_failures_or_removes_them(self):
        self._agree("0000")
        values = {"employee_id": self.boss.id, "config_id": self.config.id}
        for user in (self.cashier, self.manager):
            failures = self.failures.with_user(user)
            acts = {
                "create": lambda failures=failures: failures.create(values),
                "write": lambda user=user: (
                    self.failures.search([]).with_user(user).write({"employee_id": self.clerk.id})
                ),
                "unlink": lambda user=user: self.failures.search([]).with_user(user).unlink(),
            }
            for act, run in acts.items():
                with self.subTest(user=user.login, act=act), self.assertRaises(AccessError):
                    run()
        self.assertFalse(self.failures.with_user(self.cashier).has_access("read"))
        self.assertTrue(self.failures.with_user(self.manager).has_access("read"))

    def test_old_failures_are_forgotten(self):
        self._agree("0000")
        old = fields.Datetime.subtract(fields.Datetime.now(), days=91)
        self.env.cr.execute("UPDATE jewelry_pin_failure SET create_date = %s", [old])
        self.env.invalidate_all()
        self.failures.sudo()._gc_failures()
        self.assertFalse(self.failures.search([]))

    def test_the_pin_is_not_kept_anywhere(self):
        with self.assertLogs(level="DEBUG") as logs:
            self._agree("271828")
            self.env.flush_all()
        kept = [line for line in logs.output if "271828" in line]
        self.assertEqual(kept, [])
        self.env.cr.execute("SELECT t::text FROM jewelry_pin_failure t")
        self.assertNotIn("271828", str(self.env.cr.fetchall()))


@tagged("post_install", "-at_install")
class TestPinTour(PinCommon, PriceTourCommon):
    """From the discount key to the receipt, with the manager's PIN in between."""

    def test_a_manager_agrees_by_pin_at_the_cashiers_register(self):
        (self.boss | self.clerk).pin = False
        self.config.module_pos_hr = True
        order = self._tour("jewelry_pos_hr_pin", self.cashier)
        self.assertFalse(order.conflict_ids)
        self.assertEqual(self.env["jewelry.price.agreement"].search([]).manager_id, self.manager)
        self.assertEqual(self.failures.search_count([]), 1)
