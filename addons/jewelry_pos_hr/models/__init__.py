from . import jewelry_pin_failure
from . import pos_config
