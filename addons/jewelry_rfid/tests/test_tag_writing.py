import re
import stat

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, Form, tagged

from odoo.addons.jewelry_inventory.tests.common import VocabularyCommon

from ..tools import epc, zpl
from ..tools.access_key import AccessKey
from .tag_common import CHIP, OTHER_CHIP, TID, TagCommon


@tagged("post_install", "-at_install")
class TestZpl(BaseCase):
    """What a printer is told, and what it answers."""

    def test_a_chip_is_written_with_its_pc_word_and_read_back(self):
        lines = zpl.render("3066C4409047E140075BCD15").split("\n")
        self.assertEqual(lines[0], "^RS8")
        self.assertEqual(lines[1], "^RFW,H,1,14,1^FD30003066C4409047E140075BCD15^FS")
        self.assertEqual(lines[2:4], ["^FN1^RFR,H,2,12,1^FS", "^FN2^RFR,H,0,12,2^FS"])
        self.assertEqual(lines[4], "^FH^HV1,24,EPC 3066C4409047E140075BCD15=,_0D_0A,L")
        self.assertEqual(lines[5], "^FH^HV2,24,TID 3066C4409047E140075BCD15=,_0D_0A,L")

    def test_a_code_is_written_in_whole_words(self):
        block = zpl.render("FB342CDE795211411234538566CB0AFC4")
        self.assertIn("^RFW,H,1,20,1^FD4800FB342CDE795211411234538566CB0AFC4000^FS", block)

    def test_an_own_number_has_the_toggle_bit(self):
        number = epc.encode(epc.make_own("8A3F12CD", 42))
        self.assertIn(f"^FD3100{number}^FS", zpl.render(number))

    def test_a_lock_comes_after_the_code_and_before_it_is_read(self):
        block = zpl.render(CHIP, "1A2B3C4D")
        places = [
            block.index(part) for part in ("^RFW", "^RZ1A2B3C4D,A,L", "^RZ1A2B3C4D,E,L", "^RFR")
        ]
        self.assertEqual(places, sorted(places))
        self.assertNotIn("^RZ", zpl.render(CHIP))

    def test_answers_are_found_in_whatever_a_printer_sends(self):
        text = (
            f"noise\x02EPC {CHIP}={CHIP.lower()}0000\r\nTID {CHIP}={TID}\r\n\x03"
            f"EPC {OTHER_CHIP}=\r\nTID {OTHER_CHIP}=\r\nmore noise"
        )
        first, second = zpl.read_answers(text)
        self.assertEqual((first.written, first.tid), (CHIP, TID))
        self.assertEqual(first.read, CHIP + "0000")  # a code of no scheme keeps all its digits
        self.assertEqual(second, (OTHER_CHIP, "", ""))
        self.assertEqual(zpl.read_answers("nothing"), [])

    def test_padding_of_a_known_code_is_dropped_from_an_answer(self):
        number = "3066C4409047E140075BCD15"
        (answer,) = zpl.read_answers(f"EPC {number}= {number}0000")
        self.assertEqual(answer, (number, number, ""))


@tagged("post_install", "-at_install")
class TestAccessKey(TagCommon):
    """Passwords of chips come from a file and are stored nowhere."""

    def test_a_password_is_the_same_ever_after_and_differs_by_chip(self):
        first = AccessKey(self.key_path).derive(CHIP)
        self.assertRegex(first, r"^[0-9A-F]{8}$")
        self.assertEqual(AccessKey(self.key_path).derive(CHIP), first)
        self.assertNotEqual(AccessKey(self.key_path).derive(OTHER_CHIP), first)

    def test_the_file_is_for_the_servers_account_alone(self):
        AccessKey(self.key_path).derive(CHIP)
        self.assertEqual(stat.S_IMODE(self.key_path.stat().st_mode), 0o600)
        self.key_path.chmod(0o644)
        with self._refused("chmod 600", UserError):
            self.env["jewelry.rfid.access"]._get_password(CHIP)

    def test_another_key_gives_other_passwords(self):
        first = AccessKey(self.key_path).derive(CHIP)
        self.key_path.unlink()
        self.assertNotEqual(AccessKey(self.key_path).derive(CHIP), first)

    def test_a_broken_key_is_not_used_and_not_overwritten(self):
        for content in (b"", b"garbage\n", b"ab" * 31 + b"\n", b"\xff" * 64 + b"\n"):
            self.key_path.write_bytes(content)
            self.key_path.chmod(0o600)
            with self._refused("Bring the file back", UserError):
                self.env["jewelry.rfid.access"]._get_password(CHIP)
            self.assertEqual(self.key_path.read_bytes(), content)

    def test_a_password_of_zeros_is_never_given(self):
        key = AccessKey(self.key_path)
        key.derive(CHIP)
        digest = "00000000" + "1" * 56
        fake = type("Digest", (), {"hexdigest": lambda self: digest})
        self.patch(type(key).derive.__globals__["hmac"], "new", lambda *args: fake())
        self.assertEqual(key.derive(CHIP), "11111111")


