from . import test_layaway
