from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .sourcing_common import SourcingCommon


@tagged("post_install", "-at_install")
class TestSourcingScreens(SourcingCommon):
    """Forms and filters, as the keeper uses them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain = cls._stock_mount()
        cls.green = cls._stock_mount()
        cls._state(cls.green, material_source="recycled", country_ids=cls.canada)
        cls.fair = cls._stock_mount()
        cls.fair.material_source = "fair_mined"
        cls.set = cls._stock_mount()
        stone = cls._stock_stone()
        cls.paper = cls._create_paper()
        cls._state(stone, sourcing_ids=cls.paper, country_ids=cls.botswana)
        cls._set_stones(cls.set, stone)
        cls.pieces = cls.plain | cls.green | cls.fair | cls.set

    def _filter(self, view, name):
        """Return those of the pieces that a filter of a search finds."""
        (node,) = etree.fromstring(self._ref(view).arch).xpath(f"//filter[@name='{name}']")
        domain = safe_eval(node.get("domain"))
        lots = self.env["stock.lot"].with_user(self.keeper)
        return lots.search([("id", "in", self.pieces.ids), *domain])

    def test_pieces_are_found_by_their_source(self):
        view = "stock_lot_view_search_piece_sourcing"
        self.assertEqual(self._filter(view, "recycled"), self.green)
        self.assertEqual(self._filter(view, "fair_mined"), self.fair)
        self.assertEqual(self._filter(view, "no_country"), self.plain | self.fair)
        self.assertEqual(self._filter(view, "no_evidence"), self.plain | self.green | self.fair)

    def test_pieces_are_found_by_the_country_of_metal_or_stones(self):
        view = self._ref("stock_lot_view_search_piece_sourcing")
        (node,) = etree.fromstring(view.arch).xpath("//field[@name='country_ids']")
        for country, piece in (("canada", self.green), ("botsw", self.set)):
            domain = safe_eval(node.get("filter_domain"), {"self": country})
            found = self.env["stock.lot"].search([("id", "in", self.pieces.ids), *domain])
            self.assertEqual(found, piece)

    def test_a_keeper_enters_a_certificate_on_the_form(self):
        form = Form(self.env["jewelry.sourcing.document"].with_user(self.keeper))
        form.kind = "kimberley"
        form.number = "bw 1"
        form.issuer_id = self.authority
        form.issue_date = "2026-01-01"
        form.country_ids.add(self.botswana)
        form.country_ids.add(self.canada)
        form.carat = 12.5
        form.exporter_id = self.supplier
        form.hs_code = "7102.31"
        form.value = 1000
        paper = form.save()
        self.assertEqual((paper.number, paper.carat, paper.value), ("BW 1", 12.5, 1000))
        self.assertEqual(paper.country_ids, self.botswana | self.canada)
        self.assertEqual(paper.company_id, self.company)

    def test_a_keeper_states_a_source_on_the_form_of_a_piece(self):
        view = "jewelry_inventory.stock_lot_view_form_piece"
        with Form(self.plain.with_user(self.keeper), view) as form:
            form.material_source = "recycled"
            form.country_ids.add(self.canada)
        self.assertEqual((self.plain.recycled_percent, self.plain.origin_text), (100, "Canada"))

    def test_a_keeper_attaches_a_paper_on_the_form(self):
        stone = self._stock_stone()
        wizards = self.env["jewelry.sourcing.attach"].with_user(self.keeper)
        context = stone.home_lot_id.action_attach_sourcing()["context"]
        with Form(wizards.with_context(**context)) as form:
            self.assertEqual(form.natural_carat, 0.52)
            form.document_id = self.paper
            self.assertEqual(form.subject, "stones")
        form.record.action_attach()
        self.assertEqual(stone.sourcing_ids, self.paper)

    def test_the_log_of_a_stone_says_its_source_in_words(self):
        (event,) = self._get_events(self.set.stone_ids)
        self.assertIn("Countries of origin: BW", event.summary)
        self.assertIn(f"Sourcing documents: kimberley {self.paper.number}", event.summary)

    def test_papers_of_metal_and_stones_are_shown_together(self):
        paper = self._create_paper("recycled", carat=0)
        self._state(self.set, sourcing_ids=paper)
        self.assertEqual(self.set.paper_ids, paper | self.paper)

    def test_a_copy_of_a_piece_has_no_papers(self):
        paper = self._create_paper("recycled", carat=0)
        self._state(self.green, sourcing_ids=paper, mine="Ekati")
        twin = self.green.copy()
        self.assertFalse(twin.sourcing_ids or twin.country_ids or twin.mine)
        self.assertEqual((twin.material_source, twin.recycled_percent), ("unknown", 0))

    def test_a_client_of_another_company_learns_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self._create_user("associate", login="elsewhere")
        foreign.sudo().write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        papers = self.env["jewelry.sourcing.document"].with_user(foreign)
        self.assertFalse(papers.search([("id", "=", self.paper.id)]))
