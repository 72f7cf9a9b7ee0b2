from . import jewelry_sale_conflict_settle
