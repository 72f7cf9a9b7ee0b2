from base64 import b64decode
from binascii import Error as Base64Error

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import format_date

from odoo.addons.jewelry_inventory.const import PIECE_KINDS

from ..tools.cart import read_id, read_number


class JewelryRegisterLayaway(models.AbstractModel):
    """How a register begins a layaway or a special order from its cart, and lets it be signed."""

    _name = "jewelry.register.layaway"
    _inherit = ["jewelry.register.cart"]
    _description = "Layaways at a Register"

    # === PUBLIC METHODS, FOR THE REGISTER === #

    @api.readonly
    def propose_layaway(self, cart):
        """Return what a customer would agree to. Nothing is made.

        :param dict cart: `uuid` of the register's order, `partner_id`, `pricelist_id`,
            `fiscal_position_id`, `kind` or False, `term_id` or False for the first one,
            `amount_first` or False for the least, and `lines`, each with `product_id`, `piece_id`
            or False, `quantity`, `price_unit`, `discount`, whether it `is_made` anew, and `note`
        :return: as of `_describe_proposal`
        :rtype: dict
        :raises UserError: saying what to do
        """
        self._check_layaway_access()
        vals = self._prepare_layaway_order(cart, self._read_lines(cart))
        order = self._get_register_orders().new(vals)
        return self._describe_proposal(self._prepare_proposal(cart, order))

    def start_layaway(self, cart):
        """Make the draft of a layaway or special order from a cart: once, however often it is
        asked. Its pieces are kept, and for sale no more, until it is paid or given up.

        :param dict cart: as of `propose_layaway`
        :return: as of `_describe_layaway`
        :rtype: dict
        :raises UserError: saying what to do; nothing is made then
        """
        self._check_layaway_access()
        begun = self.env["jewelry.layaway"]._find_begun(self._read_uuid(cart), self.company_id)
        return self._describe_layaway(begun or self._begin_layaway(cart))

    @api.readonly
    def read_layaway(self, layaway_id):
        """Return what was begun, here or elsewhere, such as to sign it.

        :param int layaway_id: its id
        :return: as of `_describe_layaway`
        :rtype: dict
        """
        self._check_layaway_access()
        return self._describe_layaway(self._browse_layaway(layaway_id))

    def sign_layaway(self, layaway_id, signed_by, signature=False, paper=False):
        """Sign the terms that were shown: with a finger, or on a paper of which a picture is here.

        :param int layaway_id: id of the draft
        :param str signed_by: who signed
        :param signature: picture in base 64
        :param paper: scan or photo in base 64
        :return: as of `_describe_layaway`
        :rtype: dict
        :raises UserError: when it cannot be signed
        """
        self._check_layaway_access()
        layaway = self._browse_layaway(layaway_id)
        # Asked twice, as by a double press, it is signed once.
        if layaway.state == "draft":
            self._check_signature(signature)
            layaway._sign(str(signed_by or ""), signature=signature, paper=paper)
        return self._describe_layaway(layaway)

    def refuse_layaway(self, layaway_id):
        """Give up what a customer does not sign, or does not pay: its pieces are for sale again.

        :param int layaway_id: id of what was begun at this register
        :return: True
        :raises UserError: when something was paid for it
        """
        self._check_layaway_access()
        layaway = self._browse_layaway(layaway_id)
        if layaway.config_id != self:
            raise UserError(
                self.env._(
                    "%(layaway)s was not begun here. Cancel it in the back office.",
                    layaway=layaway.name,
                )
            )
        if layaway.state != "cancelled":
            layaway._drop()
        return True

    def give_up_layaway(self, cart_uuid):
        """Give up what was begun for a cart that is gone, unless something was paid for it.

        :param str cart_uuid: the register's order
        """
        self._check_layaway_access()
        uuid = self._read_uuid({"uuid": cart_uuid})
        begun = self.env["jewelry.layaway"]._find_begun(uuid, self.company_id)
        if begun.config_id == self:
            begun._give_up_carts([uuid])

    # === BUSINESS METHODS === #

    def _begin_layaway(self, cart):
        """Make the quotation and the draft, in sudo, and keep the pieces."""
        lines = self._read_lines(cart)
        # Whoever is second waits, finds the snapshot too old, and begins anew: then it is told.
        self._get_kept_pieces(lines)._wait_for_pieces()
        self._check_pieces(lines, cart["uuid"])
        order = self._get_register_orders().create(self._prepare_layaway_order(cart, lines))
        self._check_currency(order)
        self._check_layaway_prices(cart, lines, order)
        proposal = self._prepare_proposal(cart, order)
        self._check_proposal(proposal)
        return self._create_layaway(cart, proposal)

    def _create_layaway(self, cart, proposal):
        """Make the draft by what the back office makes it by."""
        wizards = self._in_register(self.env["jewelry.layaway.create"])
        wizard = wizards.create(
            {
                "order_id": proposal.order_id.id,
                "kind": proposal.kind,
                "term_id": proposal.term_id.id,
                "amount_first": proposal.amount_first,
            }
        )
        layaway = wizards.env["jewelry.layaway"].browse(wizard.action_create_layaway()["res_id"])
        try:
            with self.env.cr.savepoint():
                layaway._keep_for_cart(self, cart["uuid"])
                self.env.flush_all()
        except UniqueViolation as error:
            # Somebody began it at once: in a new transaction it is found.
            raise ConcurrencyError("The cart is a layaway already") from error
        return layaway

    def _browse_layaway(self, layaway_id):
        """Return a layaway of the company, in sudo.

        :raises UserError: when there is none
        """
        # In sudo: as in `_find_begun`.
        layaway = (
            self.env["jewelry.layaway"]
            .sudo()
            .search(
                [
                    ("id", "=", self._read(read_id, layaway_id)),
                    ("company_id", "=", self.company_id.id),
                ]
            )
        )
        if not layaway:
            raise UserError(self.env._("There is no such layaway in this store. Begin it anew."))
        return layaway

    # === THE PROPOSAL === #

    def _prepare_proposal(self, cart, order):
        """Return the dialog of the back office for an order, which is not kept."""
        wizards = self._in_register(self.env["jewelry.layaway.create"])
        proposal = wizards.new({"order_id": order})
        if kind := cart.get("kind"):
            proposal.kind = self._read_kind(kind)
        proposal.term_id = self._find_term(cart, proposal.kind)
        if amount := cart.get("amount_first"):
            proposal.amount_first = self.currency_id.round(self._read(read_number, amount))
        return proposal

    def _find_term(self, cart, kind):
        """Return the term that is chosen, or the first one of the kind, if there is one.

        :raises UserError: when it is no term of this kind, here
        """
        terms = self._get_terms(kind)
        chosen = self._read(read_id, cart.get("term_id") or 0)
        if not chosen:
            return terms[:1]
        term = terms.filtered(lambda term: term.id == chosen)
        if not term:
            raise UserError(self.env._("These terms cannot be chosen here. Choose others."))
        return term

    def _get_terms(self, kind):
        terms = self._in_register(self.env["jewelry.layaway.term"])
        return terms.search([("company_id", "=", self.company_id.id), ("kind", "=", kind)])

    def _describe_proposal(self, proposal):
        """Return what the register shows before anything is agreed.

        :return: `kind`, `terms` to choose from, `term_id`, `total`, `minimum`, `first`,
            `schedule` of `date` and `amount`, `conditions` as texts, and `problem`, why it cannot
            be begun like this, or an empty text
        """
        problem = self._get_proposal_problem(proposal)
        terms = self._get_terms(proposal.kind)
        return {
            "kind": proposal.kind,
            "terms": [{"id": term.id, "name": term.name} for term in terms],
            "term_id": proposal.term_id.id,
            "total": proposal.amount_total,
            "minimum": proposal.amount_minimum,
            "first": proposal.amount_first,
            "schedule": [] if problem else self._describe_schedule(proposal),
            "conditions": self._describe_conditions(proposal),
            "problem": problem,
        }

    def _describe_schedule(self, proposal):
        return [
            {"date": format_date(self.env, day), "amount": amount}
            for day, amount in proposal._get_rows()
        ]

    def _describe_conditions(self, proposal):
        """Return in words what holds besides the schedule."""
        term, currency = proposal.term_id, proposal.currency_id
        if not term:
            return []
        kept = term._get_kept(proposal.amount_total, currency)
        outcomes = dict(term._fields["outcome"]._description_selection(self.env))
        texts = [
            self.env._("May be cancelled for nothing within %(days)s days", days=term.cancel_days),
            self.env._("Kept by the store later: %(amount)s", amount=currency.format(kept)),
            self.env._(
                "Not paid %(grace)s days after its day: notice; %(notice)s days later: %(outcome)s",
                grace=term.grace_days,
                notice=term.notice_days,
                outcome=outcomes[term.outcome],
            ),
        ]
        return [*texts, *filter(None, [term.rule_warning])]

    def _get_proposal_problem(self, proposal):
        """Tell why nothing can be agreed like this, or return an empty text."""
        if not proposal.term_id:
            return self.env._(
                "This store has no terms for that. Let a manager enter some under Layaway Terms."
            )
        if proposal.kind == "layaway" and self._is_to_be_made(proposal.order_id):
            return self.env._("What is to be made is a special order, not a layaway.")
        try:
            proposal._check_order()
        except UserError as error:
            return str(error)
        return ""

    def _is_to_be_made(self, order):
        return any(
            line.product_id.jewelry_kind in PIECE_KINDS and not line.piece_id
            for line in order.order_line
        )

    def _check_proposal(self, proposal):
        if problem := self._get_proposal_problem(proposal):
            raise UserError(problem)

    # === WHAT WAS BEGUN === #

    def _describe_layaway(self, layaway):
        """Return what the register shows of a layaway, and nothing that is none of its business.

        :return: `id`, `name`, `state`, `deposit` as the register names it, `first` payment,
            `terms` as HTML in the customer's language, and `signer`, the name that is proposed
        """
        told = layaway.with_context(lang=layaway.partner_id.lang or self.env.lang)
        deposit = layaway.deposit_id
        return {
            "id": layaway.id,
            "name": layaway.name,
            "state": layaway.state,
            "deposit": {
                "id": deposit.id,
                "number": deposit.name,
                "partner_id": deposit.partner_id.id,
                "partner": deposit.partner_id.display_name,
            },
            "first": layaway.amount_first,
            "terms": self.env["ir.qweb"]
            .sudo()
            ._render("jewelry_layaway.layaway_terms", {"layaway": told}, lang=told.env.lang),
            "signer": layaway.partner_id.name or "",
        }

    # === CHECKS === #

    def _check_layaway_access(self):
        """Refuse whoever may not sell at this register.

        :raises AccessError: as of core
        """
        self.ensure_one()
        self.check_access("read")
        self.env["pos.order"].check_access("create")

    def _check_signature(self, signature):
        try:
            b64decode(signature or "", validate=True)
        except (Base64Error, TypeError, ValueError) as error:
            raise UserError(
                self.env._("The signature did not arrive. Let it be signed again.")
            ) from error
