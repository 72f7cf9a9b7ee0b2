from . import test_down_payment
from . import test_settle
from . import test_settle_browser
from . import test_settle_malicious
from . import test_settle_price
from . import test_settle_race
