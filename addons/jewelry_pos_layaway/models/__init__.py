from . import (
    jewelry_deposit,
    jewelry_layaway,
    jewelry_register_cart,
    jewelry_register_layaway,
    pos_config,
    pos_order,
)
