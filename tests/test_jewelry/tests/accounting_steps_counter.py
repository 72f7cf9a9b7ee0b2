"""What staff do at the register, step by step, by what the browser sends."""

from odoo import Command

from odoo.addons.jewelry_pos.tests.common import prepare_order

from .accounting_steps import Steps


class CounterSteps(Steps):
    """The steps of a register, on one book."""

    def _take_in_of_owner(self):
        """Return a piece that an owner left with us."""
        piece = self._create_piece(0)
        piece._take_in(self.book.vendors, self.book.shop, self.partner)
        return piece

    def _get_session(self):
        """Return the open session of the register, which is set up when first needed."""
        configs = self.env["pos.config"]
        config = configs.search([("company_id", "=", self.book.company.id)], limit=1)
        config = config or self._set_up_register()
        if not config.current_session_id:
            config.open_ui()
            config.current_session_id.set_opening_control(0, "")
        return config.current_session_id

    def _set_up_register(self):
        journals = self.env["account.journal"]
        domain = [("company_id", "=", self.book.company.id), ("type", "=", "bank")]
        method = self.env["pos.payment.method"].create(
            {"name": "Card", "journal_id": journals.search(domain, limit=1).id}
        )
        return self.env["pos.config"].create(
            {"name": "Counter", "payment_method_ids": [Command.set(method.ids)]}
        )

    def _ring_up(self, *rows, **values):
        """Return the paid order of these lines, synced."""
        session = self._get_session()
        order = prepare_order(session, session.payment_method_ids[:1], rows, **values)
        self.env["pos.order"].sync_from_ui([dict(order)])
        return self.env["pos.order"].search([("uuid", "=", order["uuid"])])

    def _close_register(self):
        self._get_session().action_pos_session_closing_control()
