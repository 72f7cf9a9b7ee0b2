from . import test_pos_malicious
from . import test_pos_price
from . import test_pos_sale
from . import test_sale_conflict
from . import test_pos_catalog
from . import test_pos_race
from . import test_pos_scale
from . import test_price_rules
