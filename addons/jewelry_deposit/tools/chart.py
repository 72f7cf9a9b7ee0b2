"""Where the accounts of deposits belong in a chart of accounts."""

from typing import NamedTuple


class Codes(NamedTuple):
    """The first codes to try for accounts that owe deposits, and for the income of forfeits."""

    deposits: str
    forfeits: str


# Each under the chart's own group: Belgium's 460 advances on orders, 743 sundry operating income.
# Accounts of their own, so that nothing else is posted there and they tie out.
DEFAULT = Codes("251000", "450000")
CODES = {"be": Codes("460100", "743100")}


def get_codes(template):
    """Return the codes of a chart.

    :param str template: name of the chart's template, such as `be_comp`; may be empty
    """
    family = (template or "").split("_")[0]
    return CODES.get(family, DEFAULT)
