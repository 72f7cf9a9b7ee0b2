from . import test_access
from . import test_delivery
from . import test_discretion
from . import test_document
from . import test_invoice
from . import test_one_sale
from . import test_price
from . import test_quotation
