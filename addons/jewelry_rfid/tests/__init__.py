from . import test_epc
from . import test_epc_program
from . import test_epc_properties
from . import test_epc_rules
