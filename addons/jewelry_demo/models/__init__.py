from . import jewelry_demo
