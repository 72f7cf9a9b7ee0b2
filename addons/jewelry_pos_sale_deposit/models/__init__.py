from . import pos_order_line, sale_order
