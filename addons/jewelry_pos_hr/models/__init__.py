from . import jewelry_pin_failure
from . import jewelry_sale_conflict
from . import pos_config
from . import res_users
