from . import (
    jewelry_deposit_act_mixin,
    jewelry_deposit_assign,
    jewelry_deposit_kind_account,
    jewelry_deposit_link,
    jewelry_deposit_receive,
    jewelry_deposit_return,
    jewelry_deposit_setup,
    jewelry_deposit_setup_line,
    jewelry_deposit_tie_out_open,
    sale_advance_payment_inv,
)
