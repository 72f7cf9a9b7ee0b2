from odoo.tests import TransactionCase, tagged

from ..hooks import _raise_precision
from ..tools import weight


@tagged("post_install", "-at_install")
class TestUnits(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gram = cls.env.ref("uom.product_uom_gram")
        cls.precision = cls.env.ref("uom.decimal_product_uom")

    def _unit(self, name):
        return self.env.ref(f"jewelry_inventory.product_uom_{name}")

    def test_units_of_the_trade_hold_the_grams_of_the_rules(self):
        names = {
            "carat": "ct",
            "point": "point",
            "grain": "grain",
            "pennyweight": "dwt",
            "troy_ounce": "ozt",
            "tola": "tola",
        }
        for name, key in names.items():
            self.assertAlmostEqual(
                self._unit(name).factor, float(weight.GRAMS_PER_UNIT[key]), places=9
            )

    def test_a_troy_ounce_is_never_named_like_the_other_ounce(self):
        self.assertEqual(self._unit("troy_ounce").name, "ozt")
        self.assertAlmostEqual(
            self._unit("troy_ounce")._compute_quantity(1, self.gram, rounding_method="HALF-UP"),
            31.103,
            places=3,
        )

    def test_units_of_the_trade_convert_to_grams_and_back(self):
        carat = self._unit("carat")
        self.assertTrue(carat._has_common_reference(self.gram))
        self.assertEqual(carat._compute_quantity(2.5, self.gram, rounding_method="HALF-UP"), 0.5)
        self.assertEqual(self.gram._compute_quantity(1, carat, rounding_method="HALF-UP"), 5)

    def test_five_thousandths_of_a_carat_are_a_quantity(self):
        self.assertGreaterEqual(self.precision.digits, 3)
        self.assertEqual(self._unit("carat").round(0.005), 0.005)

    def test_installing_raises_a_lower_precision(self):
        self.precision.digits = 2
        _raise_precision(self.env)
        self.assertEqual(self.precision.digits, 3)

    def test_installing_again_keeps_a_higher_precision(self):
        self.precision.digits = 5
        _raise_precision(self.env)
        self.assertEqual(self.precision.digits, 5)
