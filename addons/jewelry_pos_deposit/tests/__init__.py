from . import test_browser
from . import test_fault
from . import test_give_back
from . import test_hand_over
from . import test_race
from . import test_sync_kill
from . import test_take
from . import test_tax
