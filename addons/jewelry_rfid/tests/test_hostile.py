"""What somebody tries who has stolen a key, or has the login of an associate."""

import json
import random
from uuid import uuid4

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools import epc
from ..tools.batch import DAY, MOST_ROWS, SECOND
from .reader_common import ReaderCommon, get_epc, prepare_row
from .tag_common import CHIP, TagCommon

YEAR_9999 = 253_402_300_799_000
COST = 4711.25
# Values that are no text, no number or no time of a kind that can be stored.
NONSENSE = [
    *("\x00", "a\x00b", "\ud800", "\udfff\ud800", "R\u202e", "x" * 10_000, "'; DROP TABLE x; --"),
    *(10**400, -(10**400), 2**63, -1, 0, 1, 1.5, YEAR_9999, True, None, [], {}, {"a": ["\x00"]}),
    *(float("nan"), float("inf"), float("-inf")),
]
# Ways from what readers see to what a piece cost.
COST_PATHS = {
    "jewelry.rfid.tag": ["lot_id.standard_price", "lot_id.product_id.standard_price"],
    "jewelry.rfid.sighting": ["lot_id.standard_price", "tag_id.lot_id.total_value"],
    "jewelry.rfid.proposal": ["lot_id.standard_price", "product_id.standard_price"],
    "jewelry.rfid.alarm": ["lot_id.standard_price", "product_id.standard_price"],
}


