import re
from datetime import timedelta

from lxml import etree

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from .common import TransformationCommon
from .test_screens import Screen

OUTSIDERS = ("employee", "portal")


class SearchCommon(TransformationCommon):
    """Pieces of each kind of price, age and whereabouts, and the screen they are searched on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.associate = cls._create_user("associate")
        cls.here = cls._stock_mount(list_price=900.0)
        cls.dear = cls._stock_mount(list_price=20000.0)
        cls.expected = cls._create_piece(list_price=1000.0)
        cls.sold = cls._stock_mount(list_price=4999.99)
        cls._move(cls.sold, cls.stock_location, cls.customer_location)
        cls.void = cls._create_piece(list_price=100.0)
        cls.void.action_void("slip")
        cls.away = cls._stock_mount(list_price=5000.0)
        cls._move(cls.away, cls.stock_location, cls.bench)
        cls.loose = cls._stock_stone()
        cls.all = cls.here + cls.dear + cls.expected + cls.sold + cls.void + cls.away
        cls.screen = Screen(cls._ref("stock_lot_action_pieces"), cls.associate)

    def _find(self, *names):
        """Return the pieces of the test that the screen shows when filters are on."""
        filters = self.screen.get_filters()
        domain = self.screen.domain & Domain("id", "in", (self.all + self.loose.home_lot_id).ids)
        for name in names:
            domain &= Domain(self.screen.evaluate(filters[name].get("domain")))
        return self.screen.model.search(domain).with_env(self.env)


@tagged("post_install", "-at_install")
class TestPieceFilters(SearchCommon):
    """What a salesperson filters by is what comes out."""

    def test_the_screen_of_pieces_has_pieces_only(self):
        self.assertEqual(set(self._find()), set(self.all))

    def test_it_begins_without_what_is_gone(self):
        begins = [name for name in self.screen.context if name.startswith("search_default_")]
        shown = self._find(*(name.removeprefix("search_default_") for name in begins))
        self.assertLessEqual({self.here, self.dear, self.away, self.expected}, set(shown))
        self.assertFalse({self.sold, self.void} & set(shown))

    def test_each_price_is_in_one_band(self):
        bands = [name for name in self.screen.get_filters() if name.startswith("price_")]
        self.assertGreater(len(bands), 3)
        found = [piece for band in bands for piece in self._find(band)]
        self.assertEqual(len(found), len(set(found)))
        self.assertEqual(set(found), set(self.all))

    def test_the_edge_of_a_band_belongs_to_the_dearer_one(self):
        self.assertEqual(set(self._find("price_2")), {self.expected, self.sold})
        self.assertEqual(self._find("price_3"), self.away)
        self.assertEqual(self._find("price_4"), self.dear)

    def test_age_counts_from_the_first_receipt(self):
        self.here.received_date = fields.Date.today() - timedelta(days=181)
        self.dear.received_date = fields.Date.today() - timedelta(days=800)
        self.assertEqual(set(self._find("older_180")), {self.here, self.dear})
        self.assertEqual(self._find("older_365"), self.dear)
        self.assertEqual(self._find("older_730"), self.dear)

    def test_what_was_never_received_has_no_age(self):
        self.assertFalse(self.expected.received_date)
        self.assertNotIn(self.expected, self._find("older_180"))


@tagged("post_install", "-at_install")
class TestPieceSearchPanel(SearchCommon):
    """The sections at the left offer what there is."""

    def _read(self, name):
        nodes = self.screen.arch["search"].iterfind("./searchpanel/field")
        node = next(node for node in nodes if node.get("name") == name)
        return self.screen.read_panel(node)

    def test_places_are_offered_by_their_own_names_in_their_tree(self):
        """A place of pieces without the names of those above it, which are above it."""
        inner = self._create_place("Case C", location_id=self.safe.id, jewelry_role="sale")
        self._move(self.here, self.stock_location, inner)
        places = {place["id"]: place for place in self._read("location_id")}
        self.assertEqual(places[inner.id]["display_name"], "Case C")
        self.assertEqual(places[inner.id]["location_id"], self.safe.id)

    def test_grades_of_pieces_are_offered(self):
        self._set_stones(self.here, self.loose)
        for name in ("shape_id", "color_grade_id", "clarity_grade_id"):
            with self.subTest(section=name):
                offered = [value["id"] for value in self._read(name)]
                self.assertIn(self.here[name].id, offered)

    def test_the_statuses_that_pieces_have_are_offered(self):
        offered = {value["id"] for value in self._read("piece_status")}
        self.assertLessEqual({"available", "bench", "expected", "sold", "void"}, offered)
        self.assertNotIn("layaway", offered)


@tagged("post_install", "-at_install")
class TestWithoutRole(SearchCommon):
    """Who has no role in the store learns nothing of its goods, by page or by RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {role: cls._create_user(role) for role in OUTSIDERS}

    def _assert_closed(self, ask):
        """Assert that each outsider is refused, or gets nothing."""
        for role, user in self.people.items():
            self.env.invalidate_all()
            with self.subTest(role=role):
                try:
                    self.assertFalse(ask(user))
                except UserError:  # an AccessError, or no right to export
                    continue

    def test_no_piece_is_found_by_its_number(self):
        lots = self.env["stock.lot"]
        self._assert_closed(lambda user: lots.with_user(user).name_search(self.here.name))
        self._assert_closed(lambda user: lots.with_user(user).open_by_scan(self.here.name))

    def test_no_piece_is_read(self):
        self._assert_closed(lambda user: self.here.with_user(user).read(["name", "list_price"]))
        self._assert_closed(lambda user: self.here.with_user(user).get_client_card())
        self._assert_closed(lambda user: self.here.with_user(user).export_data(["name"])["datas"])

    def test_no_stone_report_or_event_is_read(self):
        report = self._create_report(stone_id=self.loose.id)
        events = self.env["jewelry.provenance.event"].search([("lot_id", "=", self.here.id)])
        for records in (self.loose, report, events):
            self.assertTrue(records)
            self._assert_closed(lambda user, found=records: found.with_user(user).read())

    def test_pieces_are_not_counted(self):
        lots = self.env["stock.lot"]
        self._assert_closed(lambda user: lots.with_user(user).search_count([]))
        self._assert_closed(
            lambda user: lots.with_user(user).formatted_read_group([], ["piece_status"])
        )

    def test_nothing_is_entered(self):
        values = {"product_id": self.style.id, "company_id": self.company.id}
        lots = self.env["stock.lot"]
        for user in self.people.values():
            with self._refused("", AccessError):
                lots.with_user(user).create(values)
            with self._refused("", AccessError):
                self.here.with_user(user).write({"list_price": 1})
        self.assertEqual(self.here.list_price, 900.0)

    def test_a_role_that_is_taken_away_closes_everything_again(self):
        former = self._create_user("manager")
        self.assertTrue(self.here.with_user(former).read(["standard_price"]))
        former.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self.env.invalidate_all()
        with self._refused("", AccessError):
            self.here.with_user(former).read(["name"])


