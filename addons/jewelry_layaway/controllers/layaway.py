from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.jewelry_deposit.controllers.deposit import DepositPage

PAGE = "/jewelry/layaway"


class Layaway(DepositPage):
    """The page of a deposit, where it is a layaway's: terms to read and sign without a login, and
    once they are signed what is paid and left.

    What is wrong with a link is nobody's business: whoever has none that works finds nothing.
    """

    @route(f"{PAGE}/<string:token>", type="http", auth="public", website=True, sitemap=False)
    def show(self, token, amount=None, **_params):
        """Show the terms and where to sign, or what is paid and left."""
        return self.show_deposit(token, amount=amount)

    @route(f"{PAGE}/<string:token>/sign", type="jsonrpc", auth="public")
    def sign(self, token, name=None, signature=None, **_params):
        """Sign the terms that were shown."""
        link, layaway = self._find_terms(token)
        try:
            # In a savepoint, so that a link is not used up by what was refused.
            with request.env.cr.savepoint():
                if not link._use():
                    raise UserError(request.env._("This link was used already."))
                layaway._sign(name or "", signature=signature)
        except UserError as error:
            return {"error": str(error)}
        return {"force_refresh": True, "redirect_url": f"{PAGE}/{token}"}

    # === WHO SEES WHAT === #

    def _find_linked(self, token):
        """Override of `jewelry_deposit`: what is paid is paid by the link to the terms, too."""
        links = request.env["jewelry.link"]
        if not links._find(token, "decide", "jewelry.layaway"):
            return super()._find_linked(token)
        link, layaway = self._find_terms(token)
        return link, self._speak(layaway.deposit_id)

    def _find_terms(self, token):
        """Return a link and its layaway, in sudo, where it may be shown.

        A link to terms that were changed since shows nothing any more.
        """
        link = request.env["jewelry.link"]._find(token, "decide", "jewelry.layaway")
        layaway = link._get_record() if link else None
        if not layaway or not layaway._filter_tellable(link.partner_id, "portal"):
            raise NotFound
        if layaway.state == "draft" and link.document_version != layaway._get_terms_version():
            raise NotFound
        return link, self._speak(layaway)

    # === WHAT THE PAGE SHOWS === #

    def _get_deposit_values(self, deposit, address, amount=None, link=None):
        """Override of `jewelry_deposit` to add the terms, and whether they are to be signed."""
        values = super()._get_deposit_values(deposit, address, amount, link=link)
        layaway = deposit._get_live_layaway()
        is_open = link and link.state == "open" and link.res_model == "jewelry.layaway"
        return values | {
            "layaway": layaway,
            "sign_url": f"{PAGE}/{address.rsplit('/', 1)[1]}/sign",
            "can_sign": is_open and layaway.state == "draft",
        }
