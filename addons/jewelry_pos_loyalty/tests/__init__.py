from . import test_counter_credit
from . import test_giveaway
from . import test_loyalty_browser
from . import test_loyalty_price
from . import test_loyalty_tender
from . import test_units
