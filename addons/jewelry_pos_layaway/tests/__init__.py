from . import test_begin
from . import test_cart
from . import test_malicious
from . import test_pay
from . import test_race
from . import test_sign
from . import test_tours
from . import test_units
