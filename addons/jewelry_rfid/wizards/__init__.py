from . import jewelry_label_print
from . import jewelry_rfid_alarm_answer
from . import jewelry_rfid_read_back
from . import jewelry_rfid_tag_end
from . import jewelry_rfid_tag_pieces
from . import jewelry_rfid_unknown_tag
