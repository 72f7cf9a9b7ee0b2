from . import test_delivery_entry
from . import test_vendor_bill
