from . import deposit, order
