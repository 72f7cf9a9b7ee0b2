"""What the tests share in which people enter customers' money at once, or servers are killed."""

from odoo import Command

from odoo.addons.jewelry_inventory.tests.common import RaceCase
from odoo.addons.jewelry_inventory.tests.kill_common import CopyCase


def make_order(env, *prices):
    """Return a quotation for a piece at each price, in the company of `env`."""
    style = env["product.template"].create(
        {"name": "Race", "jewelry_kind": "piece", "taxes_id": False}
    )
    vals = {"product_id": style.product_variant_id.id, "company_id": env.company.id}
    pieces = env["stock.lot"].create([vals | {"list_price": price} for price in prices])
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    pieces._take_in(env.company._get_opening_place(), warehouse.lot_stock_id)
    lines = [Command.create({"piece_id": piece.id}) for piece in pieces]
    partner = env["res.partner"].create({"name": "Race", "email": "race@example.com"})
    return env["sale.order"].create({"partner_id": partner.id, "order_line": lines})


def find_bank(env):
    """Return the journal that money is taken by."""
    return env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
    )


def get_owed(deposits):
    """Return what the general ledger owes for deposits, by their own items."""
    items = deposits.line_ids.filtered(lambda line: line.parent_state == "posted")
    return -sum(items.mapped("balance"))


class MoneyRaceCase(CopyCase, RaceCase):
    """People who enter money at once, in transactions that commit. What is posted is never deleted:
    so they do it on a copy of the database.
    """

    def setUp(self):
        super().setUp()
        with self._commit() as env:
            self._prepare(env)

    def _prepare(self, env):
        """Hook: leave what the test works on, and keep its ids."""
        kinds = env["jewelry.deposit.kind"]
        for code in kinds._get_kind_names():
            kinds._get_kind(code, env.company).tax_on_receipt = False

    def _clean(self):
        """Override: what is left is dropped with the copy."""

    def _assert_refused_or_done(self, refusals, *messages):
        """Assert that somebody came through, and that others were told why not."""
        self.assertIn(None, refusals)
        for why in filter(None, refusals):
            self.assertRegex(why, "|".join(messages))
        return refusals.count(None)
