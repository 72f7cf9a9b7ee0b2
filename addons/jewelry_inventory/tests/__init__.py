from . import test_carat
from . import test_ring_size
from . import test_units
from . import test_weight
