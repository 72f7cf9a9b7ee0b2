from . import test_carat
from . import test_piece
from . import test_ring_size
from . import test_specific_cost
from . import test_specific_oracle
from . import test_units
from . import test_weight
