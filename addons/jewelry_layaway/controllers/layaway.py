from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

PAGE = "/jewelry/layaway"
# For nobody else's eyes, caches or logs: the address is the key.
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}


class Layaway(Controller):
    """Terms for the customer to read and sign, without a login.

    What is wrong with a link is nobody's business: whoever has none that works finds nothing.
    """

    @route(f"{PAGE}/<string:token>", type="http", auth="public", sitemap=False)
    def show(self, token, **_params):
        """Show the terms, and where to sign."""
        link, layaway = self._find(token)
        values = {
            "layaway": layaway,
            "call_url": f"{PAGE}/{token}/sign",
            "can_sign": layaway.state == "draft" and link.state == "open",
        }
        response = request.render("jewelry_layaway.layaway_page", values)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    @route(f"{PAGE}/<string:token>/sign", type="jsonrpc", auth="public")
    def sign(self, token, name=None, signature=None, **_params):
        """Sign the terms that were shown."""
        link, layaway = self._find(token)
        try:
            # In a savepoint, so that a link is not used up by what was refused.
            with request.env.cr.savepoint():
                if not link._use():
                    raise UserError(request.env._("This link was used already."))
                layaway._sign(name or "", signature=signature)
        except UserError as error:
            return {"error": str(error)}
        return {"force_refresh": True, "redirect_url": f"{PAGE}/{token}"}

    def _find(self, token):
        """Return a link and its layaway, in sudo, where it may be shown.

        A link to terms that were changed since shows nothing any more.
        """
        link = request.env["jewelry.link"]._find(token, "decide", "jewelry.layaway")
        layaway = link._get_record() if link else None
        if not layaway or not layaway._filter_tellable(link.partner_id, "portal"):
            raise NotFound
        if layaway.state == "draft" and link.document_version != layaway._get_terms_version():
            raise NotFound
        return link, layaway.with_context(lang=layaway.partner_id.lang or request.env.lang)
