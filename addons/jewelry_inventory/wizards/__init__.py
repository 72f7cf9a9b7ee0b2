from . import jewelry_metal_rate_import
from . import jewelry_piece_intake
from . import jewelry_piece_revalue
from . import jewelry_piece_revalue_line
from . import jewelry_piece_void