@tagged("-at_install", "post_install")
class TestHostileBatch(ReaderCommon):
    """Messages of whoever has a key."""

    def test_five_thousand_rows_of_nonsense_are_refused_alone(self):
        chance, tag = random.Random(3), self._create_tag(1)
        rows = []
        for _each in range(MOST_ROWS - 1):
            row = self._row(tag, reads=1)
            row[chance.randrange(len(row))] = chance.choice(NONSENSE)
            rows.append(row)
        good = self._row(tag, "appear")
        answer = self._send(*rows, good)
        refused = {index for index, _reason in answer["refused"]}
        self.assertEqual(answer["accepted"] + len(refused), MOST_ROWS)
        self.assertNotIn(MOST_ROWS - 1, refused)
        self.assertGreater(len(refused), MOST_ROWS / 2)
        json.dumps(answer).encode()
        self.assertEqual((tag.last_zone_id, tag.is_present), (self.case_zone, True))

    def test_whatever_stands_at_each_place_of_a_message_it_is_taken_or_refused_with_a_reason(self):
        for name in ("batch", "sequence", "sent", "sightings"):
            for value in NONSENSE:
                with self.subTest(name=name, value=str(value)[:20]):
                    try:
                        self._send(**{name: value})
                    except UserError as error:
                        self.assertTrue(str(error))

    def test_a_heartbeat_of_nonsense_is_taken_as_far_as_it_makes_sense(self):
        reports = [
            {"code": code, "driver": value, "state": value, "message": value, "antennas": value}
            for code in ("R1", "R\ud800")
            for value in NONSENSE
        ]
        for value in NONSENSE:
            with self.subTest(value=str(value)[:20]):
                self._beat(version=value, readers=[*reports, value])
                self.env.flush_all()
        self.assertEqual(self.gateway.reader_ids.mapped("code"), ["R1"])

    def test_no_time_that_a_message_names_is_before_what_is_kept_or_after_now(self):
        tag = self._create_tag(1)
        for first, last in ((1, self.now), (1, 1), (self.now, YEAR_9999 // 1000), (1, 2**43)):
            self._send(self._row(tag, first=first, last=last))
        seen = self._get_sightings()
        self.assertTrue(seen)
        now = self.gateway._get_time()
        for moment in [*seen.mapped("first_seen"), *seen.mapped("last_seen"), tag.last_seen]:
            age = now - moment.timestamp() * SECOND
            self.assertTrue(-2 * SECOND <= age <= 91 * DAY, moment)

    def test_a_chip_is_moved_neither_back_in_time_nor_by_a_clock_that_was_set_back(self):
        tag = self._create_tag(1)
        self._send(self._row(tag, "move", ago=10, antenna=2))
        self._send(self._row(tag, "move", ago=3600))
        self.assertEqual(tag.last_zone_id, self.window_zone)
        self._send(self._row(tag, "leave", ago=-3600, antenna=2))
        self.assertFalse(tag.is_present)

    def test_a_context_does_not_open_what_is_in_the_archive(self):
        self.gateway.active = False
        batches = self.env["jewelry.rfid.batch"].with_user(self.device)
        readers = self.env["jewelry.rfid.reader"].with_user(self.device)
        context = {"active_test": False}
        with self.assertRaises(AccessError):
            batches.with_context(**context).register_batch(str(uuid4()), "shop-1", 1, self.now, [])
        with self.assertRaises(AccessError):
            readers.with_context(**context).heartbeat("shop-1", sent=self.now)

    def test_a_context_does_not_lead_to_another_company(self):
        other = self.env["res.company"].create({"name": "Other store"})
        tag = self._create_tag(1)
        batches = self.env["jewelry.rfid.batch"].with_user(self.device)
        batches.with_context(allowed_company_ids=other.ids).register_batch(
            str(uuid4()), "shop-1", 1, self.now, [self._row(tag)]
        )
        self.assertEqual(self._get_sightings().company_id, self.company)
        mine = [("company_id", "=", other.id)]
        self.assertFalse(self.env["jewelry.rfid.batch"].search(mine))

    def test_the_answers_name_nothing_of_the_store_but_zones(self):
        tag = self._create_tag(1)
        tag.lot_id.name = "SECRET-1"
        answer = json.dumps([self._send(self._row(tag)), self._beat()])
        for secret in ("SECRET-1", tag.epc, self.company.name, str(tag.lot_id.product_id.name)):
            self.assertNotIn(secret, answer)


@tagged("-at_install", "post_install")
class TestHostileWire(HttpCase):
    """The same over the wire, where values are what a parser makes of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gateway = cls.env["jewelry.rfid.gateway"].create({"name": "Wire", "code": "wire-1"})
        cls.key = cls.gateway._make_key()

    def _post(self, body, method="jewelry.rfid.batch/register_batch"):
        headers = {"Authorization": f"bearer {self.key}", "Content-Type": "application/json"}
        return self.url_open(f"/json/2/{method}", data=body, headers=headers)

    def _get_body(self, rows="[]", **values):
        sent = self.gateway._get_time()
        body = {"batch": str(uuid4()), "gateway": "wire-1", "sequence": 1, "sent": sent}
        return f'{json.dumps(body | values)[:-1]}, "sightings": {rows}}}'

    def test_rows_that_no_database_could_store_are_refused_alone(self):
        good = json.dumps(prepare_row(get_epc(1), self.gateway._get_time()))
        at = good.split(", ")[5]
        bad = [
            f'["stay", "AA", null, "R\\ud800", 1, {at}, {at}, 1, null]',
            f'["stay", "AA", null, "R\\u0000", 1, {at}, {at}, 1, null]',
            f'["stay", "AA", null, "R1", 1, {at}, {at}, 1, {"9" * 400}]',
            f'["stay", "AA", null, "R1", 1, {at}, {at}, 1, NaN]',
            f'["stay", "AA", null, "R1", 1, {at}, {at}, 1, 1e999]',
            f'["stay", "AA", null, "R1", 1, {at}, {at}, {"9" * 40}, -50]',
        ]
        answer = self._post(self._get_body(f"[{', '.join([*bad, good])}]"))
        self.assertEqual(answer.status_code, 200, answer.text[:300])
        self.assertEqual(answer.json()["accepted"], 1)
        self.assertEqual([index for index, _reason in answer.json()["refused"]], list(range(6)))

    @mute_logger("odoo.http")
    def test_what_is_no_message_is_refused_and_never_an_error_of_the_server(self):
        bodies = [
            *("", "{", "[]", "null", "7", '"text"', "\x00", '{"batch": ' + "9" * 5000 + "}"),
            self._get_body(f"[[{'[' * 900}{']' * 900}]]"),
            self._get_body(context={"active_test": False, "lang": "\x00"}, ids=[1]),
        ]
        for body in bodies:
            with self.subTest(body=body[:40]):
                self.assertLess(self._post(body).status_code, 500)

    @mute_logger("odoo.http")
    def test_a_context_opens_nothing(self):
        self.gateway.active = False
        self.env.flush_all()
        answer = self._post(self._get_body(context={"active_test": False}))
        self.assertEqual(answer.status_code, 403)


@tagged("-at_install", "post_install")
class TestHostileTags(TagCommon):
    """Numbers that look different and are the same, or look alike and are not."""

    def test_no_spelling_of_a_number_makes_it_live_twice(self):
        number = get_epc(1)
        self._tag(self.ring, number)
        spellings = [
            *(number.lower(), f" {number} ", number + "0000", number + "00000000"),
            *(epc.decode(number).tag_uri, epc.decode(number).uri),
        ]
        for text in spellings:
            with self.subTest(text=text), self.assertRaises(UserError):
                self._tag(self.other_ring, text)
        live = self.Tag.search([("state", "=", "live"), ("lot_id", "in", self.rings.ids)])
        self.assertEqual(live.mapped("epc"), [number])

    def test_numbers_of_no_scheme_that_differ_in_zeros_alone_are_told_apart_or_refused(self):
        self._tag(self.ring, CHIP)
        longer = CHIP + "0000"
        try:
            self._tag(self.other_ring, longer)
        except UserError:
            return
        found = self.Tag._find_by_epc([CHIP, longer])
        self.assertEqual(found[CHIP].lot_id, self.ring)
        self.assertEqual(found[longer].lot_id, self.other_ring)

    def test_half_characters_and_zeros_are_no_number(self):
        for text in (
            "\ud800",
            "AB\x00CD",
            "\uff21\uff22\uff11\uff12",
            "\u0663\u0660",
            "",
            "0" * 24,
        ):
            with self.subTest(text=ascii(text)), self.assertRaises(UserError):
                self._tag(self.ring, text)


@tagged("-at_install", "post_install")
class TestHostileAssociate(ReaderCommon):
    """Costs, asked for by way of what readers see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.associate = cls._create_user("associate", "base.group_allow_export")
        cls.tag = cls._create_tag(1)
        piece = cls.tag.lot_id
        for record in (piece.product_id, piece):
            record.sudo().with_context(disable_auto_revaluation=True).standard_price = COST

    def setUp(self):
        super().setUp()
        self._send(self._row(self.tag, "appear", ago=5, antenna=2))
        self._send(self._row(self.tag, "move", antenna=3))

    def _get_ways(self, records, path):
        domain = Domain(path, ">", COST - 1)
        return {
            "search": lambda: records.search(domain),
            "count": lambda: records.search_count(domain),
            "not": lambda: records.search(~domain),
            "export": lambda: records.search([]).export_data([path.replace(".", "/")])["datas"],
            "group": lambda: records.formatted_read_group([], [path], ["__count"]),
            "order": lambda: records.search([], order=path),
        }

    def test_each_path_is_one_by_which_a_manager_finds_the_cost(self):
        manager = self._create_user("manager", "base.group_allow_export")
        for model, paths in COST_PATHS.items():
            for path in paths:
                ways = self._get_ways(self.env[model].with_user(manager), path)
                with self.subTest(model=model, path=path):
                    self.assertIn(COST, [row[0] for row in ways["export"]()])

    def test_no_path_from_tag_sighting_proposal_or_alarm_leads_to_a_cost(self):
        for model, paths in COST_PATHS.items():
            records = self.env[model].with_user(self.associate)
            self.assertTrue(records.search([]), model)
            for path in paths:
                for way, ask in self._get_ways(records, path).items():
                    self.env.invalidate_all()
                    with self.subTest(model=model, path=path, way=way):
                        self.assertFalse(self._ask(ask), "a cost came out")

    @mute_logger("odoo.domains")
    def _ask(self, ask):
        """Return what a way to read gives, nothing where it is closed."""
        try:
            return ask()
        # What is closed for everybody is no field to order by, or an error of the program.
        except (UserError, ValueError):
            return None

    def test_nothing_that_an_associate_reads_of_what_was_seen_names_the_cost(self):
        lots = self.env["stock.lot"].with_user(self.associate)
        piece = lots.browse(self.tag.lot_id.id)
        told = [piece.read([name for name in piece._fields if name.startswith("rfid_")])]
        for model in COST_PATHS:
            told.append(self.env[model].with_user(self.associate).search([]).read())
        told.append(self.env["jewelry.rfid.wall"].with_user(self.associate).get_wall())
        text = str(told)
        self.assertIn(self.tag.epc, text)
        self.assertNotIn("4711", text)
