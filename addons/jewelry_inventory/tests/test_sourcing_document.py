from base64 import b64encode
from datetime import date

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .sourcing_common import SourcingCommon

PDF = b64encode(b"%PDF-1.4\n" + b"x" * 100 + b"\n%%EOF\n")


@tagged("post_install", "-at_install")
class TestSourcingDocument(SourcingCommon):
    """Certificates, warranties and declarations: what is wrong is said at once."""

    def test_a_paper_is_called_by_kind_and_number(self):
        paper = self._create_paper(number=" bw 000 123 ")
        self.assertEqual(paper.number, "BW 000 123")
        self.assertEqual(paper.display_name, "Kimberley certificate BW 000 123")

    def test_a_number_is_entered_once_for_each_kind_and_issuer(self):
        self._create_paper(number="BW1")
        with self._refused_by_database("jewelry.sourcing.document", "entered already"):
            self._create_paper(number="BW1")
        self._create_paper(number="BW1", issuer_id=self.supplier.id)
        self._create_paper("warranty", number="BW1", issuer_id=self.authority.id)

    def test_a_paper_on_diamonds_says_how_many_carats(self):
        for kind in ("kimberley", "warranty"):
            with self._refused("enter the carats that it covers"):
                self._create_paper(kind, carat=0)
        self.assertTrue(self._create_paper("recycled", carat=0))

    def test_a_paper_cannot_expire_before_it_is_issued(self):
        with self._refused_by_database("jewelry.sourcing.document", "before it is issued"):
            self._create_paper(expiry_date=date(2025, 12, 31))

    def test_a_paper_that_had_expired_at_receipt_is_refused(self):
        with self._refused("had expired on 2026-01-31, before the goods came on 2026-02-01"):
            self._create_paper(expiry_date=date(2026, 1, 31))
        paper = self._create_paper(expiry_date=date(2026, 2, 1))
        with self._refused("had expired"):
            paper.received_date = date(2026, 2, 2)

    def test_negative_amounts_are_refused(self):
        for name in ("carat", "weight", "value", "parcel_count"):
            with self._refused_by_database("jewelry.sourcing.document", "cannot be negative"):
                self._create_paper("origin", **{name: -1})

    def test_the_state_follows_the_dates(self):
        today = fields.Date.today()
        paper = self._create_paper(issue_date=today, received_date=today, expiry_date=today)
        self.assertEqual(paper.state, "valid")
        paper.write({"issue_date": "2020-01-01", "received_date": "2020-02-01"})
        paper.expiry_date = date(2020, 3, 1)
        self.assertEqual(paper.state, "expired")
        paper.write({"expiry_date": False, "issue_date": date(2999, 1, 1)})
        self.assertEqual(paper.state, "future")

    def test_a_file_that_is_no_paper_is_refused(self):
        script = b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>")
        for bad in (b64encode(b"MZ program"), script, b64encode(b"%PDF-1.4 cut off"), b"???"):
            with self._refused("neither a PDF nor a scan", UserError):
                self._create_paper(document=bad)
        paper = self._create_paper(document=PDF, document_name="kp.pdf")
        with self._refused("neither a PDF nor a scan", UserError):
            paper.document = script
        self.assertTrue(paper.document)

    def test_a_paper_in_use_is_never_deleted(self):
        paper = self._create_paper()
        stone = self._state(self._create_stone(), sourcing_ids=paper)
        with self._refused("stays. Take it off", UserError):
            paper.unlink()
        stone.sourcing_ids = False
        paper.unlink()
        self.assertFalse(paper.exists())

    def test_edits_are_logged(self):
        paper = self._create_paper()
        paper = paper.with_env(paper.env(context={}))
        # What was created without tracking is not tracked before the end of its transaction.
        self.env.cr.precommit.run()
        paper.carat = 90
        self.env.flush_all()
        self.env.cr.precommit.run()
        paper.invalidate_recordset(["message_ids"])
        tracked = paper.message_ids.tracking_value_ids
        self.assertEqual(tracked.field_id.name, "carat")
        self.assertEqual((tracked.old_value_float, tracked.new_value_float), (100, 90))

    def test_a_keeper_enters_papers_and_only_a_manager_deletes_them(self):
        values = {
            "kind": "origin",
            "number": "O-1",
            "issuer_id": self.supplier.id,
            "issue_date": "2026-01-01",
        }
        paper = self.env["jewelry.sourcing.document"].with_user(self.keeper).create(values)
        paper.country_ids = self.canada
        with self.assertRaises(AccessError):
            paper.unlink()
        paper.with_user(self.manager).unlink()

    def test_a_value_is_a_cost(self):
        associate = self._create_user("associate")
        paper = self._create_paper(value=1234.5).with_user(associate)
        with self.assertRaises(AccessError):
            paper.read(["value"])
        self.assertNotIn("value", paper.fields_get())


