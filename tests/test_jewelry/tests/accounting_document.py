"""The accountants' document: what the flows posted, as Markdown."""

from .accounting_books import CHARTS, ROLES, VALUATIONS

PREFACE = """\
# What each flow posts

Every piece is a serial number with a cost of its own (specific identification, IAS 2.23); every
parcel of small stones and every lot of metal has an average cost (IAS 2.25). The journal items
below are no examples: a test plays each flow in four companies, one for each chart of accounts and
valuation, and compares this page with what was posted
(`tests/test_jewelry/tests/test_accountants_document.py`). The flows follow each other in one
company; the closing at the end closes all of them, and all items together are the balances at the
end. What a flow adds to the value of the stock is given in all and, in brackets, for each piece or
lot. Taxes are left out, as they do not touch the stock, but for the flows of deposits: those have
the tax that each chart proposes for sales. Where the rules of the two countries differ, the
company's setting decides, and the page shows both.

*Perpetual*: bills debit the stock account, invoices expense the pieces that they sell.
*Periodic*: bills debit the purchases, and only the closing posts to the stock account.
"""
BALANCES = """\
## Balances after the closing

Credit balances are negative. The stock account is the sum of the pieces, parcels and metal
in every column, and perpetual and periodic valuation come to the same profit.
"""


def render(story):
    """Return the document.

    :param dict story: {book: what each flow did in it}
    """
    parts = [PREFACE, _render_settings(story)]
    for number, flows in enumerate(zip(*story.values(), strict=True), 1):
        parts.append(_render_flow(number, dict(zip(story, flows, strict=True))))
    parts += [BALANCES, *(_render_balances(_get_books(story, chart)) for chart in CHARTS)]
    return "\n".join(parts)


def _get_books(books, chart):
    """Return {valuation: book} of a chart, in the order in which the document shows them."""
    return {
        valuation: next(b for b in books if (b.chart, b.valuation) == (chart, valuation))
        for valuation in VALUATIONS
    }


def _render_settings(books):
    chosen = [_get_books(books, chart)["real_time"] for chart in CHARTS]
    rows = [
        [title, *(f"{book.accounts[role].code} {book.accounts[role].name}" for book in chosen)]
        for role, title in ROLES.items()
    ]
    deposits = [book.deposit_accounts for book in chosen]
    rows += [
        [title, *(f"{accounts[title].code} {accounts[title].name}" for accounts in deposits)]
        for title in deposits[0]
    ]
    head = ["Role", *(chart.name for chart in CHARTS)]
    return "## Settings of the books\n\n" + _render_table(head, rows)


# === FLOWS === #


def _render_flow(number, played):
    """Return a flow's section: its sentence, what it added, and a table for each chart."""
    first = next(iter(played.values()))
    parts = [f"## {number}. {first.flow.title}\n\n{first.flow.why}\n"]
    parts.append(f"Value of the stock: {_sum_by_chart(played)}\n")
    for chart in CHARTS:
        books = _get_books(played, chart)
        rows = [row for book in books.values() for row in _get_rows(book, played[book])]
        head = [chart.name, "Document", "Debit", "Credit"]
        parts.append(_render_table(head, rows, amounts=2))
    return "\n".join(parts)


def _sum_by_chart(played):
    """Return what a flow added, chart by chart where one forbids what the other asks for."""
    sums = {book.chart.name: _sum(done.added) for book, done in played.items()}
    if len(set(sums.values())) == 1:
        return next(iter(sums.values()))
    return "; ".join(f"{chart}: {text}" for chart, text in sums.items())


def _get_rows(book, played):
    """Return the table's rows of one valuation: its entries, or that there are none."""
    label = VALUATIONS[book.valuation]
    rows = [
        [item.account, entry.document, _format(item.debit), _format(item.credit)]
        for entry in played.entries
        for item in entry.items
    ]
    return [[f"*{label}*" + ("" if rows else ": no entry"), "", "", ""], *rows]


# === BALANCES === #


def _render_balances(books):
    """Return the trial balance of a chart's books, with the profit below."""
    balances = {valuation: book.get_balances() for valuation, book in books.items()}
    accounts = sorted({account for column in balances.values() for account in column})
    rows = [
        [account, *(f"{column.get(account, 0):,.2f}" for column in balances.values())]
        for account in accounts
    ]
    rows.append(["**Profit**", *(f"**{book.get_profit():,.2f}**" for book in books.values())])
    head = [next(iter(books.values())).chart.name, *VALUATIONS.values()]
    return _render_table(head, rows, amounts=2)


# === MARKDOWN === #


def _sum(amounts):
    """Return a sum with its terms, when there are several."""
    terms = " ".join(f"{amount:+,.2f}" for amount in amounts)
    total = f"**{sum(amounts):+,.2f}**" if round(sum(amounts), 2) else "unchanged"
    return f"{total} ({terms})" if len(amounts) > 1 else total


def _format(amount):
    return f"{amount:,.2f}" if amount else ""


def _render_table(head, rows, amounts=0):
    """Return a table; its last `amounts` columns are numbers."""
    rule = ["---"] * (len(head) - amounts) + ["---:"] * amounts
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, rule, *rows])
