from . import jewelry_layaway_ageing
