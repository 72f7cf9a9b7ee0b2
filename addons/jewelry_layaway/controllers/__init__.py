from . import layaway
