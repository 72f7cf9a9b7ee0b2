from . import test_access, test_deposit, test_hand, test_setup, test_tie_out
