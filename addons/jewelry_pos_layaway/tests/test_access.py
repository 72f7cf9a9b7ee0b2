from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import RegisterLayawayCommon


@tagged("post_install", "-at_install")
class TestAccess(RegisterLayawayCommon):
    """Who may begin layaways at a register, and what that lets them see. The module has no models
    of its own.
    """

    def test_whoever_sells_begins_a_layaway_and_reads_none(self):
        cashier = self._create_user("employee", "point_of_sale.group_pos_user", login="plain")
        layaway = self._start(self.high, user=cashier)
        register = self.config.with_user(cashier)
        register.sign_layaway(layaway.id, "Client", self.pen_text)
        self.assertEqual((layaway.state, layaway.user_id), ("signed", cashier))
        for model in ("jewelry.layaway", "jewelry.deposit", "sale.order"):
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(cashier).search([])

    def test_an_auditor_begins_nothing_and_reads_where_it_was_begun(self):
        layaway = self._start(self.high)
        auditor = self._create_user("employee", "jewelry_inventory.group_auditor", login="audit")
        register = self.config.with_user(auditor)
        for call in (
            lambda: register.propose_layaway(self._cart(self.low)),
            lambda: register.start_layaway(self._cart(self.low)),
            lambda: register.read_layaway(layaway.id),
            lambda: register.sign_layaway(layaway.id, "Client", self.pen_text),
            lambda: register.refuse_layaway(layaway.id),
            lambda: register.give_up_layaway(layaway.cart_uuid),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(layaway.with_user(auditor).cart_uuid, layaway.cart_uuid)
        self.assertEqual(layaway.state, "draft")
