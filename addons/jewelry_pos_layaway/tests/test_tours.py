from odoo.tests import tagged

from odoo.addons.jewelry_pos.tests.test_counter_tours import CounterTourCommon


class LayawayTourCommon(CounterTourCommon):
    """A cashier at a register of a store with terms of both kinds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["jewelry.layaway.term"].search([]).active = False
        cls.terms = cls.env["jewelry.layaway.term"].create(
            [
                {
                    "name": f"Half and half, {kind}",
                    "kind": kind,
                    "company_id": cls.company.id,
                    "first_percent": 50,
                    "instalment_count": 1,
                }
                for kind in ("layaway", "special_order")
            ]
        )
        cls.laid = cls.env["jewelry.deposit.kind"]._get_kind("layaway", cls.company)
        cls.laid.tax_on_receipt = False

    def _get_layaway(self):
        """Return the one layaway of the client."""
        return self.env["jewelry.layaway"].search([("partner_id", "=", self.client.id)])

    def _begin(self):
        """Return a layaway of the high piece, signed and with the first payment made."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "order_line": [(0, 0, {"piece_id": self.high.id})],
            }
        )
        wizard = self.env["jewelry.layaway.create"].create({"order_id": order.id})
        layaway = self.env["jewelry.layaway"].browse(wizard.action_create_layaway()["res_id"])
        layaway._sign("Client", paper=self.company.logo)
        journal = self.laid._find_journal("bank")
        layaway.deposit_id._receive(layaway.amount_first, journal)
        return layaway


@tagged("post_install", "-at_install")
class TestLayawayTours(LayawayTourCommon):
    """Layaways and special orders at the register, in a browser, as the cashier."""

    def test_a_layaway_is_begun_signed_and_paid_for_the_first_time(self):
        self._tour("jewelry_pos_layaway_begin")
        layaway = self._get_layaway()
        self.assertEqual((layaway.state, layaway.kind), ("open", "layaway"))
        self.assertEqual((self.high.piece_status, self.high.layaway_id), ("layaway", layaway))
        self.assertTrue(layaway.is_intact)
        self.assertTrue(layaway.signature)
        self.assertEqual((layaway.amount_paid, layaway.amount_due), (1000, 1000))
        self.assertEqual(layaway.user_id, self.associate)

    def test_the_last_payment_hands_it_over(self):
        layaway = self._begin()
        self._tour("jewelry_pos_layaway_last")
        self.assertEqual((layaway.state, self.high.piece_status), ("delivered", "sold"))
        self.assertEqual(layaway.order_id.invoice_ids.amount_total, 0)

    def test_one_like_a_sample_is_ordered_and_paid_for_the_first_time(self):
        self._tour("jewelry_pos_special_order")
        layaway = self._get_layaway()
        self.assertEqual((layaway.state, layaway.kind), ("open", "special_order"))
        self.assertIn("Size 54", layaway.order_id.order_line.name)
        self.assertEqual(self.high.piece_status, "available")
        self.assertFalse(self.high._get_unavailability())

    def test_terms_that_the_customer_refuses_leave_the_piece_for_sale(self):
        self._tour("jewelry_pos_layaway_refused")
        layaway = self._get_layaway()
        self.assertEqual((layaway.state, layaway.order_id.state), ("cancelled", "cancel"))
        # It was sold right after that, on the same order.
        self.assertEqual(self.high.piece_status, "sold")
        self.assertFalse(self.env["jewelry.sale.conflict"].search([]))

    def test_a_price_that_a_manager_agrees_to_is_the_layaways(self):
        self.high.sudo().price_floor = 1500
        # Who stands at the register here.
        self.associate = self._create_user(
            "manager", "point_of_sale.group_pos_manager", login="layaway_manager"
        )
        self._tour("jewelry_pos_layaway_agreed")
        layaway = self._get_layaway()
        self.assertEqual((layaway.state, layaway.amount_total), ("open", 1000))
        self.assertEqual((layaway.amount_paid, layaway.amount_due), (500, 500))
        agreement = self.env["jewelry.price.agreement"].search([("piece_id", "=", self.high.id)])
        self.assertEqual((agreement.price, agreement.reason), (1000, "An old client"))
        self.assertFalse(self.env["jewelry.sale.conflict"].search([]))

    def test_terms_are_signed_on_paper_and_the_photo_is_kept(self):
        self._tour("jewelry_pos_layaway_paper")
        layaway = self._get_layaway()
        self.assertEqual((layaway.state, bool(layaway.signature)), ("open", False))
        self.assertTrue(layaway.paper)
        self.assertTrue(layaway.is_intact)

    def test_what_is_paid_before_the_paper_is_scanned_waits_for_it(self):
        self._tour("jewelry_pos_layaway_paper_later")
        layaway = self._get_layaway()
        # Nothing is put away that nobody has signed for, and the money is the customer's.
        self.assertEqual((layaway.state, layaway.amount_paid), ("draft", 1000))
        self.assertEqual(layaway.amount_held, 1000)