@tagged("post_install", "-at_install")
class TestPaperOnStones(SourcingCommon):
    """Which stones a paper may be on."""

    def test_lab_grown_diamonds_have_no_kimberley_certificate(self):
        grown = self._create_stone(origin="lab_grown")
        for kind in ("kimberley", "warranty"):
            with self._refused("is for natural diamonds, and .* is none"):
                self._state(grown, sourcing_ids=self._create_paper(kind))

    def test_other_stones_have_no_kimberley_certificate(self):
        ruby = self._create_stone(species_id=self._ref("species_corundum").id, color_grade_id=False)
        with self._refused("is for natural diamonds"):
            self._state(ruby, sourcing_ids=self._create_paper())
        self._state(ruby, sourcing_ids=self._create_paper("origin"))

    def test_a_stone_that_turns_out_grown_loses_its_certificate_first(self):
        stone = self._state(self._create_stone(), sourcing_ids=self._create_paper())
        with self._refused("Take the paper off, or correct the stone"):
            stone.origin = "lab_grown"

    def test_a_certificate_is_on_no_more_carats_than_it_covers(self):
        paper = self._create_paper(carat=1)
        stones = self._create_stone(carat=0.6) | self._create_stone(carat=0.4)
        self._state(stones, sourcing_ids=paper)
        self.assertEqual(paper.used_carat, 1)
        with self._refused(r"covers 1.000 ct, and would be on 1.001 ct"):
            self._state(self._create_stone(carat=0.001), sourcing_ids=paper)
        with self._refused(r"covers 0.900 ct, and would be on 1.000 ct"):
            paper.carat = 0.9

    def test_a_certificate_is_put_on_stones_from_its_own_side_by_the_same_rules(self):
        paper = self._create_paper(carat=0.5)
        with self._refused("covers 0.500 ct"):
            paper.stone_ids = self._create_stone(carat=0.6)
        with self._refused("is for natural diamonds"):
            paper.stone_ids = self._create_stone(origin="lab_grown", carat=0.1)

    def test_another_kind_of_paper_is_checked_again(self):
        paper = self._create_paper("origin")
        self._state(self._create_stone(origin="lab_grown"), sourcing_ids=paper)
        with self._refused("is for natural diamonds"):
            paper.kind = "kimberley"

    # === SOURCE === #

    def test_what_was_grown_was_not_mined(self):
        grown = self._create_stone(origin="lab_grown")
        self.assertEqual(grown.material_source, "lab_grown")
        with self._refused("cannot be “Newly mined”"):
            grown.material_source = "mined"
        with self._refused("cannot be “Lab-grown”"):
            self._create_stone().material_source = "lab_grown"
        with self._refused("cannot be “Fair-mined”"):
            self._create_stone(origin="lab_grown", material_source="fair_mined")
        grown.material_source = "recycled"

    def test_the_source_follows_the_origin(self):
        stone = self._state(self._create_stone(), material_source="mined")
        stone.origin = "lab_grown"
        self.assertEqual(stone.material_source, "lab_grown")
        stone.origin = "natural"
        self.assertEqual(stone.material_source, "unknown")

    def test_several_countries_are_mixed(self):
        stone = self._state(self._create_stone(), country_ids=self.botswana)
        self.assertEqual(stone.origin_text, "Botswana")
        self._state(stone, country_ids=self.botswana | self.canada)
        self.assertEqual(stone.origin_text, "Mixed: Botswana, Canada")

    def test_nobody_types_what_is_found_out(self):
        stone = self._create_stone().with_user(self.manager)
        for name in ("is_partly_unknown", "is_partly_warranted"):
            with self.assertRaises(AccessError):
                stone.write({name: True})

    # === EVENTS === #

    def test_a_change_of_source_is_an_event_that_names_kind_and_number(self):
        stone = self._create_stone()
        self.assertFalse(self._get_events(stone))
        paper = self._create_paper(number="BW7", value=99999)
        self._state(stone, sourcing_ids=paper, country_ids=self.botswana, material_source="mined")
        (event,) = self._get_events(stone)
        self.assertIn('"papers":["kimberley BW7"]', event.payload)
        self.assertIn('"countries":["BW"]', event.payload)
        for secret in ("99999", self.authority.name, self.authority.chain_uuid):
            self.assertNotIn(secret, event.payload)
        stone.material_source = "mined"
        self.assertEqual(len(self._get_events(stone)), 1)
        self.assertIn("Source: Newly mined", event.summary)

    def test_a_source_from_the_start_is_told_after_the_beginning(self):
        stone = self._create_stone(material_source="mined")
        events = self.env["jewelry.provenance.event"].search(
            [("chain_uuid", "=", stone.chain_uuid)], order="seq"
        )
        self.assertEqual(events.mapped("kind"), ["commission", "source"])

    # === SOLD === #

    def test_the_source_of_what_is_sold_stays(self):
        stone = self._stock_stone()
        mount = self._stock_mount()
        self._set_stones(mount, stone)
        for record in (mount, stone):
            self._state(record.with_user(self.keeper), country_ids=self.canada)
        self._move(mount, self.stock_location, self.customer_location)
        for record in (mount, stone):
            for values in ({"mine": "Ekati"}, {"country_ids": [(5,)]}, {"sourcing_ids": [(5,)]}):
                with self._refused("is sold: what was said of its source stays", UserError):
                    record.with_user(self.keeper).write(values)
        self._move(mount, self.customer_location, self.stock_location)
        stone.with_user(self.keeper).mine = "Ekati"

    def test_the_source_of_a_sold_parcel_stays(self):
        parcel = self._stock_parcel(2, 20)
        self._move_parcel(parcel, 1, self.stock_location, self.customer_location, 10)
        stone = parcel.stone_ids.with_user(self.keeper)
        stone.mine = "Jwaneng"
        self._move_parcel(parcel, 1, self.stock_location, self.customer_location, 10)
        with self._refused("is sold", UserError):
            stone.mine = "Orapa"
