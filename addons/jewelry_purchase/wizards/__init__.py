from . import jewelry_delivery_material
from . import jewelry_delivery_entry
from . import jewelry_delivery_entry_line
from . import jewelry_delivery_entry_part
