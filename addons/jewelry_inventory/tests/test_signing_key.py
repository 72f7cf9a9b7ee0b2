import stat
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Barrier, Thread

from odoo.tests import BaseCase, tagged

from ..tools.anchor_line import find_unsigned, is_signed, make_statement
from ..tools.key_file import BROKEN, OPEN, KeyFileError
from ..tools.signing_key import SigningKey, verify

LINE = {"chains": 3, "database": "db", "fork_of": "", "root": "ab", "time": "2026-03-01T00:00:00"}


class SigningCase(BaseCase):
    def setUp(self):
        super().setUp()
        folder = mkdtemp()
        self.addCleanup(rmtree, folder)
        self.key = SigningKey(Path(folder, "below", "key.pem"))


@tagged("post_install", "-at_install")
class TestSigningKey(SigningCase):
    def test_a_key_is_made_for_the_servers_account_alone(self):
        self.assertFalse(self.key.exists)
        self.key.get_public()
        self.assertEqual(stat.S_IMODE(self.key.path.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.key.path.parent.stat().st_mode), 0o700)
        self.assertEqual(list(self.key.path.parent.iterdir()), [self.key.path])

    def test_it_signs_the_same_way_ever_after(self):
        first = self.key.sign(b"message")
        self.assertEqual(SigningKey(self.key.path).sign(b"message"), first)
        key, signature = (bytes.fromhex(first[name]) for name in ("key", "signature"))
        self.assertTrue(verify(key, b"message", signature))

    def test_a_key_that_others_may_read_is_not_used(self):
        self.key.get_public()
        for mode in (0o640, 0o604, 0o620, 0o644):
            self.key.path.chmod(mode)
            with self.assertRaises(KeyFileError) as raised:
                self.key.sign(b"message")
            self.assertEqual(raised.exception.code, OPEN)

    def test_a_file_that_holds_no_such_key_is_not_used_and_not_overwritten(self):
        self.key.get_public()
        for content in (b"", b"garbage", b"-----BEGIN PRIVATE KEY-----\nAA==\n"):
            self.key.path.write_bytes(content)
            with self.assertRaises(KeyFileError) as raised:
                self.key.sign(b"message")
            self.assertEqual(raised.exception.code, BROKEN)
            self.assertEqual(self.key.path.read_bytes(), content)

    def test_workers_that_come_first_at_once_use_one_key(self):
        start, keys = Barrier(8), []

        def work():
            start.wait()
            keys.append(SigningKey(self.key.path).get_public())

        threads = [Thread(target=work) for _n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((len(keys), len(set(keys))), (8, 1))

    def test_former_keys_are_read_from_the_file_beside(self):
        public = self.key.get_public()
        self.assertEqual(self.key.get_former(), [])
        self.key.path.with_name("key.pem.former").write_text(f"{public}\nab\n")
        self.assertEqual(self.key.get_former(), [public, "ab"])


@tagged("post_install", "-at_install")
class TestSignedLines(SigningCase):
    def _sign(self, **values):
        line = LINE | values
        return line | self.key.sign(make_statement(line))

    def test_a_signature_covers_root_size_database_and_time(self):
        line = self._sign()
        self.assertTrue(is_signed(line, verify))
        for change in (
            {"root": "ac"},
            {"chains": 4},
            {"database": "other"},
            {"time": "2026-03-02T00:00:00"},
            {"fork_of": "db"},
            {"signature": line["signature"][::-1]},
            {"signature": "no hex"},
            {"key": None},
        ):
            self.assertFalse(is_signed(line | change, verify), change)

    def test_what_only_the_store_needs_is_not_covered(self):
        self.assertTrue(is_signed(self._sign() | {"events": 7, "reason": "x"}, verify))

    def test_lines_from_before_the_first_key_stay_as_they_are(self):
        self.assertEqual(find_unsigned([LINE, LINE, self._sign()], verify), 0)
        self.assertEqual(find_unsigned([], verify), 0)

    def test_a_signature_that_was_taken_off_is_missed(self):
        self.assertEqual(find_unsigned([self._sign(), LINE], verify), 2)

    def test_a_forged_line_is_named(self):
        self.assertEqual(find_unsigned([LINE, self._sign() | {"root": "x"}], verify), 2)

    def test_another_database_in_the_same_file_may_still_be_without_a_key(self):
        self.assertEqual(find_unsigned([self._sign(), LINE | {"database": "b"}], verify), 0)
