from . import test_pin_agreement
