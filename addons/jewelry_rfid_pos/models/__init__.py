from . import jewelry_rfid_reader
from . import jewelry_rfid_tag
from . import pos_config
from . import res_config_settings
from . import stock_lot
