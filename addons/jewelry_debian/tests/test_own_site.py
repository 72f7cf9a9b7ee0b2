"""Pages of Odoo, got without a socket."""

import base64
import io
from contextlib import contextmanager
from unittest.mock import patch

from PIL import Image
from werkzeug.test import EnvironBuilder

from odoo.http import HTTPRequest, Request, _request_stack, root
from odoo.tests import HttpCase, tagged
from odoo.tools import config

from ..tools.own_site import OwnSite, get_origin

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC"
)


@tagged("post_install", "-at_install")
class TestOwnSite(HttpCase):
    def setUp(self):
        super().setUp()
        self.report = self.env["ir.actions.report"]
        self.picture = self.env["ir.attachment"].create({"name": "private.png", "raw": PNG})

    def get(self, path, base_url=None):
        """Get a page as a report does."""
        base_url = base_url or self.base_url()
        self.env.flush_all()
        with (
            self.allow_requests(all_requests=True),
            self.report._lend_session() as headers,
            OwnSite([self.base_url()], headers) as site,
        ):
            return site.get(base_url + path)

    @contextmanager
    def request_of(self, login):
        """Be within a web request of a user."""
        session = self.authenticate(login, login)
        cookie = {"Cookie": f"session_id={session.sid}"}
        builder = EnvironBuilder("/", base_url=self.base_url(), headers=cookie)
        with HTTPRequest(builder.get_environ()) as http_request:
            request = Request(http_request)
            _request_stack.push(request)
            try:
                request._post_init()
                yield request
            finally:
                _request_stack.pop()

    def test_static_file_is_got_as_it_is(self):
        status, headers, body = self.get("/web/static/img/logo.png")
        self.assertEqual(status, 200)
        self.assertEqual(headers["Content-Type"], "image/png")
        self.assertTrue(body.startswith(b"\x89PNG"))

    def test_query_reaches_the_page(self):
        _status, _headers, body = self.get("/report/barcode/QR/A?width=80&height=90")
        self.assertEqual(Image.open(io.BytesIO(body)).size, (80, 90))

    def test_unknown_page_is_not_found(self):
        self.assertEqual(self.get("/no/such/page")[0], 404)

    def test_other_sites_are_refused(self):
        port = self.http_port()
        for base_url in (
            "http://elsewhere.test",
            f"https://127.0.0.1:{port}",
            f"http://127.0.0.1:{port}.elsewhere.test",
            f"http://127.0.0.1:{port}@elsewhere.test",
        ):
            self.assertIsNone(self.get("/web/static/img/logo.png", base_url), base_url)

    def test_user_who_prints_sees_his_own_pictures(self):
        with self.request_of("admin"):
            self.picture.create_uid = self.env.ref("base.user_admin")
            self.assertEqual(self.get(f"/web/content/{self.picture.id}")[2], PNG)

    def test_print_without_a_request_sees_what_the_public_sees(self):
        self.assertEqual(self.get(f"/web/content/{self.picture.id}")[0], 404)
        self.picture.public = True
        self.assertEqual(self.get(f"/web/content/{self.picture.id}")[2], PNG)

    def test_lent_session_ends_with_the_print(self):
        with self.request_of("admin") as request, self.report._lend_session() as headers:
            sid = headers["Cookie"].removeprefix("session_id=")
            self.assertNotEqual(sid, request.session.sid)
            self.assertEqual(root.session_store.get(sid).uid, request.session.uid)
        self.assertFalse(root.session_store.get(sid).uid)

    def test_file_left_to_the_proxy_is_read_here(self):
        self.picture.public = True
        with patch.dict(config.options, x_sendfile=True):
            self.assertEqual(self.get(f"/web/content/{self.picture.id}")[2], PNG)

    def test_origin_is_scheme_and_host(self):
        self.assertEqual(get_origin("http://a.test:80/b?c=http://d#e"), "http://a.test:80")
