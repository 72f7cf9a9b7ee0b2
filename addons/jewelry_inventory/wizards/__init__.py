from . import jewelry_metal_rate_import
