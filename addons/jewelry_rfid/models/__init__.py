from . import jewelry_label
from . import jewelry_provenance_event
from . import jewelry_rfid_access
from . import jewelry_rfid_tag
from . import jewelry_rfid_tagging
from . import res_company
from . import res_config_settings
from . import stock_lot
