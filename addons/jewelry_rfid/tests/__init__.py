from . import test_epc
from . import test_epc_program
from . import test_epc_properties
from . import test_epc_rules
from . import test_tag
from . import test_tag_access
from . import test_tag_pieces
from . import test_tag_writing
