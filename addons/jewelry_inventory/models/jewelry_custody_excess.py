from datetime import timedelta

from odoo import SUPERUSER_ID, Command, api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Domain
from odoo.http import request

from ..const import COST_GROUPS
from .jewelry_custody_limit import LIMIT_PERIODS
from .res_company import CUSTODY_BASES

# How long what a manager let happen may be done, where it is no transfer.
HOLDS = timedelta(hours=1)


class JewelryCustodyExcess(models.Model):
    """A limit of the insurer that a manager let be exceeded, and why.

    It is written in the transaction of the act itself, and nobody changes or deletes it.
    """

    _name = "jewelry.custody.excess"
    _inherit = "jewelry.guard.mixin"
    _description = "Insured Limit Exceeded"
    _order = "id desc"
    _rec_name = "limit_id"

    limit_id = fields.Many2one(
        comodel_name="jewelry.custody.limit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    create_uid = fields.Many2one(comodel_name="res.users", string="Confirmed By", readonly=True)
    create_date = fields.Datetime(string="Confirmed On", readonly=True)
    basis = fields.Selection(selection=CUSTODY_BASES, required=True, readonly=True)
    period = fields.Selection(selection=LIMIT_PERIODS, required=True, readonly=True)
    limit_amount = fields.Monetary(string="Insured", readonly=True, help="As it was then.")
    # Where the policy counts costs, it is one.
    amount = fields.Monetary(
        string="Would Be There", readonly=True, groups=COST_GROUPS, help="With the goods moved."
    )
    picking_id = fields.Many2one(
        comodel_name="stock.picking", string="Transfer", readonly=True, index="btree_not_null"
    )
    opening_id = fields.Many2one(
        comodel_name="jewelry.case.opening",
        string="Opened Case",
        readonly=True,
        index="btree_not_null",
    )
    lot_ids = fields.Many2many(
        comodel_name="stock.lot",
        relation="jewelry_custody_excess_lot_rel",
        string="Goods",
        readonly=True,
        help="What was to be moved, where it was no transfer.",
    )
    reason = fields.Char(required=True, readonly=True)

    _reason_given = models.Constraint(
        "CHECK (TRIM(reason) <> '')", "Enter the reason: the insurer will ask for it."
    )

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: nobody writes into the log but the acts themselves."""
        return super()._get_guarded_fields() | {"limit_id"}

    def _get_frozen_fields(self):
        """Override: what was confirmed stays written as it is."""
        return super()._get_frozen_fields() | set(self._fields)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        raise UserError(
            self.env._("That a limit was exceeded stays on record and cannot be deleted.")
        )

    # === BUSINESS METHODS === #

    @api.model
    def _confirm(self, excess, reason, **subject):
        """Write down that somebody lets limits be exceeded.

        :param dict excess: {limit: Exposure it will have}
        :param str reason: why
        :param subject: `picking_id`, `opening_id` or `lot_ids`
        :raises AccessError: unless a manager does it
        :raises UserError: without a reason
        """
        if not excess:
            return self.browse()
        if not self.env.user.has_group("jewelry_inventory.group_manager"):
            raise AccessError(
                self.env._("Only a manager may let an insured limit be exceeded. Ask one.")
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Enter the reason: the insurer will ask for it."))
        # In sudo: nobody writes into the log but this method.
        return self.sudo().create(
            [
                self._prepare_excess(limit, exposure) | subject | {"reason": reason.strip()}
                for limit, exposure in excess.items()
            ]
        )

    @api.model
    def _prepare_excess(self, limit, exposure):
        basis = limit.company_id.custody_basis
        return {
            "limit_id": limit.id,
            "company_id": limit.company_id.id,
            "basis": basis,
            "period": limit.period,
            "limit_amount": limit.amount,
            "amount": getattr(exposure, basis),
        }

    @api.model
    def _is_confirmed_for(self, picking, limit, exposure):
        """Tell whether a manager has let a transfer bring a limit up to so much."""
        confirmed = self.sudo().search(
            [("picking_id", "=", picking.id), ("limit_id", "=", limit.id)]
        )
        return confirmed._is_enough(limit, exposure)

    @api.model
    def _is_confirmed_now(self, lots, limit, exposure):
        """Tell whether a manager has just let these goods bring a limit up to so much."""
        recent = Domain("create_date", ">=", fields.Datetime.now() - HOLDS)
        # In sudo: it holds for whoever does it.
        confirmed = self.sudo().search(recent & Domain("limit_id", "=", limit.id))
        confirmed = confirmed.filtered(lambda row: set(lots.ids) <= set(row.lot_ids.ids))
        return confirmed._is_enough(limit, exposure)

    def _is_enough(self, limit, exposure):
        amount = getattr(exposure, limit.company_id.custody_basis)
        compare = limit.currency_id.compare_amounts
        return any(compare(amount, row.amount) <= 0 for row in self)

    @api.model
    def _require_insured(self, company, goods):
        """Require a manager where goods, moved without a transfer, exceed a limit. Where nobody
        is there to be asked, in a scheduled action, they are moved: the page tells.

        :param goods: as of `_get_changes`
        :raises UserError: saying which limit
        :raises RedirectWarning: offering a manager to go on with a reason
        """
        if not goods or self._is_unattended():
            return
        exposures = self.env["jewelry.custody.exposure"]
        excess = exposures._find_excess(company, exposures._get_changes(goods), hold=True)
        lots = self.env["stock.lot"].union(*(lot for lot, *_way in goods))
        unconfirmed = {
            limit: exposure
            for limit, exposure in excess.items()
            if not self._is_confirmed_now(lots, limit, exposure)
        }
        if unconfirmed:
            self._refuse_uninsured(company, goods, unconfirmed)

    @api.model
    def _refuse_uninsured(self, company, goods, excess):
        limits = self._describe(excess)
        if not self.env.user.has_group("jewelry_inventory.group_manager"):
            raise UserError(
                self.env._(
                    "More than is insured:\n%(limits)s\nPut the goods elsewhere, or ask a manager "
                    "to do this with a reason.",
                    limits=limits,
                )
            )
        rows = [[lot.id, source.id, dest.id, quantity] for lot, source, dest, quantity in goods]
        raise RedirectWarning(
            self.env._("More than is insured:\n%(limits)s", limits=limits),
            self.env.ref("jewelry_inventory.jewelry_custody_confirm_action").id,
            self.env._("Give the Reason"),
            {"default_goods": rows, "default_company_id": company.id},
        )

    @api.model
    def _is_unattended(self):
        """Tell whether the program acts by itself. No call from a browser can claim that."""
        return self.env.uid == SUPERUSER_ID or (
            not request and bool(self.env.context.get("cron_id"))
        )

    @api.model
    def _confirm_goods(self, company, goods, reason):
        """Let goods be moved although limits are exceeded: for an hour, and no more than now.

        :param goods: as of `_get_changes`
        """
        exposures = self.env["jewelry.custody.exposure"]
        excess = exposures._find_excess(company, exposures._get_changes(goods))
        lots = {lot.id for lot, *_way in goods}
        return self._confirm(excess, reason, lot_ids=[Command.set(sorted(lots))])

    @api.model
    def _describe(self, excess):
        """Return a line for each limit that would be exceeded; no cost where it is hidden."""
        return "\n".join(self._describe_limit(*pair) for pair in excess.items())

    @api.model
    def _describe_limit(self, limit, exposure):
        exposures = self.env["jewelry.custody.exposure"]
        values = {
            "limit": limit.name,
            "place": limit.place_id.display_name or exposures._get_role_label(limit.role),
            "insured": limit.currency_id.format(limit.amount),
        }
        basis = limit.company_id.custody_basis
        if basis == "cost" and not exposures._can_see_costs():
            return self.env._(
                "%(place)s: insured up to %(insured)s (%(limit)s), and not for as much as this.",
                **values,
            )
        return self.env._(
            "%(place)s: insured up to %(insured)s (%(limit)s), and not for %(amount)s.",
            amount=limit.currency_id.format(getattr(exposure, basis)),
            **values,
        )
