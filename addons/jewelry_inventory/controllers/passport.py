from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import Controller, content_disposition, request, route

from ..models.jewelry_piece_passport import PAGE
from ..tools.gs1 import GIAI
from ..tools.verifier import NAME, build_verifier

# For nobody else's eyes, caches or logs: the address is the key.
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}
PHOTO_SIZE = 1024


class Passport(Controller):
    """The passport of a piece for whoever has a link to it, and its file for the staff.

    What is wrong with a link is nobody's business: whoever has none that works finds nothing.
    """

    @route(f"{PAGE}/<string:token>", type="http", auth="public", sitemap=False, readonly=False)
    def show(self, token, **_params):
        """Show the passport that a link leads to."""
        link, piece = self._find(token)
        if not link._use():
            raise NotFound
        values = self._get_values(piece) | {"token": token, "photos": len(piece._get_photos())}
        return self._answer(request.render("jewelry_inventory.passport_page", values))

    @route(f"/{GIAI}/<string:number>", type="http", auth="public", sitemap=False, readonly=False)
    def follow_digital_link(self, number, t="", **_params):
        """Show the passport that a Digital Link of GS1 leads to, which has the token behind it."""
        return self.show(t)

    @route(f"{PAGE}/<string:token>/photo/<int:place>", type="http", auth="public", sitemap=False)
    def show_photo(self, token, place, **_params):
        """Return one of the piece's photos, counted from 0."""
        _link, piece = self._find(token)
        photos = piece._get_photos()
        if not 0 <= place < len(photos):
            raise NotFound
        record, field = photos[place]
        stream = request.env["ir.binary"]._get_image_stream_from(
            record, field, width=PHOTO_SIZE, height=PHOTO_SIZE
        )
        return self._answer(stream.get_response())

    @route(f"{PAGE}/<string:token>/file", type="http", auth="public", sitemap=False)
    def download(self, token, **_params):
        """Return the file that proves itself."""
        _link, piece = self._find(token)
        return self._make_file(piece)

    @route("/jewelry/verify_passport", type="http", auth="public", sitemap=False)
    def download_verifier(self, **_params):
        """Return the program that checks a passport."""
        headers = [
            ("Content-Type", "application/zip"),
            ("Content-Disposition", content_disposition(NAME)),
        ]
        return request.make_response(build_verifier(), headers)

    @route("/jewelry/piece/<int:piece_id>/passport", type="http", auth="user")
    def export(self, piece_id, **_params):
        """Return the file of a piece to the store's staff."""
        piece = request.env["stock.lot"].browse(piece_id).exists()
        if not piece:
            raise NotFound
        piece._check_passport()
        return self._make_file(piece)

    # === HELPERS === #

    def _find(self, token):
        """Return the link with a token and its piece, in sudo.

        :raises NotFound: also for what a surprise keeps from whoever looks
        """
        link = request.env["jewelry.link"]._find(token, "view", "stock.lot")
        piece = link and link._get_record()
        if not piece or piece.void_reason:
            raise NotFound
        visitor = link.partner_id
        if not request.env.user._is_public():
            visitor |= request.env.user.partner_id
        if not piece._is_passport_tellable(visitor):
            raise NotFound
        return link, piece.with_company(piece.company_id)

    def _get_values(self, piece):
        try:
            return piece._get_passport_values()
        except UserError as error:  # of the store, not of the visitor
            raise NotFound from error

    def _make_file(self, piece):
        name = f"{piece._get_passport_name()}.json"
        headers = [
            ("Content-Type", "application/ld+json"),
            ("Content-Disposition", content_disposition(name)),
        ]
        return self._answer(request.make_response(piece._get_passport_file(), headers))

    def _answer(self, response):
        response.headers.update(HEADERS)
        return response
