from odoo.exceptions import AccessError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class DiscreetPortal(CustomerPortal):
    """Portal pages that keep a surprise, also from who has a link to it."""

    def _document_check_access(self, model_name, document_id, access_token=None):
        """Override of `portal`: a link opens nothing for whom the document is kept from.

        :raises AccessError: as if the document were somebody else's
        """
        document = super()._document_check_access(model_name, document_id, access_token)
        visitor = request.env.user.partner_id
        if hasattr(document, "_filter_tellable") and not document._filter_tellable(
            visitor, "portal"
        ):
            raise AccessError(request.env._("You are not allowed to access this document."))
        return document
