"""What layaways and special orders have in common: kinds, states and what may follow on what."""

KINDS = [("layaway", "Layaway"), ("special_order", "Special Order")]

STATES = [
    ("draft", "Draft"),
    ("signed", "Signed"),
    ("open", "Open"),
    ("notice", "Notice Given"),
    ("paid", "Paid"),
    ("delivered", "Delivered"),
    ("forfeited", "Forfeited"),
    ("credited", "Credited"),
    ("refunded", "Paid Back"),
    ("cancelled", "Cancelled"),
]

# What becomes of the money when a customer does not pay, and the state that this leads to.
OUTCOMES = [
    ("forfeit", "Forfeit"),
    ("credit", "Keep to the Customer's Credit"),
    ("refund", "Pay Back"),
]
OUTCOME_STATES = {"forfeit": "forfeited", "credit": "credited", "refund": "refunded"}

# Which states may follow on each.
FLOW = {
    "draft": {"signed", "cancelled"},
    "signed": {"open", "cancelled"},
    "open": {"notice", "paid", "cancelled"},
    "notice": {"open", "paid", "cancelled", *OUTCOME_STATES.values()},
    "paid": {"open", "delivered", "cancelled"},
    "delivered": set(),
    "forfeited": set(),
    "credited": set(),
    "refunded": set(),
    "cancelled": set(),
}

# The customer and the store are bound by it; the price stays.
BOUND_STATES = ("signed", "open", "notice", "paid")
# The piece is kept for the customer.
HELD_STATES = ("open", "notice", "paid")
# It came to nothing: whatever money comes in later is the customer's.
FAILED_STATES = ("forfeited", "credited", "refunded", "cancelled")

RHYTHMS = [("week", "Every Week"), ("fortnight", "Every Two Weeks"), ("month", "Every Month")]

# What was agreed. Written by the program from the term, and for good once it is signed.
CONDITION_FIELDS = {
    "amount_fee",
    "amount_first",
    "amount_kept",
    "cancel_days",
    "date_end",
    "grace_days",
    "is_fee_refundable",
    "kind",
    "notice_days",
    "order_id",
    "deposit_id",
    "outcome",
    "term_id",
    "terms",
}
SIGNED_FIELDS = {
    "document",
    "document_hash",
    "paper",
    "schedule",
    "signature",
    "signed_by",
    "signed_on",
}
# Files among them, which are kept as attachments.
SIGNED_FILES = ("document", "paper", "signature")

# What a new term begins with, which is a custom of stores and no law: how many days an instalment
# may be late before notice, and how many a customer has to cancel for nothing.
GRACE_DAYS = 7
CANCEL_DAYS = 7

# Stands in the context while only the fee is invoiced; from a browser nothing is the same object.
FEE_ONLY = object()
