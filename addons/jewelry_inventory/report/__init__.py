from . import jewelry_passport_report
from . import jewelry_shipment_report
