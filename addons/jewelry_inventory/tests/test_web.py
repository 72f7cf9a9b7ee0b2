import time
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..tools import web
from .fake_gia import KEY, PDF, FakeGia
from .report_common import FakeGiaCase


@tagged("post_install", "-at_install")
class TestWebRules(BaseCase):
    """Where a key may travel, and how long to wait."""

    def test_a_key_travels_hidden_only(self):
        for url in ("https://api.example.com/graphql", "http://127.0.0.1:1/x", "http://localhost/"):
            web.check_address(url)
        wrong = ["", None, "http://api.example.com", "ftp://a", "https://", "file:///etc/passwd"]
        for url in [*wrong, "http://127.0.0.1.example.com/"]:
            with self.subTest(url), self.assertRaises(web.WebError) as caught:
                web.check_address(url)
            self.assertEqual(caught.exception.code, "address")

    def test_a_wait_is_seconds_or_a_moment(self):
        self.assertEqual(web.read_wait("120"), 120)
        self.assertEqual(web.read_wait("Wed, 21 Oct 2015 07:28:00 GMT"), 0)
        self.assertEqual(web.read_wait("Wed, 21 Oct 2099 07:28:00 GMT"), web.MAX_WAIT)
        self.assertEqual(web.read_wait("999999999"), web.MAX_WAIT)
        for text in ("", "soon", "-3", "1.5"):
            self.assertEqual(web.read_wait(text), web.DEFAULT_WAIT, text)


@tagged("post_install", "-at_install")
class TestWeb(FakeGiaCase):
    """Asking within limits."""

    def _fail(self, ask):
        with self.assertRaises(web.WebError) as caught:
            ask()
        # Nothing of what was sent is in what may end in a log.
        self.assertNotIn(KEY, repr(caught.exception.__dict__) + str(caught.exception))
        self.assertTrue(caught.exception.__suppress_context__ or not caught.exception.__context__)
        return caught.exception

    def _post(self, limit=100_000):
        body = {"query": "{ getQuota { remaining } }", "variables": {}}
        return web.post_json(f"{self.fake.base}/graphql", body, KEY, limit)

    def test_a_question_carries_the_key_and_json(self):
        self.assertIn(b"900", self._post())
        (headers,) = self.fake.headers
        self.assertEqual(headers["Authorization"], KEY)
        self.assertEqual(headers["Content-Type"], "application/json")

    def test_a_link_is_followed_without_the_key(self):
        self.fake.redirects["/a"] = "/b"
        self.assertEqual(web.fetch(f"{self.fake.base}/a", 1000), PDF)
        self.assertFalse([headers for headers in self.fake.headers if "Authorization" in headers])

    def test_a_link_does_not_lead_to_where_all_can_read(self):
        for target in ("http://example.com/", "file:///etc/passwd", "/a"):
            self.fake.redirects["/a"] = target
            with self.subTest(target):
                error = self._fail(lambda: web.fetch(f"{self.fake.base}/a", 1000))
                self.assertEqual(error.code, "address")

    def test_faults_are_told_apart(self):
        for status, code in ((401, "refused"), (403, "refused"), (500, "status"), (302, "status")):
            self.fake.fault = (status, {})
            self.assertEqual(self._fail(self._post).code, code)

    def test_too_many_questions_say_when_to_ask_again(self):
        self.fake.fault = (429, {"Retry-After": "30"})
        error = self._fail(self._post)
        self.assertEqual((error.code, error.values), ("busy", {"seconds": 30}))

    def test_a_long_answer_is_not_read_to_its_end(self):
        self.fake.raw = b"x" * 200_000
        self.assertEqual(self._fail(lambda: self._post(1000)).code, "large")

    def test_a_silent_server_is_given_up(self):
        self._hurry()
        self.fake.delay = 2
        start = time.monotonic()
        self.assertEqual(self._fail(self._post).code, "timeout")
        self.assertLess(time.monotonic() - start, 1.5)

    def test_a_server_that_answers_in_drops_is_given_up(self):
        self.startPatcher(patch.object(web, "WHOLE_SECONDS", -1))
        self.assertEqual(self._fail(self._post).code, "timeout")

    def test_no_server_at_all_is_offline(self):
        gone = FakeGia()
        gone.stop()
        with patch.object(type(self), "fake", gone):
            self.assertEqual(self._fail(self._post).code, "offline")
        unknown = "https://no-such-host.invalid/graphql"
        self.assertEqual(self._fail(lambda: web.post_json(unknown, {}, KEY, 9)).code, "offline")
