from . import test_pos_sale
from . import test_sale_conflict
from . import test_pos_race
