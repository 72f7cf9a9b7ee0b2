from . import jewelry_delivery_entry
from . import jewelry_delivery_entry_line
