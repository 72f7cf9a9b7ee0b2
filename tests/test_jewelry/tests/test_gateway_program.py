import signal
import time
from socket import create_connection
from uuid import uuid4

from odoo import fields
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.kill_common import WRITING
from odoo.addons.jewelry_rfid.tests.reader_common import get_epc
from odoo.addons.jewelry_rfid.tests.test_device_http import OTHERS

from .gateway_common import HANDHELD, REGISTER, GatewayCase, Proxy, prepare_reads, wait_for

HOUR = 3600


@tagged("post_install", "-at_install")
class TestGatewayProgram(GatewayCase):
    """The gateway's own program before a real server: one server for all, ended once."""

    def test_sightings_arrive_over_tls_once_though_an_answer_is_lost(self):
        _gateway, key = self._create_gateway("tls")
        pieces = [self._tag(get_epc(0xE100 + number)) for number in range(2)]
        reads = prepare_reads([get_epc(0xE100)], 12) + prepare_reads([get_epc(0xE101)], 8, 2)
        proxy = Proxy(self.folder, self.port)
        self.addCleanup(proxy.close)
        place = {"code": "tls", "reader": "tls", "url": proxy.url}
        stranger = self._prepare_gateway(key, reads, **place)
        stranger.start()
        wait_for(lambda: b"certificate" in (stranger.folder / "log").read_bytes(), "a refusal")
        stranger.kill()
        self.assertFalse(proxy.seen)

        proxy.lost = 1
        trust = f'ca_file = "{proxy.authority}"'
        gateway = self._prepare_gateway(key, reads, **place, more=trust)
        gateway.start()
        self._check_all_came("tls", len(reads), gateway)
        self.assertEqual(proxy.lost, 0)
        self.assertIn('sent_batches_total{how="duplicate"} 1', gateway.ask("/metrics"))
        seen = [self._read_piece(piece) for piece in pieces]
        self.assertEqual([zone for zone, _values in seen], ["Left", "Right"])
        self.assertTrue(all(values["rfid_present"] for _zone, values in seen))

    def test_a_server_that_is_killed_in_a_batch_has_it_once_when_it_is_back(self):
        _gateway, key = self._create_gateway("killed")
        epcs = [get_epc(0xE200 + number) for number in range(300)]
        reads = prepare_reads(epcs, 3)
        gateway = self._prepare_gateway(key, reads, code="killed", reader="killed")
        with self._connect(self.database) as cursor:
            cursor.execute("BEGIN; LOCK TABLE jewelry_rfid_sighting IN SHARE MODE")
            gateway.start()
            wait_for(lambda: self._ask(WRITING, "jewelry_rfid_batch")[0], "a batch on its way")
            self.server.send_signal(signal.SIGKILL)
            self.assertEqual(self.server.wait(), -signal.SIGKILL)
            cursor.execute("ROLLBACK")
        self.assertEqual(self._count_reads("killed"), 0)
        self._open_store()
        # It would wait for up to a minute; killed, it begins at once, with the same batch.
        gateway.kill()
        gateway.start()
        self._check_all_came("killed", len(reads), gateway)
        self.assertNotIn('how="refused"', gateway.ask("/metrics"))

    def test_a_stolen_key_opens_two_methods_and_is_ended_at_once(self):
        gateway_id, key = self._create_gateway("stolen")
        reads = prepare_reads([get_epc(0xE300)], 20)
        gateway = self._prepare_gateway(key, reads[:10], code="stolen", reader="stolen")
        gateway.start()
        self._check_all_came("stolen", 10, gateway)
        for model, method in OTHERS:
            with self.subTest(model=model, method=method):
                self.assertIn(self._bear(key, f"/json/2/{model}/{method}"), (403, 404))
        self._rpc("jewelry.rfid.gateway", "action_revoke_keys", [gateway_id])
        values = {"gateway": "stolen", "sequence": 1, "sent": 1, "sightings": []}
        self.assertEqual(self._bear(key, REGISTER, batch=str(uuid4()), **values), 401)

        gateway.kill()
        gateway.record(reads)
        gateway.start()
        wait_for(lambda: "does not take the key" in gateway.ask("/health"), "a key that is refused")
        wait_for(lambda: "recording has ended" in gateway.ask("/health"), "all to be read")
        self.assertEqual(self._count_reads("stolen"), 10)
        # What was seen meanwhile waits for a new key.
        gateway.kill()
        (gateway.folder / "key").write_text(self._make_key(gateway_id))
        gateway.start()
        self._check_all_came("stolen", len(reads), gateway)

    def test_a_clock_that_jumps_neither_loses_a_sighting_nor_moves_it_in_time(self):
        gateway_id, key = self._create_gateway("clock")
        piece = self._tag(get_epc(0xE400))
        port = self._find_port()
        reader = {"code": "clock", "reader": "clock", "driver": HANDHELD.format(port=port)}
        gateway = self._prepare_gateway(key, [], **reader)
        gateway.start()
        wait_for(lambda: '"state": "up"' in gateway.ask("/health"), "a reader that runs")
        for turn, hours in enumerate((0, 2, -1), 1):
            gateway.set_clock(hours * HOUR)
            with create_connection(("127.0.0.1", port), 10) as handheld:
                handheld.sendall(f"{get_epc(0xE400)}\n".encode() * 4)
            self._check_all_came("clock", 4 * turn)
            _zone, values = self._read_piece(piece)
            late = fields.Datetime.now() - fields.Datetime.to_datetime(values["rfid_last_seen"])
            with self.subTest(hours=hours):
                self.assertLess(abs(late.total_seconds()), 30)
        wait_for(
            lambda: abs(self._read_offset(gateway_id) - HOUR) < 30,
            "a heartbeat of a clock that is an hour late",
        )

    def test_two_gateways_on_one_reader_agree_on_where_a_piece_is(self):
        keys = {code: self._create_gateway(code, reader="shared")[1] for code in ("one", "two")}
        pieces = [self._tag(get_epc(0xE500 + number)) for number in range(3)]
        reads = prepare_reads([get_epc(0xE500 + number) for number in range(3)], 6)
        gateways = [
            self._prepare_gateway(key, reads, code=code, reader="shared")
            for code, key in keys.items()
        ]
        for gateway in gateways:
            gateway.start()
        self._check_all_came("shared", 2 * len(reads), *gateways)
        self.assertEqual({self._read_piece(piece)[0] for piece in pieces}, {"Left"})
        wall = self._rpc("jewelry.rfid.wall", "get_wall")
        tile = next(tile for tile in wall["zones"] if tile["name"] == "Left")
        domain = [("rfid_zone_id", "=", self.zones[0]), ("rfid_present", "=", True)]
        here = self._rpc("stock.lot", "search_count", domain)
        self.assertEqual(tile["present"], here)
        # The key of the one is not that of the other.
        values = {"sequence": 1, "sent": time.time_ns() // 10**6, "sightings": []}
        status = self._bear(keys["one"], batch=str(uuid4()), gateway="two", **values)
        self.assertEqual(status, 403)


@tagged("post_install", "-at_install", "-standard", "jewelry_full")
class TestGatewayDeaths(GatewayCase):
    """Server and gateway that are killed in turn at whatever moment, for minutes."""

    KILLS = 12

    def test_nothing_is_lost_and_nothing_is_twice_over_many_deaths(self):
        _gateway, key = self._create_gateway("deaths")
        epcs = [get_epc(0xE600 + number) for number in range(40)]
        reads = prepare_reads(epcs, 4 * 60)
        gateway = self._prepare_gateway(key, reads, code="deaths", reader="deaths", speed=1)
        gateway.start()
        for turn in range(self.KILLS):
            # Not in step with the gateway's own seconds.
            time.sleep(1 + turn * 0.37 % 1)
            if turn % 3:
                gateway.kill()
                gateway.start()
            else:
                self._end(self.server)
                self._open_store()
        self._check_all_came("deaths", len(reads), gateway, patience=240)
        (uuids, batches) = self._ask(
            "SELECT COUNT(DISTINCT uuid), COUNT(*) FROM jewelry_rfid_batch"
        )
        self.assertEqual(uuids, batches)
