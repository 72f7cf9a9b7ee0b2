from . import test_settle_deposit
