import json
from base64 import b64encode
from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.passport_check import SOUND, check_passport
from .passport_common import PassportCommon
from .test_photo import make_photo

NOTHING_OF = ("987.65", "432.10", "Ada Client", "Price", "Cost", "Owner", "Secret Safe")


@tagged("post_install", "-at_install")
class TestPassportPage(PassportCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.ring.image_1920 = b64encode(make_photo())
        self._anchor()
        self.link, self.token = self.env["jewelry.link"]._issue(self.ring)

    def _get(self, path):
        return self.url_open(path, allow_redirects=False)

    def _page(self, token=None):
        return self._get(f"/jewelry/passport/{self.token if token is None else token}")

    def test_whoever_has_the_link_reads_the_story_and_the_result(self):
        page = self._page()
        self.assertEqual(page.status_code, 200)
        for words in ("R-0001", "Verified.", "Stone", "is set.", "18K", "750", "0.52"):
            self.assertIn(words, page.text)
        self.assertEqual(self.link.use_count, 1)

    def test_it_says_nothing_of_price_cost_client_and_place(self):
        page = self._page().text
        body = page[page.index('<div class="o_passport') :]
        for words in NOTHING_OF:
            self.assertNotIn(words, body)

    def test_no_robot_cache_or_other_site_learns_of_the_address(self):
        for response in (self._page(), self._page() and self._get(self._path("file"))):
            self.assertIn("noindex", response.headers["X-Robots-Tag"])
            self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
            self.assertIn("no-store", response.headers["Cache-Control"])
        self.assertIn('name="robots"', self._page().text)

    def _path(self, *steps):
        return "/".join(["/jewelry/passport", self.token, *steps])

    def test_the_file_is_the_one_that_proves_itself(self):
        response = self._get(self._path("file"))
        self.assertEqual(response.headers["Content-Type"], "application/ld+json")
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertEqual(check_passport(json.loads(response.text)).state, SOUND)
        for words in NOTHING_OF:
            self.assertNotIn(words.lower(), response.text.lower())

    def test_photos_come_by_their_place_and_only_those_of_the_piece(self):
        photo = self._get(self._path("photo", "0"))
        self.assertEqual(photo.status_code, 200)
        self.assertTrue(photo.headers["Content-Type"].startswith("image/"))
        for place in ("1", "99", "-1", "x"):
            self.assertEqual(self._get(self._path("photo", place)).status_code, 404, place)

    def test_documents_of_the_piece_are_no_photos(self):
        self.ring.document_ids = [Command.create({"name": "invoice.pdf", "raw": b"%PDF-1.4"})]
        self.assertEqual(self._get(self._path("photo", "1")).status_code, 404)

    def test_a_foreign_token_finds_nothing(self):
        partner_link = self.env["jewelry.link"]._issue(self.env.company.partner_id)[1]
        upload = self.env["jewelry.link"]._issue(self.ring, purpose="upload")[1]
        for token in ("x", self.token[:-1], self.token + "A", partner_link, upload, "../web"):
            for path in ("", "/file", "/photo/0"):
                response = self._get(f"/jewelry/passport/{token}{path}")
                self.assertEqual(response.status_code, 404, (token, path))

    def test_an_expired_a_revoked_and_a_used_up_link_find_nothing(self):
        self.link.sudo().expires_on = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(self._page().status_code, 404)
        self.link.sudo().expires_on = False
        self.assertEqual(self._page().status_code, 200)
        self.link.sudo().max_uses = 1
        self.assertEqual(self._page().status_code, 404)
        self.assertEqual(self._get(self._path("photo", "0")).status_code, 200)
        self.link.action_revoke()
        for path in ("", "/photo/0", "/file"):
            self.assertEqual(self._get(self._path() + path).status_code, 404)

    def test_a_void_piece_has_no_page(self):
        self.ring.sudo().void_reason = "slip"
        self.assertEqual(self._page().status_code, 404)

    @mute_logger("odoo.http")
    def test_the_page_cannot_be_posted_to(self):
        response = self.url_open(self._path(), data={"x": "1"}, allow_redirects=False)
        self.assertNotEqual(response.status_code, 200)

    def test_a_digital_link_leads_to_the_page_only_with_its_token(self):
        self.env.company.gs1_prefix = "9521234"
        url = self.ring._get_passport_url(self.token)
        path = url[url.index("/8004/") :]
        self.assertEqual(self._get(path).status_code, 200)
        self.assertEqual(self._get(path.partition("?")[0]).status_code, 404)
        self.assertEqual(self._get("/8004/9521234R-0001?t=x").status_code, 404)

    def test_damage_is_said_in_red_and_nothing_is_called_verified(self):
        self._tamper(
            """UPDATE jewelry_provenance_event SET payload = replace(payload, '0.520', '0.920')
                WHERE chain_uuid = %s AND seq = 1""",
            self.stone.chain_uuid,
        )
        page = self._page().text
        self.assertIn("Do not rely on this history.", page)
        self.assertNotIn("Verified.", page)

    def test_the_store_without_its_key_shows_nothing_rather_than_something_unsigned(self):
        self.key_path.chmod(0o644)
        self.assertEqual(self._page().status_code, 404)

    def test_anybody_gets_the_program_that_checks(self):
        response = self._get("/jewelry/verify_passport")
        self.assertEqual(response.status_code, 200)
        self.assertIn(b"PK\x03\x04", response.content)

    # === STAFF === #

    @mute_logger("odoo.http")
    def test_staff_exports_and_others_do_not(self):
        path = f"/jewelry/piece/{self.ring.id}/passport"
        self.assertIn(self._get(path).status_code, (302, 303))
        for role, status in (("associate", 200), ("portal", 403), ("employee", 403)):
            self._create_user(role, password=f"jewelry_{role}")
            self.authenticate(f"jewelry_{role}", f"jewelry_{role}")
            self.assertEqual(self._get(path).status_code, status, role)
        self.assertEqual(self._get("/jewelry/piece/0/passport").status_code, 404)

    def test_an_associate_shares_a_link_that_is_shown_once(self):
        associate = self._create_user("associate")
        action = self.ring.with_user(associate).action_share_passport()
        asked = self.env["jewelry.passport.share"].with_user(associate)
        form = Form(asked.with_context(**action["context"]))
        form.partner_id = self.client
        sharing = form.save()
        shown = sharing.action_create_link()
        view = self.env.ref("jewelry_inventory.jewelry_passport_share_view_link")
        self.assertEqual(shown["views"], [(view.id, "form")])
        form = Form(sharing.with_context(**shown["context"]).browse(), view)
        self.assertEqual(form.url, shown["context"]["passport_url"])
        token = form.url.rpartition("/")[2]
        self.assertEqual(self._page(token).status_code, 200)
        link = self.env["jewelry.link"].search([("partner_id", "=", self.client.id)])
        self.assertEqual(link.create_uid, associate)
        self.assertAlmostEqual((link.expires_on - fields.Datetime.now()).days, 364, delta=1)
        with freeze_time(fields.Datetime.now() + timedelta(days=366)):
            self.assertEqual(self.env["jewelry.link"]._find(token, "view", "stock.lot").ids, [])

    def test_a_link_cannot_end_in_the_past(self):
        sharing = self.env["jewelry.passport.share"].create({"piece_id": self.ring.id})
        with self._refused_by_database("jewelry.passport.share", "cannot end in the past"):
            sharing.days = -1

    def test_a_surprise_is_shared_with_nobody_in_particular(self):
        secret = type(self.env["stock.lot"])
        self.patch(secret, "_is_passport_tellable", lambda piece, partner: partner == self.client)
        with self.assertRaisesRegex(UserError, "surprise"):
            self.ring.action_print_passport()
        self.assertEqual(self._page().status_code, 404)
        link, token = self.env["jewelry.link"]._issue(self.ring, partner_id=self.client.id)
        self.assertEqual(self._page(token).status_code, 200)
        self.assertEqual(link.use_count, 1)
