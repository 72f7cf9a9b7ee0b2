from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .sourcing_common import SourcingCommon


@tagged("post_install", "-at_install")
class TestSourcedParcels(SourcingCommon):
    """Stones keep their origin and papers through mixing, splitting, setting and coming back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._stock_parcel(5, 100)
        cls.second = cls._stock_parcel(5, 100)
        cls.paper = cls._create_paper("warranty")
        cls._state(
            cls.first.stone_ids,
            material_source="mined",
            country_ids=cls.botswana,
            sourcing_ids=cls.paper,
            mine="Jwaneng",
        )

    def _mix(self, *parcels, into=None):
        taken = [self._prepare_line("in", lot, carat=5, stone_count=100) for lot in parcels]
        amount = {"carat": 5 * len(parcels), "stone_count": 100 * len(parcels)}
        out = self._prepare_line("out", into, product_id=self.parcel_style.id, **amount)
        mix = self._create_transformation("mix", *taken, out)
        mix.action_done()
        return mix

    def test_two_origins_make_a_mixed_one_with_the_papers_of_both(self):
        other = self._create_paper("warranty")
        self._state(self.second.stone_ids, country_ids=self.canada, sourcing_ids=other)
        group = self._mix(self.first, self.second).output_ids.lot_id.stone_ids
        self.assertEqual(group.origin_text, "Mixed: Botswana, Canada")
        self.assertEqual(group.sourcing_ids, self.paper | other)
        self.assertEqual(group.material_source, "mixed")
        self.assertTrue(group.has_warranty)
        self.assertFalse(group.mine)

    def test_one_origin_stays_one(self):
        self._state(
            self.second.stone_ids,
            material_source="mined",
            country_ids=self.botswana,
            sourcing_ids=self.paper,
        )
        group = self._mix(self.first, self.second).output_ids.lot_id.stone_ids
        self.assertEqual((group.origin_text, group.material_source), ("Botswana", "mined"))

    def test_a_known_and_an_unknown_origin_are_mixed(self):
        group = self._mix(self.first, self.second).output_ids.lot_id.stone_ids
        self.assertEqual(group.origin_text, "Mixed: Botswana, unknown")

    def test_a_warranty_does_not_spread_to_stones_that_have_none(self):
        group = self._mix(self.first, self.second).output_ids.lot_id.stone_ids
        self.assertEqual(group.sourcing_ids, self.paper)
        self.assertFalse(group.has_warranty)
        self.assertIn(group, group.search([("has_warranty", "=", False)]))
        self.assertNotIn(group, group.search([("has_warranty", "=", True)]))
        rest = self._create_paper("warranty")
        group.with_user(self.keeper).sourcing_ids |= rest
        self.assertTrue(group.has_warranty)

    def test_what_is_mixed_into_a_parcel_is_mixed_with_what_is_there(self):
        self._mix(self.second, into=self.first)
        group = self.first.stone_ids
        self.assertEqual(group.origin_text, "Mixed: Botswana, unknown")
        self.assertFalse(group.has_warranty)

    def test_parts_of_a_parcel_are_of_its_origin(self):
        lines = [
            self._prepare_line(
                "out", product_id=self.parcel_style.id, carat=carat, stone_count=count
            )
            for carat, count in ((2, 40), (3, 60))
        ]
        taken = self._prepare_line("in", self.first, carat=5, stone_count=100)
        split = self._create_transformation("split", taken, *lines)
        split.action_done()
        for lot in split.output_ids.lot_id:
            group = lot.stone_ids
            self.assertEqual((group.origin_text, group.mine), ("Botswana", "Jwaneng"))
            self.assertTrue(group.has_warranty)

    def test_stones_that_are_set_keep_origin_and_papers(self):
        mount = self._stock_mount()
        setting = self._create_transformation(
            "set",
            self._prepare_line("in", mount),
            self._prepare_line("in", self.first, carat=1, stone_count=20),
            self._prepare_line("out", mount),
        )
        setting.action_done()
        self.assertEqual(mount.stone_ids.origin_text, "Botswana")
        self.assertEqual(mount.paper_ids, self.paper)
        self.assertTrue(mount.stone_ids.has_warranty)

    def test_undoing_a_mix_gives_back_each_origin(self):
        mix = self._mix(self.first, self.second)
        mix.action_reverse()
        first, second = self.first.stone_ids, self.second.stone_ids
        self.assertEqual((first.origin_text, second.origin_text), ("Botswana", False))
        self.assertEqual((first.material_source, second.material_source), ("mined", "unknown"))
        self.assertTrue(first.has_warranty)
        self.assertFalse(second.sourcing_ids)

    @settings(max_examples=10)
    @given(known=st.lists(st.booleans(), min_size=2, max_size=4))
    def test_a_mix_has_a_warranty_exactly_if_all_of_it_has(self, known):
        with self.env.cr.savepoint() as savepoint:
            parcels = [self._stock_parcel(5, 100) for _known in known]
            for parcel, has in zip(parcels, known, strict=True):
                if has:
                    self._state(parcel.stone_ids, sourcing_ids=self._create_paper("warranty"))
            group = self._mix(*parcels).output_ids.lot_id.stone_ids
            self.assertEqual(group.has_warranty, all(known))
            self.assertEqual(len(group.sourcing_ids), sum(known))
            savepoint.rollback()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestParcelsInPassports(SourcingCommon):
    """A stone that came out of a parcel has the parcel's past in its passport, up to that day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parcel = cls._stock_parcel(5, 100)
        cls.group = cls.parcel.stone_ids
        cls.paper = cls._create_paper(number="BW55")
        cls._state(cls.group, country_ids=cls.botswana, sourcing_ids=cls.paper)

    def _set_melee(self, mount, parcel, carat=0.5, count=10):
        work = self._create_transformation(
            "set",
            self._prepare_line("in", mount),
            self._prepare_line("in", parcel, carat=carat, stone_count=count),
            self._prepare_line("out", mount),
        )
        work.action_done()

    def _get_told(self, piece):
        """Return {uuid: [(kind, payload)]} of what the passport of a piece tells."""
        told = {}
        for event in piece._get_passport_document()["epcisBody"]["eventList"]:
            row = (event["jewelry:kind"], event["jewelry:payload"])
            told.setdefault(event["jewelry:chain"], []).append(row)
        return told

    def _get_kinds(self, piece, record):
        return [kind for kind, _payload in self._get_told(piece).get(record.chain_uuid, [])]

    def test_the_parcel_of_a_stone_is_in_the_passport(self):
        mount = self._stock_mount()
        self._set_melee(mount, self.parcel)
        told = self._get_told(mount)
        self.assertIn("receive", self._get_kinds(mount, self.parcel))
        (source,) = [row for row in told[self.group.chain_uuid] if row[0] == "source"]
        self.assertIn("kimberley BW55", source[1])
        self.assertFalse(mount._get_passport_values()["faults"])

    def test_a_piece_without_stones_of_a_parcel_has_none(self):
        mount = self._stock_mount()
        self._set_stones(mount, self._stock_stone())
        self.assertNotIn(self.parcel.chain_uuid, self._get_told(mount))

    def test_what_else_was_taken_out_of_the_parcel_is_not_told(self):
        other, mount = self._stock_mount(), self._stock_mount()
        self._set_melee(other, self.parcel)
        self._set_melee(mount, self.parcel)
        self.assertLessEqual(
            set(self._get_kinds(mount, self.parcel)), {"commission", "receive", "join"}
        )
        self.assertLessEqual(set(self._get_kinds(mount, self.group)), {"source", "certificate"})
        self.assertNotIn(other.chain_uuid, str(self._get_told(mount)))

    def test_what_is_said_of_the_parcel_later_is_not_said_of_the_stone(self):
        mount = self._stock_mount()
        self._set_melee(mount, self.parcel)
        before = self._get_kinds(mount, self.group)
        self._state(self.group, country_ids=self.canada)
        self.assertEqual(self._get_kinds(mount, self.group), before)
        later = self._stock_mount()
        self._set_melee(later, self.parcel)
        self.assertEqual(len(self._get_kinds(later, self.group)), len(before) + 1)

    def test_parcels_that_were_mixed_before_are_told_too(self):
        second = self._stock_parcel(5, 100)
        self._state(second.stone_ids, country_ids=self.canada)
        taken = [
            self._prepare_line("in", lot, carat=5, stone_count=100) for lot in (self.parcel, second)
        ]
        amount = {"carat": 10, "stone_count": 200}
        out = self._prepare_line("out", product_id=self.parcel_style.id, **amount)
        mix = self._create_transformation("mix", *taken, out)
        mix.action_done()
        mount = self._stock_mount()
        self._set_melee(mount, mix.output_ids.lot_id)
        for parcel in (self.parcel, second):
            self.assertIn("receive", self._get_kinds(mount, parcel))
        self.assertFalse(mount._get_passport_values()["faults"])

    def test_two_parcels_that_were_mixed_into_each_other_end(self):
        second = self._stock_parcel(5, 100)
        for source, target in ((self.parcel, second), (second, self.parcel)):
            lines = [
                self._prepare_line("in", lot, carat=2, stone_count=40) for lot in (source, target)
            ]
            out = self._prepare_line("out", target, carat=4, stone_count=80)
            self._create_transformation("mix", *lines, out).action_done()
        mount = self._stock_mount()
        self._set_melee(mount, self.parcel)
        told = self._get_told(mount)
        self.assertIn(second.chain_uuid, told)
        self.assertIn(self.parcel.chain_uuid, told)
