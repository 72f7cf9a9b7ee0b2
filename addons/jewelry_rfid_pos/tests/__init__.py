from . import test_pad
from . import test_pad_browser
