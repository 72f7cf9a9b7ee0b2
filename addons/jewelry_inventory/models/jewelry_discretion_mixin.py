from odoo import api, fields, models
from odoo.fields import Domain


class JewelryDiscretionMixin(models.AbstractModel):
    """A document that some people must not learn of before its day: a surprise.

    Every room that mails, prints or shows a document to a customer asks `_filter_tellable`
    first, naming its channel. Rooms that know more about people extend `_get_household`.
    """

    _name = "jewelry.discretion.mixin"
    # So that it stands before the thread, whose recipients it filters.
    _inherit = ["mail.thread"]
    _description = "Discretion"

    discretion_until = fields.Date(
        string="Surprise Until",
        copy=False,
        help="Until the end of this day nobody below learns of the document.",
    )
    discretion_partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Kept From",
        copy=False,
        help="Who must not learn of it, such as the person it is a present for.",
    )

    # === BUSINESS METHODS === #

    def _filter_tellable(self, partner, channel):
        """Return the documents that `partner` may learn of now.

        :param partner: person or persons that would see, receive or hear of them
        :param str channel: how: ``mail``, ``portal``, ``print``; rooms add their own
        """
        return self.filtered(lambda document: not document._is_kept_from(partner, channel))

    def _is_kept_from(self, partner, channel):
        """Tell whether a document is still a secret from `partner`. Rooms extend it.

        :param partner: person or persons
        :param str channel: see `_filter_tellable`
        """
        self.ensure_one()
        return self._is_secret() and bool(
            # In sudo: whoever must not know may not be able to read it either.
            self._get_household(partner) & self.sudo().discretion_partner_ids
        )

    def _is_secret(self):
        """Tell whether there is anybody who must not learn of the document yet."""
        self.ensure_one()
        document = self.sudo()
        return bool(
            document.discretion_partner_ids
            and document.discretion_until
            and document.discretion_until >= self._get_today()
        )

    @api.model
    def _get_household(self, partner):
        """Return all who learn what `partner` learns. Rooms that know households extend it."""
        return partner

    @api.model
    def _get_tellable_domain(self, partner):
        """Return the domain of the documents that `partner` may learn of now."""
        household = self._get_household(partner)
        return (
            Domain("discretion_until", "=", False)
            | Domain("discretion_until", "<", self._get_today())
            | Domain("discretion_partner_ids", "not in", household.ids)
        )

    @api.model
    def _get_today(self):
        return fields.Date.context_today(self)

    def _prepare_discretion_vals(self):
        """Return the values that a document made from this one takes over."""
        self.ensure_one()
        return {
            "discretion_until": self.discretion_until,
            "discretion_partner_ids": [fields.Command.set(self.discretion_partner_ids.ids)],
        }

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Override of `mail` to send nothing to whom the document is kept from."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if len(self) != 1 or not self.discretion_until:
            return recipients
        partners = self.env["res.partner"]
        return [
            data
            for data in recipients
            if not self._is_kept_from(partners.browse(data["id"] or ()), "mail")
        ]
