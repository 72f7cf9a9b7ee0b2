from . import (
    test_access,
    test_browser,
    test_deposit,
    test_faults,
    test_hand,
    test_kill,
    test_race,
    test_setup,
    test_tie_out,
)
