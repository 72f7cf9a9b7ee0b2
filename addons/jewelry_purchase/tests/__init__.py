from . import test_billed_pieces
from . import test_browser
from . import test_delivery_entry
from . import test_vendor_bill
