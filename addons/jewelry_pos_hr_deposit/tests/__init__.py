from . import test_access, test_browser, test_refund
