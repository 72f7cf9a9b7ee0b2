from odoo import api, fields, models
from odoo.tools import format_date

# What nobody has paid for yet.
BEGUN_STATES = ("draft", "signed")
# Hours after which what was begun at a register, and forgotten, keeps its pieces no longer.
FORGOTTEN_HOURS = 24


class JewelryLayaway(models.Model):
    """Layaways that are begun at a register: their pieces are kept from the first, and for sale
    again if the cart is given up before anything was paid.
    """

    _inherit = "jewelry.layaway"

    config_id = fields.Many2one(
        comodel_name="pos.config",
        string="Begun At",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The register where it was begun.",
    )
    cart_uuid = fields.Char(
        string="Cart",
        readonly=True,
        copy=False,
        help="The register's order that it was begun from, and that its first payment is on.",
    )

    # A register that had no answer asks again, and gets what it began.
    _cart_once = models.UniqueIndex(
        "(cart_uuid) WHERE cart_uuid IS NOT NULL AND state <> 'cancelled'",
        "This cart is a layaway already.",
    )

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: where it was begun is no matter of opinion."""
        return super()._get_guarded_fields() | {"config_id", "cart_uuid"}

    @api.autovacuum
    def _gc_begun(self):
        """Give up what was begun at registers and forgotten."""
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=FORGOTTEN_HOURS)
        begun = self.search([*self._get_begun_domain(), ("create_date", "<", since)])
        begun._filter_unpaid()._give_up()

    # === BUSINESS METHODS === #

    @api.model
    def _get_begun_domain(self):
        return [("cart_uuid", "!=", False), ("state", "in", BEGUN_STATES)]

    @api.model
    def _find_begun(self, cart_uuid, company):
        """Return what was begun for a cart and has not come to nothing, in sudo."""
        # In sudo: whoever stands at the register need not read layaways.
        return self.sudo().search(
            [
                ("cart_uuid", "=", cart_uuid),
                ("state", "!=", "cancelled"),
                ("company_id", "=", company.id),
            ]
        )

    @api.model
    def _give_up_carts(self, cart_uuids):
        """Give up what was begun for these carts, unless something was paid for it."""
        # In sudo: whoever gives up a cart need not read layaways.
        domain = [*self._get_begun_domain(), ("cart_uuid", "in", list(cart_uuids))]
        self.sudo().search(domain)._filter_unpaid()._give_up()

    def _filter_unpaid(self):
        return self.filtered(lambda layaway: layaway.currency_id.is_zero(layaway.amount_held))

    def _give_up(self):
        for layaway in self:
            layaway._drop()

    def _drop(self):
        """Override: what was kept is for sale again, and of the register's order nothing stays."""
        kept = self.sudo().piece_ids
        res = super()._drop()
        self.sudo()._put_back(kept)
        if self.cart_uuid:
            # In sudo: whoever began it at a register need not have the rights of Sales.
            self.order_id.sudo()._action_cancel()
        return res

    def _keep_for_cart(self, config, cart_uuid):
        """Keep the pieces for a cart: no other register, and nobody else, sells them."""
        self.write({"config_id": config.id, "cart_uuid": cart_uuid})
        self.order_id.order_line.piece_id.write({"layaway_id": self.id})

    def _open(self):
        """Override: what was kept from the first is not kept from the order itself."""
        self.sudo().piece_ids.filtered(lambda piece: not piece.layaway_date).layaway_id = False
        return super()._open()

    def _follow_money(self):
        """Override: what is paid before the terms are signed is told, so that they are."""
        res = super()._follow_money()
        for layaway in self.sudo().filtered("cart_uuid"):
            if layaway.state == "draft" and layaway._is_first_paid():
                layaway._tell_unsigned()
        return res

    def _tell_unsigned(self):
        summary = self.env._("Terms to be signed")
        if summary in self.activity_ids.mapped("summary"):
            return
        self._tell(
            summary,
            self.env._(
                "The first payment of %(layaway)s is here. Attach the terms that the customer "
                "signed: then its pieces are put away.",
                layaway=self.name,
            ),
        )

    # === WHAT A REGISTER SHOWS === #

    def _get_register_facts(self):
        """Return what a register shows of the layaway beside its deposit."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "state": self._get_state_label(self.state),
            "can_sign": self.state == "draft",
        }

    def _get_register_notices(self):
        """Return in words what the cashier should know before taking money."""
        self.ensure_one()
        texts = {
            "draft": self._get_draft_notice,
            "signed": self._get_signed_notice,
            "open": self._get_open_notice,
            "notice": self._get_notice_notice,
            "paid": self._get_paid_notice,
        }
        get_text = texts.get(self.state, self._get_end_notice)
        return [text] if (text := get_text()) else []

    def _get_draft_notice(self):
        return self.env._("The terms are not signed yet: the pieces are put away once they are.")

    def _get_signed_notice(self):
        return self.env._(
            "With the first payment of %(first)s the pieces are put away.",
            first=self.currency_id.format(self.amount_first),
        )

    def _get_open_notice(self):
        if not self.date_due or self.date_due >= fields.Date.context_today(self):
            return ""
        return self.env._(
            "An instalment is late since %(day)s. Notice follows after %(grace)s days.",
            day=format_date(self.env, self.date_due),
            grace=self.grace_days,
        )

    def _get_notice_notice(self):
        return self.env._(
            "Notice was given on %(given)s: it ends unless what is late is paid by %(end)s.",
            given=format_date(self.env, self.date_notice),
            end=format_date(self.env, self._get_notice_end()),
        )

    def _get_paid_notice(self):
        return self.env._("All is paid: it can be handed over.")

    def _get_end_notice(self):
        return self.env._(
            "It has ended: “%(state)s”. What is paid now is held for the customer.",
            state=self._get_state_label(self.state),
        )
