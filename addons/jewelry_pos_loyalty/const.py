"""Words that the models of this module share."""

# Programs whose cards are money: they pay, as cash does.
MONEY_PROGRAMS = ("gift_card", "ewallet")
