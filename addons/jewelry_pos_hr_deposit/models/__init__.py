from . import jewelry_refund_agreement
from . import pos_config
from . import pos_order
