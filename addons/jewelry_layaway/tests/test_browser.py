from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged

ASSOCIATE = "jewelry_inventory.group_associate,sales_team.group_sale_salesman_all_leads"


@tagged("post_install", "-at_install")
class TestLayawayTours(HttpCase):
    """A layaway from quotation to delivery, and one to forfeit, as those who do it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(cls.env, login="tour_associate", groups=ASSOCIATE)
        new_test_user(cls.env, login="tour_manager", groups="jewelry_inventory.group_manager")
        cls.client = cls.env["res.partner"].create({"name": "Client of the tour"})
        cls.style = cls.env["product.template"].create(
            {"name": "Ring of the tour", "jewelry_kind": "piece", "taxes_id": False}
        )
        cls.term = cls.env["jewelry.layaway.term"].create(
            {
                "name": "Half and half",
                "sequence": 0,
                "first_percent": 50,
                "instalment_count": 1,
                "outcome": "forfeit",
                "grace_days": 0,
                "notice_days": 0,
            }
        )

    def _quote(self, number):
        piece = self.env["stock.lot"].create(
            {
                "name": number,
                "product_id": self.style.product_variant_id.id,
                "list_price": 9000.0,
                "company_id": self.env.company.id,
            }
        )
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        piece._take_in(self.env.company._get_opening_place(), warehouse.lot_stock_id)
        return self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "order_line": [Command.create({"piece_id": piece.id})],
            }
        )

    def test_an_associate_plays_a_layaway_from_quotation_to_delivery(self):
        order = self._quote("P-LAYAWAY-TOUR")
        url = f"/odoo/action-sale.action_quotations_with_onboarding/{order.id}"
        self.start_tour(url, "jewelry_associate_makes_a_layaway", login="tour_associate")
        layaway = order.layaway_ids
        self.assertEqual(
            (layaway.state, order.order_line.piece_id.piece_status), ("delivered", "sold")
        )
        self.assertTrue(layaway.is_intact)
        self.assertEqual(layaway.amount_held, 0)
        self.assertEqual(order.invoice_ids.amount_residual, 0)

    def test_a_manager_ends_a_layaway_that_is_not_paid(self):
        layaway = self._open_late(self._quote("P-FORFEIT-TOUR"))
        url = f"/odoo/action-jewelry_layaway.jewelry_layaway_action/{layaway.id}"
        self.start_tour(url, "jewelry_manager_ends_a_layaway", login="tour_manager")
        self.assertEqual((layaway.state, layaway.amount_held), ("forfeited", 0))
        self.assertEqual(layaway.order_id.order_line.piece_id.piece_status, "available")

    def _open_late(self, order):
        """Return a layaway whose second payment was due two months ago, and without days."""
        wizard = self.env["jewelry.layaway.create"].create(
            {
                "order_id": order.id,
                "term_id": self.term.id,
                "date_start": fields.Date.today() - timedelta(days=90),
            }
        )
        layaway = self.env["jewelry.layaway"].browse(wizard.action_create_layaway()["res_id"])
        layaway.notice_days = -1
        layaway._sign("Client", paper=self.env.company.logo)
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", order.company_id.id)], limit=1
        )
        layaway.deposit_id._receive(layaway.amount_first, bank)
        return layaway
