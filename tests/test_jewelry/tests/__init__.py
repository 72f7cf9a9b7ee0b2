from . import test_access_matrix
from . import test_accountants_document
from . import test_core_at_install
from . import test_demo_counter
from . import test_deposit_ledger
from . import test_deposit_setup
from . import test_manufacturing
from . import test_stock_value
