import json
import shutil
import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Thread

from odoo.tests import BaseCase, tagged
from odoo.tools import config

from ..tools import signing_key
from ..tools.anchor_line import find_break, is_signed, make_statement, parse_line
from ..tools.provenance import ANCHOR_SIGNATURE, canonical
from ..tools.timestamp import TimestampError, check_answer, make_request
from .common import ProvenanceCommon

OPENSSL_CONFIG = """
[ tsa ]
default_tsa = local
[ local ]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
[ stamp ]
extendedKeyUsage = critical,timeStamping
"""


class Authority:
    """A time stamp authority on this machine, of openssl."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.certificate, self.key = self.folder / "tsa.pem", self.folder / "tsa.key"
        self.config = self.folder / "tsa.cnf"
        self.config.write_text(OPENSSL_CONFIG.format(folder=folder))
        (self.folder / "serial").write_text("01\n")
        self._run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=TSA", "-days", "2")

    def _run(self, *options):
        command = ["openssl", *options, "-keyout", self.key, "-out", self.certificate]
        extension = ["-addext", "extendedKeyUsage=critical,timeStamping"]
        subprocess.run([*command, *extension], check=True, capture_output=True)

    def stamp(self, request):
        """Return the answer to a request."""
        query, answer = self.folder / "query.tsq", self.folder / "answer.tsr"
        query.write_bytes(request)
        command = ["openssl", "ts", "-reply", "-config", self.config, "-queryfile", query]
        command += ["-signer", self.certificate, "-inkey", self.key, "-out", answer]
        subprocess.run(command, check=True, capture_output=True)
        return answer.read_bytes()

    def verifies(self, message, answer):
        """Tell whether openssl finds that the answer stamps the message."""
        data, file = self.folder / "data", self.folder / "given.tsr"
        data.write_bytes(message)
        file.write_bytes(answer)
        command = ["openssl", "ts", "-verify", "-data", data, "-in", file]
        done = subprocess.run(
            [*command, "-CAfile", self.certificate], check=False, capture_output=True
        )
        return done.returncode == 0


class AuthorityCase(BaseCase):
    def setUp(self):
        super().setUp()
        folder = mkdtemp()
        self.addCleanup(rmtree, folder)
        self.assertTrue(shutil.which("openssl"), "These tests stamp with openssl: install it.")
        self.authority = Authority(folder)


@tagged("post_install", "-at_install")
class TestTimestamp(AuthorityCase):
    def test_an_authority_stamps_what_we_ask_for_and_openssl_believes_it(self):
        request, expected = make_request(b"message")
        answer = self.authority.stamp(request)
        check_answer(answer, expected)
        self.assertTrue(self.authority.verifies(b"message", answer))
        self.assertFalse(self.authority.verifies(b"other", answer))

    def test_every_nonce_makes_a_request_that_openssl_reads(self):
        for nonce in (0, 1, 127, 128, 255, 256, 2**63, 2**64 - 1):
            request, expected = make_request(b"message", nonce)
            check_answer(self.authority.stamp(request), expected)

    def test_an_answer_to_something_else_is_refused(self):
        answer = self.authority.stamp(make_request(b"message")[0])
        for message in (b"message", b"other"):
            with self.assertRaisesRegex(TimestampError, "something else"):
                check_answer(answer, make_request(message)[1])

    def test_a_refusal_and_garbage_are_refused(self):
        _request, expected = make_request(b"message")
        for answer in (b"", b"0", b"<html>no</html>", bytes.fromhex("30053003020102"), b"0" * 50):
            with self.assertRaises(TimestampError):
                check_answer(answer, expected)


@tagged("post_install", "-at_install")
class TestWitnesses(ProvenanceCommon, AuthorityCase):
    def setUp(self):
        super().setUp()
        self.piece = self._create_serials()
        self._append(self.piece, "commission")
        self.parameters = self.env["ir.config_parameter"]

    def _serve(self, answer):
        """Answer every request for a stamp with `answer(request)`; return the address."""

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(answer(body))

            def log_message(self, *_arguments):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}/"

    def _anchor(self):
        self.Check._cron_verify()
        return self.Check.search([], limit=1)

    def _get_line(self):
        return parse_line(self.anchor_path.read_bytes().splitlines()[-1])

    # === SIGNATURE === #

    def test_every_line_is_signed_and_the_check_names_the_key(self):
        check, line = self._anchor(), self._get_line()
        self.assertTrue(is_signed(line, signing_key.verify))
        self.assertEqual(check.signing_key, line["key"])
        self.assertTrue(self.Event.verify_chains().ok)

    def _rewrite(self, **values):
        """Write the last line anew, as somebody can who holds the file."""
        lines = self.anchor_path.read_text().splitlines()
        line = {key: v for key, v in (json.loads(lines[-1]) | values).items() if v is not None}
        lines[-1] = canonical(line)
        self.anchor_path.write_text("\n".join(lines) + "\n")
        last = self.Check._get_last_anchored()
        last.anchor = parse_line(lines[-1].encode())["digest"]  # as the database's owner can

    def test_a_forged_line_is_found_even_by_a_database_that_remembers_it(self):
        for values in ({"time": "2020-01-01"}, {"signature": None, "key": None}, {"chains": 10**6}):
            self._anchor()
            self._anchor()
            self._rewrite(**values)
            faults = self.Event.verify_chains().faults
            self.assertIn(ANCHOR_SIGNATURE, {fault.reason for fault in faults}, values)
            self.anchor_path.unlink()
            self.Check.search([]).unlink()

    def test_a_line_signed_by_a_stranger_is_found(self):
        self._anchor()
        stranger = signing_key.SigningKey(self.key_path.with_name("stranger.pem"))
        line = self._get_line()
        self._rewrite(**stranger.sign(make_statement(line)))
        (fault,) = self.Event.verify_chains().faults
        self.assertEqual((fault.seq, fault.reason), (1, ANCHOR_SIGNATURE))

    def test_a_key_that_followed_another_vouches_for_it(self):
        former = self._anchor().signing_key
        self.key_path.unlink()
        self._sign_anew()
        self.assertFalse(self.Event.verify_chains().ok)
        self.key_path.with_name(f"{self.key_path.name}.former").write_text(f"{former}\n")
        self.assertTrue(self.Event.verify_chains().ok)
        self.assertNotEqual(self._anchor().signing_key, former)
        self.assertTrue(self.Event.verify_chains().ok)

    def _sign_anew(self):
        self.env["jewelry.provenance.key"]._sign(b"anything")

    # === WITNESSES === #

    def test_a_folder_gets_what_it_lacks(self):
        folder = self.key_path.parent / "copy"
        folder.mkdir()
        self._anchor()
        config.options["jewelry_anchor_copy_folder"] = str(folder)
        self._anchor()
        self._anchor()
        copy = folder / "anchors.jsonl"
        self.assertEqual(copy.read_bytes(), self.anchor_path.read_bytes())
        self.assertEqual(find_break(list(map(parse_line, copy.read_bytes().splitlines()))), 0)

    def test_a_copy_that_differs_is_told_and_left_alone(self):
        folder = self.key_path.parent / "copy"
        folder.mkdir()
        config.options["jewelry_anchor_copy_folder"] = str(folder)
        (folder / "anchors.jsonl").write_text("another past\n")
        with self.assertLogs("odoo.addons.jewelry_inventory", "WARNING"):
            check = self._anchor()
        self.assertIn("other anchors", check.message)
        self.assertTrue(check.anchor)
        self.assertTrue(check.activity_ids)
        self.assertEqual((folder / "anchors.jsonl").read_text(), "another past\n")

    def test_a_folder_that_is_gone_is_told(self):
        config.options["jewelry_anchor_copy_folder"] = str(self.key_path.parent / "nowhere")
        with self.assertLogs("odoo.addons.jewelry_inventory", "WARNING"):
            self.assertIn("not sent (folder)", self._anchor().message)

    def test_the_anchor_goes_out_by_mail_without_what_only_the_store_needs(self):
        self.parameters.set_param("jewelry_inventory.anchor_mail", "notary@example.com")
        self._anchor()
        mail = self.env["mail.mail"].sudo().search([], limit=1, order="id desc")
        line = self._get_line()
        self.assertEqual(mail.email_to, "notary@example.com")
        self.assertIn(line["root"], mail.body_html)
        sent = json.loads(mail.attachment_ids.raw)
        self.assertTrue(is_signed(sent, signing_key.verify))
        self.assertFalse({"name", "events", "reason"} & set(sent))

    def test_an_address_that_is_none_is_told(self):
        self.parameters.set_param("jewelry_inventory.anchor_mail", "nobody")
        with self.assertLogs("odoo.addons.jewelry_inventory", "WARNING"):
            self.assertIn("no address", self._anchor().message)

    def test_an_authority_stamps_the_anchor(self):
        address = self._serve(self.authority.stamp)
        self.parameters.set_param("jewelry_inventory.anchor_tsa_url", address)
        self._anchor()
        line = self._get_line()
        stamp = self.env["jewelry.provenance.witness"]._get_stamp(line)
        self.assertTrue(self.authority.verifies(make_statement(line), stamp))

    def test_an_authority_that_answers_nonsense_or_nothing_is_told(self):
        for address in (self._serve(lambda _body: b"<html>"), "http://127.0.0.1:9/"):
            self.parameters.set_param("jewelry_inventory.anchor_tsa_url", address)
            with self.assertLogs("odoo.addons.jewelry_inventory", "WARNING"):
                check = self._anchor()
            self.assertIn("time stamp", check.message)
            self.assertTrue(check.anchor)
            self.assertFalse(self.env["jewelry.provenance.witness"]._get_stamp(self._get_line()))
