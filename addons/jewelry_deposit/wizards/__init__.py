from . import jewelry_deposit_receive, jewelry_deposit_return
