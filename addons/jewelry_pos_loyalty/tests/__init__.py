from . import test_loyalty_price
