from . import account_move_line
from . import jewelry_deposit
from . import jewelry_deposit_tie_out
from . import jewelry_sale_conflict
from . import pos_config
from . import pos_order
from . import pos_order_line
from . import pos_session
