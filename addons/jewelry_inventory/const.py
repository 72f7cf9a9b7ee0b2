"""Names shared by the models of the trunk."""

# In a field's groups: whoever carries the marker does not get it, whatever else they are.
HIDDEN_MARKER = "!jewelry_inventory.group_cost_hidden"

# Context key: why something is changed, in the words of whoever does it, for the audit trail.
CHANGE_REASON = "change_reason"

# Groups that may read a cost: everyone on the staff but those who carry the marker.
COST_GROUPS = f"base.group_user,{HIDDEN_MARKER}"

# Every field of the trunk and of core below it that holds a cost or gives one away. Rooms add
# theirs. A test walks the list as an associate.
COST_FIELDS = [
    ("product.template", "standard_price"),
    ("product.product", "standard_price"),
    ("product.product", "avg_cost"),
    ("product.product", "total_value"),
    ("product.supplierinfo", "price"),
    ("product.supplierinfo", "price_discounted"),
    ("product.supplierinfo", "discount"),
    ("product.value", "value"),
    ("product.value", "previous_value"),
    ("product.value", "delta"),
    ("product.value", "current_value"),
    ("product.value", "current_value_details"),
    ("stock.lot", "standard_price"),
    ("stock.lot", "avg_cost"),
    ("stock.lot", "total_value"),
    ("stock.lot", "value_ids"),
    ("stock.lot", "cost_change_ids"),
    ("jewelry.stock.aging", "stock_cost"),
    ("jewelry.stock.aging", "average_cost"),
    ("jewelry.stock.aging", "sold_cost"),
    ("jewelry.stock.aging", "margin"),
    ("jewelry.stock.aging", "turn"),
    ("jewelry.stock.aging", "gmroi"),
    ("jewelry.audit", "old_amount"),
    ("jewelry.audit", "new_amount"),
    ("jewelry.audit", "amount_change"),
    ("jewelry.piece.cost", "amount"),
    ("jewelry.piece.cost", "cost_after"),
    ("stock.lot", "labour_amount"),
    ("stock.lot", "stone_price"),
    ("stock.lot", "price_floor"),
    ("stock.lot", "price_breakdown"),
    ("stock.lot", "price_breakdown_html"),
    ("stock.move", "value"),
    ("stock.move", "value_manual"),
    ("stock.move", "value_justification"),
    ("stock.move", "value_computed_justification"),
    ("stock.move", "remaining_value"),
    ("stock.move", "standard_price"),
    ("stock.move", "price_unit"),
    ("stock.move.line", "cost_unit"),
    ("stock.move.line", "piece_value"),
    ("stock.quant", "value"),
    ("stock.avco.report", "value"),
    ("stock.avco.report", "added_value"),
    ("stock.avco.report", "total_value"),
    ("stock.avco.report", "avco_value"),
    ("stock.avco.report", "justification"),
    ("account.invoice.report", "price_margin"),
    ("account.invoice.report", "inventory_value"),
    ("jewelry.transformation", "input_value"),
    ("jewelry.transformation", "cost_value"),
    ("jewelry.transformation", "loss_value"),
    ("jewelry.transformation", "output_value"),
    ("jewelry.transformation.cost", "amount"),
    ("jewelry.transformation.line", "stated_value"),
    ("jewelry.transformation.line", "value"),
    ("jewelry.parcel.intake", "cost"),
    ("jewelry.sourcing.document", "value"),
    ("jewelry.import", "cost_total"),
    ("jewelry.import", "cost_done"),
    ("jewelry.import", "cost_booked"),
    ("jewelry.import", "cost_posted"),
    ("jewelry.piece.price", "floor"),
    ("jewelry.count", "missing_cost"),
    ("jewelry.count.line", "cost_value"),
    ("jewelry.approval", "values"),
    ("jewelry.approval", "digest"),
    ("jewelry.approval.subject", "change"),
    ("jewelry.custody.excess", "amount"),
    ("jewelry.price.run.line", "old_floor"),
    ("jewelry.price.run.line", "old_stones"),
    ("jewelry.price.run.line", "old_breakdown"),
]

# Records that are costs as a whole, and the rule that hides them.
COST_RECORDS = [
    ("product.supplierinfo", []),
    ("product.value", []),
    ("jewelry.piece.cost", []),
    ("jewelry.audit", []),
    ("account.move.line", [("display_type", "=", "cogs")]),
]

SPECIFIC = "specific"

JEWELRY_KINDS = [
    ("piece", "Finished piece"),
    ("stone", "Loose stone"),
    ("parcel", "Parcel"),
    ("metal", "Metal"),
]

# Kinds whose every unit is one of a kind: a serial with its own cost and price.
PIECE_KINDS = ("piece", "stone")

# Kinds that are stocked by weight: a lot of any quantity, at an average cost.
BULK_KINDS = ("parcel", "metal")

WEIGHT_DIGITS = (16, 3)

# What can be done with material; the one mechanism is `jewelry.transformation`.
TRANSFORMATION_KINDS = [
    ("set", "Set stones"),
    ("unset", "Unset stones"),
    ("assemble", "Assemble"),
    ("disassemble", "Take apart"),
    ("melt", "Melt"),
    ("cast", "Cast"),
    ("mix", "Mix parcels"),
    ("split", "Split a parcel"),
    ("regrade", "Re-grade a parcel"),
    ("return", "Take back from the bench"),
]

# Pieces that a policy prices. Where a client was promised a price (layaway), it stays.
PRICED_STATUSES = ("expected", "available", "reserved", "memo_out", "bench", "hold", "transit")