@tagged("post_install", "-at_install")
class TestNumbers(TagCommon):
    """Each company numbers its chips."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"gs1_prefix": False, "rfid_scheme": False})

    def _make(self, pieces=None):
        pieces = pieces or self.ring
        return [epc.decode(code) for code in pieces._make_codes().values()]

    def test_a_company_without_a_prefix_has_its_own_numbers(self):
        codes = self._make(self.rings)
        self.assertEqual({code.scheme for code in codes}, {"own"})
        self.assertEqual({code.store for code in codes}, {self.Tag._get_store_code()})
        numbers = [int(code.key) for code in codes]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 3)))
        self.assertGreater(int(self._make()[0].key), numbers[-1])

    def test_a_copied_database_has_another_name_on_its_chips(self):
        before = self.Tag._get_store_code()
        self.env["ir.config_parameter"].set_param("database.uuid", "another")
        self.assertNotEqual(self.Tag._get_store_code(), before)
        self.assertRegex(self.Tag._get_store_code(), r"^[0-9A-F]{8}$")

    def test_a_company_with_a_prefix_numbers_assets(self):
        self.company.gs1_prefix = "9521141"
        (code,) = self._make()
        self.assertEqual((code.scheme, code.filter, code.prefix_length), ("GIAI-96", 0, 7))
        self.assertTrue(code.key.startswith("9521141"))

    def test_a_style_with_a_gtin_gives_serial_numbers(self):
        self.company.write({"gs1_prefix": "95060001343", "rfid_scheme": "sgtin"})
        self.style.barcode = "9506000134352"
        (code,) = self._make()
        self.assertEqual((code.scheme, code.filter), ("SGTIN-96", 1))
        self.assertEqual((code.key, code.prefix_length), ("09506000134352", 11))

    def test_a_style_without_a_gtin_of_ours_is_refused_by_the_piece(self):
        self.company.write({"gs1_prefix": "95060001343", "rfid_scheme": "sgtin"})
        for barcode in (False, "4006381333931", "RING"):
            self.style.barcode = barcode
            with self._refused(f"{self.ring.name} cannot have a number on a chip.*GTIN", UserError):
                self._make()

    def test_numbers_of_gs1_need_a_prefix(self):
        for scheme in ("giai", "sgtin"):
            for prefix in (False, "9521"):
                with self._refused("of 6 to 12 digits", ValidationError):
                    self.company.write({"rfid_scheme": scheme, "gs1_prefix": prefix})
        self.company.write({"gs1_prefix": "9521", "rfid_scheme": False})
        self.assertEqual(self.company._get_rfid_scheme(), "own")

    def test_a_prefix_that_numbers_depend_on_is_not_taken_away(self):
        self.company.write({"gs1_prefix": "9521141", "rfid_scheme": "giai"})
        with self._refused("of 6 to 12 digits", ValidationError):
            self.company.gs1_prefix = False

    def test_many_pieces_are_numbered_in_as_many_queries_as_one(self):
        self._make(self.rings)
        for pieces in (self.ring, self.rings):
            with self.assertQueryCount(2):  # the sequence, and its numbers
                pieces._make_codes()


@tagged("post_install", "-at_install")
class TestPrinting(TagCommon):
    """A label's chip is written, and live once it was read."""

    def _get_written(self, text):
        return re.findall(r"\^RFW,H,1,14,1\^FD3[01]00([0-9A-F]{24})\^FS", text)

    def _answer(self, *answers):
        """Take in what a printer answered, in the dialog of a keeper."""
        dialog = self.env["jewelry.rfid.read.back"].with_user(self.keeper)
        with Form(dialog) as form:
            form.answer = "\r\n".join(answers)
        form.record.action_read()
        return form.record

    def test_each_label_writes_a_number_of_its_own(self):
        text = self._print(self.rings)
        numbers = self._get_written(text)
        self.assertEqual(len(set(numbers)), 3)
        self.assertEqual(self.rings.rfid_tag_ids.mapped("state"), ["written"] * 3)
        for ring, part in zip(self.rings.sorted("name"), text.split("^XZ"), strict=False):
            self.assertIn(ring.rfid_tag_ids.epc, part)
            self.assertIn(ring.name, part)

    def test_a_written_tag_is_live_when_the_printer_has_read_it(self):
        (number,) = self._get_written(self._print(self.ring))
        dialog = self._answer(f"EPC {number}={number}", f"TID {number}={TID}")
        tag = self.ring.rfid_tag_ids
        self.assertEqual(dialog.tag_ids, tag)
        self.assertFalse(dialog.problems)
        self.assertEqual((tag.state, tag.tid, tag.epc), ("live", TID, number))
        self.assertEqual(len(self._get_events(self.ring)), 1)

    def test_a_chip_that_was_not_written_well_stays_dead_and_is_told(self):
        (number,) = self._get_written(self._print(self.ring))
        (other,) = self._get_written(self._print(self.other_ring))
        dialog = self._answer(f"EPC {number}={CHIP}", f"EPC {other}=", f"EPC {CHIP}={CHIP}")
        self.assertFalse(dialog.tag_ids)
        self.assertIn(f"take the label of {self.ring.name} away", dialog.problems)
        self.assertIn(f"take the label of {self.other_ring.name} away", dialog.problems)
        self.assertIn(f"{CHIP} waits for no chip", dialog.problems)
        self.assertEqual(
            (self.ring | self.other_ring).rfid_tag_ids.mapped("state"), ["written"] * 2
        )

    def test_an_answer_that_comes_twice_changes_nothing_the_second_time(self):
        (number,) = self._get_written(self._print(self.ring))
        self._answer(f"EPC {number}={number}")
        dialog = self._answer(f"EPC {number}={number}")
        self.assertIn("waits for no chip", dialog.problems)
        self.assertEqual(self.ring.rfid_tag_id.epc, number)
        self.assertEqual(len(self._get_events(self.ring)), 1)

    def test_text_without_an_answer_is_refused(self):
        with self._refused("no answer in this text", UserError):
            self._answer("^HV?")

    def test_a_written_tag_is_live_when_somebody_reads_it(self):
        (number,) = self._get_written(self._print(self.ring))
        self._tag(self.ring, number)
        self.assertEqual(self.ring.rfid_tag_id.epc, number)
        self.assertEqual(len(self.ring.rfid_tag_ids), 1)

    def test_a_new_label_leaves_the_old_tag_live_until_its_own_is_read(self):
        old = self._tag(self.ring)
        (spoilt,) = self._get_written(self._print(self.ring))
        (number,) = self._get_written(self._print(self.ring, reason="Spoilt"))
        states = {tag.epc: tag.state for tag in self.ring.rfid_tag_ids}
        self.assertEqual(states, {CHIP: "live", spoilt: "retired", number: "written"})
        self._answer(f"EPC {number}={number}")
        self.assertEqual((old.state, old.reason), ("retired", "A new label was printed."))
        self.assertEqual(self.ring.rfid_tag_id.epc, number)

    def test_labels_without_chips_number_nothing(self):
        for values in ({"with_chip": False}, {"label_format": "pdf"}):
            action = self.ring.with_user(self.keeper).action_print_labels()
            printing = self.env[action["res_model"]].with_user(self.keeper).browse(action["res_id"])
            printing.write({"label_format": "zpl", "with_chip": True, "reason": "x"} | values)
            printing.action_print()
            self.assertFalse(self.ring.rfid_tag_ids)
            self.assertFalse(self.env["stock.lot"]._get_label_rf_block())

    def test_a_preview_numbers_nothing(self):
        action = self.ring.with_user(self.keeper).action_print_labels()
        printing = self.env[action["res_model"]].with_user(self.keeper).browse(action["res_id"])
        printing.write({"label_format": "zpl", "with_chip": True})
        self.assertTrue(printing.preview)
        self.assertFalse(self.ring.rfid_tag_ids)

    def test_two_chips_of_one_number_are_never_printed(self):
        with self._refused("one live tag", UserError):
            self._print(self.ring, copies=2, reason="One for the box")
        self.assertFalse(self.ring.rfid_tag_ids)
        labels = self.env["jewelry.label"].with_user(self.keeper).with_context(rfid_writing=True)
        with self._refused("Choose ZPL", UserError):
            labels._print(self.ring.with_user(self.keeper), {"label_format": "pdf"})

    def test_the_company_decides_whether_labels_have_chips(self):
        self.assertFalse(self.env["jewelry.label.print"].new({}).with_chip)
        self.company.rfid_labels = True
        printing = self.env["jewelry.label.print"].with_user(self.keeper).new({})
        self.assertTrue(printing.with_chip)

    def test_a_locked_chip_has_its_password_from_the_key_and_nowhere_else(self):
        self.company.rfid_lock = True
        text = self._print(self.ring)
        tag = self.ring.rfid_tag_ids
        password = AccessKey(self.key_path).derive(tag.epc)
        self.assertTrue(tag.is_locked)
        self.assertIn(f"^RZ{password},A,L^FS", text)
        self.assertFalse(any(password in str(value) for value in tag.read()[0].values()))

    def test_a_manager_is_shown_the_password_and_nobody_else(self):
        self.company.rfid_lock = True
        self._print(self.ring)
        tag = self.ring.rfid_tag_ids
        action = tag.with_user(self.manager).action_show_password()
        self.assertEqual(action["params"]["message"], AccessKey(self.key_path).derive(tag.epc))
        for user in (self.keeper, self.associate):
            with self.assertRaises(AccessError):
                tag.with_user(user).action_show_password()


@tagged("post_install", "-at_install")
class TestSettings(VocabularyCommon):
    def test_a_manager_chooses_how_chips_are_numbered(self):
        self.company.gs1_prefix = "9521141"
        with Form(self.env["res.config.settings"]) as form:
            form.rfid_scheme = "giai"
            form.rfid_labels = True
            form.rfid_lock = True
        form.record.execute()
        self.assertEqual(self.company.rfid_scheme, "giai")
        self.assertTrue(self.company.rfid_labels and self.company.rfid_lock)
