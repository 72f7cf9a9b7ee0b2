import json
import subprocess
import sys

from odoo.tests import BaseCase, tagged
from odoo.tools.misc import file_path

from .test_epc import load_rows


@tagged("post_install", "-at_install")
class TestEpcProgram(BaseCase):
    """The codec as a program, by a Python that has nothing else."""

    def _run(self, *arguments):
        path = file_path("jewelry_rfid/tools/epc.py")
        done = subprocess.run(
            [sys.executable, "-I", "-S", path, *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    def test_chips_are_read_one_a_line(self):
        rows = {row["scheme"]: row for row in load_rows()}
        wanted = [rows["SGTIN-96"], rows["GIAI+"], rows["SSCC-96"]]
        status, lines = self._run("decode", *(row["epc_hex"] for row in wanted))
        self.assertEqual(status, 0)
        for line, row in zip(lines, wanted, strict=True):
            self.assertEqual(line, line | row)
        self.assertEqual([line["filter"] for line in lines], [3, 3, 0])
        self.assertEqual([line["pc"] for line in lines], ["3000", "3000", "3000"])

    def test_one_that_failed_does_not_hide_the_others(self):
        status, lines = self._run(
            "decode", "3066C4409047E140075BCD15", "zz", "2D76451FD4499602D2000000"
        )
        self.assertEqual(status, 1)
        self.assertEqual([sorted(line)[:2] for line in lines[1:]], [["error", "input"]] * 2)
        self.assertEqual(lines[0]["scheme"], "SGTIN-96")
        self.assertIn("GSRN-96", lines[2]["error"])

    def test_codes_are_written_with_what_their_text_does_not_tell(self):
        status, lines = self._run(
            "encode",
            "--filter=3",
            "--prefix-length=11",
            "(01)09506000134352(21)123456789",
            "urn:epc:id:sgtin:95060001343.05.32a%2Fb",
        )
        self.assertEqual(status, 0)
        self.assertEqual(
            [line["epc_hex"] for line in lines],
            [
                "3066C4409047E140075BCD15",
                "3666C4409047E159B2C2BF100000000000000000000000000000",
            ],
        )
        status, lines = self._run("encode", "--scheme", "SGTIN+", "(01)79521141123453(21)32a/b")
        self.assertEqual(lines[0]["epc_hex"], "F70795211411234538566CB0AFC4")

    def test_own_numbers_say_their_store(self):
        status, (line,) = self._run("encode", "own:8A3F12CD.42")
        self.assertEqual(status, 0)
        self.assertEqual((line["store"], line["number"], line["pc"]), ("8A3F12CD", 42, "3100"))
        self.assertIsNone(line["epc_uri"])
        self.assertEqual(self._run("decode", line["epc_hex"]), (0, [line]))

    def test_a_value_that_no_chip_holds_is_an_error(self):
        status, (line,) = self._run("encode", "urn:epc:tag:sgtin-96:3.95060001343.05.0678")
        self.assertEqual(status, 1)
        self.assertIn("Use SGTIN-198", line["error"])

    def test_more_data_are_told(self):
        status, (line,) = self._run("decode", "F7B795211411234538566CB0AFC417ABCD")
        self.assertEqual((status, line["more_data"]), (0, True))
