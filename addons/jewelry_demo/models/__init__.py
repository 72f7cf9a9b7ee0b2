from . import jewelry_demo
from . import jewelry_demo_rfid
