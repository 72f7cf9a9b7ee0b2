from . import loyalty_card
from . import loyalty_program
from . import loyalty_reward
from . import pos_config
from . import pos_order_line
from . import res_partner
