from . import (
    account_move,
    account_move_line,
    jewelry_deposit_ledger,
    jewelry_deposit,
    jewelry_deposit_consumption,
    jewelry_deposit_instalment,
    jewelry_deposit_kind,
    sale_order,
)
