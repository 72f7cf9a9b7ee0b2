from odoo import api, fields, models
from odoo.exceptions import UserError

# Digits or more; with five tries in a quarter of an hour nobody guesses them.
SHORTEST = 4


class ResUsers(models.Model):
    """Managers have a PIN for prices.

    It is not the one that employees log in to a register by: of that one, core sends a plain hash
    to each register, which whoever stands there can try out all numbers against.
    """

    _inherit = "res.users"

    price_pin = fields.Char(
        string="PIN for Prices",
        compute="_compute_price_pin",
        inverse="_inverse_price_pin",
        help="Lets you agree to a price at a register where somebody else is logged in.",
    )
    price_pin_hash = fields.Char(copy=False, groups=fields.NO_ACCESS)
    has_price_pin = fields.Boolean(compute="_compute_has_price_pin")

    # === COMPUTE METHODS === #

    def _compute_price_pin(self):
        """Show nothing: what was chosen cannot be read back."""
        self.price_pin = False

    def _inverse_price_pin(self):
        for user in self.filtered("price_pin"):
            user._set_price_pin(user.price_pin)

    @api.depends("price_pin_hash")
    def _compute_has_price_pin(self):
        for user in self:
            # In sudo: that there is one is no secret.
            user.has_price_pin = bool(user.sudo().price_pin_hash)

    @property
    def SELF_READABLE_FIELDS(self):
        """Override: everybody has the own preferences."""
        return [*super().SELF_READABLE_FIELDS, "price_pin", "has_price_pin"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        """Override: everybody chooses the own PIN."""
        return [*super().SELF_WRITEABLE_FIELDS, "price_pin"]

    # === BUSINESS METHODS === #

    def _set_price_pin(self, pin):
        """Keep the hash of a PIN.

        :raises UserError: when it is too short, no number, or known to the registers
        """
        self.ensure_one()
        # In sudo: the PINs of employees are nobody's to read.
        known = self.sudo().with_context(active_test=False).employee_ids.mapped("pin")
        if not pin.isdigit() or len(pin) < SHORTEST or pin in known:
            raise UserError(
                self.env._(
                    "Choose a PIN of %(count)s digits or more that is not the one you log in to "
                    "registers by: each register knows that one.",
                    count=SHORTEST,
                )
            )
        # In sudo: the hash is out of everybody's reach.
        self.sudo().price_pin_hash = self._crypt_context().hash(pin)

    def _is_price_pin(self, pin):
        """Tell whether this is the user's PIN for prices."""
        self.ensure_one()
        kept = self.sudo().price_pin_hash
        return bool(kept) and isinstance(pin, str) and self._crypt_context().verify(pin, kept)
