from . import product_pricelist_item
from . import sale_order
from . import sale_order_line
from . import stock_lot
from . import account_move
from . import account_move_line
