from odoo.tests import tagged

from .import_common import ImportCommon


@tagged("post_install", "-at_install")
class TestImportedSourcing(ImportCommon):
    """Files that say where stones and metal come from."""

    def _take_in(self, content, kind, **values):
        job = self._check(content, kind, **values)
        self.assertFalse(job.error_count, self._messages(job))
        self._work(job)
        self.assertEqual(job.state, "done", self._messages(job))
        return self.env["stock.lot"].search([("import_id", "=", job.id)], order="id")

    def test_stones_come_in_with_country_and_source(self):
        first, second = self._take_in(
            "carat,cost,country of origin,source\n0.5,100,Botswana,fair-mined\n0.6,100,ca,\n",
            "stone",
        ).stone_ids.sorted("carat")
        self.assertEqual((first.origin_text, first.material_source), ("Botswana", "fair_mined"))
        self.assertEqual((second.origin_text, second.material_source), ("Canada", "unknown"))

    def test_parcels_come_in_with_country_and_source(self):
        parcel = self._take_in(
            "number,stones,carats,country,source,cost\nPC-S,10,1.5,BW,mined,100\n", "parcel"
        )
        group = parcel.stone_ids
        self.assertEqual((group.origin_text, group.material_source), ("Botswana", "mined"))

    def test_pieces_come_in_with_the_source_of_their_metal(self):
        piece = self._take_in(
            "number,metal,gross,source of metal,cost\nR-S,gold-750-yellow,4,recycled,100\n", "piece"
        )
        self.assertEqual((piece.material_source, piece.recycled_percent), ("recycled", 100))

    def test_a_country_that_nobody_knows_is_refused_before_anything_is_taken_in(self):
        job = self._check("carat,cost,country\n0.5,100,Atlantis\n", "stone")
        self.assertEqual(job.error_count, 1)
        self.assertIn("“Atlantis” is not in the vocabulary", str(self._messages(job)))

    def test_a_source_that_rules_itself_out_stops_the_file_and_says_why(self):
        job = self._check("carat,cost,origin,source\n0.5,100,lab-grown,mined\n", "stone")
        self._work(job)
        self.assertNotEqual(job.state, "done")
        self.assertIn("cannot be “Newly mined”", str(self._messages(job)))
