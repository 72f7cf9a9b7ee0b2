import logging
from copy import deepcopy

from psycopg2 import IntegrityError

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

# What a single order may be refused for, when its call holds others that are good.
REFUSALS = (UserError, IntegrityError, KeyError, IndexError, TypeError, ValueError, AttributeError)


class JewelryPosOrderSync(models.AbstractModel):
    """How orders come in from registers: each for itself, once, and as it was sent."""

    _name = "jewelry.pos.order.sync"
    _description = "Orders That Come from Registers"

    @api.model
    def sync_from_ui(self, orders):
        """Override of `point_of_sale`: an order that cannot be kept takes no other with it.

        :param list orders: orders as the browser sends them
        :return: as core; of several orders those that were kept, and the `refused` ones with
            `uuid` and `reason`
        :raises UserError: when no order can be kept
        """
        if len(orders) < 2:
            return self._sync_once(orders)
        answers, refused = [], []
        for order in orders:
            try:
                with self.env.cr.savepoint():
                    answers.append(self._sync_once([order]))
            except REFUSALS as error:
                _logger.warning("An order of a register is refused: %s", error)
                refused.append((order, error))
        if not answers:
            raise refused[0][1]
        return self._merge_answers(answers) | self._describe_refused(refused)

    @api.model
    def _sync_once(self, orders):
        """Keep orders. Core takes an order apart while it keeps it: a transaction that runs again
        gets a copy of what the browser sent.
        """
        # pylint: disable-next=super-method-mismatch
        return super().sync_from_ui(deepcopy(orders))

    @api.model
    def _merge_answers(self, answers):
        """Return what several answers say of each model, every record once."""
        merged = {}
        for answer in answers:
            for name, rows in answer.items():
                known = merged.setdefault(name, {})
                known |= {row["id"]: row for row in rows}
        return {name: list(rows.values()) for name, rows in merged.items()}

    @api.model
    def _describe_refused(self, refused):
        """Return the `refused` orders with their reason, if there are any."""
        rows = [
            {"uuid": isinstance(order, dict) and order.get("uuid"), "reason": str(error)}
            for order, error in refused
        ]
        return {"refused": rows} if rows else {}
