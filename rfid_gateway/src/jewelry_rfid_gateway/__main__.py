"""`python -m jewelry_rfid_gateway`."""

import sys

from .cli import main

sys.exit(main())
