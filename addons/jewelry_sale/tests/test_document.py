from odoo.tests import HttpCase, tagged

from .common import SaleCommon


@tagged("post_install", "-at_install")
class TestPieceDocument(HttpCase, SaleCommon):
    """What a customer gets to see of a quoted piece."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.high.write(
            {
                "standard_price": 900,
                "gross_weight": 3.42,
                "hallmark": "750",
                "former_number": "OLD-77",
                "note": "Bought from a dealer in Antwerp",
                "image_1920": cls._image("blue"),
            }
        )
        cls.order = cls._quote(cls.high)
        cls.env.flush_all()

    def _check_page(self, page):
        for shown in (self.high.name, "3.420 g", "Hallmark: 750", "data:image/png;base64"):
            self.assertIn(shown, page)
        for hidden in ("900.00", "OLD-77", "Antwerp", self.stock_location.complete_name):
            self.assertNotIn(hidden, page)

    def test_the_print_shows_picture_and_specification(self):
        report = self.env["ir.actions.report"]
        page, _type = report._render_qweb_html("sale.report_saleorder", self.order.ids)
        self._check_page(page.decode())

    def test_the_customers_page_shows_picture_and_specification(self):
        response = self.url_open(self.order.get_portal_url())
        self.assertEqual(response.status_code, 200)
        self._check_page(response.text)

    def test_the_page_is_not_for_strangers(self):
        response = self.url_open(f"/my/orders/{self.order.id}?access_token=guess")
        self.assertNotIn(self.high.name, response.text)
