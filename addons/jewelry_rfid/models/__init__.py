from . import jewelry_rfid_tag
