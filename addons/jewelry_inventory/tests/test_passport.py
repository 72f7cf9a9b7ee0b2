import json
from base64 import b64decode
from hashlib import sha256

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from ..tools.anchor_line import make_statement, parse_line
from ..tools.passport import PROOF
from ..tools.passport_check import SOUND, TAMPERED, UNPROVEN
from ..tools.provenance import ANCHOR, CONTENT, canonical, digest
from .passport_common import BASE, PassportCommon


@tagged("post_install", "-at_install")
class TestPassport(PassportCommon):
    def test_a_passport_is_sound_once_it_is_anchored(self):
        self.assertEqual(self._check().state, UNPROVEN)
        anchor = self._anchor()
        report = self._check()
        self.assertEqual((report.state, report.faults), (SOUND, ()))
        self.assertEqual((report.root, report.key), (anchor.anchor_root, anchor.signing_key))
        self.assertEqual((report.number, report.later), ("R-0001", 0))

    def test_it_holds_the_earlier_life_of_its_stones(self):
        document = self._export()
        chains = self._get_chains(document)
        self.assertEqual(next(iter(chains)), self.ring.chain_uuid)
        self.assertEqual(
            set(chains), {record.chain_uuid for record in (self.ring, self.stone, self.home)}
        )
        told = dict(self._get_shown(document, self.stone))
        self.assertEqual(told["commission"]["carat"], "0.520")
        self.assertEqual(told["set"]["from"], self.home.chain_uuid)

    def test_a_stone_that_left_is_told_of_until_then(self):
        self.env.cr.flush()
        other = self._create_lot(name="R-0002")
        self.stone.holder_id = self.home
        self.stone.color_grade_id = self._ref("grade_color_f")
        self.stone.holder_id = other
        shown = [kind for kind, _payload in self._get_shown(self._export(), self.stone)]
        self.assertEqual(shown, ["commission", "set", "unset"])
        self._anchor()
        self.assertEqual(self._check().state, SOUND)
        there = [kind for kind, _payload in self._get_shown(self._export(other), self.stone)]
        self.assertEqual(there, ["commission", "set", "unset", "content", "set"])
        self.assertEqual(self._check(other).state, SOUND)

    def test_a_stone_that_came_back_is_told_of_wholly(self):
        self.stone.holder_id = self.home
        self.stone.holder_id = self.ring
        kinds = [kind for kind, _payload in self._get_shown(self._export(), self.stone)]
        self.assertEqual(kinds, ["commission", "set", "unset", "set"])

    def test_a_loose_stone_has_a_passport_of_its_own(self):
        home = self._create_lot("stone", name="LS-0002")
        stone = self._create_stone(holder_id=home.id, home_lot_id=home.id)
        self._anchor()
        report = self._check(home)
        self.assertEqual((report.state, report.faults, report.number), (SOUND, (), "LS-0002"))
        self.assertIn(stone.chain_uuid, self._get_chains(self._export(home)))

    def test_reports_are_part_of_the_story(self):
        self._create_report(stone_id=self.stone.id, number="2141438171")
        values = self.ring._get_passport_values()
        self.assertIn("GIA issues report 2141438171.", [row["text"] for row in values["story"]])
        self.assertEqual(values["card"]["reports"][0]["number"], "2141438171")

    def test_nothing_of_price_cost_and_client_is_told(self):
        values = self.ring._get_passport_values("token")
        told = json.dumps(self._export()) + str({k: values[k] for k in ("card", "story", "report")})
        for word in ("987.65", "432.10", "Ada", self.client.chain_uuid, "USD", "price", "cost"):
            self.assertNotIn(word, told)

    def test_goods_of_others_do_not_tell_whose_they_are(self):
        memo = self._create_lot(name="M-0001", stock_type="memo")
        document = self._export(memo)
        self.assertEqual(document["epcisBody"]["eventList"], [])
        self._anchor()
        self.assertEqual(self._check(memo).state, SOUND)
        self.assertNotIn("memo", json.dumps(self._export(memo)))

    def test_places_have_no_name(self):
        place = self.env["stock.location"].create({"name": "Secret Safe"})
        self.Event._append(
            [(self.ring, "receive", {"from": place.chain_uuid, "to": place.chain_uuid})]
        )
        text = json.dumps(self._export())
        self.assertNotIn("Secret", text)
        self.assertIn(f"{BASE}/jewelry/id/{place.chain_uuid}", text)

    # === TAMPERING IN THE DATABASE === #

    def test_an_event_changed_in_the_database_is_in_no_sound_passport(self):
        self._anchor()
        self._tamper(
            """UPDATE jewelry_provenance_event SET payload = replace(payload, '0.520', '0.920')
                WHERE chain_uuid = %s AND seq = 1""",
            self.stone.chain_uuid,
        )
        report = self._check()
        self.assertEqual((report.state, report.faults[0].reason), (TAMPERED, CONTENT))
        self.assertEqual(report.faults[0][:2], (self.stone.chain_uuid, 1))

    def test_a_chain_that_the_owner_of_the_database_rebuilt_is_found(self):
        self._anchor()
        previous = ""
        for row in self._get_rows(self.stone):
            row = row._replace(payload=row.payload.replace("0.520", "0.920"), previous=previous)
            previous = digest(row)
            self._tamper(
                """UPDATE jewelry_provenance_event SET payload = %s, previous = %s, hash = %s
                    WHERE chain_uuid = %s AND seq = %s""",
                row.payload,
                row.previous,
                previous,
                row.chain,
                row.seq,
            )
        self._tamper(
            "UPDATE jewelry_provenance_head SET hash = %s WHERE chain_uuid = %s",
            previous,
            self.stone.chain_uuid,
        )
        self.assertTrue(self.Event.verify_chains(anchored=False).ok)
        report = self._check()
        self.assertEqual((report.state, report.faults[0].reason), (TAMPERED, ANCHOR))
        self.assertEqual(report.faults[0].chain, self.stone.chain_uuid)
        page = self.ring._get_passport_values()
        self.assertEqual(page["report"].state, TAMPERED)
        self.assertTrue(page["faults"])

    def test_a_copied_database_issues_passports_that_say_so(self):
        mother = self.env["ir.config_parameter"].get_param("database.uuid")
        self._anchor()
        self.env["ir.config_parameter"].set_param("database.uuid", "copy")
        with self.assertLogs("odoo.addons.jewelry_inventory", "ERROR"):
            self._anchor()
        report = self._check()
        self.assertEqual((report.state, report.fork_of), (SOUND, mother))

    def test_a_neutralized_copy_signs_nothing(self):
        self._anchor()
        for query in get_neutralization_queries(["jewelry_inventory"]):
            self.env.cr.execute(query)
        self.env["ir.config_parameter"].set_param("database.uuid", "copy")
        document = self._export()
        self.assertNotIn("signature", document[PROOF])
        self.assertEqual(self._check().state, UNPROVEN)

    def test_an_anchor_from_before_the_first_key_proves_nothing_to_outsiders(self):
        self._anchor()
        path = self.anchor_path
        line = json.loads(path.read_text())
        del line["key"], line["signature"]
        path.write_text(canonical(line) + "\n")
        self.Check._get_last_anchored().anchor = parse_line(path.read_bytes().rstrip())["digest"]
        line, anchored = self.env["jewelry.provenance.anchor"]._get_anchored([self.ring.chain_uuid])
        self.assertEqual((line, anchored), (None, {}))
        self.assertTrue(self.Event.verify_chains().ok)
        self.assertEqual(self._check().state, UNPROVEN)

    # === KEY === #

    def test_a_key_that_others_may_read_stops_passports_and_says_what_to_do(self):
        self._anchor()
        self.key_path.chmod(0o644)
        with self.assertRaisesRegex(UserError, "chmod 600"):
            self._export()
        before = self.anchor_path.read_bytes()
        with self.assertLogs("odoo.addons.jewelry_inventory", "ERROR"):
            self.Check._cron_verify()
        check = self.Check.search([], limit=1)
        self.assertEqual(check.state, "failed")
        self.assertIn("chmod 600", check.message)
        self.assertTrue(check.activity_ids)
        self.assertEqual(self.anchor_path.read_bytes(), before)

    # === NUMBERS OF GS1 === #

    def test_with_a_prefix_the_piece_has_a_number_of_gs1(self):
        self.company.gs1_prefix = "9521234"
        self.assertEqual(self.ring._get_passport_url("abc"), f"{BASE}/8004/9521234R-0001?t=abc")
        self._anchor()
        text = json.dumps(self._export())
        self.assertIn(f"{BASE}/8004/9521234R-0001", text)
        self.assertNotIn("sgtin", text)
        self.assertEqual(self._check().state, SOUND)

    def test_without_a_prefix_or_a_number_that_fits_it_has_an_own_address(self):
        self.assertEqual(self.ring._get_passport_url("abc"), f"{BASE}/jewelry/passport/abc")
        self.company.gs1_prefix = "9521234"
        odd = self._create_lot(name="Ring № 7")
        self.assertEqual(odd._get_passport_url("abc"), f"{BASE}/jewelry/passport/abc")

    def test_a_prefix_that_gs1_gives_to_nobody_is_refused(self):
        for prefix in ("952", "95212x4", "952-1234", "9521234567890"):
            with self._refused("4 to 12 digits", ValidationError):
                self.company.gs1_prefix = prefix

    # === WHO MAY === #

    def test_staff_issues_passports_and_nobody_else(self):
        for role in ("associate", "keeper", "manager"):
            self.ring.with_user(self._create_user(role))._check_passport()
        for role in ("portal", "employee"):
            with self.assertRaises(AccessError):
                self.ring.with_user(self._create_user(role))._check_passport()

    def test_an_associate_gets_the_same_file_as_a_manager(self):
        files = [
            self._export(self.ring.with_user(self._create_user(role)))["epcisBody"]
            for role in ("associate", "manager")
        ]
        self.assertEqual(*files)

    def test_what_is_no_piece_or_is_void_has_no_passport(self):
        parcel, void = self._create_lot("parcel"), self._create_lot(name="V-1")
        void.sudo().void_reason = "slip"
        for lot in (parcel, void, self._create_serials()):
            with self.assertRaisesRegex(UserError, "have a passport"):
                lot._check_passport()

    # === TIME STAMP === #

    def test_a_time_stamp_of_the_anchor_goes_with_the_passport(self):
        self._anchor()
        witness = self.env["jewelry.provenance.witness"]
        line = self.env["jewelry.provenance.anchor"]._get_log().read_lines()[-1]
        imprint = sha256(make_statement(line)).digest()
        witness._get_stamp_path(line).write_bytes(b"answer" + imprint)
        document = self._export()
        self.assertEqual(b64decode(document[PROOF]["stamp"]), b"answer" + imprint)
        self.assertEqual(self._check().state, SOUND)
