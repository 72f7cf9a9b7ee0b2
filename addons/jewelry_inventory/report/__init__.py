from . import jewelry_passport_report
