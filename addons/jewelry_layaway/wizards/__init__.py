from . import (
    jewelry_layaway_cancel,
    jewelry_layaway_create,
    jewelry_layaway_piece,
    jewelry_layaway_sign,
    sms_composer,
)
