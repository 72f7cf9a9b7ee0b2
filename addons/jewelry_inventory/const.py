"""Names shared by the models of the trunk."""

# Groups that may read a cost: everyone on the staff but those who carry the marker.
COST_GROUPS = "base.group_user,!jewelry_inventory.group_cost_hidden"

SPECIFIC = "specific"

JEWELRY_KINDS = [
    ("piece", "Finished piece"),
    ("stone", "Loose stone"),
    ("parcel", "Parcel"),
]

# Kinds whose every unit is one of a kind: a serial with its own cost and price.
PIECE_KINDS = ("piece", "stone")

WEIGHT_DIGITS = (16, 3)
