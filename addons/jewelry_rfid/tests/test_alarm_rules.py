from odoo.tests import BaseCase, tagged

from ..tools import alarm, signal
from ..tools.batch import Row

ZONES = {("R1", 1): 10, ("R1", 2): 20, ("R1", 3): 30, ("R1", 4): None}
DOORS = {20, 30}
TAGS = {"AA": 1, "AA00": 1, "BB": 2}


def see(antenna, first, last, epc="AA", kind="stay"):
    """Return a row of a chip at an antenna."""
    return Row(kind, epc, None, "R1", antenna, first, last, 1, None)


@tagged("-at_install", "post_install")
class TestAlarmRules(BaseCase):
    """Who passes a door, and how another program is told, without a database."""

    def test_only_what_is_seen_at_a_door_passes_one(self):
        rows = [see(1, 1, 2), see(4, 1, 2), see(9, 1, 2)]
        self.assertEqual(alarm.find_passages(rows, ZONES, DOORS, TAGS), {})

    def test_a_passage_lasts_from_the_first_to_the_last_reading_at_any_door(self):
        rows = [see(3, 50, 60), see(2, 10, 20), see(1, 90, 99), see(3, 30, 40, epc="BB")]
        passages = alarm.find_passages(rows, ZONES, DOORS, TAGS)
        self.assertEqual(passages, {1: (10, 60), 2: (30, 40)})

    def test_a_chip_with_two_numbers_passes_once_and_one_that_nobody_knows_never(self):
        rows = [see(3, 50, 60), see(2, 10, 20, epc="AA00"), see(2, 10, 20, epc="CC")]
        passages = alarm.find_passages(rows, ZONES, DOORS, TAGS)
        self.assertEqual(passages, {1: (10, 60)})

    def test_what_is_told_only_by_its_leaving_was_there(self):
        rows = [see(2, 10, 20, kind="leave")]
        self.assertEqual(alarm.find_passages(rows, ZONES, DOORS, TAGS), {1: (10, 20)})

    def test_only_encrypted_addresses_are_safe_but_for_this_very_machine(self):
        for url in (
            "https://guard.example/alarm",
            "https://10.0.0.5:8443/x",
            "http://127.0.0.1:9000/",
            "http://localhost/x",
            "http://[::1]:80/",
        ):
            with self.subTest(url=url):
                self.assertTrue(alarm.is_safe_url(url))
        for url in (
            "http://guard.example/alarm",
            "http://127.0.0.1.guard.example/",
            "http://localhost.guard.example/",
            "http://10.0.0.5/",
            "https://",
            "https://user:word@guard.example/",
            "https://guard.example:notaport/",
            "http://[::1",
            "ftp://guard.example/",
            "file:///etc/passwd",
            "guard.example",
            "",
            None,
            False,
        ):
            with self.subTest(url=url):
                self.assertFalse(alarm.is_safe_url(url))

    def test_a_signature_is_that_of_its_moment_message_and_secret(self):
        # Computed by `openssl dgst -sha256 -hmac key` over "17.{}".
        expected = "sha256=e66392eac42eafc68c35a01c712811e016386c12456975fc3af80c9268568e3a"
        self.assertEqual(alarm.sign("key", "17", b"{}"), expected)
        for other in (("kez", "17", b"{}"), ("key", "18", b"{}"), ("key", "17", b"{ }")):
            self.assertNotEqual(alarm.sign(*other), expected)

    def test_waits_grow_and_stay_below_an_hour(self):
        waits = [alarm.get_wait(tries) for tries in range(1, alarm.MOST_TRIES + 1)]
        self.assertEqual(waits[:3], [15, 30, 60])
        self.assertEqual(waits, sorted(waits))
        self.assertEqual(waits[-1], 3600)

    def test_a_level_rises_with_the_signal_from_0_to_100(self):
        levels = [signal.get_level(rssi) for rssi in (-120, -80, -55, -30, 10)]
        self.assertEqual(levels, [0, 0, 50, 100, 100])
        self.assertIsNone(signal.get_level(None))
