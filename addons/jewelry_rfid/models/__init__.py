# Pieces inherit these, and labels need pieces.
from . import jewelry_rfid_seen
from . import jewelry_rfid_tag
from . import jewelry_rfid_tagging

from . import ir_http
from . import ir_websocket
from . import jewelry_label
from . import jewelry_provenance_event
from . import jewelry_rfid_access
from . import jewelry_rfid_antenna
from . import jewelry_rfid_batch
from . import jewelry_rfid_gateway
from . import jewelry_rfid_proposal
from . import jewelry_rfid_reader
from . import jewelry_rfid_sighting
from . import jewelry_rfid_tag_seen
from . import jewelry_rfid_unknown
from . import jewelry_rfid_wall
from . import jewelry_rfid_zone
from . import res_company
from . import res_config_settings
from . import res_users
from . import stock_lot
