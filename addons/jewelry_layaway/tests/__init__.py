from . import (
    test_access,
    test_browser,
    test_ending,
    test_layaway,
    test_money,
    test_page,
    test_reminding,
    test_reports,
    test_schedule,
    test_signing,
)
