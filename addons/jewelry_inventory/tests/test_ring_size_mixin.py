from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import JewelryCommon


@tagged("post_install", "-at_install")
class TestRingSizeMixin(JewelryCommon):
    """A ring is measured once and read in every country's scale."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ring = cls._create_piece()

    def test_a_measured_ring_has_a_size_in_every_scale(self):
        self.ring.ring_circumference = 54.0
        for prefix in ("US", "EU 54", "UK", "JP"):
            self.assertIn(prefix, self.ring.ring_size)

    def test_a_size_that_is_only_near_says_so(self):
        self.ring.ring_circumference = 54.4
        self.assertIn("EU ≈ 54", self.ring.ring_size)

    def test_a_ring_that_was_not_measured_has_no_size(self):
        self.assertFalse(self.ring.ring_size)

    def test_a_size_in_any_scale_gives_the_circumference(self):
        for size, circumference in (("EU 54", 54.0), ("us 7", 54.42), ("UK N½", 54.38)):
            with self.subTest(size=size):
                self.ring.ring_size = size
                self.assertAlmostEqual(self.ring.ring_circumference, circumference, 2)

    def test_emptying_the_size_forgets_the_measure(self):
        self.ring.ring_circumference = 54.0
        self.ring.ring_size = False
        self.assertEqual(self.ring.ring_circumference, 0.0)

    def test_a_size_without_its_scale_is_refused(self):
        for size in ("7", "N", "XX 7", "US 99", "EU", "nonsense at all"):
            with self.subTest(size=size), self.assertRaisesRegex(ValidationError, "scale"):
                self.ring.ring_size = size

    def test_saving_the_form_again_does_not_round_the_measure(self):
        self.ring.ring_circumference = 54.37
        with Form(self.ring, "jewelry_inventory.stock_lot_view_form_piece") as form:
            form.inscription = "For ever"
        self.assertEqual(self.ring.ring_circumference, 54.37)
