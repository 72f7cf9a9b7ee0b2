from . import jewelry_pin_failure
from . import pos_config
from . import res_users