@tagged("post_install", "-at_install")
class TestSearchByNumber(SearchCommon):
    """Whatever is written on a piece or on its papers finds it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.here.write({"former_number": "OLD-77", "inscription": "FOREVER", "ref": "V-12"})
        cls.stone = cls._create_stone(holder_id=cls.here.id)
        cls._create_report(stone_id=cls.stone.id, number="2141438171")
        cls._create_report(piece_id=cls.here.id, number="5554443332")
        cls._create_report(stone_id=cls.loose.id, number="1112223334")
        cls.written = [cls.here.name, "OLD-77", "FOREVER", "2141438171", "5554443332"]

    def test_the_search_box_finds_a_piece_by_part_of_anything_written_on_it(self):
        lots = self.env["stock.lot"].with_user(self.associate)
        for text in [*self.written, "V-12"]:
            with self.subTest(text=text):
                found = lots.search([("display_name", "ilike", text[1:].lower())])
                self.assertIn(self.here, found)
                self.assertNotIn(self.dear, found)
        self.assertEqual(
            lots.search([("display_name", "ilike", "111222333")]).id, self.loose.home_lot_id.id
        )

    def test_a_search_that_excludes_a_name_excludes_it_wherever_it_is_written(self):
        lots = self.env["stock.lot"].with_user(self.associate)
        for text in [*self.written, "V-12"]:
            with self.subTest(text=text):
                found = lots.search([("display_name", "not ilike", text)])
                self.assertNotIn(self.here, found)
                self.assertIn(self.dear, found)

    def test_a_search_for_several_whole_names_finds_each(self):
        lots = self.env["stock.lot"].with_user(self.associate)
        found = lots.search([("display_name", "in", ["OLD-77", self.dear.name, "None Such"])])
        self.assertEqual(set(found.ids), {self.here.id, self.dear.id})

    def test_a_search_for_no_text_finds_everything(self):
        lots = self.env["stock.lot"].with_user(self.associate)
        everything = lots.search([])
        self.assertEqual(lots.search([("display_name", "ilike", "")]), everything)
        self.assertFalse(lots.search([("display_name", "not ilike", "")]))

    def test_a_name_is_searched_together_with_other_conditions(self):
        lots = self.env["stock.lot"].with_user(self.associate)
        both = Domain("display_name", "ilike", "2141438171") & Domain("is_piece", "=", True)
        self.assertEqual(lots.search(both).id, self.here.id)
        self.assertFalse(lots.search(both & Domain("id", "!=", self.here.id)))
        self.assertEqual(lots.search(~both & Domain("id", "=", self.dear.id)).id, self.dear.id)
        self.assertEqual(lots.search_count(both), 1)

    def test_pieces_in_memory_are_filtered_by_name(self):
        pieces = self.here + self.dear
        domain = [("display_name", "ilike", self.here.name)]
        self.assertEqual(pieces.filtered_domain(domain), self.here)

    def test_a_name_that_was_just_typed_is_found_before_it_is_stored(self):
        self.here.inscription = "TOGETHER"
        found = self.env["stock.lot"].search([("display_name", "ilike", "together")])
        self.assertEqual(found, self.here)

    def test_documents_of_a_piece_are_searched_by_anything_written_on_it(self):
        moves = self.env["stock.move.line"].search([("lot_id", "=", self.here.id)])
        self.assertTrue(moves)
        self.assertEqual(
            self.env["stock.move.line"].search([("lot_id", "ilike", "5554443332")]), moves
        )

    def test_a_stone_is_found_by_its_number_and_its_report(self):
        stones = self.env["jewelry.stone"].with_user(self.associate)
        for text in (self.stone.number, "2141438171"):
            found = [stone_id for stone_id, _name in stones.name_search(text)]
            self.assertEqual(found, self.stone.ids)

    def test_every_name_has_an_index_that_finds_a_part_of_it(self):
        for model in ("stock.lot", "jewelry.stone"):
            for path in self.env[model]._rec_names_search:
                field = self._get_last_field(model, path)
                with self.subTest(name=path):
                    self.assertIn("gin_trgm_ops", self._get_index(field))

    def test_no_name_is_looked_up_by_an_or_over_all_of_them(self):
        lots = self.env["stock.lot"]
        for model, names in (("stock.lot", 6), ("jewelry.stone", 2)):
            query = self.env[model]._search([("display_name", "ilike", "R-1")]).select()
            self.assertEqual(query.code.count(" UNION "), names - 1)
            self.assertNotIn(" OR ", query.code.replace("IS NULL OR", ""))
        with self.assertQueryCount(1):
            lots.search_fetch([("display_name", "ilike", "R-1")], ["name"])

    def _get_last_field(self, model, path):
        *way, name = path.split(".")
        for step in way:
            model = self.env[model]._fields[step].comodel_name
        return self.env[model]._fields[name]

    def _get_index(self, field):
        """Return the definitions of the indexes that begin with a field."""
        table = self.env[field.model_name]._table
        rows = self.env.execute_query(
            SQL("SELECT indexdef FROM pg_indexes WHERE tablename = %s", table)
        )
        begins = re.compile(rf"USING \w+ \(\W*{field.name}\b")
        return "\n".join(definition for (definition,) in rows if begins.search(definition))

    def test_the_search_boxes_of_pieces_and_parcels_ask_for_all_of_it(self):
        lots = self.env["stock.lot"].with_user(self.associate)
        for name in ("stock_lot_view_search_piece", "stock_lot_view_search_parcel"):
            view = lots.get_view(self._ref(name).id, "search")
            field = etree.fromstring(view["arch"]).find("field[@name='name']")
            domain = safe_eval(field.get("filter_domain"), {"self": "214143817"})
            self.assertEqual(lots.search(domain).id, self.here.id)

    def test_a_scan_finds_it_by_the_whole_of_anything_written_on_it(self):
        lots = self.env["stock.lot"].with_user(self.associate)
        for code in self.written:
            with self.subTest(code=code):
                self.assertEqual(lots._get_piece_by_scan(code).id, self.here.id)
                self.assertFalse(lots._get_piece_by_scan(code[1:]))

    def test_a_report_of_another_laboratory_with_the_same_number_opens_neither(self):
        other = self._ref("laboratory_igi")
        self._create_report(stone_id=self.loose.id, number="2141438171", laboratory_id=other.id)
        self.assertFalse(self.env["stock.lot"]._get_piece_by_scan("2141438171"))
