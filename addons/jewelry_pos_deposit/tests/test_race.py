from uuid import uuid4

from odoo import Command
from odoo.tests import tagged

from odoo.addons.jewelry_pos.tests.common import prepare_order
from odoo.addons.jewelry_pos.tests.test_pos_race import REGISTERS, PosRaceCase

from .common import prepare_deposit_row

PRICE = 900


@tagged("post_install", "-at_install")
class TestDepositRace(PosRaceCase):
    """Registers and the back office that take money for a deposit at once: all of it counts."""

    def setUp(self):
        super().setUp()
        with self._commit() as env:
            tag = str(uuid4())[:6]
            self.kind_id = self._create_kind(env, tag).id
            self.service_id = (
                env["product.product"]
                .create({"name": f"Ring to be made {tag}", "type": "service", "taxes_id": False})
                .id
            )
            self._open_deposit(env, tag)

    def _create_kind(self, env, tag):
        """Return a kind of deposit with books of its own."""
        accounts = env["account.account"].create(
            [
                {
                    "name": f"Race {kind}",
                    "code": f"{tag}{place}D",
                    "account_type": kind,
                    "reconcile": kind == "liability_current",
                }
                for place, kind in enumerate(("liability_current", "income_other"))
            ]
        )
        journals = env["account.journal"].create(
            [
                {"name": f"Race {kind} {tag}", "code": f"{kind[:1]}{tag[:4]}", "type": kind}
                for kind in ("sale", "general")
            ]
        )
        product = env["product.product"].create(
            {"name": f"Race deposit {tag}", "type": "service", "taxes_id": False}
        )
        self.books = {
            "account.account": accounts.ids,
            "account.journal": journals.ids,
            "product.product": product.ids,
        }
        return env["jewelry.deposit.kind"].create(
            {
                "name": "Race",
                "code": f"race_{tag}",
                "account_id": accounts[0].id,
                "forfeit_account_id": accounts[1].id,
                "journal_id": journals[0].id,
                "entry_journal_id": journals[1].id,
                "product_id": product.id,
                "tax_on_receipt": False,
            }
        )

    def _open_deposit(self, env, tag):
        partner = env["res.partner"].create({"name": f"Race {tag}"})
        line = {"product_id": self.service_id, "price_unit": PRICE, "tax_ids": [Command.clear()]}
        order = env["sale.order"].create(
            {"partner_id": partner.id, "order_line": [Command.create(line)]}
        )
        deposit = env["jewelry.deposit"].create(
            {"order_id": order.id, "partner_id": partner.id, "kind_id": self.kind_id}
        )
        self.partner_id, self.order_id, self.deposit_id = partner.id, order.id, deposit.id

    def _clean(self):
        with self._commit() as env:
            orders = env["pos.order"].search([("session_id", "in", self.session_ids)])
            for query in (
                "DELETE FROM pos_payment WHERE pos_order_id = ANY(%s)",
                "DELETE FROM pos_order_line WHERE order_id = ANY(%s)",
                "DELETE FROM pos_order WHERE id = ANY(%s)",
            ):
                env.cr.execute(query, [orders.ids])
            env.invalidate_all()
            deposit = env["jewelry.deposit"].browse(self.deposit_id)
            moves = deposit.line_ids.move_id
            payments = moves.matched_payment_ids
            (payments.move_id | moves).button_draft()
            payments.unlink()
            moves.with_context(force_delete=True).unlink()
            deposit.activity_ids.unlink()
            deposit.unlink()
            order = env["sale.order"].browse(self.order_id)
            order.state = "cancel"
            order.unlink()
            env["jewelry.deposit.kind"].browse(self.kind_id).unlink()
            for model, ids in self.books.items():
                env[model].browse(ids).unlink()
            env["product.product"].browse(self.service_id).unlink()
            env["res.partner"].browse(self.partner_id).unlink()
        return super()._clean()

    # === ACTS === #

    def _prepare_payment(self, register, amount):
        """Return a paid order of a register that takes `amount`, as the browser sends it."""
        with self._commit() as env:
            config = env["pos.config"].browse(self.config_ids[register])
            answer = config.prepare_deposit_lines(self.deposit_id, amount)
            rows = [prepare_deposit_row(values) for values in answer["lines"]]
            session = env["pos.session"].browse(self.session_ids[register])
            method = env["pos.payment.method"].browse(self.method_id)
            return prepare_order(session, method, rows, partner_id=self.partner_id)

    def _take(self, register, amount):
        """Return the act of a register that syncs a payment."""
        order = self._prepare_payment(register, amount)

        def work(env):
            env["pos.order"].sync_from_ui([dict(order)])

        return work

    def _get_deposit(self):
        """Return what is held, still to pay and pending, and how often a manager is asked."""
        with self._commit() as env:
            deposit = env["jewelry.deposit"].browse(self.deposit_id)
            return (
                deposit.amount_held,
                deposit.amount_due,
                deposit.amount_pending,
                len(deposit.activity_ids),
            )

    def test_two_registers_that_take_the_last_instalment_at_once_both_count(self):
        works = [self._take(register, PRICE) for register in range(2)]
        self.assertEqual(self._race(*works), [None, None])
        self.assertEqual(self._get_deposit(), (2 * PRICE, 0, 2 * PRICE, 1))

    def test_registers_that_take_instalments_at_once_add_up(self):
        works = [self._take(register, PRICE / REGISTERS) for register in range(REGISTERS)]
        self.assertEqual(self._race(*works), [None] * REGISTERS)
        self.assertEqual(self._get_deposit(), (PRICE, 0, PRICE, 0))

    def test_an_order_that_is_synced_several_times_at_once_pays_once(self):
        order = self._prepare_payment(0, 100)

        def work(env):
            env["pos.order"].sync_from_ui([dict(order)])

        self.assertEqual(self._race(work, work, work), [None] * 3)
        self.assertEqual(self._get_deposit(), (100, PRICE - 100, 100, 0))

    def test_a_register_waits_for_whoever_acts_on_the_deposit(self):
        take = self._take(0, 100)

        def close(env):
            deposit = env["jewelry.deposit"].browse(self.deposit_id)
            deposit._lock_deposits()
            deposit.state = "closed"

        self.assertEqual(self._race(close, take), [None, None])
        held, _due, pending, asked = self._get_deposit()
        self.assertEqual((held, pending), (100, 100))
        self.assertLessEqual(asked, 1)
