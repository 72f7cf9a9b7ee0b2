from uuid import uuid4

from odoo import Command
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.common import RaceCase

from .reader_common import get_epc, prepare_row

MODELS = (
    "jewelry.rfid.sighting",
    "jewelry.rfid.proposal",
    "jewelry.rfid.batch",
    "jewelry.rfid.gateway",
    "jewelry.rfid.zone",
)
CHIPS = 60


class BatchRaceCase(RaceCase):
    """Two gateways that send what they see of the same chips, each in a transaction of its own
    that commits.
    """

    def setUp(self):
        super().setUp()
        self.addCleanup(self._forget)
        with self._commit() as env:
            company = env["res.company"].create({"name": f"Race {uuid4()}"})
            self.company_id = company.id
            env = env(context={"allowed_company_ids": company.ids})
            stock = company._get_stock_place()
            zones = env["jewelry.rfid.zone"].create(
                [
                    {"name": name, "location_id": stock.id, "company_id": company.id}
                    for name in ("One", "Two")
                ]
            )
            self.devices = [self._create_gateway(env, company, code, zones) for code in "AB"]
            self.now = env["jewelry.rfid.gateway"]._get_time()
            self._create_tags(env, company)

    def _create_gateway(self, env, company, code, zones):
        gateway = env["jewelry.rfid.gateway"].create(
            {
                "name": code,
                "code": code,
                "company_id": company.id,
                "reader_ids": [
                    Command.create(
                        {
                            "code": "R1",
                            "antenna_ids": [
                                Command.create({"port": port, "zone_id": zone.id})
                                for port, zone in enumerate(zones, 1)
                            ],
                        }
                    )
                ],
            }
        )
        return gateway._require_device().id, code

    def _create_tags(self, env, company):
        style = env["product.template"].create({"name": "Raced", "jewelry_kind": "piece"})
        pieces = env["stock.lot"].create(
            [
                {"product_id": style.product_variant_id.id, "company_id": company.id}
                for _number in range(CHIPS)
            ]
        )
        self.chains += pieces.mapped("chain_uuid")
        env["jewelry.rfid.tag"].create(
            [
                {"epc": get_epc(0xACE000 + number), "lot_id": piece.id}
                for number, piece in enumerate(pieces)
            ]
        )

    def _forget(self):
        with self._commit() as env:
            mine = [("company_id", "=", self.company_id)]
            # Tags stay on record, except for those of a test.
            env.cr.execute("DELETE FROM jewelry_rfid_tag WHERE company_id = %s", [self.company_id])
            for model in MODELS:
                env[model].with_context(active_test=False).search(mine).unlink()
            users = env["res.users"].browse([user for user, _code in self.devices])
            users.api_key_ids.unlink()
            users.active = False
            env["res.company"].browse(self.company_id).active = False

    def _send(self, device, rows, uuid=None):
        """Return a work that sends a batch as a device, and notes the answer."""
        (user, code), uuid = device, uuid or str(uuid4())

        def work(env):
            batches = env["jewelry.rfid.batch"].with_user(user)
            answer = batches.register_batch(uuid, code, 1, self.now, rows)
            self.answers[uuid, code] = [*self.answers.get((uuid, code), []), answer]

        return work

    def _rows(self, numbers, antenna, ago):
        at = self.now - ago
        return [prepare_row(get_epc(0xACE000 + n), at, "move", antenna=antenna) for n in numbers]


@tagged("post_install", "-at_install")
class TestBatchRace(BatchRaceCase):
    """Gateways that send at once."""

    def test_gateways_that_send_the_same_chips_in_opposite_order_do_not_block_each_other(self):
        self.answers = {}
        numbers = list(range(CHIPS))
        works = [
            self._send(self.devices[0], self._rows(numbers, 1, 2_000)),
            self._send(self.devices[1], self._rows(reversed(numbers), 2, 1_000)),
        ]
        self.assertEqual(self._race(*works), [None, None])
        with self._commit() as env:
            mine = [("company_id", "=", self.company_id)]
            sightings = env["jewelry.rfid.sighting"].search(mine)
            self.assertEqual((len(sightings), sum(sightings.mapped("reads"))), (2 * CHIPS,) * 2)
            tags = env["jewelry.rfid.tag"].search(mine)
            self.assertEqual(tags.last_zone_id.mapped("name"), ["Two"])
            self.assertEqual(env["jewelry.rfid.batch"].search_count(mine), 2)

    def test_one_batch_sent_many_times_at_once_is_taken_once(self):
        self.answers = {}
        uuid = str(uuid4())
        work = self._send(self.devices[0], self._rows(range(CHIPS), 1, 1_000), uuid)
        self.assertEqual(self._race(work, work, work), [None] * 3)
        with self._commit() as env:
            mine = [("company_id", "=", self.company_id)]
            sightings = env["jewelry.rfid.sighting"].search(mine)
            self.assertEqual((len(sightings), sum(sightings.mapped("reads"))), (CHIPS, CHIPS))
            self.assertEqual(env["jewelry.rfid.batch"].search(mine).accepted, CHIPS)
        (answers,) = self.answers.values()
        self.assertIn(True, [answer["duplicate"] for answer in answers])

    def test_batches_of_one_gateway_that_overtake_each_other_end_where_the_chips_are(self):
        self.answers = {}
        works = [
            self._send(self.devices[0], self._rows(range(CHIPS), 1 + n % 2, 1_000 * (4 - n)))
            for n in range(4)
        ]
        self.assertEqual(self._race(*reversed(works)), [None] * 4)
        with self._commit() as env:
            tags = env["jewelry.rfid.tag"].search([("company_id", "=", self.company_id)])
            self.assertEqual(tags.last_zone_id.mapped("name"), ["Two"])
            seen = {tag.last_seen for tag in tags}
            self.assertEqual(len(seen), 1)

    def test_a_new_gateways_first_batch_and_first_heartbeat_remember_its_readers_together(self):
        self.answers = {}
        code = self.devices[0][1]
        rows = [
            prepare_row(get_epc(0xACE000 + n), self.now, reader=f"N{n % 9}", antenna=n % 4)
            for n in range(CHIPS)
        ]
        reports = [{"code": f"N{n}", "state": "up", "antennas": [3, 2, 1, 0]} for n in range(9)]

        def beat(env):
            readers = env["jewelry.rfid.reader"].with_user(self.devices[0][0])
            readers.heartbeat(code, sent=self.now, readers=reports)

        works = [self._send(self.devices[0], rows), beat, self._send(self.devices[0], rows), beat]
        self.assertEqual(self._race(*works), [None] * 4)
        self.assertEqual({answers[-1]["accepted"] for answers in self.answers.values()}, {CHIPS})
        with self._commit() as env:
            new = env["jewelry.rfid.reader"].search(
                [("company_id", "=", self.company_id), ("code", "=like", "N%")]
            )
            self.assertEqual(sorted(new.mapped("code")), [f"N{n}" for n in range(9)])
            self.assertEqual(set(new.mapped("state")), {"up"})
            self.assertEqual(len(new.antenna_ids), 9 * 4)
