from . import test_conflict_manager
from . import test_pin_agreement
